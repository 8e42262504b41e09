// What is protected opens only when it is meant: a second key once the first was let go, or a button that is held.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

/** Opens the question by key and leaves the key pressed. */
async function question(scene = {}) {
  const page = await stage.open({ scenario: "looks", ...scene });
  await page.keyboard.type("demurrage admin");
  await page.waitForFunction(() => document.querySelector("[data-testid=list]")?.textContent?.includes("1 result"));
  const row = await page.at("row").first().evaluate((element) => ({ ...element.dataset }));
  await page.keyboard.down("Enter");
  await page.at("guard").waitFor();
  return { page, of: { session: row.session, account_id: row.account, role: row.role } };
}

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));

/** Presses and releases with a pointer of a kind, so many milliseconds later. */
async function hold(page, pointerType, ms) {
  const button = page.at("guard-go");
  const event = { pointerType, isPrimary: true, button: 0, buttons: 1, bubbles: true };
  await button.dispatchEvent("pointerdown", event);
  await page.waitForTimeout(ms);
  if ((await button.count()) > 0) await button.dispatchEvent("pointerup", event);
}

test("a protected row says so in words and by a shape, and its acts end in an ellipsis", async () => {
  const page = await stage.open({ scenario: "looks" });
  await page.keyboard.type("demurrage admin");
  await page.waitForFunction(() => document.querySelector("[data-testid=list]")?.textContent?.includes("1 result"));
  const row = page.at("row").first();
  assert.match((await row.getAttribute("aria-label")) ?? "", /demurrage-production, prod, AdministratorAccess, protected/u);
  assert.equal(await row.locator("[data-testid=shield]").count(), 1);
  for (const mark of ["open-console", "write-profile"]) assert.match((await row.locator(`[data-testid=${mark}]`).getAttribute("aria-label")) ?? "", /…$/u);
  assert.match(await page.at("enter-hint").innerText(), /^Console…/u);
  await page.keyboard.press("Control+k");
  assert.match(await page.at("command-open-console").innerText(), /^Open console…/u);
  await page.finish();
});

test("the question names what is asked about, and has the keyboard", async () => {
  const { page, of } = await question();
  const text = await page.at("guard").innerText();
  assert.match(text, /prod[\s\S]*protected[\s\S]*Open demurrage-production as AdministratorAccess\?/u);
  assert.match(text, /harbourline[\s\S]*Last opened/u);
  assert.ok(text.replaceAll(/\s/gu, "").includes(of.account_id));
  assert.equal(await focused(page), "guard-go");
  assert.deepEqual(await asked(page, "openConsole"), []);
  await page.finish();
});

test("the key that opened the question does not answer it, however long it is held", async () => {
  const { page, of } = await question();
  for (let repeat = 0; repeat < 4; repeat += 1) {
    await page.waitForTimeout(200);
    await page.keyboard.down("Enter");
  }
  assert.deepEqual(await asked(page, "openConsole"), []);
  await page.keyboard.up("Enter");
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("Opened").waitFor();
  assert.deepEqual(await asked(page, "openConsole"), [[of, null, true, { browser: null, via: null }]]);
  assert.equal(await page.at("guard").count(), 0);
  await page.finish();
});

test("a key that comes too soon answers nothing; a later one does", async () => {
  const page = await stage.open({ scenario: "looks" });
  await page.keyboard.type("demurrage admin");
  await page.waitForFunction(() => document.querySelector("[data-testid=list]")?.textContent?.includes("1 result"));
  // Both presses within one turn: no machine is slow enough for a pause between them.
  await page.evaluate(async () => {
    const press = (element, type) => element.dispatchEvent(new KeyboardEvent(type, { key: "Enter", bubbles: true, cancelable: true }));
    const box = document.querySelector("[data-testid=search]");
    press(box, "keydown");
    press(box, "keyup");
    while (document.querySelector("[data-testid=guard-go]") === null) await Promise.resolve();
    document.querySelector("[data-testid=guard-go]").click();
  });
  assert.deepEqual(await asked(page, "openConsole"), []);
  assert.equal(await page.at("guard").count(), 1);
  await page.waitForTimeout(450);
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("Opened").waitFor();
  assert.equal((await asked(page, "openConsole")).length, 1);
  await page.finish();
});

for (const kind of ["mouse", "touch", "pen"]) {
  test(`a ${kind} has to hold the button; a short press says how`, async () => {
    const { page, of } = await question();
    await page.keyboard.up("Enter");
    await hold(page, kind, 50);
    await page.at("guard").getByText("Hold the button until it is full").waitFor();
    assert.deepEqual(await asked(page, "openConsole"), []);
    await hold(page, kind, 800);
    await page.at("toast").getByText("Opened").waitFor();
    assert.deepEqual(await asked(page, "openConsole"), [[of, null, true, { browser: null, via: null }]]);
    await page.finish();
  });
}

test("a real click is not enough, and leaving the button lets go", async () => {
  const { page } = await question();
  await page.keyboard.up("Enter");
  await page.waitForTimeout(450);
  await page.at("guard-go").click();
  await page.at("guard-go").hover();
  await page.mouse.down();
  await page.mouse.move(5, 5);
  await page.waitForTimeout(800);
  await page.mouse.up();
  assert.deepEqual(await asked(page, "openConsole"), []);
  assert.equal(await page.at("guard").count(), 1);
  await page.finish();
});

test("the bar fills as long as it is held, and stands still for those who want it so", async () => {
  for (const [reducedMotion, seconds] of [["no-preference", "0.6s"], ["reduce", "0s"]]) {
    const { page } = await question({ media: { reducedMotion } });
    await page.at("guard-go").dispatchEvent("pointerdown", { pointerType: "mouse", button: 0, bubbles: true });
    const bar = await page.at("guard-go").evaluate((button) => getComputedStyle(button, "::before").transitionDuration);
    assert.equal(bar, seconds);
    await page.finish();
  }
});

test("Escape and Cancel leave everything as it was, with the keyboard in the search", async () => {
  const { page } = await question();
  await page.keyboard.up("Enter");
  await page.keyboard.press("Escape");
  await page.at("guard").waitFor({ state: "detached" });
  assert.equal(await focused(page), "search");
  assert.equal(await page.at("search").inputValue(), "demurrage admin");
  assert.deepEqual(await asked(page, "hidePanel"), []);
  await page.keyboard.press("Enter");
  await page.at("guard-cancel").click();
  await page.at("guard").waitFor({ state: "detached" });
  assert.equal(await focused(page), "search");
  assert.deepEqual(await asked(page, "openConsole"), []);
  await page.finish();
});

test("a set of the same account that asks for nothing is offered, and opens at once", async () => {
  const { page, of } = await question();
  await page.keyboard.up("Enter");
  const name = (await page.at("guard-instead").innerText()).replace("Use ", "");
  await page.at("guard-instead").click();
  await page.at("toast").getByText("Opened").waitFor();
  assert.deepEqual(await asked(page, "openConsole"), [[{ ...of, role: name }, null, false, { browser: null, via: null }]]);
  await page.finish();
});

test("a profile of something protected asks before it is written", async () => {
  const page = await stage.open({ scenario: "looks" });
  await page.keyboard.type("demurrage admin");
  await page.waitForFunction(() => document.querySelector("[data-testid=list]")?.textContent?.includes("1 result"));
  await page.keyboard.press("Control+Enter");
  await page.at("profile-preview").waitFor();
  assert.equal(await page.at("profile-write").innerText(), "Add profile…");
  await page.keyboard.press("Enter");
  await page.at("guard").getByText("Write a CLI profile for").waitFor();
  assert.deepEqual(await asked(page, "writeProfile"), []);
  await page.waitForTimeout(450);
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("added").waitFor();
  assert.equal((await asked(page, "writeProfile"))[0][1], true);
  await page.finish();
});

test("the tray leads to the question, and nothing opens by itself", async () => {
  const page = await stage.open({ scenario: "to-confirm" });
  await page.at("guard").waitFor();
  assert.deepEqual(await asked(page, "openConsole"), []);
  assert.equal(await focused(page), "guard-go");
  await page.waitForTimeout(450);
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("Opened").waitFor();
  const [[of, , consent]] = await asked(page, "openConsole");
  assert.deepEqual([of.role, consent], ["AdministratorAccess", true]);
  await page.finish();
});
