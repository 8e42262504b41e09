// How accounts are called, and how much of a name is told.
import { expect, test } from "vitest";
import { account } from "../host/browser/names";
import { actLabel, calledAs, nameOf, saidAs, toldAs } from "./called";

const of = (name: string | null, alias: string | null = null) => account("s", "000000000417", { name, alias });

test.each([
  [of("portal", "mine"), "mine", "mine"],
  [of("portal"), "portal", "portal"],
  [of(null), null, "000000000417"],
  [of("   "), "   ", "000000000417"],
])("%j", (account, called, said) => {
  expect(calledAs(account)).toBe(called);
  expect(nameOf(account).name).toBe(said);
});

test("what cannot be seen is said by its code, and long names end", () => {
  expect(saidAs(of("a\u202eb"))).toBe("a[U+202E]b");
  expect(saidAs(of("x".repeat(10_000))).length).toBeLessThan(400);
});

test("a tooltip tells both names, and how long a long one is", () => {
  expect(toldAs(of("portal", "mine"))).toBe("mine\nportal");
  expect(toldAs(of("x".repeat(10_000)))).toMatch(/…\n10,000 characters · the name as the access portal gives it$/u);
  expect(toldAs(of("x".repeat(10_000))).length).toBeLessThan(1200);
  expect(toldAs(of(null))).toBe("");
});

test("a question to come is announced", () => {
  expect([actLabel("Open", true), actLabel("Open", false)]).toEqual(["Open…", "Open"]);
});
