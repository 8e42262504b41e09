// What is shipped: no scripted host in it, nothing inline in it, and it speaks to the shell alone.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { raise, ROOT } from "./stage.mjs";

const files = (folder) =>
  readdirSync(join(ROOT, "ui", folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "utf8"));
/** Words that only the scripted host says. */
const SCRIPTED = ["harbourline", "list-5000", "chandlery", "xn--hrbourline"];

let stage;
before(async () => (stage = await raise("dist")));
after(() => stage.close());

test("the production build holds nothing of the scripted host", () => {
  const [shipped, scripted] = [files("dist").join("\n"), files("dist-browser").join("\n")];
  for (const word of SCRIPTED) {
    assert.ok(scripted.includes(word), `the scripted build does not say ${word}: does this test still work?`);
    assert.ok(!shipped.includes(word), `the production build says ${word}`);
  }
  assert.ok(shipped.includes("panel_ready"));
});

test("the page has no script, style or address of its own in its HTML", () => {
  const html = readFileSync(join(ROOT, "ui/dist/index.html"), "utf8");
  assert.doesNotMatch(html, /<style|style=|\son\w+=|<script(?![^>]*\ssrc=)|https?:/u);
});

test("it starts over the shell: listens, asks once, says that it is ready", async () => {
  const page = await stage.open({ scenario: "none", before: shell });
  await page.at("add-portal").waitFor();
  const invoked = await page.evaluate(() => globalThis.invoked);
  const listens = Array.from({ length: 4 }, () => "plugin:event|listen");
  assert.deepEqual(invoked.slice().sort(), ["accounts", "awaited", "found_sessions", "panel_ready", ...listens, "snapshot", "starts_at_login"]);
  const listening = invoked.lastIndexOf("plugin:event|listen");
  assert.ok(["snapshot", "awaited"].every((command) => invoked.indexOf(command) > listening), "it listens before it asks");
  const known = ["snapshot", "accounts", "awaited"].map((command) => invoked.indexOf(command));
  assert.ok(known.every((place) => place < invoked.indexOf("panel_ready")), "it is ready once it has something to show");
  assert.equal(invoked.at(-1), "starts_at_login");
  assert.deepEqual(page.troubles, []);
  await page.finish();
});

/** The shell's end, as far as the start needs it. */
function shell() {
  const empty = { sessions: { revision: 1, sessions: [], muted_until: null, quiet_until: null, profile_region: null, profile_template: null, settings_failure: null, appearance: { theme: "auto", language: null } }, listings: { revision: 1, listings: [] }, accounts_revision: 1 };
  const accounts = { revision: 1, labels: [], sessions: [], roles: [], looks: [], accounts: [], uses: [], chains: [], lost_pins: [] };
  const answers = { snapshot: empty, accounts, found_sessions: [] };
  globalThis.invoked = [];
  globalThis.__TAURI_INTERNALS__ = {
    transformCallback: () => 1,
    invoke: async (command) => {
      globalThis.invoked.push(command);
      return answers[command] ?? null;
    },
  };
}
