// Profiles of many assignments in words.
import { describe, expect, it } from "vitest";
import type { SyncGroup, SyncOutcome } from "../host/wire.gen";
import { actOf, changesOf, doneOf, driftOf, exampleOf, headingOf, linesOf, regionOf } from "./syncs";

const group = (outcome: SyncOutcome, number: number, names: string[] = []): SyncGroup => ({ outcome, number, first: names.map((name) => ({ name, reason: null })) });

describe("a sync in words", () => {
  it("counts by what becomes of them", () => {
    expect(headingOf(group("added", 15_000))).toBe("15,000 new profiles");
    expect(headingOf(group("gone", 1))).toBe("1 profile that you lost access to");
    expect(changesOf([group("added", 3), group("kept", 9), group("removed", 2), group("unchanged", 7)])).toBe(5);
  });

  it("tells of access that is gone, and only of that", () => {
    expect(driftOf([group("gone", 2)])).toBe("Access to 2 profiles is gone.");
    expect(driftOf([group("gone", 1)])).toBe("Access to 1 profile is gone.");
    expect(driftOf([group("removed", 2), group("kept", 1)])).toBeNull();
  });

  it("says on the button what will happen, and afterwards what did", () => {
    expect(actOf([group("added", 1)], false)).toBe("Write 1 profile");
    expect(actOf([group("added", 4), group("changed", 1)], true)).toBe("Write 5 profiles…");
    expect(actOf([group("unchanged", 4), group("gone", 1)], false)).toBe("Nothing to write");
    expect(doneOf([group("added", 12), group("changed", 1), group("removed", 2)])).toBe("12 profiles added, 1 changed, 2 taken out");
    expect(doneOf([group("unchanged", 12)])).toBe("All profiles are there already");
  });

  it("counts lines", () => {
    expect(linesOf({ added: 1, removed: 0 })).toBe("+1 line, nothing else touched");
    expect(linesOf({ added: 75_000, removed: 12 })).toBe("+75,000 −12 lines, nothing else touched");
    expect(linesOf({ added: 0, removed: 0 })).toBe("nothing to change");
  });

  it("shows the first new name as an example", () => {
    expect(exampleOf([group("unchanged", 1, ["old"]), group("added", 2, ["pay-ro", "pay-rw"])])).toBe("pay-ro");
    expect(exampleOf([group("unchanged", 1, ["old"])])).toBeNull();
  });

  it("proposes a Region where the sessions agree", () => {
    expect(regionOf([{ region: "eu-west-1" }, { region: "eu-west-1" }])).toBe("eu-west-1");
    expect(regionOf([{ region: "eu-west-1" }, { region: "us-east-1" }])).toBe("");
    expect(regionOf([])).toBe("");
  });
});
