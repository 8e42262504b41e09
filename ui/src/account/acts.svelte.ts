// What a user does with a row; what goes wrong becomes a message with one way on.
import { failureOf, host } from "../host";
import type { Account } from "../host/accounts";
import type { Assignment } from "../host/wire.gen";
import { mirror } from "../state/snapshot.svelte";
import { preferences, type RowAct } from "../state/preferences.svelte";
import { where } from "../state/page.svelte";
import { type Phrase, type ToastAct, toasts } from "../state/toasts.svelte";
import { offer, type Remedy } from "../words";
import { assignmentKey } from "./rows";

/** Assignments whose console is being opened now. */
class Opening {
  keys: ReadonlySet<string> = $state.raw(new Set<string>());
}

export const opening = new Opening();

/** Opens the console in the browser. */
export async function openConsole(assignment: Assignment, account: Account): Promise<void> {
  const key = assignmentKey(assignment);
  if (opening.keys.has(key)) return;
  opening.keys = new Set([...opening.keys, key]);
  preferences.remember(key, "console");
  try {
    await host().openConsole(assignment, false);
    toasts.done(["Opened ", nameOf(account), " in your browser"]);
  } catch (thrown) {
    tell([nameOf(account), " did not open. "], thrown, assignment.session, () => void openConsole(assignment, account));
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
  if (which === "console") void openConsole(assignment, account);
  else goToProfile(assignment);
}

/** What Enter does on a row. */
export function usualAct(assignment: Assignment): RowAct {
  return preferences.lastAct(assignmentKey(assignment));
}

export function otherAct(assignment: Assignment): RowAct {
  return usualAct(assignment) === "console" ? "profile" : "console";
}

export async function copyId(account: Account): Promise<void> {
  try {
    await host().copyAccountId(account.id);
    toasts.done(["Account ID of ", nameOf(account), " copied"]);
  } catch (thrown) {
    tell(["The account ID was not copied. "], thrown, account.session, () => void copyId(account));
  }
}

export async function pin(assignment: Assignment, account: Account, pinned: boolean): Promise<void> {
  try {
    await host().pin(assignment, pinned);
  } catch (thrown) {
    const not = pinned ? " was not pinned. " : " is still pinned. ";
    tell([nameOf(account), not], thrown, assignment.session, () => void pin(assignment, account, pinned));
  }
}

/** A name, or the number of an account without one. */
function nameOf(account: Account): { name: string } {
  return { name: account.name ?? account.id };
}

function tell(before: Phrase, thrown: unknown, session: string, again: () => void): void {
  const ways: Partial<Record<Remedy, () => void>> = {
    try_again: again,
    read_again: () => void host().readAccounts(session).catch(() => undefined),
    ...(mirror.session(session) === undefined ? {} : { sign_in: () => where.go({ kind: "sign-in", session }) }),
  };
  const { words, act } = offer(failureOf(thrown), ways);
  toasts.failed([...before, `${words.title}.`], act satisfies ToastAct | null);
}
