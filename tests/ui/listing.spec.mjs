// A list that is being read: what is there is shown, nothing moves under the hand, what is looked at comes first.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

const keysInSight = (page) =>
  page.evaluate(() => {
    const view = document.querySelector("[data-testid=list]").getBoundingClientRect();
    const rows = [...document.querySelectorAll("[role=row]")].filter((row) => row.getBoundingClientRect().bottom > view.top && row.getBoundingClientRect().top < view.bottom);
    return rows.map((row) => `${row.dataset.account} ${Math.round(row.getBoundingClientRect().top)}`);
  });

/** Waits until so many more accounts have come in. */
async function grown(page, more) {
  const rows = () => page.evaluate(() => Number(document.querySelector("[data-testid=list]").getAttribute("aria-rowcount")));
  const before = await rows();
  await page.waitForFunction((least) => Number(document.querySelector("[data-testid=list]").getAttribute("aria-rowcount")) >= least, before + more, { timeout: 15_000 });
}

test("the banner says how far it is and how long it takes, and stops it", async () => {
  const page = await stage.open({ scenario: "reading" });
  assert.match(await page.at("reading").innerText(), /Reading accounts: 2,\d\d\d of 5,000\s+Less than a minute left\. Search covers what is here\.\s+Stop/u);
  await page.at("reading-act").click();
  await page.at("reading").waitFor({ state: "detached" });
  assert.deepEqual(await asked(page, "stopReading"), [["harbourline"]]);
  assert.ok((await page.at("row").count()) > 5, "what is there stays");
  assert.match(await page.at("freshness").innerText(), /Not read to the end/u);
  assert.match(await page.at("list").innerText(), /2,\d\d\d so far/u);
  await page.finish();
});

test("while somebody points at rows, none comes in between them; a key lets them in", async () => {
  const page = await stage.open({ scenario: "reading" });
  await page.at("list").evaluate((list) => (list.scrollTop = 9000));
  await page.waitForTimeout(150);
  const box = await page.at("list").boundingBox();
  await page.mouse.move(box.x + 100, box.y + 150);
  await page.mouse.move(box.x + 101, box.y + 151);
  await page.waitForTimeout(100);
  const before = await keysInSight(page);
  await grown(page, 200);
  assert.deepEqual(await keysInSight(page), before);
  await page.keyboard.press("Shift");
  await page.waitForTimeout(150);
  const place = (keys) => keys.findIndex((key) => key.startsWith(before[0].split(" ")[0]));
  const after = await keysInSight(page);
  assert.ok(place(after) >= 0, "what was on top is in sight still");
  await page.finish();
});

test("rows in sight that nobody has read are asked for, once, when the eye rests on them", async () => {
  const page = await stage.open({ scenario: "partial" });
  await page.keyboard.press("End");
  await page.waitForFunction(() => globalThis.asked.filter(([name]) => name === "wantAccounts").some(([, , ids]) => ids.length > 3));
  await page.waitForTimeout(800);
  const again = (await asked(page, "wantAccounts")).flatMap(([, ids]) => ids);
  assert.equal(new Set(again).size, again.length, "nothing is asked for twice");
  await page.finish();
});

test("what could not be read keeps its place and is counted; what was there before is marked", async () => {
  const page = await stage.open({ scenario: "partial" });
  assert.match(await page.at("freshness").innerText(), /3 to try again/u);
  assert.equal(await page.at("row").filter({ hasText: "Permission sets could not be read" }).count(), 2);
  const stale = page.locator("[data-testid=row][aria-label*='could not be read again']");
  assert.equal(await stale.count(), 1);
  assert.match(await stale.innerText(), /sets?/u);
  await page.finish();
});

test("what a reading changed is told once, with names as text", async () => {
  const page = await stage.open({ scenario: "diff" });
  await page.at("toast").getByText("3 accounts added, 1 removed").waitFor();
  assert.match(await page.at("toast").innerText(), /chandlery-dev, tugs-staging, <b>quay<\/b> and 1 more/u);
  await page.at("toast").waitFor({ state: "detached", timeout: 15_000 });
  assert.match((await page.at("refresh").getAttribute("title")) ?? "", /3 accounts added, 1 removed/u);
  await page.finish();
});

test("access that was just given is found on demand", async () => {
  const page = await stage.open({ scenario: "granted" });
  await page.keyboard.type("freshaccess");
  await page.at("no-match").waitFor();
  await page.at("check-access").click();
  assert.equal(await page.at("check-access").innerText(), "Checking…");
  await page.at("toast").getByText("New: FreshAccess in").waitFor();
  await page.at("row").first().waitFor();
  assert.match(await page.at("list").innerText(), /1 result/u);
  assert.deepEqual(await asked(page, "checkAccess"), [["harbourline", null]]);
  await page.finish();
});

test("one account is checked from its actions, and nothing new is said to be so", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("check");
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("Nothing is new").waitFor();
  const [[session, account]] = await asked(page, "checkAccess");
  assert.equal(session, "harbourline");
  assert.match(account, /^\d{12}$/u);
  await page.finish();
});

test("the row that the box names exists wherever the list is scrolled to", async () => {
  const page = await stage.open({ scenario: "list-5000" });
  await page.at("list").evaluate((list) => (list.scrollTop = 80_000));
  await page.waitForTimeout(150);
  const named = await page.evaluate(() => {
    const row = document.getElementById(document.querySelector("[role=combobox]").getAttribute("aria-activedescendant"));
    return { role: row?.role, selected: row?.ariaSelected, place: row?.ariaPosInSet };
  });
  assert.deepEqual(named, { role: "row", selected: "true", place: "1" });
  assert.ok((await page.at("row").count()) < 60);
  await page.finish();
});

test("how much was found is said once the typing rests, and politely", async () => {
  const page = await stage.open({ scenario: "list-40" });
  const said = page.at("results-said");
  assert.equal(await said.getAttribute("role"), "status");
  await page.keyboard.type("led");
  assert.equal(await said.innerText(), "");
  await page.waitForFunction(() => /^\d+ results?$/u.test(document.querySelector("[data-testid=results-said]").textContent));
  await page.finish();
});
