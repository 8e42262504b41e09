// Every situation that the panel can find itself in, in both themes.
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { raise } from "./stage.mjs";

const SITUATIONS = [
  ...["first-run", "signed-out", "list-40", "list-5000", "two-sessions", "many-sessions", "unknown-end", "past-estimate", "lapsed"],
  ...["fading", "ends-soon", "ends-very-soon", "ended", "several-end", "user-changed", "muted"],
  ...["offline", "all-offline", "captive-portal", "proxy", "certificate", "clock", "portal-down", "throttled", "keychain-locked", "keychain-locked-first", "registration-ended", "error"],
  ...["reading", "first-read", "first-failed", "offline-first", "no-accounts", "failed-roles", "partial", "not-permitted", "hostile"],
  ...["looks", "hidden-all", "to-confirm", "lost-pins", "broken"],
];

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

for (const scenario of SITUATIONS) {
  for (const theme of ["light", "dark"]) {
    test(`${scenario}, ${theme}`, async () => {
      const page = await stage.open({ scenario, theme });
      await looksRight(page, `${scenario}-${theme}`);
      await page.finish();
    });
  }
}
