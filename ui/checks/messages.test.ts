// The check of the message files sees each fault that it is there for, and every message can be filled.
import { expect, test } from "vitest";
import { faultsBetween, placeholdersOf, tableOf, typesOf, unused, wordsIn } from "./messages.mjs";

const LIST = "{count, plural, one {# session} other {# sessions}} of {name}";

test("placeholders are told from the forms of a plural", () => {
  expect(placeholdersOf(LIST)).toEqual([
    ["name", "text"],
    ["count", "count"],
  ]);
  expect(placeholdersOf("{n, plural, one {it} other {them}}")).toEqual([["n", "count"]]);
  expect(placeholdersOf("{n, plural, one {{name} ends} other {# end}}").map(([name]: [string]) => name)).toEqual(["name", "n"]);
});

test.each([
  [{ "a.b": "x" }, {}, ["a.b is missing in de"]],
  [{}, { "a.b": "x" }, ["a.b stands in de alone"]],
  [{ "a.b": "{x}" }, { "a.b": "{y}" }, ['a.b has other placeholders in de: ["y"]']],
  [{ "a.b": LIST }, { "a.b": "{count, plural, other {# Sitzungen}} {name}" }, ['a.b has no form "one" of count in de']],
  [{ "a.b": LIST }, { "a.b": "{name}: {count, plural, one {# Sitzung} other {# Sitzungen}}" }, []],
])("%j beside %j", (first, other, wrong) => {
  expect(faultsBetween(first, other, "de")).toEqual(wrong);
});

test("a key that nothing names is unused, and a template names all that fit", () => {
  const sources = ['m("a.used")', "m(`words.${code}-title`)"];
  expect(unused(["a.used", "a.other", "words.usage-title", "words.usage-text"], sources)).toEqual(["a.other is used nowhere", "words.usage-text is used nowhere"]);
});

test.each([
  ["<p>Sign in</p>", 1],
  ["<p>{name}: open</p>", 1],
  ['<p title="Sign in">{m("a.b")}</p>', 1],
  ['<Dialog title="Sign in" />', 1],
  ['<p>{on ? "Fold" : "Expand"}</p>', 2],
  ["<p>{`Copy ${name}`}</p>", 1],
  ['<script lang="ts">const told = ["Opened ", name];</script>', 1],
  ['<script lang="ts">throw new Error("no host was given");</script>', 0],
  ['<p class="small second" data-testid="Sign in">{m("a.b")} · {name}</p>', 0],
  ['<p role="status">{on ? "open" : m("a.b")}</p>', 0],
])("%s says %d words of its own", (source, number) => {
  expect(wordsIn("a.svelte", `<!-- A test. -->\n${source}`)).toHaveLength(number);
});

test("types say what is to be given", () => {
  expect(typesOf({ "a.b": "x", "a.c": LIST, "desktop.open": "x" })).toContain('  "a.b": null;\n  "a.c": { name: string; count: number };\n};');
});

test("there are messages, and in more than one language", () => {
  expect(Object.keys(tableOf("en")).length).toBeGreaterThan(20);
  expect(Object.keys(tableOf("de")).length).toBe(Object.keys(tableOf("en")).length);
});
