// Credentials copied in the form of a shell: chosen in a small window, protected ones ask, nothing of them is on the page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

const choose = async (page, words) => {
  await page.keyboard.type(words);
  await page.locator("[role=row][data-account]").first().waitFor();
  await page.keyboard.press("Control+k");
  await page.at("command-copy-keys").click();
  await page.at("keys-dialog").waitFor();
};

for (const theme of ["light", "dark"]) {
  test(`a shell is chosen, and remembered, ${theme}`, async () => {
    const page = await stage.open({ scenario: "list-40", theme });
    await choose(page, "quay dev data");
    await looksRight(page, `keys-${theme}`);
    await page.at("keys-dialog").getByText("fish").first().click();
    await page.at("keys-go").click();
    await page.at("toast").getByText("copied: they work until").waitFor();
    const [[of, shell, consent]] = await asked(page, "copyCredentials");
    assert.deepEqual([of.role, shell, consent], ["DataEngineer", "fish", false]);
    await page.at("search").focus();
    await page.keyboard.press("Control+k");
    await page.at("command-copy-keys").click();
    assert.equal(await page.at("keys-dialog").locator("input:checked").getAttribute("value"), "fish");
    await page.finish();
  });
}

test("what is protected asks first", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await choose(page, "demurrage admin");
  await page.at("keys-go").click();
  await page.at("guard").waitFor();
  assert.match(await page.at("guard").innerText(), /Copy the credentials of demurrage-production as AdministratorAccess\?/u);
  assert.deepEqual(await asked(page, "copyCredentials"), []);
  await page.waitForTimeout(450);
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("copied: they work until").waitFor();
  assert.equal((await asked(page, "copyCredentials"))[0][2], true);
  await page.finish();
});
