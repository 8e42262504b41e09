// A terminal for a row: opened by its action, asked about where it is protected, and told of where none can be.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

/** Finds one row and chooses the action. */
async function choose(words, scene = {}) {
  const page = await stage.open({ scenario: "looks", ...scene });
  await page.keyboard.type(words);
  await page.waitForFunction(() => document.querySelector("[data-testid=list]")?.textContent?.includes("1 result"));
  const row = await page.at("row").first().evaluate((element) => ({ ...element.dataset }));
  await page.keyboard.press("Control+k");
  await page.keyboard.type("terminal");
  await page.at("command-open-terminal").waitFor();
  return { page, of: { session: row.session, account_id: row.account, role: row.role } };
}

test("a row's action opens a terminal for it", async () => {
  const { page, of } = await choose("demurrage engineer");
  assert.match(await page.at("command-open-terminal").innerText(), /^Open a terminal here$/mu);
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("Opened a terminal for").waitFor();
  assert.deepEqual(await asked(page, "openTerminal"), [[of, false]]);
  assert.deepEqual(await asked(page, "openConsole"), []);
  await page.finish();
});

test("what is protected asks first, and a cancelled question opens nothing", async () => {
  const { page, of } = await choose("demurrage admin");
  assert.match(await page.at("command-open-terminal").innerText(), /^Open a terminal here…$/mu);
  await page.keyboard.press("Enter");
  await page.at("guard").waitFor();
  assert.match(await page.at("guard").innerText(), /Open a terminal with the credentials of demurrage-production as AdministratorAccess\?/u);
  await page.keyboard.press("Escape");
  await page.at("guard").waitFor({ state: "detached" });
  assert.deepEqual(await asked(page, "openTerminal"), []);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("terminal");
  await page.keyboard.press("Enter");
  await page.at("guard").waitFor();
  await page.waitForTimeout(450);
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("Opened a terminal for").waitFor();
  assert.deepEqual(await asked(page, "openTerminal"), [[of, true]]);
  await page.finish();
});

test("where there is no terminal the message says how to name one", async () => {
  const page = await stage.open({ scenario: "no-terminal" });
  await page.at("row").first().waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("terminal");
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("settings.toml").waitFor();
  assert.match(await page.at("toast").innerText(), /No terminal opened for [\s\S]*No terminal was found here\. Name yours in settings\.toml/u);
  await page.finish();
});

for (const theme of ["light", "dark"]) {
  test(`the action and the question look right, ${theme}`, async () => {
    const { page } = await choose("demurrage admin", { theme });
    await looksRight(page, `terminal-action-${theme}`);
    await page.keyboard.press("Enter");
    await page.at("guard").waitFor();
    await looksRight(page, `terminal-guard-${theme}`);
    await page.finish();
  });
}
