// What a user does with a row; what goes wrong becomes a message with one way on. What is protected asks first.
import { failureOf, host } from "../host";
import type { Account } from "../host/accounts";
import type { Assignment, Opening } from "../host/wire.gen";
import { m, phrase } from "../language/language.svelte";
import { clipped } from "../shared/names";
import { mirror } from "../state/snapshot.svelte";
import { login } from "../state/login.svelte";
import { preferences, type RowAct } from "../state/preferences.svelte";
import { where } from "../state/page.svelte";
import { type Phrase, toasts } from "../state/toasts.svelte";
import { offer, type Remedy, sentence } from "../words";
import { nameOf, roleName } from "./called";
import { guard } from "./guard.svelte";
import { list } from "./list.svelte";
import { places } from "./place.svelte";
import { assignmentKey, type LostRow } from "./rows";
import { AS_DECIDED } from "./rules";

/** Assignments whose console is being opened now. */
class Underway {
  keys: ReadonlySet<string> = $state.raw(new Set<string>());
}

export const opening = new Underway();

/** Opens the console in the browser, at the place that was pasted or at its home; what is protected asks first. */
export function openConsole(assignment: Assignment, account: Account, place: string | null = places.text, how: Opening = AS_DECIDED): void {
  if (isProtected(assignment, account)) askToOpen(assignment, account, place, how);
  else void open(assignment, account, place, how, false);
}

/** Asks before a console opens. */
export function askToOpen(assignment: Assignment, account: Account, place: string | null = null, how: Opening = AS_DECIDED): void {
  guard.ask({
    what: "console",
    assignment,
    go: () => void open(assignment, account, place, how, true),
    instead: (role) => openConsole({ ...assignment, role }, account, place, how),
  });
}

/** Whether an assignment is known to be protected; core knows better, and says so. */
export function isProtected(assignment: Assignment, account: Account): boolean {
  return account.roles.find((role) => role.name === assignment.role)?.protected ?? account.protected;
}

async function open(assignment: Assignment, account: Account, place: string | null, how: Opening, consent: boolean): Promise<void> {
  const key = assignmentKey(assignment);
  if (opening.keys.has(key)) return;
  opening.keys = new Set([...opening.keys, key]);
  preferences.remember(key, "console");
  try {
    const notes = await host().openConsole(assignment, place, consent, how);
    const opened: Phrase = phrase("account.opened", { name: nameOf(account) });
    // What is other than was wished stays to be read.
    if (notes.length === 0) toasts.done(opened, login.offer());
    else toasts.heed([...opened, `. ${notes.join(" ")}`]);
  } catch (thrown) {
    if (!consent && failureOf(thrown).code === "protected") askToOpen(assignment, account, place, how);
    else tell(phrase("account.did-not-open", { name: nameOf(account) }), thrown, assignment.session, () => openConsole(assignment, account, place, how));
  } finally {
    opening.keys = new Set([...opening.keys].filter((other) => other !== key));
  }
}

/** Goes to the page that writes a CLI profile. */
export function goToProfile(assignment: Assignment): void {
  where.go({ kind: "profile", assignment });
}

/** What the row did last, or the other. */
export function act(which: RowAct, assignment: Assignment, account: Account): void {
  if (which === "console" || places.text !== null) openConsole(assignment, account);
  else goToProfile(assignment);
}

/** What Enter does on a row. */
export function usualAct(assignment: Assignment): RowAct {
  return preferences.lastAct(assignmentKey(assignment));
}

export function otherAct(assignment: Assignment): RowAct {
  return usualAct(assignment) === "console" ? "profile" : "console";
}

/** A link that signs its holder in; what is protected asks first. */
export function copyConsoleLink(assignment: Assignment, account: Account): void {
  const go = (consent: boolean) => void copyLink(assignment, account, consent);
  if (!isProtected(assignment, account)) go(false);
  else guard.ask({ what: "link", assignment, go: () => go(true), instead: (role) => copyConsoleLink({ ...assignment, role }, account) });
}

async function copyLink(assignment: Assignment, account: Account, consent: boolean): Promise<void> {
  const copy = async () => {
    const until = await host().copyConsoleLink(assignment, places.text, consent);
    // A session may open its consoles by the portal's own links, which sign nobody in.
    toasts.done(until === null ? portalLinkCopied(account) : phrase("account.link-copied", { name: nameOf(account) }));
  };
  await attempt(copy, null, phrase("account.link-not-copied"), account.session);
}

function portalLinkCopied(account: Account): Phrase {
  return phrase("account.portal-link-copied", { name: nameOf(account) });
}

/** The access portal's own shortcut, without a secret. */
export async function copyPortalLink(assignment: Assignment, account: Account): Promise<void> {
  const copy = () => host().copyShareableLink(assignment, places.text);
  await attempt(copy, portalLinkCopied(account), phrase("account.portal-link-not-copied"), account.session);
}

export async function copyId(account: Account): Promise<void> {
  await attempt(() => host().copyAccountId(account.id), phrase("account.id-copied", { name: nameOf(account) }), phrase("account.id-not-copied"), account.session);
}

export async function pin(assignment: Assignment, account: Account, pinned: boolean): Promise<void> {
  await attempt(() => host().pin(assignment, pinned), null, phrase(pinned ? "account.not-pinned" : "account.still-pinned", { name: nameOf(account) }), assignment.session);
}

/** Takes away the pin of what is not there any more. */
export async function unpinLost({ assignment, account }: LostRow): Promise<void> {
  const name = account === null ? { name: assignment.account_id } : nameOf(account);
  const pinned = (on: boolean) => attempt(() => host().pin(assignment, on), null, phrase("account.still-pinned", { name }), assignment.session);
  if (await pinned(false)) toasts.done(phrase("account.unpinned", { role: { name: clipped(roleName(assignment.role)) }, name }), { label: m("shared.undo"), run: () => void pinned(true) });
}

/** Moves a pin up or down among the pins. */
export async function movePin(assignment: Assignment, account: Account, by: number): Promise<void> {
  await attempt(() => host().movePin(assignment, by), null, phrase("account.stayed", { name: nameOf(account) }), assignment.session);
}

/** Does something once, tells what came of it, and offers another try where it failed. */
export async function attempt(run: () => Promise<void>, done: Phrase | null, not: Phrase, session: string): Promise<boolean> {
  list.ownAct();
  try {
    await run();
    if (done !== null) toasts.done(done);
    return true;
  } catch (thrown) {
    tell(not, thrown, session, () => void attempt(run, done, not, session));
    return false;
  }
}

/** Says what did not happen, why, and offers one way on. */
export function tell(before: Phrase, thrown: unknown, session: string, again: () => void): void {
  const ways: Partial<Record<Remedy, () => void>> = {
    try_again: again,
    read_again: () => void host().readAccounts(session).catch(() => undefined),
    ...(mirror.session(session) === undefined ? {} : { sign_in: () => where.go({ kind: "sign-in", session }) }),
  };
  const failure = failureOf(thrown);
  const { words, act } = offer(failure, ways);
  // What was typed, or chosen, did not fit: only core knows what of it.
  const why = ["usage", "browser_missing", "terminal_missing"].includes(failure.code) ? `${sentence(failure.message)} ${sentence(failure.hint)}` : `${words.title}.`;
  toasts.failed([...before, ` ${why}`], act);
}
