// What is looked at and unread is wanted: once the eye rests, and once only.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { unusedRole } from "../host/accounts";
import { account } from "../host/browser/names";
import { homeRows, type Row } from "./rows";
import { REST, unread, Wanting } from "./wanting";

const rows = (...wanted: [session: string, id: string, read?: boolean][]): readonly Row[] =>
  homeRows(
    wanted.map(([session, id, read]) => account(session, id, read === true ? { roles: [unusedRole("A")] } : { roles_state: "unread" })),
    { open: new Set(), reading: new Set(), unhidden: false },
    false,
  );
const yes = () => true;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("by session, in order, and only what is unread", () => {
  expect([...unread(rows(["a", "1"], ["b", "2"], ["a", "3"], ["a", "4", true]))]).toEqual([
    ["a", ["1", "3"]],
    ["b", ["2"]],
  ]);
});

test("what rushes by is not wanted, what rests is, once", () => {
  const told: [string, string[]][] = [];
  const wanting = new Wanting((...each) => told.push(each));
  wanting.see(rows(["a", "1"]), yes);
  vi.advanceTimersByTime(REST - 1);
  wanting.see(rows(["a", "2"]), yes);
  vi.advanceTimersByTime(REST);
  wanting.see(rows(["a", "2"]), yes);
  vi.advanceTimersByTime(REST);
  expect(told).toEqual([["a", ["2"]]]);
});

test("nothing is wanted of a session that cannot be asked, nor after the end", () => {
  const told: unknown[] = [];
  const wanting = new Wanting((...each) => told.push(each));
  wanting.see(rows(["a", "1"]), () => false);
  vi.advanceTimersByTime(REST);
  wanting.see(rows(["a", "2"]), yes);
  wanting.stop();
  vi.advanceTimersByTime(REST);
  expect(told).toEqual([]);
});
