// The mirror takes whole slices, newest wins, nothing falls between listening and asking, and what is large is pulled.
import { expect, test, vi } from "vitest";
import { type Host, provide, type Told } from "../host";
import type { Accounts } from "../host/accounts";
import { listing, session } from "../host/browser/world";
import { Pull } from "./pull";
import { NOTHING, Mirror } from "./snapshot.svelte";

const sessions = (revision: number, ...names: string[]): Told["sessions"] => ({ ...NOTHING, revision, sessions: names.map((name) => session(name)) });
const accounts = (revision: number): Accounts => ({ revision, labels: [], accounts: [], lostPins: [] });
const names = (mirror: Mirror) => mirror.sessions.map((each) => each.name);

test("a newer slice replaces, an older or equal one is ignored", () => {
  const mirror = new Mirror();
  mirror.takeSessions(sessions(5, "a"));
  mirror.takeSessions(sessions(4, "b"));
  mirror.takeSessions(sessions(5, "c"));
  expect(names(mirror)).toEqual(["a"]);
  mirror.takeSessions(sessions(6, "d", "e"));
  expect(names(mirror)).toEqual(["d", "e"]);
});

test("slices have revisions of their own", () => {
  const mirror = new Mirror();
  mirror.takeSessions(sessions(9, "a"));
  mirror.takeListings({ revision: 1, listings: [listing("a", 1)] });
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
    accounts: async () => accounts(1),
    snapshot: async () => {
      told.sessions?.(sessions(8, "newer"));
      return { sessions: sessions(7, "older"), listings: { revision: 1, listings: [] }, accounts_revision: 1 };
    },
  } as unknown as Host);
  const mirror = new Mirror();
  await mirror.start();
  expect(names(mirror)).toEqual(["newer"]);
});

test("accounts that changed before anybody listened are asked for again", async () => {
  let [now, asked] = [1, 0];
  provide({
    listen: async () => () => undefined,
    accounts: async () => {
      asked += 1;
      return accounts(now++);
    },
    snapshot: async () => ({ sessions: sessions(1), listings: { revision: 1, listings: [] }, accounts_revision: 2 }),
  } as unknown as Host);
  await new Mirror().start();
  await vi.waitFor(() => expect(asked).toBe(2));
});

test("a flood of changes is pulled one at a time, and the newest in the end", async () => {
  let [revision, asking, most, asked] = [0, 0, 0, 0];
  const ask = async () => {
    asked += 1;
    most = Math.max(most, (asking += 1));
    await new Promise((go) => setTimeout(go, 5));
    asking -= 1;
    return { revision };
  };
  const taken: number[] = [];
  const pull = new Pull("flood", ask, (value) => taken.push(value.revision));
  for (revision = 1; revision < 500; revision += 1) pull.want(revision);
  await vi.waitFor(() => expect(taken.at(-1)).toBe(500));
  expect(most).toBe(1);
  expect(asked).toBeLessThan(10);
  expect(taken).toEqual([...taken].sort((a, b) => a - b));
});

test("a pull that failed is tried again with the next change", async () => {
  let broken = true;
  const taken: number[] = [];
  const warned = vi.spyOn(console, "warn").mockReturnValue();
  const pull = new Pull(
    "broken",
    async () => (broken ? Promise.reject(new Error("no answer")) : { revision: 2 }),
    (value) => taken.push(value.revision),
  );
  pull.want(1);
  await vi.waitFor(() => expect(warned).toHaveBeenCalled());
  broken = false;
  pull.want(2);
  await vi.waitFor(() => expect(taken).toEqual([2]));
});
