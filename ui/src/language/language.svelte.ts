// The language that the panel speaks, and its one way to words: `m("folder.key", { … })`.
import { LANGUAGES } from "#languages";
import type { Messages } from "./keys.gen";
import { type Counting, fill, parse, type Part } from "./patterns";

/** Every message that there is, by folder and name. */
export type Key = keyof Messages;
/** What a message wants to be given; nothing where it has no placeholders. */
export type Given<K extends Key, Value = never> = Messages[K] extends null ? [] : [{ [Name in keyof Messages[K]]: Messages[K][Name] extends number ? number : string | number | Value | readonly (string | Value)[] }];
/** The messages that need nothing. */
export type PlainKey = { [K in Key]: Messages[K] extends null ? K : never }[Key];
/** The messages that need this and nothing else. */
export type KeyWith<Name extends string> = { [K in Key]: Messages[K] extends Record<Name, unknown> ? (keyof Messages[K] extends Name ? K : never) : never }[Key];

/** Spoken where nothing else that is known is wanted. */
const FIRST = "en";

class Language {
  /** Its code, such as `de`. */
  code: string = $state(FIRST);
  /** For dates and numbers: the language as it is spoken where the user is, where the system says so. */
  locale: string = $state(FIRST);
  #parsed = new Map<string, readonly Part[]>();

  /** Speaks the first of these languages that is known; all words on the page follow. */
  choose(wanted: readonly string[]): void {
    const codes = wanted.map((each) => [each, each in LANGUAGES ? each : (each.split("-")[0] ?? "")] as const);
    this.code = codes.find(([, code]) => code in LANGUAGES)?.[1] ?? FIRST;
    this.locale = localeOf(this.code, wanted);
    this.#parsed.clear();
    if (typeof document !== "undefined") document.documentElement.lang = this.code;
  }

  /** A message in parts; in no language a key is shown to anybody: the first has them all. */
  parts(key: Key): readonly Part[] {
    const at = `${this.code} ${key}`;
    const parsed = this.#parsed.get(at) ?? parse(LANGUAGES[this.code]?.[key] ?? LANGUAGES[FIRST]?.[key] ?? key);
    this.#parsed.set(at, parsed);
    return parsed;
  }

  get counting(): Counting {
    return countingOf(this.locale);
  }
}

export const language = new Language();

/** Another country's system may still be asked in which form it tells the time. */
function localeOf(code: string, wanted: readonly string[]): string {
  const own = wanted.find((each) => each.startsWith(`${code}-`)) ?? wanted.find((each) => each === code);
  if (own !== undefined) return own;
  const cycle = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hourCycle;
  return cycle === undefined ? code : `${code}-u-hc-${cycle}`;
}

const countings = new Map<string, Counting>();

function countingOf(locale: string): Counting {
  const made = countings.get(locale) ?? { rules: new Intl.PluralRules(locale), numbers: new Intl.NumberFormat(locale) };
  countings.set(locale, made);
  return made;
}

/** A message as one text. */
export function m<K extends Key>(key: K, ...[given]: Given<K>): string {
  return fill<never>(language.parts(key), given ?? {}, language.counting).join("");
}

/** A message with names, whatever else is no text, or another phrase in its places. */
export function phrase<K extends Key, Value = { name: string }>(key: K, ...[given]: Given<K, Value>): (string | Value)[] {
  return fill<Value>(language.parts(key), (given ?? {}) as Record<string, Value | readonly (string | Value)[]>, language.counting);
}

/** A number as the language writes it. */
export function number(value: number): string {
  return language.counting.numbers.format(value);
}
