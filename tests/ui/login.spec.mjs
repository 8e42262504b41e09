// Starting at login: offered once with the first console, and always in the menu.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

const toggle = async (page) => {
  await page.at("menu").click();
  await page.at("command-login").click();
};

test("the first console offers it, the next one does not", async () => {
  const page = await stage.open({ scenario: "two-sessions" });
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  if (await page.at("guard").isVisible()) assert.fail("the first row is protected: choose another");
  await page.at("toast").getByRole("button", { name: "Start at login" }).click();
  await page.at("toast").getByText("Daypass starts when you log in").waitFor();
  assert.deepEqual(await asked(page, "startAtLogin"), [[true]]);
  await page.at("search").focus();
  await page.keyboard.press("Enter");
  await page.at("toast").getByText("in your browser").waitFor();
  assert.equal(await page.at("toast").getByRole("button", { name: "Start at login" }).count(), 0);
  await page.finish();
});

test("the menu turns it on and off", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await toggle(page);
  await page.at("toast").getByText("Daypass starts when you log in").waitFor();
  await page.at("menu").click();
  await page.at("command-login").getByText("chosen").waitFor();
  await page.at("command-login").click();
  await page.at("toast").getByText("does not start by itself any more").waitFor();
  assert.deepEqual(await asked(page, "startAtLogin"), [[true], [false]]);
  await page.finish();
});
