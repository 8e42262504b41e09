// The views of the panel and how each is reached, by marks and keys alone: the same ways lead there in every size and language.

/** Opens the menu of everything that is not about a row, and takes one line of it. */
async function fromMenu(page, command, mark) {
  await page.at("menu").click();
  await page.at(`command-${command}`).click();
  await page.at(mark).first().waitFor();
}

/** Takes one line of the menu about the selected row. */
async function fromRow(page, command, mark) {
  await page.keyboard.press("Control+k");
  await page.at(`command-${command}`).click();
  await page.at(mark).first().waitFor();
}

/** `reach` leads to the view and hands each of its parts to `see` by a name for its picture. */
export const VIEWS = [
  { title: "the list", scenario: "two-sessions", reach: (_, see) => see("list") },
  {
    title: "what ends",
    scenario: "several-end",
    reach: async (page, see) => {
      await page.at("notice-show").click();
      await see("ends");
    },
  },
  { title: "trouble", scenario: "proxy", reach: (_, see) => see("trouble") },
  {
    title: "the clocks",
    scenario: "two-sessions",
    reach: async (page, see) => {
      await page.at("pass-toggle").first().click();
      await see("clocks");
    },
  },
  {
    title: "a code",
    scenario: "device",
    reach: async (page, see) => {
      await page.at("user-code").waitFor();
      await see("device");
    },
  },
  {
    title: "a profile",
    scenario: "list-40",
    reach: async (page, see) => {
      await page.keyboard.press("Control+Enter");
      await page.at("profile-preview").waitFor();
      await see("profile");
    },
  },
  { title: "labels and names", scenario: "looks", reach: (_, see) => see("looks") },
  {
    title: "names that want to be more",
    scenario: "hostile",
    reach: async (page, see) => {
      await page.keyboard.press("End");
      await page.waitForTimeout(100);
      await see("hostile");
    },
  },
  {
    title: "all that can be done",
    scenario: "looks",
    reach: async (page, see) => {
      await page.keyboard.press("Control+k");
      await see("actions");
    },
  },
  {
    title: "something protected",
    scenario: "to-confirm",
    reach: async (page, see) => {
      await page.at("guard").waitFor();
      await see("guard");
    },
  },
  {
    title: "the first close without a tray",
    scenario: "closing",
    reach: async (page, see) => {
      await page.at("close-dialog").waitFor();
      await see("close-dialog");
    },
  },
  {
    title: "settings",
    scenario: "managed",
    reach: async (page, see) => {
      await fromMenu(page, "settings", "setting");
      await see("settings");
      await page.at("remark").last().scrollIntoViewIfNeeded();
      await see("settings-end");
    },
  },
  {
    title: "labels and rules",
    scenario: "looks",
    reach: async (page, see) => {
      await fromMenu(page, "looks", "rule");
      await see("looks-page");
      await page.at("edit-rule").first().click();
      await see("rule-editor");
      await page.keyboard.press("Escape");
      await page.at("edit-label").first().click();
      await see("label-editor");
    },
  },
  ...[
    ["a label", "label", "label-dialog", "label"],
    ["keys-dialog", "copy-keys", "keys-dialog", "keys-dialog"],
    ["serve-dialog", "serve", "serve-dialog", "serve-dialog"],
    ["browser-dialog", "open-in", "browser-dialog", "browser-dialog"],
  ].map(([title, command, mark, name]) => ({
    title,
    scenario: "looks",
    reach: async (page, see) => {
      await fromRow(page, command, mark);
      await see(name);
    },
  })),
  {
    title: "what is served",
    scenario: "served-several",
    reach: async (page, see) => {
      await page.at("served-show").click();
      await see("served");
    },
  },
  {
    title: "the checks",
    scenario: "unwell",
    reach: async (page, see) => {
      await fromMenu(page, "doctor", "check");
      await see("doctor");
      await page.at("diagnostics").click();
      await page.at("diagnostics-text").waitFor();
      await see("diagnostics");
    },
  },
  {
    title: "nothing found",
    scenario: "looks",
    reach: async (page, see) => {
      await page.keyboard.type("ledger zzz");
      await page.at("no-match").waitFor();
      await see("no-match");
    },
  },
  {
    title: "a first run",
    scenario: "first-run",
    reach: async (page, see) => {
      await page.at("start-url").fill("http://127.0.0.1:8080/start");
      await page.at("allow-custom-portal").waitFor();
      await see("first-run");
    },
  },
];

/** What is not seen in every size, but in every language. */
export const MORE_VIEWS = [
  ...[
    ["the menu", "menu", "list-40", async (page) => page.at("menu").click()],
    ["profiles for everything", "sync", "looks", (page) => fromMenu(page, "sync", "sync-groups")],
    ["sessions of the AWS config", "import", "more-found", (page) => fromMenu(page, "import", "import-page")],
    ["a name of one's own", "alias", "looks", (page) => fromRow(page, "alias", "alias-dialog")],
    ["a place in the console", "place", "looks", (page) => fromRow(page, "open-at", "place-dialog")],
    ["nobody signed in", "signed-out", "signed-out", () => undefined],
    ["what has ended", "ended", "ended", () => undefined],
    ["no connection", "offline", "all-offline", () => undefined],
    ["somebody else", "user", "user-changed", () => undefined],
    ["a list being read", "reading", "reading", () => undefined],
    ["pins of what is gone", "lost-pins", "lost-pins", () => undefined],
    ["sessions that were found", "found", "first-run-found", () => undefined],
  ].map(([title, name, scenario, go]) => ({
    title,
    scenario,
    reach: async (page, see) => {
      await go(page);
      await see(name);
    },
  })),
  ...["rename", "storage", "remove"].map((question) => ({
    title: `${question} a session`,
    scenario: "list-40",
    reach: async (page, see) => {
      await page.at("menu").click();
      await page.locator(`[data-testid^="command-${question}-"]`).first().click();
      await page.locator("dialog[open]").waitFor();
      await see(question);
    },
  })),
  {
    title: "a sign-in",
    scenario: "signed-out",
    reach: async (page, see) => {
      await page.at("sign-in-first").click();
      await page.at("copy-link").waitFor();
      await see("sign-in");
    },
  },
];
