// In which browser a console opens: chosen for once, for an account, for a label or a rule; and what was used lately.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

const WORK = { browser: "firefox:Work", via: null };

async function dialog(page) {
  await page.keyboard.press("Control+b");
  await page.at("browser-now").waitFor();
}

/** Whatever stands between a choice and its console: a protected row asks. */
async function consent(page) {
  if (!(await page.at("guard").isVisible())) return;
  await page.waitForTimeout(450);
  await page.at("guard-go").click();
}

for (const theme of ["light", "dark"]) {
  test(`a console opens once in a browser that is typed for, and that leads the list the next time, ${theme}`, async () => {
    const page = await stage.open({ scenario: "list-40", theme });
    await page.keyboard.press("End");
    await dialog(page);
    assert.match(await page.at("browser-now").textContent(), /Default browser, by its session/u);
    await looksRight(page, `browser-${theme}`);
    await page.keyboard.type("work prod");
    assert.equal(await page.at("browser-way").count(), 1);
    await page.at("browser-words").fill("firefox work");
    await page.keyboard.press("Enter");
    await page.at("browser-dialog").waitFor({ state: "detached" });
    await consent(page);
    await page.at("toast").getByText("Opened").waitFor();
    const [[, place, , opening]] = await asked(page, "openConsole");
    assert.deepEqual([place, opening], [null, WORK]);
    assert.deepEqual(await asked(page, "setOpening"), []);
    await dialog(page);
    await page.getByText("Recent", { exact: true }).waitFor();
    await looksRight(page, `browser-recent-${theme}`);
    await page.finish();
  });

  test(`a browser is kept for an account, says who chose it, and is taken back, ${theme}`, async () => {
    const page = await stage.open({ scenario: "list-40", theme });
    await dialog(page);
    await page.keyboard.type("container production");
    await page.at("browser-scope-account").check();
    await looksRight(page, `browser-account-${theme}`);
    await page.at("browser-go").click();
    await page.at("toast").getByText("from now on").waitFor();
    const [[of, opening]] = await asked(page, "setOpening");
    assert.equal(of.role, null);
    assert.deepEqual(opening, { browser: "firefox:Work+container=Production", via: null });
    assert.deepEqual(await asked(page, "openConsole"), []);
    await looksRight(page, `browser-kept-${theme}`);
    await dialog(page);
    assert.match(await page.at("browser-now").textContent(), /container Production, chosen for this account/u);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+z");
    await page.at("toast").getByText("Taken back").waitFor();
    assert.deepEqual((await asked(page, "setOpening"))[1], [of, { browser: null, via: null }]);
    await page.finish();
  });

  test(`a label and a rule carry a browser, ${theme}`, async () => {
    const page = await stage.open({ scenario: "looks", theme });
    await page.at("menu").click();
    await page.at("command-looks").click();
    await page.at("edit-label").first().click();
    await page.at("opening-browser").selectOption("chrome+private");
    await page.at("opening-via").selectOption("portal");
    await looksRight(page, `browser-label-${theme}`);
    await page.at("label-save").click();
    await page.at("label-editor").waitFor({ state: "detached" });
    const [[label]] = await asked(page, "defineLabel");
    assert.deepEqual(label.opens, { browser: "chrome+private", via: "portal" });
    await page.at("edit-rule").first().click();
    await page.at("opening-browser").selectOption("firefox:Work");
    await looksRight(page, `browser-rule-${theme}`);
    await page.at("rule-save").click();
    await page.at("rule-editor").waitFor({ state: "detached" });
    const [[rules]] = await asked(page, "setRules");
    assert.deepEqual(rules[0].opens, WORK);
    await page.getByText("in firefox:Work").waitFor();
    await looksRight(page, `browser-rules-${theme}`);
    await page.finish();
  });

  test(`recent places of the account lead where nothing is typed, ${theme}`, async () => {
    const page = await stage.open({ scenario: "list-40", theme });
    await page.keyboard.press("End");
    for (const place of ["lambda", "s3"]) {
      await page.keyboard.press("Control+o");
      await page.at("place").fill(place);
      await page.keyboard.press("Enter");
      await page.at("place-dialog").waitFor({ state: "detached" });
      await consent(page);
      // The scripted console takes its time, and the message of the one before stands still.
      await page.waitForTimeout(500);
    }
    await page.keyboard.press("Control+o");
    await page.at("recent-place").nth(1).waitFor();
    assert.deepEqual(await page.at("recent-place").allTextContents(), ["s3", "lambda"]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await looksRight(page, `recent-places-${theme}`);
    await page.keyboard.press("Enter");
    await page.at("place-dialog").waitFor({ state: "detached" });
    await consent(page);
    await page.waitForFunction(() => globalThis.asked.filter(([name]) => name === "openConsole").length === 3);
    assert.equal((await asked(page, "openConsole"))[2][1], "lambda");
    await page.finish();
  });

  test(`a row opens by the access portal, ${theme}`, async () => {
    const page = await stage.open({ scenario: "list-40", theme });
    await page.keyboard.press("End");
    await page.keyboard.press("Control+k");
    await looksRight(page, `actions-${theme}`);
    await page.keyboard.type("by the access portal");
    await page.keyboard.press("Enter");
    await consent(page);
    await page.at("toast").getByText("Opened").waitFor();
    assert.deepEqual((await asked(page, "openConsole"))[0][3], { browser: null, via: "portal" });
    await page.finish();
  });
}
