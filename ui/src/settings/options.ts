// The words of values that are chosen from a list: pure.
import type { Binding } from "../host/wire.gen";
import { m } from "../language/language.svelte";

/** When warnings come, from minutes such as `15, 5`. */
export function warningWords(text: string): string {
  const minutes = text.split(/[\s,]+/u).filter((each) => each !== "");
  const [first, last] = minutes;
  if (first === undefined) return m("settings.no-warning");
  return last === undefined ? m("settings.warning", { minutes: Number(first) }) : m("settings.warnings", { first, last });
}

/** A language as it calls itself, which who looks for it can read. */
export function languageName(code: string, spoken: string): string {
  const name = new Intl.DisplayNames([code, spoken], { type: "language" }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}

/** What became of the keys that bring the panel up. */
export function hotkeyWords(binding: Binding): string {
  return m(`settings.hotkey-${WORDS[binding]}`);
}

const WORDS = { none: "none", bound: "bound", taken: "taken", unknown: "unknown", only_the_desktop: "desktop" } as const satisfies Record<Binding, string>;
