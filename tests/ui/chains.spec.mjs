// Chained roles in the panel: rows of their own, each with where it comes from; told apart from permission sets, also aloud.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, picture, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

for (const theme of ["light", "dark"]) {
  test(`a chained role has its own name and says where it comes from, ${theme}`, async () => {
    const page = await stage.open({ scenario: "chains", theme });
    const pinned = page.at("row").filter({ hasText: "deploy" }).first();
    await pinned.waitFor();
    assert.ok(!(await pinned.textContent()).includes("chain:"));
    assert.match(await pinned.getAttribute("aria-label"), /deploy, Chained role: Deploy, assumed from ReadOnly in audit-archive/u);
    assert.equal(await pinned.getAttribute("data-role"), "chain:deploy");
    await page.keyboard.type("444455556666");
    const only = page.at("row").filter({ hasText: "auditor" }).first();
    await only.waitFor();
    await picture(page, `chains-found-${theme}`);
    await page.keyboard.press("Escape");
    assert.deepEqual(await axe(page), []);
    await page.finish();
  });

  test(`one whose base is gone is there and says so, ${theme}`, async () => {
    const page = await stage.open({ scenario: "chains", theme });
    const account = await page.evaluate(() => [...document.querySelectorAll("[data-kind=account]")].find((row) => row.ariaLabel.includes("permission set"))?.dataset.account);
    assert.ok(account);
    const rows = page.at("row").and(page.locator("[data-kind=account]"));
    for (let at = 0; at < 5; at += 1) await rows.nth(at).getByTestId("expand").click();
    const lost = page.at("row").filter({ hasText: "old-restore" }).first();
    await lost.waitFor();
    assert.match(await lost.getAttribute("aria-label"), /BreakGlass in 481920037715 is gone/u);
    await picture(page, `chains-lost-${theme}`);
    await page.finish();
  });
}
