// Trouble told once for all that share it, when it is tried again, and how far a clock is off.
import { expect, test } from "vitest";
import { MINUTE, session, signedIn } from "../host/browser/world";
import type { Failure } from "../host/wire.gen";
import { clockAside, nextTry, troubles } from "./troubles";

const NOW = Date.parse("2026-03-10T13:21:00Z");
const failure = (code: string): Failure => ({ code, message: "attempted this", hint: "" });
const signed = (name: string, change = {}) => session(name, signedIn(NOW, change));

test("the same trouble of several sessions is one, tried when the first of them is", () => {
  const found = troubles([
    signed("a", { trouble: failure("proxy_failed"), retry_at: NOW + 2 * MINUTE }),
    signed("b"),
    signed("c", { trouble: failure("proxy_failed"), retry_at: NOW + MINUTE }),
    signed("d", { online: false }),
  ]);
  expect(found.map(({ failure, sessions, retryAt }) => [failure.code, sessions.map(({ name }) => name), retryAt])).toEqual([
    ["proxy_failed", ["a", "c"], NOW + MINUTE],
    ["offline", ["d"], null],
  ]);
});

test("an end is not trouble, and a sign-in on its way speaks for itself", () => {
  expect(troubles([signed("a", { state: "lapsed", trouble: failure("registration_expired") }), signed("b", { trouble: failure("offline"), sign_in: { step: "starting" } })])).toEqual([]);
});

test("a locked keychain is told although nobody knows whether somebody is signed in", () => {
  expect(troubles([session("a", { trouble: failure("keychain_locked") })])).toHaveLength(1);
});

test.each([
  [null, null],
  [NOW + 40_000, "next try in 40 s"],
  [NOW + 61_000, "next try in 1 min"],
  [NOW + 500, "trying now"],
  [NOW - MINUTE, "trying now"],
])("tried again at %s: %s", (at, words) => {
  expect(nextTry(at, NOW)).toBe(words);
});

test.each([
  [null, null],
  [7 * 60, "This computer's clock is 7 minutes behind"],
  [-125, "This computer's clock is 2 minutes ahead"],
  [3 * 3600, "This computer's clock is 3 hours behind"],
  [-86_400 * 3, "This computer's clock is 3 days ahead"],
])("a portal's clock ahead by %s: %s", (ahead, words) => {
  expect(clockAside([signed("a", { clock_ahead_seconds: ahead }), signed("b")])).toBe(words);
});
