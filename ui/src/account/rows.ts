// The list as rows: pure, from accounts, marks of a search and what is expanded.
import type { Account, Role } from "../host/accounts";
import type { Assignment, Found, Hit, Mark, MarkField } from "../host/wire.gen";
import type { Stretch } from "../shared/names";

export type SectionRow = { kind: "section"; key: string; title: string; count: string };
/** One permission set of one account, standing for itself. */
export type AssignmentRow = { kind: "assignment"; key: string; place: Place; section: string; account: Account; role: Role; marks: readonly Mark[] };
export type AccountRow = { kind: "account"; key: string; place: Place; account: Account; open: boolean; marks: readonly Mark[] };
/** One permission set below its account. */
export type ChildRow = { kind: "child"; key: string; place: Place; account: Account; role: Role };
/** What stands below an account that shows no permission sets. */
export type NoteRow = { kind: "note"; key: string; place: Place; account: Account; note: "reading" | "none" };
export type Row = SectionRow | AssignmentRow | AccountRow | ChildRow | NoteRow;
export type ChosenRow = Exclude<Row, SectionRow>;
/** Where a row stands among its like, counted from one, and on which level. */
export type Place = { level: 1 | 2; position: number; of: number };

export type Expansion = { open: ReadonlySet<string>; reading: ReadonlySet<string> };

const MOST_RECENT = 5;

/** One account of one session. */
export function accountKey(session: string, id: string): string {
  return `${session}/${id}`;
}

/** One permission set of one account of one session. */
export function assignmentKey({ session, account_id, role }: Assignment): string {
  return `${session}/${account_id}/${role}`;
}

/** What a row stands for, where it stands for one permission set. */
export function assignmentOf(row: Row): Assignment | null {
  if (row.kind === "assignment" || row.kind === "child") return assignment(row.account, row.role);
  const only = row.kind === "account" ? onlyRole(row.account) : null;
  return row.kind === "account" && only !== null ? assignment(row.account, only) : null;
}

function assignment(account: Account, role: Role): Assignment {
  return { session: account.session, account_id: account.id, role: role.name };
}

/** The permission set of an account that has just one. */
export function onlyRole(account: Account): Role | null {
  return account.roles.length === 1 ? (account.roles[0] ?? null) : null;
}

/** The stretches of one field. */
export function marksOf(marks: readonly Mark[], field: MarkField): Stretch[] {
  return marks.filter((mark) => mark.field === field);
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** By name, the nameless last. */
export function sorted(accounts: readonly Account[]): Account[] {
  return [...accounts].sort((a, b) => compareNames(given(a), given(b)) || a.id.localeCompare(b.id) || byName.compare(a.session, b.session));
}

/** A name of blanks is none. */
function given(account: Account): string | null {
  return account.name === null || account.name.trim() === "" ? null : account.name;
}

function compareNames(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return byName.compare(a, b);
}

/** Pinned, recent, then every account. */
export function homeRows(accounts: readonly Account[], expansion: Expansion, soFar: boolean): Row[] {
  const all = sorted(accounts);
  const used = all.flatMap((account) => account.roles.map((role) => ({ account, role })));
  const pinned = used.filter(({ role }) => role.pinned);
  const recent = used.filter(({ role }) => !role.pinned && role.last_used_at !== null).sort(latestFirst);
  const top = [...section("Pinned", pinned), ...section("Recent", recent.slice(0, MOST_RECENT))];
  const below = all.flatMap((account) => accountRows(account, expansion, []));
  const title = top.length === 0 ? "Accounts" : "All accounts";
  const heading: Row[] = all.length === 0 ? [] : [{ kind: "section", key: "s:all", title, count: soFar ? `${count(all.length)} so far` : count(all.length) }];
  return placed([...top, ...heading, ...below]);
}

type Used = { account: Account; role: Role };

function latestFirst(a: Used, b: Used): number {
  return (b.role.last_used_at ?? 0) - (a.role.last_used_at ?? 0);
}

function section(title: string, used: readonly Used[]): Row[] {
  if (used.length === 0) return [];
  const rows = used.map(({ account, role }) => assignmentRow(title, account, role, []));
  return [{ kind: "section", key: `s:${title}`, title, count: "" }, ...rows];
}

function assignmentRow(section: string, account: Account, role: Role, marks: readonly Mark[]): AssignmentRow {
  const key = `${section}:${assignmentKey(assignment(account, role))}`;
  return { kind: "assignment", key, place: NOWHERE, section, account, role, marks };
}

const NOWHERE: Place = { level: 1, position: 0, of: 0 };

function accountRows(account: Account, expansion: Expansion, marks: readonly Mark[]): Row[] {
  const key = accountKey(account.session, account.id);
  const open = expansion.open.has(key);
  const row: Row = { kind: "account", key: `a:${key}`, place: NOWHERE, account, open, marks };
  return open ? [row, ...children(account, key, expansion)] : [row];
}

function children(account: Account, key: string, expansion: Expansion): Row[] {
  const below = (position: number, of: number): Place => ({ level: 2, position, of });
  if (account.roles.length > 0) {
    const of = account.roles.length;
    return account.roles.map((role, at) => ({ kind: "child", key: `c:${key}/${role.name}`, place: below(at + 1, of), account, role }));
  }
  if (account.roles_state === "failed" && !expansion.reading.has(key)) return [];
  const note = account.roles_state === "read" ? "none" : "reading";
  return [{ kind: "note", key: `n:${key}`, place: below(1, 1), account, note }];
}

/** The hits of a search, best first, in core's order. */
export function hitRows(found: Found, known: ReadonlyMap<string, Account>, expansion: Expansion): Row[] {
  if (found.hits.length === 0) return [];
  const title = found.total === 1 ? "1 result" : `${count(found.total)} results`;
  const shown = found.hits.length < found.total ? `the best ${count(found.hits.length)}` : "";
  const rows = found.hits.flatMap((hit) => rowsOfHit(hit, known, expansion));
  return placed([{ kind: "section", key: "s:results", title, count: shown }, ...rows]);
}

/** A hit may be older than the list: what is gone shows nothing. */
function rowsOfHit(hit: Hit, known: ReadonlyMap<string, Account>, expansion: Expansion): Row[] {
  const account = known.get(accountKey(hit.session, hit.account_id));
  if (account === undefined) return [];
  if (hit.role === null) return accountRows(account, expansion, hit.marks);
  const role = account.roles.find((role) => role.name === hit.role);
  return role === undefined ? [] : [assignmentRow("Result", account, role, hit.marks)];
}

/** Counts the rows of the first level; children know their place already. */
function placed(rows: Row[]): Row[] {
  const of = rows.filter((row) => row.kind !== "section" && row.place.level === 1).length;
  let position = 0;
  return rows.map((row) => {
    if (row.kind === "section" || row.place.level === 2) return row;
    position += 1;
    return { ...row, place: { level: 1, position, of } };
  });
}

/** "5,000" */
export function count(number: number): string {
  return number.toLocaleString("en");
}

/** "1 set", "3 sets", "…" while nobody knows. */
export function setsOf(account: Account): string {
  if (account.roles_state === "unread") return "…";
  return account.roles.length === 1 ? "1 set" : `${account.roles.length} sets`;
}
