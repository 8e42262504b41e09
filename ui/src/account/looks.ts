// What a user does to how rows look: labels, own names, protection, what is hidden. Each can be taken back at once.
import { host } from "../host";
import type { Account, Role } from "../host/accounts";
import type { Assignment, Opening, Subject } from "../host/wire.gen";
import { m, phrase } from "../language/language.svelte";
import { clipped } from "../shared/names";
import { mirror } from "../state/snapshot.svelte";
import { type Phrase, toasts } from "../state/toasts.svelte";
import { attempt, tell } from "./acts.svelte";
import { calledAs, nameOf, roleName } from "./called";
import { NO_LABEL } from "./rules";

/** An account, or one permission set of it. */
export function subjectOf(account: Account, role: Role | null): Subject {
  return { session: account.session, account_id: account.id, role: role?.name ?? null };
}

/** What a subject is called in a message. */
function called(account: Account, role: Role | null): Phrase {
  return role === null ? [nameOf(account)] : phrase("account.role-in", { role: { name: clipped(roleName(role.name)) }, name: nameOf(account) });
}

/** Own choices beat rules; the message says what holds now and takes it back. */
export async function protect(account: Account, role: Role | null, on: boolean): Promise<void> {
  const subject = subjectOf(account, role);
  const run = (value: boolean) => host().setProtected(subject, value);
  await changed(() => run(on), () => run(!on), phrase(on ? "account.asks-now" : "account.asks-no-more", { what: called(account, role) }), account);
}

export async function hide(account: Account, role: Role | null, on: boolean): Promise<void> {
  const subject = subjectOf(account, role);
  const run = (value: boolean) => host().setHidden(subject, value);
  await changed(() => run(on), () => run(!on), phrase(on ? "account.is-hidden" : "account.is-shown", { what: called(account, role) }), account);
}

/** Null goes back to what the rules say. */
export async function label(account: Account, role: Role | null, word: string | null): Promise<void> {
  const subject = subjectOf(account, role);
  const before = (role ?? account).label;
  const said = labelled(called(account, role), word);
  await changed(() => host().setLabel(subject, word), () => host().setLabel(subject, before), said, account);
}

function labelled(what: Phrase, word: string | null): Phrase {
  if (word === null) return phrase("account.labelled-by-rules", { what });
  return word === NO_LABEL ? phrase("account.label-off", { what }) : phrase("account.is-labelled", { what, label: { name: word } });
}

/** Null goes back to the portal's name. */
export async function alias(account: Account, name: string | null): Promise<void> {
  const run = (value: string | null) => host().setAlias(account.session, account.id, value);
  const before = account.alias;
  const said: Phrase = name === null ? phrase("account.own-name-again", { name: { name: clipped(account.name ?? account.id) } }) : phrase("account.is-called", { name: { name: clipped(account.name ?? account.id) }, alias: { name: clipped(name) } });
  await changed(() => run(name), () => run(before), said, account);
}

/** How consoles open from now on; `browser` is its name, null where nothing is said any more. */
export async function remember(account: Account, subject: Subject, opening: Opening, browser: string | null): Promise<void> {
  const role = account.roles.find(({ name }) => name === subject.role) ?? null;
  const what = called(account, role);
  const before = await ownOpening(subject);
  const said: Phrase = (browser === null ? phrase("account.opens-as-decided", { what }) : phrase("account.opens-in", { what, browser: { name: clipped(browser) } }));
  await changed(() => host().setOpening(subject, opening), () => host().setOpening(subject, before), said, account);
}

/** What was chosen for exactly this, as far as it decides. */
async function ownOpening(subject: Subject): Promise<Opening> {
  const whose = subject.role === null ? "account" : "assignment";
  const now = await host().openings(subject).catch(() => null);
  return { browser: now?.browser_by === whose ? now.browser : null, via: now?.via_by === whose ? now.via : null };
}

async function changed(run: () => Promise<void>, back: () => Promise<void>, said: Phrase, account: Account): Promise<void> {
  const not: Phrase = phrase("account.nothing-about", { name: nameOf(account) });
  if (!(await attempt(run, null, not, account.session))) return;
  toasts.done(said, { label: m("shared.undo"), run: () => void attempt(back, phrase("shared.taken-back"), not, account.session) });
}

/** Asks the portal anew about one account, or about accounts that are new, and tells what came of it. */
export async function checkAccess(sessions: readonly string[], account: Account | null): Promise<void> {
  try {
    const changes = await Promise.all(sessions.map((session) => host().checkAccess(session, account?.id ?? null)));
    toasts.done(accessNews(changes.flatMap(({ added }) => added), changes.flatMap(({ removed }) => removed)));
  } catch (thrown) {
    tell(phrase("account.access-not-checked"), thrown, sessions[0] ?? "", () => void checkAccess(sessions, account));
  }
}

/** "New: DataEngineer in payments-staging and 2 more" */
export function accessNews(added: readonly Assignment[], removed: readonly Assignment[]): Phrase {
  const [first] = added;
  const [gone] = removed;
  if (first !== undefined) return phrase("account.access-new", { what: listed(first, added.length) });
  if (gone !== undefined) return phrase("account.access-gone", { what: listed(gone, removed.length) });
  return phrase("account.access-same");
}

function listed(first: Assignment, all: number): Phrase {
  const account = mirror.accounts.find(({ session, id }) => session === first.session && id === first.account_id);
  const name = { name: clipped((account === undefined ? null : calledAs(account)) ?? first.account_id) };
  const given = { role: { name: clipped(roleName(first.role)) }, name };
  return all > 1 ? phrase("account.role-in-more", { ...given, others: all - 1 }) : phrase("account.role-in", given);
}
