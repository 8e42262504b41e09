// The whole job without a mouse.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
const selected = (page) => page.evaluate(() => ({ ...document.querySelector("[role=row][aria-selected=true]")?.dataset }));

test("from nothing to a console and a profile", async () => {
  const page = await stage.open({ scenario: "first-run" });
  assert.equal(await focused(page), "start-url");
  await page.keyboard.type("https://acme.awsapps.com/start");
  await page.at("region").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "region");
  await page.keyboard.type("eu-west-1");
  await page.keyboard.press("Enter");
  await page.at("signing-in").waitFor();
  assert.deepEqual(await asked(page, "signIn"), [["acme", "browser"]]);
  await page.at("home").waitFor();
  await page.at("toast").getByText("Signed in to").waitFor();
  assert.equal(await focused(page), "search");

  await page.keyboard.type("ledger");
  await page.waitForFunction(() => document.querySelector("[data-testid=list]")?.textContent?.includes("result"));
  const row = await selected(page);
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("Opened").waitFor();
  assert.deepEqual(await asked(page, "openConsole"), [[{ session: "acme", account_id: row.account, role: row.role }, null, false, { browser: null, via: null }]]);

  await page.keyboard.press("Control+Enter");
  await page.at("profile-preview").waitFor();
  assert.equal(await focused(page), "profile-name");
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("added").waitFor();
  assert.equal(await page.at("search").inputValue(), "ledger", "the search is where it was left");
  await page.keyboard.press("Control+z");
  await page.at("toast").getByText("taken back").waitFor();
  assert.equal((await asked(page, "undoProfile")).length, 1);
  assert.deepEqual(page.troubles, []);
  await page.finish();
});

test("the selection walks, jumps, unfolds and folds, and is always in sight", async () => {
  const page = await stage.open({ scenario: "list-40" });
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
  assert.equal((await selected(page)).kind, "child");
  await page.keyboard.press("ArrowLeft");
  assert.equal((await selected(page)).kind, "account");
  await page.keyboard.press("End");
  await page.waitForTimeout(50);
  const inside = () =>
    page.evaluate(() => {
      const row = document.querySelector("[role=row][aria-selected=true]")?.getBoundingClientRect();
      const view = document.querySelector("[data-testid=list]")?.getBoundingClientRect();
      return row !== undefined && view !== undefined && row.top >= view.top - 1 && row.bottom <= view.bottom + 1;
    });
  assert.ok(await inside(), "the last row is in sight");
  await page.keyboard.press("PageUp");
  await page.waitForTimeout(50);
  assert.ok(await inside(), "a page up, the row is in sight");
  await page.keyboard.press("Home");
  await page.waitForTimeout(50);
  assert.ok(await inside(), "the first row is in sight");
  assert.equal(await page.at("list").evaluate((element) => element.scrollTop), 0, "with its section above it");
  await page.finish();
});

test("the box names the row that the keys act on", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await page.keyboard.press("ArrowDown");
  const named = await page.evaluate(() => {
    const box = document.querySelector("[role=combobox]");
    const row = document.getElementById(box?.getAttribute("aria-activedescendant") ?? "");
    return { expanded: box?.getAttribute("aria-expanded"), list: document.getElementById(box?.getAttribute("aria-controls") ?? "")?.role, selected: row?.ariaSelected, place: [row?.ariaPosInSet, row?.ariaSetSize] };
  });
  assert.deepEqual(named, { expanded: "true", list: "treegrid", selected: "true", place: ["2", "44"] });
  await page.finish();
});

test("typing anywhere searches", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await page.at("refresh").focus();
  await page.keyboard.type("quay");
  assert.equal(await page.at("search").inputValue(), "quay");
  await page.finish();
});

test("Escape steps back once at a time: list of actions, text, panel", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await page.keyboard.type("quay");
  await page.keyboard.press("Control+k");
  await page.at("commands").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.at("commands").count(), 0);
  assert.equal(await focused(page), "search");
  assert.equal(await page.at("search").inputValue(), "quay");
  await page.keyboard.press("Escape");
  assert.equal(await page.at("search").inputValue(), "");
  assert.deepEqual(await asked(page, "hidePanel"), []);
  await page.keyboard.press("Escape");
  assert.equal((await asked(page, "hidePanel")).length, 1);
  await page.finish();
});

test("the list of actions is narrowed by typing and obeyed by Enter", async () => {
  const page = await stage.open({ scenario: "list-40" });
  const row = await selected(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("copy");
  await page.keyboard.press("Enter");
  assert.deepEqual(await asked(page, "copyAccountId"), [[row.account]]);
  assert.equal(await focused(page), "search");
  await page.finish();
});

test("a pin goes and comes by key, and is opened by its number", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await page.keyboard.press("Control+2");
  await page.at("toast").getByText("Opened").waitFor();
  const [[opened]] = await asked(page, "openConsole");
  assert.equal(await page.at("row").nth(1).getAttribute("data-account"), opened.account_id);
  await page.keyboard.press("Control+d");
  assert.equal((await asked(page, "pin"))[0][1], false);
  await page.finish();
});

test("every control shows where the keyboard is", async () => {
  const page = await stage.open({ scenario: "fading" });
  const bare = [];
  for (let step = 0; step < 14; step += 1) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const element = document.activeElement;
      const style = element === null ? null : getComputedStyle(element);
      const drawn = style !== null && style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
      return drawn || element?.getAttribute("data-testid") === "search" || element === document.body ? null : `${element?.tagName} ${element?.getAttribute("data-testid")}`;
    });
    if (seen !== null) bare.push(seen);
  }
  assert.deepEqual(bare, []);
  await page.finish();
});

test("a session is removed only after a question, which Escape answers with no", async () => {
  const page = await stage.open({ scenario: "two-sessions" });
  await page.keyboard.press("F10");
  await page.keyboard.type("remove tessera");
  await page.keyboard.press("Enter");
  await page.at("confirm").waitFor();
  assert.equal(await focused(page), "confirm-no");
  await page.keyboard.press("Escape");
  await page.at("confirm").waitFor({ state: "detached" });
  assert.deepEqual(await asked(page, "removeSession"), []);
  assert.deepEqual(await asked(page, "hidePanel"), []);
  await page.keyboard.press("F10");
  await page.keyboard.type("remove tessera");
  await page.keyboard.press("Enter");
  await page.at("confirm").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("Removed").waitFor();
  assert.deepEqual(await asked(page, "removeSession"), [["tessera"]]);
  assert.equal(await page.at("pass").count(), 1);
  assert.equal(await focused(page), "search");
  await page.finish();
});
