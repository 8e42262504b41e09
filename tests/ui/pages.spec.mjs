// Every view that a few keys or clicks lead to, in both themes.
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { raise } from "./stage.mjs";

const VIEWS = {
  search: { scenario: "list-40", steps: (page) => typed(page, "pay prod") },
  actions: { scenario: "list-40", steps: (page) => keys(page, "Control+k") },
  menu: { scenario: "two-sessions", steps: (page) => page.at("menu").click() },
  clocks: { scenario: "two-sessions", steps: (page) => page.at("pass-toggle").first().click() },
  expanded: { scenario: "list-40", steps: (page) => keys(page, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown") },
  hover: { scenario: "list-40", steps: (page) => page.at("row").nth(6).hover() },
  "no-match": { scenario: "list-40", steps: (page) => typed(page, "ledger zzz") },
  "sign-in": { scenario: "signing-in", steps: (page) => signIn(page, "open-again", "Continue in your browser") },
  "sign-in-no-browser": { scenario: "no-browser", steps: (page) => signIn(page, "open-again", "Open the link yourself") },
  "sign-in-refused": { scenario: "denied", steps: (page) => signIn(page, "try-again", "The sign-in was refused") },
  device: { scenario: "device", steps: (page) => page.at("user-code").waitFor() },
  "notices-open": { scenario: "several-end", steps: (page) => page.at("notice-show").click() },
  "clocks-end": { scenario: "ends-very-soon", steps: (page) => page.at("pass-toggle").click() },
  length: { scenario: "list-40", steps: async (page) => (await page.at("pass-toggle").click(), await page.at("length").selectOption("other"), await page.at("length-hours").fill("9")) },
  "session-menu": { scenario: "two-sessions", steps: async (page) => (await page.at("pass-toggle").first().click(), await page.at("pass-more").click()) },
  rename: { scenario: "list-40", steps: async (page) => (await page.at("menu").click(), await page.at("command-rename-harbourline").click(), await page.at("new-name").fill("work")) },
  storage: { scenario: "list-40", steps: (page) => storage(page) },
  profile: { scenario: "list-40", steps: (page) => profile(page) },
  "profile-conflict": { scenario: "list-40", steps: async (page) => (await profile(page), await page.at("profile-name").fill("ledger-dev"), await page.at("profile-replace").waitFor()) },
  "toast-failed": { scenario: "error", steps: async (page) => (await keys(page, "Enter"), await page.at("toast").waitFor()) },
  "add-portal": { scenario: "list-40", steps: (page) => addPortal(page) },
  protected: { scenario: "looks", steps: (page) => typed(page, "demurrage admin") },
  "protected-actions": { scenario: "looks", steps: async (page) => (await typed(page, "demurrage admin"), await keys(page, "Control+k")) },
  guard: { scenario: "looks", steps: (page) => guard(page) },
  "guard-brief": { scenario: "looks", steps: async (page) => (await guard(page), await page.at("guard-go").click()) },
  "guard-profile": { scenario: "looks", steps: (page) => guardedProfile(page) },
  "found-by-label": { scenario: "looks", steps: (page) => typed(page, "billing") },
  "found-by-alias": { scenario: "looks", steps: (page) => typed(page, "money") },
  "found-by-portal-name": { scenario: "looks", steps: (page) => typed(page, "bonded") },
  label: { scenario: "looks", steps: (page) => action(page, "label", "label-dialog") },
  "label-account": { scenario: "list-40", steps: async (page) => (await keys(page, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"), await action(page, "label", "label-dialog")) },
  alias: { scenario: "looks", steps: (page) => action(page, "alias", "alias-dialog") },
  hidden: { scenario: "looks", steps: async (page) => (await keys(page, "End"), await page.waitForTimeout(100)) },
  "hidden-shown": { scenario: "looks", steps: async (page) => (await keys(page, "End", "Enter"), await page.waitForTimeout(100)) },
  "looks-page": { scenario: "looks", steps: (page) => looksPage(page) },
  "looks-page-rules": { scenario: "looks", steps: async (page) => (await looksPage(page), await page.at("add-rule").scrollIntoViewIfNeeded()) },
  "looks-page-fresh": { scenario: "hostile", steps: (page) => looksPage(page) },
  "label-editor": { scenario: "list-40", steps: async (page) => (await looksPage(page), await page.at("add-label").click(), await page.at("label-word-field").fill("billing")) },
  "label-editor-refused": { scenario: "list-40", steps: (page) => refusedLabel(page) },
  "rule-editor": { scenario: "two-sessions", steps: async (page) => (await looksPage(page), await page.at("edit-rule").first().click()) },
  "rule-editor-refused": { scenario: "list-40", steps: (page) => refusedRule(page) },
  "toast-done": { scenario: "list-40", steps: async (page) => (await keys(page, "Control+i"), await page.at("toast").waitFor()) },
  "toast-undo": { scenario: "list-40", steps: async (page) => (await action(page, "hide"), await page.at("toast").waitFor()) },
  changes: { scenario: "diff", steps: (page) => page.at("toast").waitFor() },
  "no-match-checked": { scenario: "granted", steps: async (page) => (await typed(page, "freshaccess"), await page.at("check-access").click(), await page.at("toast").waitFor()) },
  remove: { scenario: "list-40", steps: async (page) => (await page.at("menu").click(), await page.at("command-remove-harbourline").click()) },
};

async function guard(page) {
  await typed(page, "demurrage admin");
  await keys(page, "Enter");
  await page.at("guard").waitFor();
}

async function guardedProfile(page) {
  await typed(page, "demurrage admin");
  await keys(page, "Control+Enter");
  await page.at("profile-preview").waitFor();
  await page.at("profile-write").click();
  await page.at("guard").waitFor();
}

async function action(page, name, opened = null) {
  await keys(page, "Control+k");
  await page.at(`command-${name}`).click();
  if (opened !== null) await page.at(opened).waitFor();
}

async function looksPage(page) {
  await page.at("menu").click();
  await page.at("command-looks").click();
  await page.at("rule").or(page.at("no-rules")).first().waitFor();
}

async function refusedLabel(page) {
  await looksPage(page);
  await page.at("add-label").click();
  await page.at("label-word-field").fill("two words");
  await keys(page, "Enter");
  await page.at("label-trouble").getByText("more than one word").waitFor();
}

async function refusedRule(page) {
  await looksPage(page);
  await page.at("add-rule").click();
  await page.at("rule-account").fill("[a-z]*");
  await page.at("rule-label").selectOption("prod");
  await page.at("rule-save").click();
  await page.at("rule-trouble").getByText("not a pattern").waitFor();
}

async function storage(page) {
  await page.at("menu").click();
  await page.at("command-storage-harbourline").click();
  await page.at("storage-shared").click();
}

async function keys(page, ...pressed) {
  for (const key of pressed) await page.keyboard.press(key);
}

async function typed(page, text) {
  await page.keyboard.type(text);
  await page.waitForTimeout(150);
}

async function signIn(page, mark, title) {
  await page.at("sign-in").click();
  await page.getByText(title).waitFor();
  await page.at(mark).waitFor();
}

async function profile(page) {
  await keys(page, "Control+Enter");
  await page.at("profile-preview").waitFor();
}

async function addPortal(page) {
  await page.at("menu").click();
  await page.at("command-add-portal").click();
  await page.at("start-url").fill("https://sso.atoll-shipping.example/start");
  await page.at("allow-custom-portal").waitFor();
}

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

for (const [name, { scenario, steps }] of Object.entries(VIEWS)) {
  for (const theme of ["light", "dark"]) {
    test(`${name}, ${theme}`, async () => {
      const page = await stage.open({ scenario, theme });
      await steps(page);
      await looksRight(page, `view-${name}-${theme}`);
      await page.finish();
    });
  }
}
