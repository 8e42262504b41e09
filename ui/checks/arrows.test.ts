// The reader of sources sees each fault that it is there for.
import { expect, test } from "vitest";
import { faults } from "./arrows.mjs";

const said = (path: string, text: string) => faults(path, `// Purpose.\n${text}`).join("; ");

test.each([
  ["shared/a.ts", 'import { mirror } from "../state/snapshot.svelte";', "shared may not import state"],
  ["account/a.svelte", 'import Pass from "../session/Pass.svelte";', "account may not import session"],
  ["state/a.ts", 'import { wordsFor } from "../words";', "state may not import words"],
  ["state/a.ts", 'import { invoke } from "@tauri-apps/api/core";', "names Tauri"],
  ["views/a.svelte", "{@html name}", "raw HTML"],
  ["views/a.svelte", '<p style="color: red">', "style attribute"],
  ["views/a.ts", 'import { scripted } from "../host/browser/host";', "scripted host"],
  ["elsewhere/a.ts", "", "no place"],
])("%s with %s", (path, text, fault) => {
  expect(said(path, text)).toContain(fault);
});

test("what follows the plan has no faults", () => {
  expect(said("views/a.svelte", 'import Pass from "../session/Pass.svelte";')).toBe("");
  expect(said("host/tauri.ts", 'import { invoke } from "@tauri-apps/api/core";')).toBe("");
  expect(faults("shared/a.ts", "export const a = 1;")).toEqual(["does not open with a sentence of purpose"]);
});
