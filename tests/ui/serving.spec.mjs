// Credentials that are served on this machine: begun for a time, shown while they are, led to and stopped.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

/** Finds one row and opens the window that asks for how long. */
async function wish(words, scene = {}) {
  const page = await stage.open({ scenario: "looks", ...scene });
  await page.keyboard.type(words);
  await page.waitForFunction(() => document.querySelector("[data-testid=list]")?.textContent?.includes("1 result"));
  const row = await page.at("row").first().evaluate((element) => ({ ...element.dataset }));
  await page.keyboard.press("Control+k");
  await page.keyboard.type("serve");
  await page.keyboard.press("Enter");
  await page.at("serve-dialog").waitFor();
  return { page, of: { session: row.session, account_id: row.account, role: row.role } };
}

test("a row is served for the time that was chosen, shown, led to and stopped", async () => {
  const { page, of } = await wish("demurrage engineer");
  assert.deepEqual(await asked(page, "serveCredentials"), []);
  await page.at("serve-4").check();
  await page.at("serve-go").click();
  await page.at("served").waitFor();
  assert.deepEqual(await asked(page, "serveCredentials"), [[of, 4 * 3600, false]]);
  assert.match(await page.at("served").innerText(), /Serving demurrage-\w+ as DataEngineer[\s\S]*until 17:2\d/u);
  await page.at("served-copy").click();
  await page.at("toast").getByText("Variables for").waitFor();
  assert.deepEqual(await asked(page, "copyServed"), [[of]]);
  await page.at("served-stop").click();
  await page.at("served").waitFor({ state: "detached" });
  assert.deepEqual(await asked(page, "stopServing"), [[of]]);
  await page.finish();
});

test("what is protected asks before it is served", async () => {
  const { page, of } = await wish("demurrage admin");
  await page.at("serve-go").click();
  await page.at("guard").waitFor();
  assert.match(await page.at("guard").innerText(), /Serve the credentials of demurrage-production as AdministratorAccess\?/u);
  assert.deepEqual(await asked(page, "serveCredentials"), []);
  await page.waitForTimeout(450);
  await page.keyboard.press("Enter");
  await page.at("served").waitFor();
  assert.deepEqual(await asked(page, "serveCredentials"), [[of, 3600, true]]);
  await page.finish();
});

for (const theme of ["light", "dark"]) {
  test(`the window and what is served look right, ${theme}`, async () => {
    const { page } = await wish("demurrage engineer", { theme });
    await looksRight(page, `serve-dialog-${theme}`);
    await page.finish();
    for (const scenario of ["served", "served-several"]) {
      const shown = await stage.open({ scenario, theme });
      await shown.at("served").waitFor();
      if (scenario === "served-several") await shown.at("served-show").click();
      await looksRight(shown, `${scenario}-${theme}`);
      await shown.finish();
    }
  });
}
