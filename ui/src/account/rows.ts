// The list as rows: pure, from accounts in core's order, marks of a search, and what is expanded or shown though hidden.
import type { Account, Role } from "../host/accounts";
import type { Assignment, Found, Hit, Mark, MarkField } from "../host/wire.gen";
import { m, number } from "../language/language.svelte";
import { clipped, type Stretch } from "../shared/names";

export type SectionRow = { kind: "section"; key: string; title: string; count: string };
/** One permission set of one account, standing for itself. */
export type AssignmentRow = { kind: "assignment"; key: string; place: Place; section: Section; account: Account; role: Role; marks: readonly Mark[] };
/** An account with those of its permission sets that are shown. */
export type AccountRow = { kind: "account"; key: string; place: Place; account: Account; roles: readonly Role[]; open: boolean; marks: readonly Mark[] };
/** One permission set below its account. */
export type ChildRow = { kind: "child"; key: string; place: Place; account: Account; role: Role };
/** What stands below an account that shows no permission sets. */
export type NoteRow = { kind: "note"; key: string; place: Place; account: Account; note: "reading" | "none" };
/** How much is hidden, and whether it is shown for now. */
export type HiddenRow = { kind: "hidden"; key: string; place: Place; hidden: number; shown: boolean };
/** A pin of what the user may not do any more; `account` is null where that is gone too. */
export type LostRow = { kind: "lost"; key: string; place: Place; assignment: Assignment; account: Account | null };
/** A row that is about an account. */
export type ChosenRow = AssignmentRow | AccountRow | ChildRow | NoteRow;
export type Row = SectionRow | HiddenRow | LostRow | ChosenRow;
/** Where an assignment stands by itself. */
export type Section = "pinned" | "recent" | "result";

/** The heading of such rows, which is said before each of them too. */
export function sectionTitle(section: Exclude<Section, "result">): string {
  return section === "pinned" ? m("shared.pinned") : m("account.recent");
}

/** Whether a row is about an account that is there. */
export function isChosen(row: Row | undefined): row is ChosenRow {
  return row !== undefined && row.kind !== "section" && row.kind !== "hidden" && row.kind !== "lost";
}
/** Where a row stands among its like, counted from one, and on which level. */
export type Place = { level: 1 | 2; position: number; group: Group };
/** Rows of the same level; the size is known once all are there. */
type Group = { size: number };

export type Expansion = { open: ReadonlySet<string>; reading: ReadonlySet<string>; unhidden: boolean };

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
  const role = roleOf(row);
  return role === null || !isChosen(row) ? null : assignment(row.account, role);
}

/** The permission set that a row stands for: an account with just one stands for it. */
export function roleOf(row: Row): Role | null {
  if (row.kind === "assignment" || row.kind === "child") return row.role;
  return row.kind === "account" && row.roles.length === 1 ? (row.roles[0] ?? null) : null;
}

export function assignment(account: Account, role: Role): Assignment {
  return { session: account.session, account_id: account.id, role: role.name };
}

/** The stretches of one field. */
export function marksOf(marks: readonly Mark[], field: MarkField): Stretch[] {
  return marks.filter((mark) => mark.field === field);
}

/** Collects rows and counts those of the first level as they come. */
class Outline {
  readonly rows: Row[] = [];
  readonly #group: Group = { size: 0 };

  /** The place of the next row of the first level. */
  place(): Place {
    this.#group.size += 1;
    return { level: 1, position: this.#group.size, group: this.#group };
  }

  section(title: string, key: string, count: string): void {
    this.rows.push({ kind: "section", key: `s:${key}`, title, count });
  }

  assignment(section: Section, { account, role }: Used, marks: readonly Mark[]): void {
    const key = `${section}:${assignmentKey(assignment(account, role))}`;
    this.rows.push({ kind: "assignment", key, place: this.place(), section, account, role, marks });
  }

  account(account: Account, roles: readonly Role[], { open, reading }: Expansion, marks: readonly Mark[]): void {
    const key = accountKey(account.session, account.id);
    const isOpen = open.has(key);
    this.rows.push({ kind: "account", key: `a:${key}`, place: this.place(), account, roles, open: isOpen, marks });
    if (isOpen) this.#children(account, roles, key, reading.has(key));
  }

  #children(account: Account, roles: readonly Role[], key: string, reading: boolean): void {
    const group = { size: Math.max(1, roles.length) };
    const place = (position: number): Place => ({ level: 2, position, group });
    roles.forEach((role, at) => this.rows.push({ kind: "child", key: `c:${key}/${role.name}`, place: place(at + 1), account, role }));
    if (roles.length > 0 || (account.roles_state === "failed" && !reading)) return;
    this.rows.push({ kind: "note", key: `n:${key}`, place: place(1), account, note: account.roles_state === "read" ? "none" : "reading" });
  }

  lost(assignment: Assignment, account: Account | null): void {
    this.rows.push({ kind: "lost", key: `l:${assignmentKey(assignment)}`, place: this.place(), assignment, account });
  }

  hidden(hidden: number, shown: boolean): void {
    if (hidden > 0) this.rows.push({ kind: "hidden", key: "h:", place: this.place(), hidden, shown });
  }
}

type Used = { account: Account; role: Role };
/** One pass over the accounts: what stands above them, what is left out. */
type Survey = { pinned: Used[]; recent: Used[]; listed: { account: Account; roles: readonly Role[] }[]; hidden: number };

/** Pinned, recent, then every account, then how many are hidden. */
export function homeRows(accounts: readonly Account[], expansion: Expansion, soFar: boolean, lost: readonly Assignment[] = []): Row[] {
  const { pinned, recent, listed, hidden } = survey(accounts, expansion.unhidden);
  const outline = new Outline();
  if (pinned.length + lost.length > 0) outline.section(sectionTitle("pinned"), "pinned", "");
  for (const each of pinned) outline.assignment("pinned", each, []);
  for (const pin of lost) outline.lost(pin, accounts.find(({ session, id }) => session === pin.session && id === pin.account_id) ?? null);
  if (recent.length > 0) outline.section(sectionTitle("recent"), "recent", "");
  for (const each of recent) outline.assignment("recent", each, []);
  const title = outline.rows.length === 0 ? m("account.accounts") : m("account.all-accounts");
  if (listed.length > 0) outline.section(title, "all", soFar ? m("account.so-far", { count: number(listed.length) }) : number(listed.length));
  for (const { account, roles } of listed) outline.account(account, roles, expansion, []);
  outline.hidden(hidden, expansion.unhidden);
  return outline.rows;
}

function survey(accounts: readonly Account[], unhidden: boolean): Survey {
  const found: Survey = { pinned: [], recent: [], listed: [], hidden: 0 };
  for (const account of accounts) {
    const roles = shownRoles(account, unhidden);
    const veiled = account.hidden ? 1 : unhidden ? hiddenAmong(account.roles) : account.roles.length - roles.length;
    found.hidden += veiled;
    if (isHidden(account, roles) && !unhidden) continue;
    found.listed.push({ account, roles });
    for (const role of roles) note(found, { account, role });
  }
  found.pinned.sort((a, b) => (a.role.pin ?? 0) - (b.role.pin ?? 0));
  return found;
}

/** An account is hidden by itself, or with the last of its permission sets. */
function isHidden(account: Account, shown: readonly Role[]): boolean {
  return account.hidden || (shown.length === 0 && account.roles.length > 0);
}

function hiddenAmong(roles: readonly Role[]): number {
  return roles.reduce((sum, role) => sum + Number(role.hidden), 0);
}

/** Most accounts hide nothing, and keep the list that they have. */
function shownRoles(account: Account, unhidden: boolean): readonly Role[] {
  if (unhidden || !account.roles.some((role) => role.hidden)) return account.roles;
  return account.roles.filter((role) => !role.hidden);
}

/** Keeps the pins, and the few that were used last. */
function note({ pinned, recent }: Survey, used: Used): void {
  if (used.role.pin !== null) pinned.push(used);
  else if (used.role.last_used_at !== null) {
    recent.push(used);
    recent.sort(latestFirst);
    recent.length = Math.min(recent.length, MOST_RECENT);
  }
}

function latestFirst(a: Used, b: Used): number {
  return (b.role.last_used_at ?? 0) - (a.role.last_used_at ?? 0);
}

/** The hits of a search, best first, in core's order; what core finds is shown, hidden or not. */
export function hitRows(found: Found, known: (session: string, id: string) => Account | undefined, expansion: Expansion): Row[] {
  if (found.hits.length === 0) return [];
  const outline = new Outline();
  const results = m("account.results", { count: found.total });
  const title = found.place === null ? results : m("account.open-at-as", { place: clipped(found.place.title) });
  outline.section(title, "results", found.hits.length < found.total ? m("account.the-best", { count: number(found.hits.length) }) : "");
  for (const hit of found.hits) addHit(outline, hit, known(hit.session, hit.account_id), expansion);
  return outline.rows;
}

/** A hit may be older than the list: what is gone shows nothing. */
function addHit(outline: Outline, hit: Hit, account: Account | undefined, expansion: Expansion): void {
  if (account === undefined) return;
  if (hit.role === null) return outline.account(account, account.roles, expansion, hit.marks);
  const role = account.roles.find((role) => role.name === hit.role);
  if (role !== undefined) outline.assignment("result", { account, role }, hit.marks);
}

/** Nothing is known of its permission sets, because reading them failed. */
export function couldNotBeRead(account: Account): boolean {
  return account.roles_state === "failed" && account.roles.length === 0;
}

/** "1 set", "3 sets", "…" while nobody knows. */
export function setsOf(account: Account, roles: readonly Role[]): string {
  if (account.roles_state === "unread" && roles.length === 0) return "…";
  return m("account.sets", { count: roles.length });
}
