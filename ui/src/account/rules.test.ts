// Labels and rules before they go to core.
import { expect, test } from "vitest";
import type { Label, Rule } from "../host/wire.gen";
import { AS_DECIDED, draftOf, freeColour, freeShapes, gives, isBuiltIn, moved, ruleOf, wordTrouble } from "./rules";

const LABELS: Label[] = [
  { word: "prod", shape: "square", colour: "red", protected: true, opens: AS_DECIDED },
  { word: "billing", shape: "bar", colour: "amber", protected: false, opens: AS_DECIDED },
];
const rule = (change: Partial<Rule>): Rule => ({ session: null, account: null, role: null, label: null, protected: null, hidden: null, opens: AS_DECIDED, region: null, output: null, ...change });

test("a label keeps its own shape and takes none of another", () => {
  expect(freeShapes(LABELS, null)).toEqual(["diamond", "ring", "triangle", "ring_dot"]);
  expect(freeShapes(LABELS, "billing")).toContain("bar");
  expect(freeShapes(LABELS, "billing")).not.toContain("square");
  expect(freeColour(LABELS)).toBe("green");
});

test.each([
  ["", null, ""],
  ["test", null, ""],
  ["Prod ", null, "Another label has this word."],
  ["prod", "prod", ""],
])("the word %j of %j: %j", (word, own, trouble) => {
  expect(wordTrouble(word, LABELS, own)).toBe(trouble);
});

test("what came with Daypass is known", () => {
  expect(["prod", "staging", "dev", "sandbox", "billing"].map(isBuiltIn)).toEqual([true, true, true, true, false]);
});

test("rules move and stop at the ends", () => {
  const all = ["a", "b", "c"].map((account) => rule({ account }));
  const names = (rules: Rule[]) => rules.map(({ account }) => account).join("");
  expect(names(moved(all, 0, 1))).toBe("bac");
  expect(names(moved(all, 2, -2))).toBe("cab");
  expect(names(moved(all, 0, -1))).toBe("abc");
  expect(names(moved(all, 2, 5))).toBe("abc");
  expect(names(all)).toBe("abc");
});

test.each([
  rule({}),
  rule({ account: "*prod*", label: "prod" }),
  rule({ session: "home", role: "Admin*", protected: false, hidden: false }),
  rule({ label: "none", protected: true, hidden: true }),
])("what is typed says the same as the rule: %j", (each) => {
  expect(ruleOf(draftOf(each))).toEqual(each);
});

test("blanks say nothing, and a rule without a gift is none", () => {
  expect(ruleOf({ ...draftOf(null), account: "  ", role: " x " })).toEqual(rule({ role: "x" }));
  expect(gives(rule({ account: "*" }))).toBe(false);
  expect([rule({ label: "none" }), rule({ protected: false }), rule({ hidden: false })].every(gives)).toBe(true);
});
