// The same job with a mouse alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

test("each row brings its buttons, and each button does what it says", async () => {
  const page = await stage.open({ scenario: "list-40" });
  const row = page.at("row").nth(0);
  const of = { session: "harbourline", account_id: await row.getAttribute("data-account"), role: await row.getAttribute("data-role") };
  await row.hover();
  for (const mark of ["open-console", "write-profile", "copy-id"]) {
    const button = row.locator(`[data-testid=${mark}]`);
    assert.equal(await button.evaluate((element) => getComputedStyle(element.parentElement).opacity), "1");
    assert.match((await button.getAttribute("aria-label")) ?? "", /payments/u);
  }
  await row.locator("[data-testid=copy-id]").click();
  await row.locator("[data-testid=open-console]").click();
  await page.at("toast").getByText("Opened").waitFor();
  assert.deepEqual(await asked(page, "copyAccountId"), [[of.account_id]]);
  assert.deepEqual(await asked(page, "openConsole"), [[of, null, false, { browser: null, via: null }]]);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-testid")), "search", "the keyboard stays with the box");
  await row.locator("[data-testid=write-profile]").click();
  await page.at("profile-page").waitFor();
  await page.finish();
});

test("a row by itself opens the console; an account of several sets unfolds", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await page.at("row").first().click();
  assert.equal((await asked(page, "openConsole")).length, 1);
  const account = page.locator("[data-testid=row][data-kind=account]", { hasText: "2 sets" }).first();
  await account.click();
  assert.equal(await account.getAttribute("aria-expanded"), "true");
  await page.locator("[data-testid=row][data-kind=child]").first().click();
  assert.equal((await asked(page, "openConsole")).length, 2);
  await page.finish();
});

test("a sign-in with a code: nothing opens by itself", async () => {
  const page = await stage.open({ scenario: "signing-in" });
  await page.at("sign-in").click();
  await page.getByText("Continue in your browser").waitFor();
  await page.at("use-code").click();
  await page.at("user-code").waitFor();
  assert.match(await page.at("user-code").innerText(), /^RKTM\s*-\s*WQZH$/u);
  assert.deepEqual(await asked(page, "openSignInPage"), []);
  await page.at("open-page").click();
  assert.deepEqual(await asked(page, "openSignInPage"), [["harbourline"]]);
  await page.at("copy-code").click();
  await page.at("toast").getByText("Code copied").waitFor();
  await page.at("cancel-sign-in").click();
  await page.at("home").waitFor();
  assert.deepEqual(await asked(page, "cancelSignIn"), [["harbourline"]]);
  await page.finish();
});

test("a refused sign-in says so, stays, and can be tried again", async () => {
  const page = await stage.open({ scenario: "denied" });
  await page.at("sign-in").click();
  await page.at("sign-in-failed").waitFor();
  await page.at("try-again").click();
  await page.at("signing-in").waitFor();
  assert.equal((await asked(page, "signIn")).length, 2);
  await page.finish();
});

test("permission sets that could not be read keep their place and are read again", async () => {
  const page = await stage.open({ scenario: "failed-roles" });
  const again = page.at("try-roles-again");
  assert.equal(await again.count(), 2);
  await again.first().click();
  await page.at("toast").waitFor();
  assert.equal(await again.count(), 2, "the first try failed, and the row is where it was");
  await again.first().click();
  await page.waitForFunction(() => document.querySelectorAll("[data-testid=try-roles-again]").length === 1);
  await page.finish();
});

test("a failure stays until it is closed, and offers one way on", async () => {
  const page = await stage.open({ scenario: "error" });
  await page.at("row").first().click();
  await page.at("toast").getByText("AWS is limiting requests").waitFor();
  await page.at("toast-act").click();
  await page.waitForTimeout(400);
  assert.equal((await asked(page, "openConsole")).length, 2);
  await page.at("toast-close").click();
  assert.equal(await page.at("toast").count(), 0);
  await page.finish();
});

test("the choice where tokens rest is asked once, and the preview follows it", async () => {
  const page = await stage.open({ scenario: "list-40" });
  await page.keyboard.press("Control+Enter");
  await page.at("diff").getByText("sso_session").last().waitFor();
  assert.ok(await page.at("style-sso").isChecked());
  await page.at("style-process").click();
  await page.at("diff").getByText("credential_process").waitFor();
  await page.at("profile-write").click();
  await page.at("toast").getByText("added").waitFor();
  const [[request]] = await asked(page, "writeProfile");
  assert.equal(request.style, "process");
  await page.at("row").nth(0).locator("[data-testid=write-profile]").click();
  await page.at("profile-storage").waitFor();
  assert.equal(await page.at("style-sso").count(), 0);
  await page.finish();
});

test("the list is read again, and the reading can be stopped", async () => {
  const page = await stage.open({ scenario: "reading" });
  await page.at("reading-act").click();
  assert.deepEqual(await asked(page, "stopReading"), [["harbourline"]]);
  await page.at("reading").waitFor({ state: "detached" });
  await page.at("refresh").click();
  assert.deepEqual(await asked(page, "readAccounts"), [["harbourline"]]);
  await page.finish();
});
