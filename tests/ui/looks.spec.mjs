// Labels, names of one's own, hidden rows, pins in order, and the page of labels and rules: all of it without a mouse.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

const selected = (page) => page.evaluate(() => ({ ...document.querySelector("[role=row][aria-selected=true]")?.dataset }));
const focused = (page) => page.evaluate(() => [document.activeElement?.getAttribute("data-testid"), document.activeElement?.getAttribute("aria-label")]);
const order = (page) => page.at("row").evaluateAll((rows) => rows.filter((row) => row.ariaLabel.startsWith("Pinned")).map((row) => row.dataset.account));

/** Chooses from the list of actions by typing its name. */
async function action(page, words) {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

async function looksPage(page) {
  await page.keyboard.press("F10");
  await page.keyboard.type("labels");
  await page.keyboard.press("Enter");
  await page.at("looks-page").waitFor();
}

test("every label has its word and its shape, and no two share one", async () => {
  const page = await stage.open({ scenario: "looks" });
  await looksPage(page);
  const lines = await page.at("label-line").evaluateAll((all) => all.map((line) => [line.dataset.word, line.querySelector("svg").dataset.shape, line.querySelector("svg").innerHTML]));
  assert.equal(lines.length, 6);
  assert.equal(new Set(lines.map(([, shape]) => shape)).size, 6);
  assert.equal(new Set(lines.map(([, , drawing]) => drawing)).size, 6);
  await page.finish();
});

test("a row says its label in word and shape; its name keeps the colour of text", async () => {
  const page = await stage.open({ scenario: "list-40" });
  const row = page.at("row").filter({ hasText: "analytics-production" }).first();
  assert.equal(await row.locator("[data-shape=square]").count(), 1);
  assert.equal(await row.locator("[data-testid=label-word]").innerText(), "prod");
  const [name, word, text] = await row.evaluate((row) => [getComputedStyle(row.querySelector(".name")).color, getComputedStyle(row.querySelector(".word")).color, getComputedStyle(document.body).color]);
  assert.equal(name, text);
  assert.notEqual(word, text);
  assert.match((await row.getAttribute("aria-label")) ?? "", /analytics-production, prod/u);
  await page.finish();
});

test("a label is chosen by key; what the name suggests is said, and not chosen", async () => {
  const page = await stage.open({ scenario: "hostile" });
  await page.keyboard.type("build");
  await page.waitForFunction(() => document.querySelector("[data-testid=list]")?.textContent?.includes("1 result"));
  const row = await selected(page);
  await action(page, "label");
  await page.at("label-dialog").waitFor();
  assert.deepEqual(await asked(page, "setLabel"), []);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("is labelled").waitFor();
  const [[subject, word]] = await asked(page, "setLabel");
  assert.deepEqual([subject.account_id, subject.role, word], [row.account, null, "dev"]);
  await page.waitForFunction(() => document.querySelector("[data-testid=row] .word")?.textContent === "dev");
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => globalThis.asked.filter(([name]) => name === "setLabel").length === 2);
  await page.finish();
});

test("the suggestion stands beside the label that it is about", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await page.keyboard.type("atlas-staging");
  await page.waitForFunction(() => document.querySelector("[data-testid=list]")?.textContent?.includes("result"));
  const name = (await page.at("row").first().innerText()).split("\n")[0];
  await action(page, "label");
  await page.at("label-guess").waitFor();
  const guessed = await page.at("label-guess").evaluate((mark) => mark.closest("label").querySelector("input").value);
  assert.ok(name.includes(guessed), `${guessed} for ${name}`);
  assert.deepEqual(await asked(page, "setLabel"), []);
  await page.finish();
});

test("a label for one permission set alone", async () => {
  const page = await stage.open({ scenario: "list-40" });
  const row = await selected(page);
  await action(page, "label");
  await page.at("label-scope-role").click();
  await page.at("label-sandbox").click();
  await page.at("label-set").click();
  await page.at("toast").getByText("is labelled").waitFor();
  assert.deepEqual(await asked(page, "setLabel"), [[{ session: row.session, account_id: row.account, role: row.role }, "sandbox"]]);
  await page.finish();
});

test("a name of one's own takes the place of the portal's, which stays known, and goes again", async () => {
  const page = await stage.open({ scenario: "list-40" });
  const row = await selected(page);
  await action(page, "name");
  await page.at("alias").fill("Money, live");
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("is called").waitFor();
  assert.deepEqual(await asked(page, "setAlias"), [[row.session, row.account, "Money, live"]]);
  await page.at("row").first().getByText("Money, live").waitFor();
  assert.match(await page.at("row").first().innerText(), /^Money, live\s+prod\s+payments-production/u);
  assert.match((await page.at("row").first().getAttribute("title")) ?? "", /Money, live\npayments-production/u);
  await action(page, "name");
  await page.at("alias-away").click();
  await page.waitForFunction(() => !document.querySelector("[data-testid=list]").textContent.includes("Money"));
  assert.equal((await asked(page, "setAlias"))[1][2], null);
  await page.finish();
});

test("protection comes and goes by key, for the set or for the account, and is taken back", async () => {
  const page = await stage.open({ scenario: "list-40" });
  const row = await selected(page);
  await action(page, "protect");
  await page.at("toast").getByText("asks before it opens").waitFor();
  assert.deepEqual(await asked(page, "setProtected"), [[{ session: row.session, account_id: row.account, role: row.role }, true]]);
  await page.at("row").first().locator("[data-testid=shield]").waitFor();
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelector("[data-testid=row] [data-testid=shield]") === null);
  await page.finish();
});

test("what is hidden is counted at the end, shown by key, hidden again, and shown for good", async () => {
  const page = await stage.open({ scenario: "list-40" });
  const count = () => page.at("list").getAttribute("aria-rowcount").then(Number);
  const before = await count();
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowDown");
  const row = await selected(page);
  await action(page, "hide");
  await page.at("toast").getByText("is hidden").waitFor();
  assert.deepEqual(await asked(page, "setHidden"), [[{ session: row.session, account_id: row.account, role: null }, true]]);
  await page.waitForFunction((account) => document.querySelector(`[data-kind=account][data-account="${account}"]`) === null, row.account);
  assert.notEqual((await selected(page)).kind, "assignment", "the next row has the selection");
  await page.keyboard.press("End");
  await page.at("hidden-row").waitFor();
  assert.match(await page.at("hidden-row").innerText(), /hidden/u);
  assert.match(await page.at("enter-hint").innerText(), /^Show/u);
  await page.keyboard.press("Enter");
  await page.waitForFunction((before) => Number(document.querySelector("[data-testid=list]").getAttribute("aria-rowcount")) === before + 1, before);
  await page.keyboard.press("Enter");
  await page.waitForFunction((before) => Number(document.querySelector("[data-testid=list]").getAttribute("aria-rowcount")) === before, before);
  await page.keyboard.press("Escape");
  await page.finish();
});

test("a search that finds nothing offers to look among what is hidden", async () => {
  const page = await stage.open({ scenario: "looks" });
  await page.keyboard.type("archive");
  await page.at("search-hidden").click();
  await page.at("row").first().waitFor();
  assert.equal(await page.at("search").inputValue(), "archive is:hidden");
  assert.match((await page.at("row").first().getAttribute("aria-label")) ?? "", /, hidden/u);
  await page.finish();
});

test("where all is hidden, one key shows it", async () => {
  const page = await stage.open({ scenario: "hidden-all" });
  await page.at("all-hidden").waitFor();
  assert.match(await page.at("all-hidden").innerText(), /Everything here is hidden[\s\S]*40 rows/u);
  await page.keyboard.press("Enter");
  await page.at("row").first().waitFor();
  await page.finish();
});

test("pins move by key, by action, and stop at the ends", async () => {
  const page = await stage.open({ scenario: "list-40" });
  const before = await order(page);
  assert.equal(before.length, 2);
  await page.keyboard.press("Alt+ArrowDown");
  await page.waitForFunction((first) => document.querySelector("[data-testid=row]").dataset.account !== first, before[0]);
  assert.deepEqual(await order(page), before.toReversed());
  assert.equal((await selected(page)).account, before[0], "the selection goes along");
  await action(page, "move pin up");
  await page.waitForFunction((first) => document.querySelector("[data-testid=row]").dataset.account === first, before[0]);
  assert.deepEqual((await asked(page, "movePin")).map(([, by]) => by), [1, -1]);
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Alt+ArrowDown");
  assert.equal((await asked(page, "movePin")).length, 2, "what is not pinned does not move");
  await page.finish();
});

test("a pin of what is gone says so, and goes by key", async () => {
  const page = await stage.open({ scenario: "lost-pins" });
  const lost = page.locator("[data-kind=lost]");
  assert.equal(await lost.count(), 2);
  assert.match(await lost.first().innerText(), /FormerAdmin[\s\S]*No permission set here for you any more[\s\S]*Unpin/u);
  assert.match(await lost.nth(1).innerText(), /No account here for you any more/u);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.match(await page.at("enter-hint").innerText(), /^Unpin/u);
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("is not pinned any more").waitFor();
  const [[of, pinned]] = await asked(page, "pin");
  assert.deepEqual([of.role, pinned], ["FormerAdmin", false]);
  await page.waitForFunction(() => document.querySelectorAll("[data-kind=lost]").length === 1);
  await lost.first().locator("[data-testid=unpin-lost]").click();
  await page.waitForFunction(() => document.querySelectorAll("[data-kind=lost]").length === 0);
  await page.finish();
});

test("a label of one's own: shapes that are taken cannot be chosen, and core's answer stands at the field", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await looksPage(page);
  assert.deepEqual((await focused(page))[0], "add-label");
  await page.keyboard.press("Enter");
  assert.deepEqual((await focused(page))[0], "label-word-field");
  assert.deepEqual(await page.locator("[data-testid^=shape-]").evaluateAll((all) => all.map((each) => each.disabled)), [true, true, true, true, false, false]);
  await page.keyboard.type("PROD");
  assert.match(await page.at("label-trouble").innerText(), /has this word/u);
  assert.ok(await page.at("label-save").isDisabled());
  await page.at("label-word-field").fill("two words");
  await page.keyboard.press("Enter");
  await page.at("label-trouble").getByText("more than one word").waitFor();
  assert.equal(await page.at("label-word-field").getAttribute("aria-invalid"), "true");
  await page.at("label-word-field").fill("billing");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.at("label-editor").waitFor({ state: "detached" });
  const defined = (await asked(page, "defineLabel")).at(-1)[0];
  assert.deepEqual(defined, { word: "billing", shape: "ring_dot", colour: "blue", protected: false, opens: { browser: null, via: null } });
  await page.locator("[data-word=billing]").waitFor();
  await page.locator("[data-word=billing] [data-testid=remove-label]").click();
  await page.locator("[data-word=billing]").waitFor({ state: "detached" });
  assert.equal(await page.locator("[data-word=prod] [data-testid=remove-label]").count(), 0, "what came with Daypass stays");
  await page.finish();
});

test("a rule is written, and the list follows it", async () => {
  const page = await stage.open({ scenario: "hostile" });
  await looksPage(page);
  await page.at("add-rule").focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.at("rule-save").isDisabled(), "a rule that gives nothing is none");
  await page.keyboard.type("[x]*");
  await page.at("rule-protect").selectOption("yes");
  await page.at("rule-save").click();
  await page.at("rule-trouble").getByText("not a pattern").waitFor();
  await page.at("rule-account").fill("platform*");
  await page.at("rule-region").fill("eu-west-1");
  await page.at("rule-output").selectOption("yaml");
  await page.at("rule-account").focus();
  await page.keyboard.press("Enter");
  await page.at("rule-editor").waitFor({ state: "detached" });
  const written = (await asked(page, "setRules")).at(-1)[0];
  assert.deepEqual(written.at(-1), { session: null, account: "platform*", role: null, label: null, protected: true, hidden: null, opens: { browser: null, via: null }, region: "eu-west-1", output: "yaml" });
  await page.keyboard.press("Escape");
  await page.at("home").waitFor();
  await page.keyboard.type("platform");
  await page.at("row").first().locator("[data-testid=shield]").waitFor();
  await page.finish();
});

test("rules move by key, the keyboard goes along, and removal is taken back", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await looksPage(page);
  await page.at("rule").first().waitFor();
  const lines = () => page.at("rule").evaluateAll((all) => all.map((line) => line.querySelector(".about").innerText));
  const before = await lines();
  assert.equal(before.length, 5);
  await page.at("rule-down").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction((first) => document.querySelector("[data-testid=rule] .about").innerText !== first, before[0]);
  assert.deepEqual((await lines()).slice(0, 2), [before[1], before[0]]);
  assert.deepEqual(await focused(page), ["rule-down", "Move rule 2 down"]);
  await page.at("rule-up").nth(1).focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction((first) => document.querySelector("[data-testid=rule] .about").innerText === first, before[0]);
  assert.deepEqual(await focused(page), ["rule-down", "Move rule 1 down"], "at the end the other button has the keyboard");
  await page.at("remove-rule").nth(4).focus();
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("Rule removed").waitFor();
  assert.equal((await lines()).length, 4);
  await page.at("toast-act").click();
  await page.waitForFunction(() => document.querySelectorAll("[data-testid=rule]").length === 5);
  assert.deepEqual(await lines(), before);
  await page.finish();
});

test("rules that somebody else changed meanwhile are not overwritten", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await looksPage(page);
  await page.at("rule").first().waitFor();
  await page.evaluate(() => globalThis.elsewhere());
  await page.at("remove-rule").first().click();
  await page.at("toast").getByText("changed elsewhere").waitFor();
  assert.deepEqual(await asked(page, "setRules"), []);
  assert.equal(await page.at("rule").count(), 1, "what is there now is shown");
  await page.finish();
});

for (const theme of ["light", "dark"]) {
  test(`an organisation's rules stand below the user's, and cannot be changed, ${theme}`, async () => {
    const page = await stage.open({ scenario: "managed", theme });
    await page.at("search").waitFor();
    await page.keyboard.press("Control+,");
    await page.at("settings-looks").click();
    const house = page.at("organisation-rules");
    await house.getByText("They count more than your rules and choices.").waitFor();
    assert.equal(await house.locator("li").count(), 2);
    assert.equal(await house.locator("button").count(), 0);
    await house.scrollIntoViewIfNeeded();
    await looksRight(page, `looks-organisation-${theme}`);
    await page.finish();
  });
}
