// Messages are read, filled and counted as each language does; the language is the first one wanted that is spoken.
import { afterEach, expect, test } from "vitest";
import { language, m, number, phrase } from "./language.svelte";
import { fill, parse } from "./patterns";
import { LANGUAGES, PSEUDO, pseudo } from "./pseudo";

afterEach(() => language.choose(["en"]));

const ENGLISH = { rules: new Intl.PluralRules("en"), numbers: new Intl.NumberFormat("en") };
const POLISH = { rules: new Intl.PluralRules("pl"), numbers: new Intl.NumberFormat("pl") };
const said = (message: string, given: Record<string, string | number>, counting = ENGLISH) => fill<never>(parse(message), given, counting).join("");
const ENDED = "{over, plural, =0 {none} one {# session has} other {# sessions have}} ended, {soon, plural, one {# ends} other {# end}} soon";

test.each([
  ["Plain", {}, "Plain"],
  ["{a} and {b}", { a: "x", b: "{a}" }, "x and {a}"],
  ["{n} lines", { n: 15_000 }, "15,000 lines"],
  [ENDED, { over: 1, soon: 3000 }, "1 session has ended, 3,000 end soon"],
  [ENDED, { over: 0, soon: 1 }, "none ended, 1 ends soon"],
  ["{n, plural, one {one of {name}} other {# of {name}}} #", { n: 2, name: "a" }, "2 of a #"],
])("%s with %j", (message, given, words) => {
  expect(said(message, given)).toBe(words);
});

test.each([[1, "plik"], [3, "pliki"], [5, "plików"], [22, "pliki"], [112, "plików"]])("a language with more forms counts by its own rules: %d", (n, words) => {
  expect(said("{n, plural, one {plik} few {pliki} many {plików} other {pliku}}", { n }, POLISH)).toBe(words);
});

test.each(["{", "}", "{a", "a } b", "{a, plural, one {x}}", "{a, select, other {x}}", "{a, plural, one {x} other {y}"])("no message: %s", (message) => {
  expect(() => parse(message)).toThrow();
});

test("every message of every language can be read", () => {
  for (const table of Object.values(LANGUAGES)) for (const message of Object.values(table)) expect(() => parse(message)).not.toThrow();
});

test.each([
  [["de-AT", "en"], "de", "de-AT"],
  [["fr-FR", "de"], "de", "de"],
  [["en-GB", "de"], "en", "en-GB"],
  [["de", "en-GB", "de-CH"], "de", "de-CH"],
  [[PSEUDO], PSEUDO, PSEUDO],
])("of %j it speaks %s, with numbers and times as in %s", (wanted, code, locale) => {
  language.choose(wanted);
  expect([language.code, language.locale, document.documentElement.lang]).toEqual([code, locale, code]);
});

test("where nothing that is wanted is spoken, it is English, with the clock of the system", () => {
  language.choose(["fr-FR"]);
  expect(language.code).toBe("en");
  expect(language.locale).toMatch(/^en(-u-hc-h\d\d)?$/u);
});

test("words follow the language, and numbers do", () => {
  expect([m("shared.cancel"), m("shared.days", { count: 2 }), number(1234.5)]).toEqual(["Cancel", "2 days", "1,234.5"]);
  language.choose(["de"]);
  expect([m("shared.cancel"), m("shared.days", { count: 1 }), number(1234.5)]).toEqual(["Abbrechen", "1 Tag", "1.234,5"]);
});

test("what is no text keeps its place in the sentence", () => {
  const name = { name: "payments" };
  expect(phrase("shared.filter-of", { label: name })).toEqual(["Filter: ", name]);
});

test("the language of tests leaves no letter as it was, grows by 40 % and keeps what is filled in", () => {
  expect(pseudo("Sign in to {name}")).toBe("⟦Šíǧñ~~ íñ~ ţó~ \u2068{name}\u2069⟧");
  const counted = pseudo("{n, plural, one {# session} other {# sessions}}");
  expect(said(counted, { n: 2 })).toBe("⟦2 šéššíóñš~~~~⟧");
});
