// Times in words, in a fixed place.
import { expect, test } from "vitest";
import { ago, clock, clockOrDay, left, span, waited } from "./time";

const place = { locale: "en-GB", timeZone: "Europe/Berlin" };
const at = (text: string) => Date.parse(text);
const NOW = at("2026-03-10T13:21:00+01:00");

test.each([
  [0, "less than a minute"],
  [59_999, "less than a minute"],
  [60_000, "1 min"],
  [52 * 60_000 + 59_000, "52 min"],
  [60 * 60_000, "1 h"],
  [190 * 60_000, "3 h 10 min"],
  [24 * 60 * 60_000, "1 day"],
  [90 * 24 * 60 * 60_000, "90 days"],
  [-5, "less than a minute"],
])("%d ms is %s", (ms, words) => {
  expect(span(ms)).toBe(words);
  expect(left(NOW + ms, NOW)).toBe(`${words} left`);
});

test.each([
  ["2026-03-10T17:40:00+01:00", "17:40"],
  ["2026-03-11T00:10:00+01:00", "tomorrow at 00:10"],
  ["2026-03-14T09:10:00+01:00", "Saturday at 09:10"],
  ["2026-03-17T09:10:00+01:00", "17 March at 09:10"],
  ["2026-03-09T23:50:00+01:00", "yesterday at 23:50"],
])("%s reads %s", (when, words) => {
  expect(clockOrDay(at(when), NOW, place)).toBe(words);
});

test.each([
  [-3000, "just now"],
  [59_000, "just now"],
  [8 * 60_000, "8 min ago"],
  [2 * 60 * 60_000, "11:21"],
  [22 * 60 * 60_000, "Yesterday"],
  [3 * 24 * 60 * 60_000, "Saturday"],
  [30 * 24 * 60 * 60_000, "8 February"],
])("%d ms before now is %s", (passed, words) => {
  expect(ago(NOW - passed, NOW, place)).toBe(words);
});

test("clock time follows the locale and the zone", () => {
  expect(clock(NOW, place)).toBe("13:21");
  expect(clock(NOW, { locale: "en-US", timeZone: "America/New_York" })).toMatch(/^08:21\sAM$/u);
});

test("days are counted where the reader is, also when the clocks change", () => {
  const before = at("2026-03-28T23:30:00+01:00");
  expect(clockOrDay(at("2026-03-29T03:30:00+02:00"), before, place)).toBe("tomorrow at 03:30");
});

test("waiting is counted in seconds", () => {
  expect(waited(-1)).toBe("0 s");
  expect(waited(24_900)).toBe("24 s");
  expect(waited(125_000)).toBe("2 min 5 s");
});
