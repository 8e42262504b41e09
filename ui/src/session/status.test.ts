// Every state of a pass in its words, the clocks, and what comes of a sign-in.
import { expect, test } from "vitest";
import { HOUR, MINUTE, session, signedIn } from "../host/browser/world";
import type { Notice, Session } from "../host/wire.gen";
import { before, face, isOffline, outcome, signInClock, tokenClock } from "./status";

const place = { locale: "en-GB", timeZone: "UTC" };
const NOW = Date.parse("2026-03-10T13:21:00Z");
const active = (change: Partial<Session> = {}) => session("home", signedIn(NOW, change));
const soon: Notice = { stage: "ends_soon", ends_at: NOW + 4 * HOUR + 19 * MINUTE, is_estimate: true, snoozed: false };
const trouble = { code: "keychain_locked", message: "", hint: "" };

test.each<[string, Session, string | null, string, string, string]>([
  ["estimated end", active(), "Renews automatically", "usually ends around 17:40", "going", "ring"],
  ["known end", active({ ends_at_is_estimate: false, renewable: false }), "No renewal", "ends at 17:40", "going", "bar"],
  ["unknown end", active({ ends_at: null }), "Renews automatically", "ends at your organisation's limit", "unknown", "none"],
  ["ends soon", active({ state: "fading", notice: soon }), "Ends soon", "usually ends around 17:40", "ending", "ring"],
  ["offline", active({ state: "fading", online: false }), "Signed in, cannot renew now", "usually ends around 17:40", "going", "ring"],
  ["in trouble", active({ trouble }), "Signed in, cannot renew now", "usually ends around 17:40", "going", "ring"],
  ["in trouble, not renewed anyway", active({ trouble, renewable: false, ends_at_is_estimate: false }), "Signed in", "ends at 17:40", "going", "bar"],
  ["in a locked keychain", session("home", { trouble }), "Cannot be read now", "kept in your keychain", "unknown", "none"],
  ["past its estimate", active({ notice: { ...soon, stage: "ends_very_soon" }, ends_at: NOW - HOUR }), "Still signed in", "usually ended around 12:21", "going", "ring"],
  ["lapsed", active({ state: "lapsed", ends_at: NOW - HOUR }), null, "ended at 12:21", "over", "bar"],
  ["lapsed, nobody knows when", active({ state: "lapsed", ends_at: null }), null, "has ended", "over", "bar"],
  ["never signed in", session("home"), null, "not signed in", "unknown", "none"],
  ["signing in", session("home", { state: "signing_in", sign_in: { step: "starting" } }), "Signing in…", "not signed in", "unknown", "none"],
  ["ends another day", active({ ends_at: NOW + 20 * HOUR, ends_at_is_estimate: false }), "Renews automatically", "ends tomorrow at 09:21", "going", "bar"],
])("%s", (_, of, status, end, kind, marker) => {
  const shown = face(of, NOW, place);
  expect([shown.status, shown.end, shown.line.kind, shown.line.end]).toEqual([status, end, kind, marker]);
});

test("the sun stands where now is, and never off the line", () => {
  expect(face(active(), NOW, place).line.sun).toBeCloseTo(0.5);
  expect(face(active({ ends_at: NOW - HOUR }), NOW, place).line.sun).toBe(1);
  expect(face(active({ signed_in_at: NOW + HOUR, ends_at: NOW + HOUR }), NOW, place).line.sun).toBe(0);
});

test("the narrow form is shorter", () => {
  expect(face(session("home", { trouble }), NOW, place).shortEnd).toBe("kept");
  expect(face(active(), NOW, place).shortEnd).toBe("around 17:40");
  expect(face(active({ ends_at_is_estimate: false }), NOW, place).shortEnd).toBe("at 17:40");
});

test("only a session with something to lose is offline", () => {
  expect(isOffline(active({ online: false }))).toBe(true);
  expect(isOffline(session("home", { online: false }))).toBe(false);
});

test("the clocks", () => {
  expect(signInClock(active(), NOW, place)).toBe("Since 09:02 · usually ends around 17:40");
  expect(signInClock(active({ ends_at: null }), NOW, place)).toBe("Since 09:02 · ends when your organisation's limit is reached");
  expect(signInClock(active({ notice: soon, ends_at: NOW + 14 * MINUTE }), NOW, place)).toBe("Since 09:02 · about 14 min left");
  expect(signInClock(active({ ends_at_is_estimate: false }), NOW, place)).toBe("Since 09:02 · ends at 17:40");
  expect(signInClock(session("home"), NOW, place)).toBe("Not signed in");
  expect(signInClock(session("home", { trouble }), NOW, place)).toBe("Kept, cannot be read now");
});

test("what renews itself has no countdown and no clock", () => {
  expect(tokenClock(active(), NOW, place)).toBe("Renews automatically");
  expect(tokenClock(active({ notice: soon }), NOW, place)).toBe("Renews automatically while the sign-in lasts");
  expect(tokenClock(active({ renewable: false }), NOW, place)).toBe("Valid until 14:03 · not renewed");
  expect(tokenClock(active({ online: false }), NOW, place)).toBe("Valid until 14:03 · renewed as soon as that is possible");
  expect(tokenClock(active({ trouble, access_token_expires_at: NOW - 1 }), NOW, place)).toBe("Renewed as soon as that is possible");
  expect(tokenClock(session("home"), NOW, place)).toBe("None");
});

test("what comes of a sign-in is judged by what changed", () => {
  const was = before(session("home"));
  const failure = { code: "sign_in_denied", message: "", hint: "" };
  const pending = session("home", { state: "signing_in", sign_in: { step: "starting" } });
  expect(outcome(was, false, session("home"))).toBe("waiting");
  expect(outcome(was, true, pending)).toBe("waiting");
  expect(outcome(was, true, active())).toBe("done");
  expect(outcome(was, false, active())).toBe("done");
  expect(outcome(was, false, session("home", { failure }))).toBe("failed");
  expect(outcome(was, true, session("home", { failure: { ...failure, code: "sign_in_cancelled" } }))).toBe("gone");
  expect(outcome(was, true, session("home"))).toBe("gone");
  expect(outcome(was, true, undefined)).toBe("gone");
});

test("signing in again over a sign-in that still holds waits for the new one", () => {
  const old = active({ failure: { code: "offline", message: "", hint: "" } });
  const was = before(old);
  expect(outcome(was, false, old)).toBe("waiting");
  expect(outcome(was, true, { ...old, failure: null, signed_in_at: NOW })).toBe("done");
});
