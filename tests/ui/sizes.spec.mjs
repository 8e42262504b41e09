// Small windows, large text, and what people tell their system about contrast, colours and motion.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { raise } from "./stage.mjs";

const SIZES = { smallest: { size: [360, 420] }, reflow: { size: [320, 560] }, "large-text": { text: 200 }, "large-text-narrow": { size: [360, 640], text: 200 }, wide: { size: [900, 700] } };
const MEDIA = { contrast: { contrast: "more" }, forced: { forcedColors: "active" } };

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

for (const [name, size] of Object.entries(SIZES)) {
  test(`${name}: the list`, async () => {
    const page = await stage.open({ scenario: "two-sessions", ...size });
    await looksRight(page, `size-${name}-list`);
    await page.finish();
  });
  test(`${name}: what ends`, async () => {
    const page = await stage.open({ scenario: "several-end", ...size });
    await page.at("notice-show").click();
    await looksRight(page, `size-${name}-ends`);
    await page.finish();
  });
  test(`${name}: trouble`, async () => {
    const page = await stage.open({ scenario: "proxy", ...size });
    await looksRight(page, `size-${name}-trouble`);
    await page.finish();
  });
  test(`${name}: the clocks`, async () => {
    const page = await stage.open({ scenario: "two-sessions", ...size });
    await page.at("pass-toggle").first().click();
    await looksRight(page, `size-${name}-clocks`);
    await page.finish();
  });
  test(`${name}: a code`, async () => {
    const page = await stage.open({ scenario: "device", ...size });
    await page.at("user-code").waitFor();
    await looksRight(page, `size-${name}-device`);
    await page.finish();
  });
  test(`${name}: a profile`, async () => {
    const page = await stage.open({ scenario: "list-40", ...size });
    await page.keyboard.press("Control+Enter");
    await page.at("profile-preview").waitFor();
    await looksRight(page, `size-${name}-profile`);
    await page.finish();
  });
  test(`${name}: labels and names`, async () => {
    const page = await stage.open({ scenario: "looks", ...size });
    await looksRight(page, `size-${name}-looks`);
    await page.finish();
  });
  test(`${name}: names that want to be more`, async () => {
    const page = await stage.open({ scenario: "hostile", ...size });
    await page.keyboard.press("End");
    await page.waitForTimeout(100);
    await looksRight(page, `size-${name}-hostile`);
    await page.finish();
  });
  test(`${name}: all that can be done`, async () => {
    const page = await stage.open({ scenario: "looks", ...size });
    await page.keyboard.press("Control+k");
    await looksRight(page, `size-${name}-actions`);
    await page.finish();
  });
  test(`${name}: something protected`, async () => {
    const page = await stage.open({ scenario: "to-confirm", ...size });
    await page.at("guard").waitFor();
    await looksRight(page, `size-${name}-guard`);
    await page.finish();
  });
  test(`${name}: labels and rules`, async () => {
    const page = await stage.open({ scenario: "looks", ...size });
    await page.keyboard.press("Control+,");
    await page.keyboard.type("labels");
    await page.keyboard.press("Enter");
    await page.at("rule").first().waitFor();
    await looksRight(page, `size-${name}-looks-page`);
    await page.at("edit-rule").first().click();
    await looksRight(page, `size-${name}-rule-editor`);
    await page.keyboard.press("Escape");
    await page.at("edit-label").first().click();
    await looksRight(page, `size-${name}-label-editor`);
    await page.finish();
  });
  test(`${name}: a label`, async () => {
    const page = await stage.open({ scenario: "looks", ...size });
    await page.keyboard.press("Control+k");
    await page.keyboard.type("label");
    await page.keyboard.press("Enter");
    await page.at("label-dialog").waitFor();
    await looksRight(page, `size-${name}-label`);
    await page.finish();
  });
  for (const [command, dialog] of [["copy-keys", "keys-dialog"], ["serve", "serve-dialog"], ["open-in", "browser-dialog"]]) {
    test(`${name}: ${dialog}`, async () => {
      const page = await stage.open({ scenario: "looks", ...size });
      await page.keyboard.press("Control+k");
      await page.at(`command-${command}`).click();
      await page.at(dialog).waitFor();
      await looksRight(page, `size-${name}-${dialog}`);
      await page.finish();
    });
  }
  test(`${name}: what is served`, async () => {
    const page = await stage.open({ scenario: "served-several", ...size });
    await page.at("served-show").click();
    await looksRight(page, `size-${name}-served`);
    await page.finish();
  });
  test(`${name}: the checks`, async () => {
    const page = await stage.open({ scenario: "unwell", ...size });
    await page.at("menu").click();
    await page.at("command-doctor").click();
    await page.at("check").first().waitFor();
    await looksRight(page, `size-${name}-doctor`);
    await page.finish();
  });
  test(`${name}: nothing found`, async () => {
    const page = await stage.open({ scenario: "looks", ...size });
    await page.keyboard.type("ledger zzz");
    await page.at("no-match").waitFor();
    await looksRight(page, `size-${name}-no-match`);
    await page.finish();
  });
  test(`${name}: a first run`, async () => {
    const page = await stage.open({ scenario: "first-run", ...size });
    await page.at("start-url").fill("http://127.0.0.1:8080/start");
    await page.at("allow-custom-portal").waitFor();
    await looksRight(page, `size-${name}-first-run`);
    await page.finish();
  });
}

for (const [name, media] of Object.entries(MEDIA)) {
  for (const theme of ["light", "dark"]) {
    test(`${name}, ${theme}`, async () => {
      const page = await stage.open({ scenario: "fading", theme, media });
      await looksRight(page, `media-${name}-${theme}`);
      await page.finish();
    });
    test(`${name}, ${theme}: labels, what is protected, rules`, async () => {
      const page = await stage.open({ scenario: "looks", theme, media });
      await looksRight(page, `media-${name}-${theme}-looks`);
      await page.keyboard.press("Control+,");
      await page.keyboard.type("labels");
      await page.keyboard.press("Enter");
      await page.at("rule").first().waitFor();
      await looksRight(page, `media-${name}-${theme}-looks-page`);
      await page.at("edit-label").last().click();
      await looksRight(page, `media-${name}-${theme}-label-editor`);
      await page.finish();
      const other = await stage.open({ scenario: "to-confirm", theme, media });
      await other.at("guard").waitFor();
      await looksRight(other, `media-${name}-${theme}-guard`);
      await other.finish();
    });
  }
}

test("without a choice of theme the system decides, while the panel is open too", async () => {
  const page = await stage.open({ scenario: "list-40", theme: "system" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(await background(), "rgb(253, 252, 250)");
  await page.emulateMedia({ colorScheme: "dark" });
  assert.equal(await background(), "rgb(25, 27, 29)");
  await page.finish();
});

test("nothing moves for those who want it so", async () => {
  const page = await stage.open({ scenario: "list-40", media: { reducedMotion: "reduce" } });
  await page.keyboard.press("Control+k");
  assert.equal(await page.at("commands").evaluate((element) => getComputedStyle(element).animationDuration), "0s");
  await page.finish();
});
