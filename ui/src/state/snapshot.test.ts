// The mirror takes whole slices, newest wins, and nothing falls between listening and asking.
import { expect, test } from "vitest";
import { type Host, provide, type Told } from "../host";
import { session } from "../host/browser/world";
import { Mirror } from "./snapshot.svelte";

const sessions = (revision: number, ...names: string[]): Told["sessions"] => ({ revision, sessions: names.map((name) => session(name)), muted_until: null });
const accounts = (revision: number): Told["accounts"] => ({ revision, listings: [], accounts: [] });
const names = (mirror: Mirror) => mirror.sessions.map((each) => each.name);

test("a newer slice replaces, an older or equal one is ignored", () => {
  const mirror = new Mirror();
  mirror.receive("sessions", sessions(5, "a"));
  mirror.receive("sessions", sessions(4, "b"));
  mirror.receive("sessions", sessions(5, "c"));
  expect(names(mirror)).toEqual(["a"]);
  mirror.receive("sessions", sessions(6, "d", "e"));
  expect(names(mirror)).toEqual(["d", "e"]);
});

test("slices have revisions of their own", () => {
  const mirror = new Mirror();
  mirror.receive("sessions", sessions(9, "a"));
  mirror.receive("accounts", { ...accounts(1), listings: [{ session: "a", updated_at: 1, complete: true, progress: null, failure: null }] });
  expect(mirror.listing("a")?.updated_at).toBe(1);
  expect(mirror.session("a")?.name).toBe("a");
  expect(mirror.session("b")).toBeUndefined();
});

test("an event that overtakes the first answer wins", async () => {
  const told: { sessions?: (value: Told["sessions"]) => void } = {};
  provide({
    listen: async (slice: string, hear: never) => {
      if (slice === "sessions") told.sessions = hear;
      return () => undefined;
    },
    snapshot: async () => {
      told.sessions?.(sessions(8, "newer"));
      return { sessions: sessions(7, "older"), accounts: accounts(1) };
    },
  } as unknown as Host);
  const mirror = new Mirror();
  await mirror.start();
  expect(names(mirror)).toEqual(["newer"]);
});
