// Which pending sign-in comes up by itself, and that one that was left does not come back.
import { expect, test } from "vitest";
import { deviceStep } from "../host/browser/scenarios";
import { session } from "../host/browser/world";
import type { Session } from "../host/wire.gen";
import { toShow, turnAway } from "./pending";

const NOW = 1_000_000;
const browser = (name: string, started_at: number): Session => session(name, { sign_in: { step: "browser", opened: true, started_at, gives_up_at: started_at + 600_000 } });
const device = (name: string, at = NOW): Session => session(name, { sign_in: deviceStep(at) });

test("nothing is pending, nothing comes up", () => {
  expect(toShow([session("a")])).toBeNull();
});

test("a code comes before a browser, and the latest before the others", () => {
  expect(toShow([browser("a", NOW), device("b", NOW - 5), browser("c", NOW + 5)])?.name).toBe("b");
  expect(toShow([browser("a", NOW), browser("c", NOW + 5)])?.name).toBe("c");
});

test("what was turned away from stays away until it begins anew", () => {
  turnAway(device("a"));
  expect(toShow([device("a"), session("b")])).toBeNull();
  expect(toShow([device("a", NOW + 1)])?.name).toBe("a");
  turnAway(device("a"));
  expect(toShow([session("a")])).toBeNull();
  expect(toShow([device("a")])?.name).toBe("a");
});
