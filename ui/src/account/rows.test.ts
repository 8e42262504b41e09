// The list as rows: sections, order, places, and what stands below an account.
import { expect, test } from "vitest";
import { type Account, type Role, unusedRole } from "../host/accounts";
import { accountKey, assignmentOf, hitRows, homeRows, marksOf, type Row, setsOf } from "./rows";

const role = (name: string, change: Partial<Role> = {}): Role => ({ ...unusedRole(name), pinned: change.pin != null, ...change });
const account = (name: string | null, roles: Role[], change: Partial<Account> = {}): Account => ({
  session: "home",
  id: `${name ?? "none"}-id`,
  name,
  alias: null,
  email: null,
  roles,
  roles_state: "read",
  label: null,
  protected: false,
  hidden: false,
  ...change,
});
const CLOSED = { open: new Set<string>(), reading: new Set<string>(), unhidden: false };
const opened = (...accounts: Account[]) => ({ ...CLOSED, open: new Set(accounts.map((each) => accountKey(each.session, each.id))) });
const outline = (rows: readonly Row[]) =>
  rows.map((row) => {
    if (row.kind === "section") return `# ${row.title} ${row.count}`.trim();
    if (row.kind === "lost") return `lost ${row.account?.name ?? "nobody"} ${row.assignment.role}`;
    if (row.kind === "hidden") return `${row.hidden} hidden${row.shown ? ", shown" : ""}`;
    return `${row.kind} ${row.account.name} ${"role" in row ? row.role.name : ""}`.trim();
  });

test("pins, then recents by time, then every account in the order that core gives", () => {
  const all = [
    account("zeta-2", [role("A", { pin: 0, last_used_at: 5 })]),
    account("alpha", [role("A", { last_used_at: 1 }), role("B", { last_used_at: 9 })]),
    account("zeta-10", [role("A")]),
    account(null, [role("A")]),
    account("  ", [role("A")]),
  ];
  expect(outline(homeRows(all, CLOSED, false))).toEqual([
    "# Pinned",
    "assignment zeta-2 A",
    "# Recent",
    "assignment alpha B",
    "assignment alpha A",
    "# All accounts 5",
    "account zeta-2",
    "account alpha",
    "account zeta-10",
    "account null",
    "account",
  ]);
});

test("recents are few, and without pins there is one section", () => {
  const all = Array.from({ length: 9 }, (_, at) => account(`a${at}`, [role("A", { last_used_at: at + 1 })]));
  expect(outline(homeRows(all, CLOSED, false)).filter((line) => line.startsWith("assignment"))).toHaveLength(5);
  expect(outline(homeRows([account("a", [role("A")])], CLOSED, true))).toEqual(["# Accounts 1 so far", "account a"]);
  expect(homeRows([], CLOSED, false)).toEqual([]);
});

test("every row that can be selected knows its place among its like", () => {
  const one = account("one", [role("A", { pin: 0 }), role("B")]);
  const rows = homeRows([one, account("two", [])], opened(one), false);
  const places = rows.flatMap((row) => (row.kind === "section" ? [] : [`${row.kind} ${row.place.level}: ${row.place.position}/${row.place.group.size}`]));
  expect(places).toEqual(["assignment 1: 1/3", "account 1: 2/3", "child 2: 1/2", "child 2: 2/2", "account 1: 3/3"]);
});

test("keys are unique though an assignment stands in two places", () => {
  const one = account("one", [role("A", { pin: 0 })]);
  const keys = homeRows([one], opened(one), false).map((row) => row.key);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([
  ["unread", "note"],
  ["read", "note"],
  ["failed", undefined],
] as const)("below an account whose permission sets are %s stands %s", (roles_state, kind) => {
  const one = account("one", [], { roles_state });
  expect(homeRows([one], opened(one), false)[2]?.kind).toBe(kind);
});

test("hits keep core's order, and what is gone shows nothing", () => {
  const one = account("one", [role("A"), role("B")]);
  const two = account("two", [], { roles_state: "unread" });
  const known = (session: string, id: string) => [one, two].find((each) => each.session === session && each.id === id);
  const hit = (of: Account, role: string | null) => ({ session: of.session, account_id: of.id, role, marks: [] });
  const rows = hitRows({ place: null, total: 900, hits: [hit(one, "B"), hit(two, null), hit(one, "gone"), hit(account("gone", []), "A")] }, known, CLOSED);
  expect(outline(rows)).toEqual(["# 900 results the best 4", "assignment one B", "account two"]);
  expect(hitRows({ place: null, total: 0, hits: [] }, known, CLOSED)).toEqual([]);
});

test("a row stands for one permission set only where there is just one", () => {
  const [, single] = homeRows([account("one", [role("A")])], CLOSED, false);
  const [, several] = homeRows([account("one", [role("A"), role("B")])], CLOSED, false);
  expect(single && assignmentOf(single)).toEqual({ session: "home", account_id: "one-id", role: "A" });
  expect(several && assignmentOf(several)).toBeNull();
});

test("pins stand in the user's order", () => {
  const all = [account("a", [role("A", { pin: 2 }), role("B", { pin: 0 })]), account("b", [role("A", { pin: 1 })])];
  expect(outline(homeRows(all, CLOSED, false)).slice(0, 4)).toEqual(["# Pinned", "assignment a B", "assignment b A", "assignment a A"]);
});

test("a pin of what is gone keeps its place below the others", () => {
  const lost = ["a-id", "z-id"].map((account_id) => ({ session: "home", account_id, role: "Gone" }));
  expect(outline(homeRows([account("a", [role("A")])], CLOSED, false, lost))).toEqual(["# Pinned", "lost a Gone", "lost nobody Gone", "# All accounts 1", "account a"]);
});

test("what is hidden is left out, counted at the end, and shown when asked for", () => {
  const all = [
    account("a", [role("A"), role("B", { hidden: true })]),
    account("b", [role("A", { last_used_at: 1 })], { hidden: true }),
    account("c", [role("A", { hidden: true, pin: 0 })]),
  ];
  expect(outline(homeRows(all, CLOSED, false))).toEqual(["# Accounts 1", "account a", "3 hidden"]);
  const rows = homeRows(all, { ...CLOSED, unhidden: true }, false);
  expect(outline(rows)).toEqual(["# Pinned", "assignment c A", "# Recent", "assignment b A", "# All accounts 3", "account a", "account b", "account c", "3 hidden, shown"]);
});

test("an account stands for the one permission set that is shown", () => {
  const [, row] = homeRows([account("a", [role("A", { hidden: true }), role("B")])], CLOSED, false);
  expect(row && assignmentOf(row)?.role).toBe("B");
});

test("where everything is hidden, one line says so", () => {
  expect(outline(homeRows([account("a", [], { hidden: true })], CLOSED, false))).toEqual(["1 hidden"]);
});

test("small words", () => {
  expect(setsOf(account("a", [], { roles_state: "unread" }), [])).toBe("…");
  expect(setsOf(account("a", [role("A")]), [role("A")])).toBe("1 set");
  expect(setsOf(account("a", []), [])).toBe("0 sets");
  expect(marksOf([{ field: "id", start: 0, end: 2 }, { field: "name", start: 1, end: 2 }], "name")).toHaveLength(1);
});
