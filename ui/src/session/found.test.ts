// Sessions of the AWS config file: which come, what is said of each, and what came of it.
import { expect, test } from "vitest";
import type { FoundSession, Imported } from "../host/wire.gen";
import { addLabel, canCome, noteOf, outcomeOf, preselected, shortAddress, signInsGoOn } from "./found";

const entry = (change: Partial<FoundSession> = {}): FoundSession => ({ name: "a", start_url: "https://a.awsapps.com/start/", region: "eu-west-1", legacy: false, signed_in: false, registered: false, custom: false, problem: null, ...change });
const custom = entry({ name: "custom", custom: true });
const broken = entry({ name: "broken", problem: "the Region is missing" });
const here = entry({ name: "here", registered: true });

test("only what is new, sound and at AWS is chosen beforehand", () => {
  expect(preselected([entry(), custom, broken, here])).toEqual(["a"]);
  expect([entry(), custom, broken, here].map(canCome)).toEqual([true, true, false, false]);
});

test("what is in the way is said of each", () => {
  expect(noteOf(entry())).toBeNull();
  expect(noteOf(broken)).toEqual({ text: "The Region is missing.", stops: true });
  expect(noteOf(custom)?.text).toContain("does not belong to AWS");
  expect(noteOf(here)).toEqual({ text: "Is here already.", stops: false });
  expect(shortAddress(entry())).toBe("a.awsapps.com/start");
});

test("what becomes of sign-ins that are there", () => {
  const signed = entry({ signed_in: true });
  expect(signInsGoOn([entry()], "shared")).toContain("afterwards");
  expect(signInsGoOn([signed], "shared")).toBe("You are signed in already: that goes on.");
  expect(signInsGoOn([signed, entry()], "shared")).toBe("1 of them is signed in already: that goes on.");
  expect(signInsGoOn([signed], "keychain")).toContain("asks for one of its own");
});

test("the button says how many", () => {
  expect([0, 1, 2].map(addLabel)).toEqual(["Add", "Add 1 session", "Add 2 sessions"]);
});

test("what came of it: those added are counted, the first refusal has its reason", () => {
  const failure = { code: "config_conflict", message: "", hint: "" };
  const imported: Imported[] = [
    { name: "a", outcome: { outcome: "added", storage: "shared", signed_in: true } },
    { name: "b", outcome: { outcome: "kept" } },
    { name: "c", outcome: { outcome: "refused", failure } },
    { name: "d", outcome: { outcome: "refused", failure } },
  ];
  expect(outcomeOf(imported)).toEqual({ added: 1, refused: { name: "c", why: "Something else stands there already", others: 1 } });
  expect(outcomeOf(imported.slice(0, 2))).toEqual({ added: 1, refused: null });
});
