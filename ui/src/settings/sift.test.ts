// The search of the settings, on a page of two sections.
import { beforeEach, expect, test } from "vitest";
import { sift } from "./sift";

beforeEach(() => {
  const appearance = section("looks", "Appearance", [line("theme", "Theme Dark", "appearance.theme"), line("language", "Language Français", "")]);
  document.body.replaceChildren(appearance, section("net", "Network", [line("proxy", "Proxy", "network.proxy")]));
});

function section(id: string, title: string, lines: readonly HTMLElement[]): HTMLElement {
  const [made, head] = [document.createElement("section"), document.createElement("h2")];
  made.id = id;
  head.textContent = title;
  made.append(head, ...lines);
  return made;
}

function line(id: string, words: string, place: string): HTMLElement {
  const made = document.createElement("li");
  made.id = id;
  made.textContent = words;
  made.dataset["place"] = place;
  return made;
}

const shown = () => [...document.querySelectorAll<HTMLElement>("li")].filter((line) => !line.hidden).map((line) => line.id);
const at = (id: string) => document.getElementById(id) as HTMLElement;

test("lines stay by their words in any order, by their values, and without accents", () => {
  expect(sift(document.body, "dark  THEME")).toBe(1);
  expect(shown()).toEqual(["theme"]);
  expect(at("net").hidden).toBe(true);
  expect(sift(document.body, "francais")).toBe(1);
  expect(shown()).toEqual(["language"]);
});

test("a line is found by its place in the file", () => {
  sift(document.body, "network.pro");
  expect(shown()).toEqual(["proxy"]);
});

test("a section whose title is meant stays whole", () => {
  expect(sift(document.body, "appear")).toBe(2);
  expect(shown()).toEqual(["theme", "language"]);
});

test("what nothing is called leaves nothing, and no search leaves all", () => {
  expect(sift(document.body, "zzz")).toBe(0);
  expect(shown()).toEqual([]);
  expect(sift(document.body, " ")).toBe(3);
  expect(at("net").hidden).toBe(false);
});
