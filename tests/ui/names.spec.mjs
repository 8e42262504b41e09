// Names that want to be more than names.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

test("whatever a name says, it is text in an element of its own direction", async () => {
  const page = await stage.open({ scenario: "hostile" });
  let dialogs = 0;
  page.on("dialog", (dialog) => ((dialogs += 1), dialog.dismiss()));
  await page.keyboard.press("End");
  await page.waitForTimeout(100);
  const found = await page.evaluate(() => ({
    foreign: document.querySelectorAll("body img, body script, body iframe, body b script").length,
    undirected: [...document.querySelectorAll("bdi")].filter((element) => element.dir !== "auto").length,
    raw: /[\u202a-\u202e\u2066-\u2069\u200b]/u.test(document.body.innerText),
    seen: document.body.innerText.includes("U+202E"),
  }));
  assert.deepEqual(found, { foreign: 0, undirected: 0, raw: false, seen: true });
  assert.equal(dialogs, 0);
  assert.deepEqual(page.troubles, []);
  await page.finish();
});

test("the number of an account is twelve plain digits when it is copied from the page", async () => {
  const page = await stage.open({ scenario: "hostile" });
  const texts = await page.locator(".id").evaluateAll((all) => all.map((element) => element.textContent));
  assert.ok(texts.length > 5);
  assert.deepEqual(texts.filter((text) => !/^\d{12}$/u.test(text)), []);
  assert.ok(texts.includes("000000000417"));
  await page.finish();
});
