// The page of the doctor: what is not well first, with what to do; what is well, folded below.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

const open = async (page) => {
  await page.at("menu").click();
  await page.at("command-doctor").click();
  await page.at("doctor-page").waitFor();
};

for (const theme of ["light", "dark"]) {
  test(`what does not work comes first and says what to do, ${theme}`, async () => {
    const page = await stage.open({ scenario: "unwell", theme });
    await open(page);
    await page.at("doctor-summary").getByText("1 not working, 2 to look at.").waitFor();
    const verdicts = await page.evaluate(() => [...document.querySelectorAll("[data-testid=check]")].map((line) => line.dataset.verdict));
    assert.deepEqual(verdicts.slice(0, 4), ["fail", "warn", "warn", "pass"]);
    const shown = await page.at("check").first().innerText();
    assert.ok(shown.includes("Mend that line") && !shown.includes("\u202e"), shown);
    assert.equal(await page.at("check").nth(5).isVisible(), false);
    await looksRight(page, `doctor-${theme}`);
    await page.at("look-again").click();
    assert.equal((await asked(page, "examine")).length, 2);
    await page.keyboard.press("Escape");
    await page.at("search").waitFor();
    await page.finish();
  });

  test(`a machine that is well shows what was looked at, ${theme}`, async () => {
    const page = await stage.open({ scenario: "list-40", theme });
    await open(page);
    await page.at("doctor-summary").getByText("All is well.").waitFor();
    assert.ok(await page.at("check").last().isVisible());
    await looksRight(page, `doctor-well-${theme}`);
    await page.finish();
  });
}

for (const theme of ["light", "dark"]) {
  test(`the diagnostics file is shown before it is one, and then said where it is, ${theme}`, async () => {
    const page = await stage.open({ scenario: "unwell", theme });
    await open(page);
    await page.at("diagnostics").click();
    const text = page.at("diagnostics-text");
    await text.getByText("Scrubbed of keys").waitFor();
    const told = await text.innerText();
    assert.ok(told.includes("FAIL the_aws_config_file: line 118 of ~/.aws/config") && !told.includes("\u202e"), told);
    assert.equal((await asked(page, "saveDiagnostics")).length, 0);
    await looksRight(page, `diagnostics-${theme}`);
    await page.at("save-diagnostics").click();
    await page.at("diagnostics-saved").getByText("/home/kim/daypass-diagnostics-2026-03-10-132130.txt").waitFor();
    // The page names neither the text nor the place.
    assert.deepEqual(await asked(page, "saveDiagnostics"), [[]]);
    await looksRight(page, `diagnostics-saved-${theme}`);
    await page.at("show-diagnostics").click();
    await page.at("toast").getByText("the path was copied").waitFor();
    await page.at("back").click();
    await page.at("doctor-page").waitFor();
    await page.finish();
  });
}
