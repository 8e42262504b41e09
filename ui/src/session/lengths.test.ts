// Lengths of sign-ins: what is typed, and what is said.
import { expect, test } from "vitest";
import { learnedWords, lengthWords, secondsOf } from "./lengths";

test.each([
  ["9", 32_400],
  [" 8.5 ", 30_600],
  ["8,5", 30_600],
  ["0.25", 900],
  ["2160", 7_776_000],
  ["0.2", null],
  ["2161", null],
  ["", null],
  ["-3", null],
  ["soon", null],
  ["1e9", null],
])("%j hours: %s seconds", (typed, seconds) => {
  expect(secondsOf(typed)).toBe(seconds);
});

test.each([
  [14_400, "4 h"],
  [31_080, "8 h 38 min"],
  [86_400, "24 h"],
  [172_800, "2 days"],
  [129_600, "36 h"],
])("%d seconds are %s", (seconds, words) => {
  expect(lengthWords(seconds)).toBe(words);
});

test("what was learned, or that nothing was yet", () => {
  expect(learnedWords(28_800)).toBe("Learned (8 h)");
  expect(learnedWords(null)).toBe("Learned from experience");
});
