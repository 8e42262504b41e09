// Sessions of the AWS config file: offered on the first run and in the menu, written only when the button is pressed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

test("the first run offers what was found, and one key adds it", async () => {
  const page = await stage.open({ scenario: "first-run-found" });
  await page.at("found").waitFor();
  assert.deepEqual(await page.at("found-choice").evaluateAll((all) => all.map((each) => each.checked)), [true, true]);
  assert.ok(await page.at("storage-shared").isChecked());
  assert.deepEqual([await asked(page, "importSessions"), await asked(page, "addSession")], [[], []]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  assert.equal(await page.at("import").innerText(), "Add 1 session");
  await page.at("storage-keychain").click();
  assert.match(await page.at("sign-ins-go-on").innerText(), /asks for one of its own/u);
  await page.at("import").click();
  await page.at("home").waitFor();
  assert.deepEqual(await asked(page, "importSessions"), [[["harbourline"], "keychain", false]]);
  assert.deepEqual(await asked(page, "signIn"), [], "no browser opens by itself");
  await page.finish();
});

test("an address can be typed instead, and its buttons come with it", async () => {
  const page = await stage.open({ scenario: "first-run-found" });
  await page.at("found").waitFor();
  assert.equal(await page.at("add-session").count(), 0);
  await page.at("start-url").fill("https://acme.awsapps.com/start");
  await page.at("add-and-sign-in").waitFor();
  assert.equal(await page.at("import").count(), 0, "one thing to do at a time");
  await page.finish();
});

test("what cannot come says why; what is not AWS's waits for the user's word", async () => {
  const page = await stage.open({ scenario: "more-found" });
  await page.keyboard.press("F10");
  await page.keyboard.type("aws config");
  await page.keyboard.press("Enter");
  await page.at("import-page").waitFor();
  const state = await page.at("found-choice").evaluateAll((all) => all.map((each) => [each.dataset.session, each.checked, each.disabled]));
  assert.deepEqual(state, [["harbourline", true, true], ["tessera", true, false], ["atoll", false, false], ["quarter deck", false, true]]);
  assert.match(await page.at("found").innerText(), /The Region is missing/u);
  await page.at("found-choice").nth(2).check();
  await page.at("import").click();
  await page.at("toast").getByText("2 sessions added").waitFor();
  assert.deepEqual(await asked(page, "importSessions"), [[["tessera", "atoll"], "shared", true]]);
  await page.finish();
});

for (const theme of ["light", "dark"]) {
  test(`it looks right, ${theme}`, async () => {
    const first = await stage.open({ scenario: "first-run-troubled", theme });
    await first.at("found").waitFor();
    await looksRight(first, `import-first-run-${theme}`);
    await first.finish();
    for (const [scenario, size, text] of [["more-found", [440, 640], 100], ["nothing-found", [440, 640], 100], ["more-found", [360, 420], 100], ["more-found", [360, 640], 200]]) {
      const page = await stage.open({ scenario, theme, size, text });
      await page.at("menu").click();
      await page.at("command-import").click();
      await page.at("import-page").waitFor();
      await page.waitForTimeout(50);
      await looksRight(page, `import-${scenario}-${size[0]}-${text}-${theme}`);
      await page.finish();
    }
  });
}
