// What is told of sign-ins: ends, trouble, another user. Each thing once, never louder than it is.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

/** What is in a live region now, by how urgent it is. */
const said = (page) =>
  page.evaluate(() => ({
    politely: [...document.querySelectorAll("[data-testid=said-politely]")].map((each) => each.textContent).filter((text) => text !== ""),
    urgently: [...document.querySelectorAll("[data-testid=said-urgently]")].map((each) => each.textContent).filter((text) => text !== ""),
  }));

test("the countdown goes on in silence: a timer, in no live region, while what is said aloud stays", async () => {
  const page = await stage.open({ scenario: "ends-soon" });
  const left = page.at("notice-left");
  assert.equal(await left.getAttribute("role"), "timer");
  assert.equal(await left.evaluate((element) => element.closest("[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]")), null);
  const [before, aloud] = [await left.innerText(), await said(page)];
  assert.equal(aloud.politely.length, 1);
  assert.match(aloud.politely[0], /^harbourline usually ends around 13:35, in less than 15 minutes\.$/u);
  await page.clock.fastForward(3 * 60_000);
  await page.waitForFunction((before) => document.querySelector("[data-testid=notice-left]")?.textContent !== before, before);
  assert.deepEqual(await said(page), aloud);
  await page.finish();
});

test("the last minutes and the end are said at once", async () => {
  for (const [scenario, words] of [["ends-very-soon", /in less than 5 minutes/u], ["ended", /ended at 13:20\.$/u]]) {
    const page = await stage.open({ scenario });
    const { politely, urgently } = await said(page);
    assert.deepEqual([politely.length, urgently.length], [0, 1]);
    assert.match(urgently[0], words);
    await page.finish();
  }
});

test("a notice leads to a sign-in, or is put off", async () => {
  const page = await stage.open({ scenario: "ends-soon" });
  await page.at("notice-later").click();
  await page.at("notice").waitFor({ state: "detached" });
  assert.deepEqual(await asked(page, "snooze"), [["harbourline"]]);
  assert.match(await page.at("pass").innerText(), /Ends soon/u, "the pass goes on saying so");
  await page.finish();
  const other = await stage.open({ scenario: "ended" });
  assert.deepEqual(await asked(other, "signIn"), [], "nothing opens by itself");
  await other.at("notice-sign-in").click();
  await other.at("signing-in").waitFor();
  assert.deepEqual(await asked(other, "signIn"), [["harbourline", "browser"]]);
  await other.finish();
});

test("several ends are one banner, which opens", async () => {
  const page = await stage.open({ scenario: "several-end" });
  assert.equal(await page.at("notice").count(), 1);
  assert.match(await page.at("notice").innerText(), /1 session has ended, 2 end soon/u);
  assert.equal(await page.at("notice-sign-in").count(), 0);
  await page.at("notice-show").click();
  const names = await page.at("notice-of").evaluateAll((all) => all.map((each) => each.dataset.session));
  assert.deepEqual(names, ["tessera", "northwind-logistics-holding", "harbourline"], "the most urgent first");
  await page.at("notice-later").click();
  await page.at("notice").waitFor({ state: "detached" });
  assert.equal((await asked(page, "snooze")).length, 3);
  await page.finish();
});

test("trouble names itself, says that the sign-in is kept, and counts to the next try", async () => {
  for (const scenario of ["captive-portal", "proxy", "certificate", "portal-down", "throttled", "keychain-locked"]) {
    const page = await stage.open({ scenario });
    assert.match(await page.at("trouble").innerText(), /The sign-in is kept · next try in/u, scenario);
    const pass = await page.at("pass").innerText();
    assert.doesNotMatch(pass, /signed out|not signed in|ended/iu, scenario);
    assert.equal(await page.locator("[data-testid=pass] [data-testid=sign-in]").count(), 0, `${scenario}: nobody is asked to sign in`);
    await page.at("trouble-act").click();
    assert.deepEqual(await asked(page, "readAccounts"), [["harbourline"]]);
    await page.finish();
  }
});

test("offline is told once for all sessions, and its seconds pass", async () => {
  const page = await stage.open({ scenario: "all-offline" });
  assert.equal(await page.at("offline").count(), 1);
  const before = await page.at("next-try").innerText();
  await page.waitForFunction((before) => document.querySelector("[data-testid=next-try]")?.textContent?.trim() !== before.trim(), before);
  await page.finish();
});

test("another user is told until it is understood, or signed out", async () => {
  const page = await stage.open({ scenario: "user-changed" });
  assert.match(await page.at("user").innerText(), /as m\.lindqvist-admin[\s\S]*it was m\.lindqvist\b/u);
  await page.at("user-understood").click();
  await page.at("user").waitFor({ state: "detached" });
  assert.deepEqual(await asked(page, "takeNoteOfUser"), [["tessera"]]);
  await page.finish();
  const other = await stage.open({ scenario: "user-changed" });
  await other.at("user-sign-out").click();
  await other.at("user").waitFor({ state: "detached" });
  assert.deepEqual(await asked(other, "signOut"), [["tessera"]]);
  await other.finish();
});

test("a sign-in that waits comes up by itself, with its code and the warning, and opens nothing", async () => {
  const page = await stage.open({ scenario: "device" });
  await page.at("user-code").waitFor();
  assert.match(await page.at("signing-in").innerText(), /connected over SSH[\s\S]*RKTM[\s\S]*Approve only a sign-in that you started[\s\S]*Open the page/u);
  assert.deepEqual([await asked(page, "openSignInPage"), await asked(page, "signIn")], [[], []]);
  const selectable = await page.at("user-code").evaluate((code) => getComputedStyle(code).userSelect);
  assert.equal(selectable, "all");
  await page.clock.fastForward(8.7 * 60_000);
  await page.waitForFunction(() => /^\d+ s left$/u.test(document.querySelector("[data-testid=code-left]")?.textContent ?? ""));
  await page.at("back").click();
  await page.at("home").waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await page.waitForTimeout(200);
  assert.equal(await page.at("home").count(), 1, "whoever turned away is not led back");
  await page.at("show-sign-in").click();
  await page.at("user-code").waitFor();
  await page.finish();
});

test("silence is chosen, shown below, and taken back", async () => {
  const page = await stage.open({ scenario: "list-40" });
  assert.equal(await page.at("muted").count(), 0);
  await page.keyboard.press("F10");
  await page.keyboard.type("mute 1 hour");
  await page.keyboard.press("Enter");
  assert.match(await page.at("muted").innerText(), /Muted until 14:21/u);
  const [[until]] = await asked(page, "mute");
  assert.equal(Math.round((until - (await page.evaluate(() => Date.now()))) / 60_000), 60);
  await page.at("muted").click();
  await page.at("muted").waitFor({ state: "detached" });
  assert.deepEqual((await asked(page, "mute")).at(-1), [null]);
  await page.finish();
});

test("how long sign-ins last is said in the pass, and the clocks follow", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await page.at("pass-toggle").click();
  await page.at("length").selectOption({ label: "10 h" });
  assert.match(await page.at("pass").innerText(), /usually ends around 19:02/u);
  await page.at("length").selectOption("other");
  await page.at("length-hours").fill("nine");
  assert.ok(await page.at("length-set").isDisabled());
  await page.at("length-hours").fill("9,5");
  await page.keyboard.press("Enter");
  await page.at("length").selectOption("learned");
  const lengths = (await asked(page, "changeSession")).map(([, change]) => change.length_seconds);
  assert.deepEqual(lengths, [36_000, 34_200, 0]);
  await page.finish();
});

test("tokens move to another place only after a choice", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await page.at("pass-toggle").click();
  await page.at("pass-more").click();
  await page.at("command-storage-harbourline").click();
  assert.ok(await page.at("storage-move").isDisabled());
  await page.at("storage-shared").click();
  assert.deepEqual(await asked(page, "changeSession"), []);
  await page.at("storage-move").click();
  await page.at("storage-dialog").waitFor({ state: "detached" });
  assert.deepEqual(await asked(page, "changeSession"), [["harbourline", { storage: "shared", length_seconds: null, sign_in_browser: null, console_browser: null }]]);
  assert.match(await page.at("pass").innerText(), /aws\/sso\/cache/u);
  await page.finish();
});

test("a session is renamed, and whatever goes on naming it is told", async () => {
  const page = await stage.open({ scenario: "named" });
  await page.keyboard.press("F10");
  await page.keyboard.type("rename");
  await page.keyboard.press("Enter");
  await page.at("new-name").fill("work");
  await page.keyboard.press("Enter");
  await page.at("rename-dialog").waitFor({ state: "detached" });
  assert.deepEqual(await asked(page, "renameSession"), [["harbourline", "work"]]);
  assert.match(await page.at("toast").innerText(), /harbourline is called work now\. payments-dev and 2 more profiles still name harbourline/u);
  assert.equal(await page.at("pass").getAttribute("data-session"), "work");
  await page.keyboard.press("Escape");
  await page.at("toast").waitFor({ state: "detached" });
  await page.finish();
});

test("a name that is taken is refused before anything is asked", async () => {
  const page = await stage.open({ scenario: "two-sessions" });
  await page.at("menu").click();
  await page.at("command-rename-harbourline").click();
  await page.at("new-name").fill("tessera");
  assert.ok(await page.at("rename-save").isDisabled());
  await page.keyboard.press("Escape");
  await page.at("rename-dialog").waitFor({ state: "detached" });
  assert.deepEqual(await asked(page, "renameSession"), []);
  await page.finish();
});

test("a keychain that is locked at the start does not look like being signed out", async () => {
  const page = await stage.open({ scenario: "keychain-locked-first" });
  await page.at("trouble").waitFor();
  const text = await page.at("home").innerText();
  assert.match(text, /Your keychain is locked[\s\S]*The sign-in is kept/u);
  assert.doesNotMatch(text, /sign in to|not signed in|signed out/iu);
  await page.finish();
});
