// Small windows, large text, and what people tell their system about contrast, colours and motion.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { raise } from "./stage.mjs";
import { VIEWS } from "./views.mjs";

const SIZES = { smallest: { size: [360, 420] }, reflow: { size: [320, 560] }, "large-text": { text: 200 }, "large-text-narrow": { size: [360, 640], text: 200 }, wide: { size: [900, 700] } };
const MEDIA = { contrast: { contrast: "more" }, forced: { forcedColors: "active" } };

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

for (const [name, size] of Object.entries(SIZES)) {
  for (const view of VIEWS) {
    test(`${name}: ${view.title}`, async () => {
      const page = await stage.open({ scenario: view.scenario, ...size });
      await view.reach(page, (part) => looksRight(page, `size-${name}-${part}`));
      await page.finish();
    });
  }
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
      await page.keyboard.press("F10");
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
