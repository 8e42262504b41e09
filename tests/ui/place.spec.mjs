// A place in place of a search: an ARN is opened as a permission set of its account; others are asked for.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { asked, raise } from "./stage.mjs";

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

const rows = (page) => page.evaluate(() => [...document.querySelectorAll("[role=row][data-account]")].map((row) => row.dataset));

for (const theme of ["light", "dark"]) {
  test(`an ARN offers its account and opens there, ${theme}`, async () => {
    const page = await stage.open({ scenario: "list-40", theme });
    await page.keyboard.press("Home");
    const [{ account }] = await rows(page);
    const arn = `arn:aws:kms:eu-west-1:${account}:alias/main`;
    await page.keyboard.type(arn);
    await page.getByText("Open at alias/main").waitFor();
    const shown = await rows(page);
    assert.ok(shown.length > 0 && shown.every((row) => row.account === account), JSON.stringify(shown));
    await looksRight(page, `place-${theme}`);
    await page.keyboard.press("Enter");
    if (await page.at("guard").isVisible()) await page.keyboard.press("Escape");
    else {
      await page.at("toast").getByText("Daypass knows no page").waitFor();
      const [[of, place]] = await asked(page, "openConsole");
      assert.deepEqual([of.account_id, place], [account, arn]);
    }
    await page.finish();
  });

  test(`a pasted page opens in another account, ${theme}`, async () => {
    const page = await stage.open({ scenario: "list-40", theme });
    await page.keyboard.press("Home");
    const [{ account: own }] = await rows(page);
    const address = `https://${own}-ab12cd34.eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:`;
    await page.at("search").fill(address);
    await page.at("other-account").waitFor();
    const offered = await rows(page);
    assert.ok(offered.length > 0 && offered.every((row) => row.account === own), JSON.stringify(offered));
    await looksRight(page, `page-${theme}`);
    await page.at("other-account").click();
    await page.at("place-held").getByText("eu-west-1.console.aws.amazon.com/ec2").waitFor();
    assert.equal(await page.at("search").inputValue(), "");
    await page.keyboard.type("stowage");
    await page.at("row").first().getByText("stowage").waitFor();
    await looksRight(page, `page-held-${theme}`);
    await page.keyboard.press("Enter");
    await page.at("toast").getByText("Opened").waitFor();
    const [[of, place]] = await asked(page, "openConsole");
    assert.notEqual(of.account_id, own);
    assert.equal(place, address);
    // One step back at a time: the words, then the place.
    await page.keyboard.press("Escape");
    await page.at("place-held").waitFor();
    await page.keyboard.press("Escape");
    await page.at("place-held").waitFor({ state: "detached" });
    await page.finish();
  });

  test(`an ARN of an account that is not listed, and one that is torn, ${theme}`, async () => {
    const page = await stage.open({ scenario: "list-40", theme });
    await page.keyboard.type("arn:aws:sqs:eu-west-1:999999999999:jobs");
    await page.at("no-place").getByText("No access to the account").waitFor();
    await looksRight(page, `place-foreign-${theme}`);
    await page.at("search").fill("arn:aws:sqs");
    await page.at("no-place").getByText("This cannot be opened").waitFor();
    await looksRight(page, `place-torn-${theme}`);
    await page.keyboard.press("Escape");
    await page.at("no-place").waitFor({ state: "detached" });
    await page.finish();
  });

  test(`a console opens at a service that is asked for, ${theme}`, async () => {
    const page = await stage.open({ scenario: "list-40", theme });
    await page.keyboard.press("Control+o");
    await page.at("place-dialog").waitFor();
    await looksRight(page, `place-dialog-${theme}`);
    await page.keyboard.type("s3");
    await page.keyboard.press("Enter");
    await page.at("place-dialog").waitFor({ state: "detached" });
    await page.at("toast").getByText("Opened").waitFor();
    assert.equal((await asked(page, "openConsole"))[0][1], "s3");
    await page.keyboard.press("Control+l");
    await page.at("toast").getByText("Portal link").waitFor();
    assert.equal((await asked(page, "copyShareableLink")).length, 1);
    await page.finish();
  });

  test(`a service that nobody knows is told with what does, ${theme}`, async () => {
    const page = await stage.open({ scenario: "list-40", theme });
    await page.keyboard.press("Control+o");
    await page.at("place").fill("nothing");
    await page.keyboard.press("Enter");
    await page.at("toast").getByText("no service that Daypass knows").waitFor();
    await page.at("toast").getByText("give a service such as s3", { exact: false }).waitFor();
    await looksRight(page, `place-unknown-${theme}`);
    await page.finish();
  });

  test(`a link that signs in to something protected asks about a link, ${theme}`, async () => {
    const page = await stage.open({ scenario: "looks", theme });
    await page.keyboard.type("demurrage admin");
    await page.waitForFunction(() => document.querySelector("[data-testid=list]")?.textContent?.includes("1 result"));
    await page.keyboard.press("Control+k");
    await page.keyboard.type("signs in");
    await page.keyboard.press("Enter");
    await page.at("guard").getByText("Copy a link that signs in to").waitFor();
    await looksRight(page, `guard-link-${theme}`);
    await page.at("guard-cancel").click();
    assert.deepEqual(await asked(page, "copyConsoleLink"), []);
    await page.finish();
  });
}
