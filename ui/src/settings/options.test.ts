// The words of values that are chosen from a list.
import { expect, test } from "vitest";
import { languageName, warningWords } from "./options";

test.each([
  ["15, 5", "15 and 5 minutes before"],
  ["10", "10 minutes before"],
  ["1", "1 minute before"],
  ["", "Never"],
])("warnings %j are called %j", (text, words) => {
  expect(warningWords(text)).toBe(words);
});

test("languages call themselves by their own names", () => {
  expect(["en", "de"].map((code) => languageName(code, "en"))).toEqual(["English", "Deutsch"]);
});
