// What is told of sign-ins that end: which, in which order, in which words, and what is said aloud.
import { expect, test } from "vitest";
import { HOUR, MINUTE, session, signedIn } from "../host/browser/world";
import type { Notice, Session } from "../host/wire.gen";
import { announcement, canWait, standing, summary, until, whatOf } from "./notices";

const place = { locale: "en-GB", timeZone: "UTC" };
const NOW = Date.parse("2026-03-10T17:26:00Z");

/** A session whose notice is of that stage, that long before its end. */
function of(stage: Notice["stage"], left: number, change: Partial<Session> = {}, snoozed = false): Session {
  const ends_at = NOW + left;
  const notice: Notice = { stage, ends_at, is_estimate: stage !== "ended", snoozed };
  return session(`${stage}-${left / MINUTE}`, { ...signedIn(NOW), ends_at, state: stage === "ended" ? "lapsed" : "fading", notice, ...change });
}
const words = (of: Session) => standing([of], NOW).map((told) => [whatOf(told, NOW, place), until(told, NOW)])[0];

test("each stage in words", () => {
  expect(words(of("ends_soon", 14 * MINUTE))).toEqual(["usually ends around 17:40", "in 14 min"]);
  expect(words(of("ends_very_soon", 40_000))).toEqual(["usually ends around 17:26", "in less than a minute"]);
  expect(words(of("ends_very_soon", -2 * MINUTE))).toEqual(["usually ended around 17:24", "any moment"]);
  expect(words(of("ended", -MINUTE))).toEqual(["ended at 17:25", null]);
  const known = of("ends_soon", 14 * MINUTE);
  expect(words({ ...known, notice: { ...(known.notice as Notice), is_estimate: false } })).toEqual(["ends at 17:40", "in 14 min"]);
});

test("what was put off, what is being signed in, and what is long over is not told", () => {
  const quiet = [
    of("ends_soon", 14 * MINUTE, {}, true),
    of("ended", -MINUTE, { sign_in: { step: "starting" } }),
    of("ended", -25 * HOUR),
    of("ends_very_soon", -6 * MINUTE),
    session("calm", signedIn(NOW)),
  ];
  expect(standing(quiet, NOW)).toEqual([]);
});

test("the most urgent is first", () => {
  const all = [of("ends_soon", 14 * MINUTE), of("ends_very_soon", 3 * MINUTE), of("ended", -MINUTE), of("ends_very_soon", 2 * MINUTE)];
  expect(standing(all, NOW).map((told) => told.session.name)).toEqual(["ended--1", "ends_very_soon-2", "ends_very_soon-3", "ends_soon-14"]);
});

test.each<[string, Session[]]>([
  ["2 sessions end soon", [of("ends_soon", 14 * MINUTE), of("ends_soon", 12 * MINUTE)]],
  ["2 sessions have ended", [of("ended", -2 * MINUTE), of("ended", -MINUTE)]],
  ["1 session has ended, 3 end soon", [of("ended", -MINUTE), of("ends_very_soon", MINUTE), of("ends_soon", 13 * MINUTE), of("ends_soon", 12 * MINUTE)]],
])("%s", (said, sessions) => {
  expect(summary(standing(sessions, NOW))).toBe(said);
});

test("only what has a later moment can wait", () => {
  const waits = (of: Session) => standing([of], NOW).map((told) => canWait(told, NOW))[0];
  expect(waits(of("ends_soon", 14 * MINUTE))).toBe(true);
  expect(waits(of("ended", -MINUTE))).toBe(true);
  expect(waits(of("ends_very_soon", -MINUTE))).toBe(false);
});

test("what is said aloud changes with the stage alone, never with the clock", () => {
  const [soon, very] = [of("ends_soon", 14 * MINUTE), of("ends_very_soon", 4 * MINUTE)];
  const said = new Set([0, 1, 3, 8].map((minutes) => JSON.stringify(announcement(soon, NOW + minutes * MINUTE, place))));
  expect([...said]).toEqual([JSON.stringify({ polite: "ends_soon-14 usually ends around 17:40, in less than 15 minutes.", urgent: "" })]);
  const urgent = new Set([0, 2, 4, 8].map((minutes) => announcement(very, NOW + minutes * MINUTE, place).urgent));
  expect([...urgent]).toEqual(["ends_very_soon-4 usually ends around 17:30, in less than 5 minutes. Sign in again to avoid a break."]);
  expect(announcement(of("ended", -MINUTE), NOW, place)).toEqual({ polite: "", urgent: "ended--1 ended at 17:25." });
  expect(announcement(of("ended", -MINUTE, {}, true), NOW, place)).toEqual({ polite: "", urgent: "" });
});
