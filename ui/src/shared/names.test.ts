// Names are data: nothing in them works, nothing in them hides.
import { render } from "@testing-library/svelte";
import { expect, test } from "vitest";
import Name from "./Name.svelte";
import { clipped, codeGroups, idGroups, pieces, visible } from "./names";

test.each([
  ["invoice\u202egnp.exe", "invoice[U+202E]gnp.exe"],
  ["a\u200bb\u2060c\ufeffd", "a[U+200B]b[U+2060]c[U+FEFF]d"],
  ["a\u0000\u001b[31mb", "a[U+0000][U+001B][31mb"],
  ["line\nbreak\ttab", "line[U+000A]break[U+0009]tab"],
  ["soft\u00adhyphen", "soft[U+00AD]hyphen"],
  ["\u2066isolate\u2069", "[U+2066]isolate[U+2069]"],
  ["tag\u{e0041}", "tag[U+E0041]"],
  ["blank\u3164", "blank[U+3164]"],
  ["half\ud800", "half[U+D800]"],
  ["plain-name_1 & <b>", "plain-name_1 & <b>"],
  ["حسابات-الإنتاج", "حسابات-الإنتاج"],
  ["👩‍🚀 crew", "👩‍🚀 crew"],
  ["a\u200db", "a[U+200D]b"],
])("%j is seen as %s", (name, seen) => {
  expect(visible(name)).toBe(seen);
});

test("marks cut a name without losing a letter", () => {
  const parts = pieces("payments-production", [{ start: 0, end: 3 }, { start: 9, end: 13 }]);
  expect(parts.map(({ text, marked }) => (marked ? `[${text}]` : text)).join("")).toBe("[pay]ments-[prod]uction");
});

test("marks count UTF-16 units, as core does", () => {
  const parts = pieces("🏗️ build", [{ start: 4, end: 9 }]);
  expect(parts.find((part) => part.marked)?.text).toBe("build");
});

test.each(["<img src=x onerror=alert(1)>", "</bdi><script>alert(1)</script>", "{#if x}{x}{/if}", "&lt;b&gt;", "javascript:alert(1)", "\u202e<b>"])("%j becomes text and nothing else", (name) => {
  const { container } = render(Name, { name });
  const elements = [...container.querySelectorAll("*")].map((element) => element.tagName).filter((tag) => tag !== "DIV");
  expect(elements.filter((tag) => tag !== "BDI" && tag !== "SPAN")).toEqual([]);
  expect(container.textContent).toBe(visible(name).replaceAll(/\[(U\+[0-9A-F]+)\]/gu, "$1"));
});

test("long names end with an ellipsis, and no letter is cut in half", () => {
  expect(clipped("short")).toBe("short");
  expect(clipped("abcdef", 3)).toBe("abc…");
  expect(clipped("ab👩‍🚀", 3)).toBe("ab…");
  expect([...clipped("😀".repeat(400))].every((letter) => letter === "😀" || letter === "…")).toBe(true);
  expect(render(Name, { name: "x".repeat(10_000) }).container.textContent).toHaveLength(301);
});

test.each([null, "", "   "])("%j has no name", (name) => {
  expect(render(Name, { name }).container.textContent).toBe("No name given");
});

test("numbers and codes in groups", () => {
  expect(idGroups("000000000417")).toEqual(["0000", "0000", "0417"]);
  expect(codeGroups("RKTM-WQZH")).toEqual(["RKTM", "WQZH"]);
  expect(codeGroups("abcdefghij")).toEqual(["abcd", "efgh", "ij"]);
});
