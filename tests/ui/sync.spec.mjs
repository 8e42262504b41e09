// CLI profiles of many assignments: chosen, named, shown before they are written, written after a question, taken back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

async function sync(scene) {
  const page = await stage.open(scene);
  await page.at("menu").click();
  await page.at("command-sync").click();
  await page.at("sync-groups").waitFor();
  return page;
}

/** The newest preview has come: the last one asked for is the one shown. */
async function settled(page) {
  await page.waitForTimeout(400);
  await page.locator("section[aria-busy=false]").waitFor();
}

async function outcomes(page) {
  return page.at("sync-group").evaluateAll((all) => all.map((each) => [each.dataset.outcome, each.querySelector("summary").innerText]));
}

async function lastRequest(page) {
  const all = await asked(page, "previewSync");
  return all.at(-1)[0];
}

test("what is new, gone and kept by hand is told before anything is written", async () => {
  const page = await sync({ scenario: "drifted" });
  const told = await outcomes(page);
  assert.deepEqual(told.map(([outcome]) => outcome), ["added", "gone", "kept"]);
  assert.match(told[0][1], /^\d+ new profiles$/u);
  assert.equal(told[2][1], "1 profile is kept as it is");
  assert.match(await page.at("sync-drift").innerText(), /Access to 2 profiles is gone\./u);
  await page.locator("[data-outcome=kept] summary").click();
  assert.match(await page.locator("[data-outcome=kept]").innerText(), /was not written by Daypass/u);
  await page.at("sync-take-out").click();
  await page.locator("[data-outcome=removed]").waitFor();
  assert.equal(await page.at("sync-drift").count(), 0);
  assert.equal((await lastRequest(page)).prune, true);
  assert.deepEqual(await asked(page, "writeSync"), []);
  await page.finish();
});

test("words choose, a template names, and a wrong one is told at its place", async () => {
  const page = await sync({ scenario: "list-40" });
  const all = await page.at("sync-write").innerText();
  await page.at("sync-words").fill("readonly");
  await settled(page);
  assert.notEqual(await page.at("sync-write").innerText(), all);
  assert.equal((await lastRequest(page)).words, "readonly");
  await page.at("sync-template").fill("{account_id}.{role}");
  await settled(page);
  assert.match(await page.at("sync-example").innerText(), /Such as \d{12}/u);
  await page.at("sync-template").fill("{acct}");
  await page.at("sync-failed").waitFor();
  assert.match(await page.at("sync-failed").innerText(), /no part `\{acct\}`/u);
  assert.ok(await page.at("sync-write").isDisabled());
  assert.equal(await page.at("sync-template").getAttribute("aria-invalid"), "true");
  await page.at("sync-template").fill("");
  await page.at("sync-words").fill("nobody has these");
  await page.at("sync-failed").getByText("No permission set has these words.").waitFor();
  await page.finish();
});

test("what was shown is written, and taken back", async () => {
  const page = await sync({ scenario: "list-40" });
  await page.at("sync-words").fill("sandbox");
  await page.at("sync-output").selectOption("json");
  await page.at("sync-style").selectOption("process");
  await settled(page);
  const shown = await lastRequest(page);
  await page.at("sync-write").click();
  await page.at("toast").getByText(/profiles? added/u).waitFor();
  assert.deepEqual(await asked(page, "writeSync"), [[shown, null]]);
  assert.deepEqual([shown.words, shown.output, shown.style, shown.template], ["sandbox", "json", "process", null]);
  await page.at("toast").getByText("Undo").click();
  await page.at("toast").getByText("taken back").waitFor();
  assert.equal((await asked(page, "undoProfile")).length, 1);
  await page.finish();
});

test("protected ones ask once, and nothing is written without a yes", async () => {
  const page = await sync({ scenario: "drifted" });
  await page.at("sync-write").click();
  await page.at("sync-guard").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.at("sync-guard").count(), 0);
  assert.deepEqual(await asked(page, "writeSync"), []);
  await page.at("sync-write").click();
  await page.at("sync-guard").waitFor();
  await page.waitForTimeout(500);
  await page.at("sync-guard-go").focus();
  await page.keyboard.press("Enter");
  await page.at("toast").getByText(/added/u).waitFor();
  const written = await asked(page, "writeSync");
  assert.equal(written.length, 1);
  assert.match(written[0][1], /^\["/u, "the yes says to which question");
  await page.finish();
});

test("fifteen thousand profiles: few lines reach the page, and the rest is counted", async () => {
  const page = await sync({ scenario: "list-5000" });
  assert.match((await outcomes(page))[0][1], /^1\d,\d{3} new profiles$/u);
  await page.locator("[data-testid=sync-change] summary").click();
  assert.equal(await page.locator("[data-testid=diff] > *").count(), 200);
  assert.match(await page.at("sync-left-out").innerText(), /and 10\d,\d{3} more lines|and \d{2},\d{3} more lines/u);
  assert.ok((await page.locator("[data-testid=sync-page] *").count()) < 1500);
  await page.finish();
});

test("a choice of sessions narrows it, and Escape leads back", async () => {
  const page = await sync({ scenario: "two-sessions" });
  await page.at("sync-session").selectOption("tessera");
  await settled(page);
  const request = await lastRequest(page);
  assert.deepEqual([request.sessions, request.region, request.otherwise_region], [["tessera"], null, "us-east-1"]);
  await page.keyboard.press("Escape");
  await page.at("home").waitFor();
  await page.finish();
});

test("lists that are not whole say so", async () => {
  const page = await sync({ scenario: "partial" });
  assert.match(await page.at("sync-unread").innerText(), /only known ones get a profile/u);
  await page.at("sync-read").click();
  assert.ok((await asked(page, "readAccounts")).length > 0);
  await page.finish();
});

for (const theme of ["light", "dark"]) {
  test(`it looks right, ${theme}`, async () => {
    for (const [scenario, size, text] of [["drifted", [440, 640], 100], ["two-sessions", [440, 640], 100], ["hostile", [360, 420], 100], ["drifted", [360, 640], 200]]) {
      const page = await sync({ scenario, theme, size, text });
      await looksRight(page, `sync-${scenario}-${size[0]}-${text}-${theme}`);
      await page.locator("[data-testid=sync-change] summary").click();
      await page.at("sync-lines").scrollIntoViewIfNeeded();
      await page.locator("[data-outcome=added] summary").click();
      await page.at("sync-groups").scrollIntoViewIfNeeded();
      await looksRight(page, `sync-${scenario}-open-${size[0]}-${text}-${theme}`);
      await page.finish();
    }
    const page = await sync({ scenario: "drifted", theme });
    await page.at("sync-write").click();
    await page.at("sync-guard").waitFor();
    await looksRight(page, `sync-guard-${theme}`);
    await page.finish();
  });
}
