// The page of the settings: each change is one request, mistakes show where they were made, and what an organisation has set stays.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

const open = async (page) => {
  await page.at("search").waitFor();
  await page.keyboard.press("Control+,");
  await page.at("settings-page").waitFor();
};
const control = (page, place) => page.locator(`[data-place="${place}"] :is(input, select)`);
const set = (page) => asked(page, "setSetting");

for (const theme of ["light", "dark"]) {
  test(`every setting is changed where it stands, and a mistake is told there, ${theme}`, async () => {
    const page = await stage.open({ scenario: "settings", theme });
    await open(page);
    await control(page, "notices.quiet").waitFor();
    await looksRight(page, `settings-${theme}`);
    await control(page, "notices.warn_minutes").selectOption({ label: "30 and 10 minutes before" });
    const region = control(page, "profiles.region");
    await region.fill("moon");
    await region.press("Enter");
    await page.at("setting-failed").getByText("`moon` is not what is expected here.").waitFor();
    assert.equal(await region.getAttribute("aria-invalid"), "true");
    await looksRight(page, `settings-mistake-${theme}`);
    await region.press("Escape");
    assert.equal(await region.inputValue(), "eu-central-1");
    assert.equal(await page.at("setting-failed").count(), 0);
    await region.fill("");
    await region.blur();
    await page.waitForFunction(() => globalThis.asked.filter(([name]) => name === "setSetting").length === 3);
    assert.deepEqual(await set(page), [
      ["notices.warn_minutes", "30, 10"],
      ["profiles.region", "moon"],
      ["profiles.region", null],
    ]);
    await page.at("settings-file").scrollIntoViewIfNeeded();
    await looksRight(page, `settings-end-${theme}`);
    await page.at("open-settings").click();
    assert.equal((await asked(page, "openSettings")).length, 1);
    await page.keyboard.press("Escape");
    await page.at("search").waitFor();
    await page.finish();
  });

  test(`a search leaves the lines that are meant, and Escape takes it back, ${theme}`, async () => {
    const page = await stage.open({ scenario: "settings", theme });
    await open(page);
    await control(page, "network.proxy").waitFor();
    const search = page.at("settings-search");
    await search.fill("proxy");
    await page.locator('[data-place="appearance.theme"]').waitFor({ state: "hidden" });
    assert.ok(await control(page, "network.proxy").isVisible());
    assert.equal(await page.locator("section:visible").count(), 1);
    await looksRight(page, `settings-search-${theme}`);
    await search.fill("no such setting");
    await page.at("settings-none").waitFor();
    await search.press("Escape");
    await page.locator('[data-place="appearance.theme"]').waitFor();
    assert.equal(await page.at("settings-none").count(), 0);
    await search.press("Escape");
    await page.at("search").waitFor();
    await page.finish();
  });

  test(`the browsers of a session are chosen among the settings, ${theme}`, async () => {
    const page = await stage.open({ scenario: "settings", theme });
    await open(page);
    const consoles = page.at("console-browser");
    await consoles.locator("optgroup").first().waitFor({ state: "attached" });
    assert.equal(await consoles.inputValue(), "default");
    const chosen = await consoles.locator("optgroup option").first().getAttribute("value");
    await consoles.selectOption(chosen);
    await page.waitForFunction(() => globalThis.asked.some(([name]) => name === "changeSession"));
    assert.deepEqual(await asked(page, "changeSession"), [["harbourline", { storage: null, length_seconds: null, sign_in_browser: null, console_browser: chosen }]]);
    assert.equal(await consoles.inputValue(), chosen);
    assert.equal(await page.at("sign-in-browser").inputValue(), "default");
    await looksRight(page, `settings-browsers-${theme}`);
    await page.finish();
  });

  test(`what an organisation has set is locked, and what is wrong in the file is told, ${theme}`, async () => {
    const page = await stage.open({ scenario: "managed", theme });
    await open(page);
    const template = page.locator('[data-place="profiles.template"]');
    await template.getByText("Set by your organisation.").waitFor();
    assert.equal(await template.locator("input").count(), 0);
    assert.equal(await page.at("locked").count(), 2);
    assert.ok(await page.at("change-storage").first().isDisabled());
    assert.equal(await page.at("change-storage").nth(1).isDisabled(), false);
    await looksRight(page, `settings-managed-${theme}`);
    await page.at("settings-organisation").getByText("/etc/daypass/settings.toml").waitFor();
    assert.match(await page.at("remark").first().innerText(), /Line 12: `notises` is not known.*did you mean `notices`\?/su);
    await page.at("remark").last().scrollIntoViewIfNeeded();
    await looksRight(page, `settings-managed-end-${theme}`);
    await page.finish();
  });

  test(`a file that cannot be read is named on every page, and is not taken for a first run, ${theme}`, async () => {
    const page = await stage.open({ scenario: "settings-broken", theme });
    await page.at("settings-trouble").getByText("Settings.toml, line 3").waitFor();
    await looksRight(page, `settings-trouble-${theme}`);
    await page.at("settings-trouble-act").click();
    await page.at("settings-broken").waitFor();
    await looksRight(page, `settings-broken-${theme}`);
    await page.at("open-settings").click();
    await page.getByText("Open /home/kim/.config/daypass/settings.toml in an editor.").waitFor();
    await page.finish();
    const first = await stage.open({ scenario: "settings-unread", theme });
    await first.at("settings-unread").getByText("line 3").waitFor();
    await looksRight(first, `settings-unread-${theme}`);
    assert.equal(await first.at("portal-url").count(), 0);
    await first.finish();
  });
}

test("the theme and the language follow at once", async () => {
  const page = await stage.open({ scenario: "settings", theme: "system" });
  await open(page);
  const background = () => page.evaluate(() => getComputedStyle(document.querySelector(".panel")).backgroundColor);
  await control(page, "appearance.theme").selectOption("dark");
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  const dark = await background();
  await control(page, "appearance.theme").selectOption("light");
  await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
  assert.notEqual(await background(), dark);
  await control(page, "appearance.language").selectOption("de");
  await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
  await control(page, "appearance.language").selectOption("auto");
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await page.finish();
});

test("the keyboard alone reaches and changes everything", async () => {
  const page = await stage.open({ scenario: "settings" });
  await open(page);
  await control(page, "notices.quiet").waitFor();
  const places = new Set();
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const { activeElement: active } = document;
      return active?.closest("[data-place]")?.dataset.place || active?.dataset.testid || "";
    });
    places.add(at);
    if (at === "open-settings") break;
  }
  for (const place of ["change-storage", "length", "notices.warn_minutes", "notices.quiet", "settings-login", "profiles.template", "profiles.region", "profiles.output", "profiles.style", "appearance.theme", "appearance.language", "network.proxy", "network.no_proxy", "network.ca_bundle", "open-settings"]) {
    assert.ok(places.has(place), `${place} among ${[...places].join()}`);
  }
  await page.at("settings-login").focus();
  await page.keyboard.press("Space");
  await page.waitForFunction(() => globalThis.asked.some(([name]) => name === "startAtLogin"));
  await page.finish();
});
