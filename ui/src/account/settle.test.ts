// What is looked at stays as it is; what is new comes in around it.
import { expect, test } from "vitest";
import { unusedRole } from "../host/accounts";
import { account } from "../host/browser/names";
import { accountKey, homeRows, type Row } from "./rows";
import { settled } from "./settle";

const NONE = new Set<string>();
const rowsOf = (names: string, open: string[] = []): Row[] => {
  const accounts = [...names].map((name) => account("s", name, { name, roles: [unusedRole("A"), unusedRole("B")] }));
  return homeRows(accounts, { open: new Set(open.map((name) => accountKey("s", name))), reading: NONE, unhidden: false }, false);
};
const told = (rows: readonly Row[]) => rows.map((row) => (row.kind === "section" ? "#" : row.kind === "account" ? row.account.name : row.kind === "child" ? row.role.name : row.kind)).join("");

test.each([
  ["nothing new", "bdf", "bdf", [1, 3], "#bdf"],
  ["above, between and below", "bdf", "abcdefg", [1, 3], "#abdfg"],
  ["between, from the heading on", "bdf", "abcdf", [0, 2], "#bdf"],
  ["below a part in sight", "bdf", "bcdefg", [1, 1], "#bcdefg"],
  ["what is gone from sight stays", "bdf", "bf", [1, 3], "#bdf"],
  ["what is gone from elsewhere goes", "bdfh", "bdf", [1, 2], "#bdf"],
  ["the first in sight is gone", "bdf", "df", [1, 3], "#df"],
] as const)("%s", (_, old, fresh, [first, last], wanted) => {
  expect(told(settled(rowsOf(old), rowsOf(fresh), { first, last }))).toBe(wanted);
});

test("rows below an account come and go with it", () => {
  const before = rowsOf("bdf");
  expect(told(settled(before, rowsOf("bcdf", ["d"]), { first: 1, last: 3 }))).toBe("#bdABf");
  const open = rowsOf("bdf", ["d"]);
  expect(told(settled(open, rowsOf("bdef"), { first: 1, last: 5 }))).toBe("#bdf");
  expect(told(settled(open, rowsOf("bdef", ["d"]), { first: 2, last: 3 }))).toBe("#bdABef");
});

test("five thousand rows settle at once, and keep every one outside of sight", () => {
  const names = Array.from({ length: 5000 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join("");
  const fresh = rowsOf(names);
  const old = fresh.filter((_, at) => at % 2 === 0);
  const rows = settled(old, fresh, { first: 1000, last: 1010 });
  expect(rows).toHaveLength(fresh.length - 10);
});
