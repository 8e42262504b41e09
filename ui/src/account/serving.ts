// Credentials served on this machine: begun for a time, stopped, and what leads a tool there copied. What is protected asks first.
import { failureOf, host } from "../host";
import type { Account } from "../host/accounts";
import type { Assignment, Served } from "../host/wire.gen";
import { m, phrase } from "../language/language.svelte";
import { clockOrDay } from "../shared/time";
import { now } from "../state/now.svelte";
import { type Phrase, toasts } from "../state/toasts.svelte";
import { attempt, isProtected, tell } from "./acts.svelte";
import { nameOf } from "./called";
import { guard } from "./guard.svelte";
import { list } from "./list.svelte";

const HOUR = 3600;

/** For how long credentials can be served, in seconds; the first is what is proposed. */
export const SPANS = { "1": HOUR, "4": 4 * HOUR, "8": 8 * HOUR } as const;
export type Span = keyof typeof SPANS;

/** Serves the credentials of an assignment; what is protected asks first. */
export function serve(assignment: Assignment, account: Account, span: Span): void {
  if (isProtected(assignment, account)) askToServe(assignment, account, span);
  else void begin(assignment, account, span, false);
}

function askToServe(assignment: Assignment, account: Account, span: Span): void {
  guard.ask({
    what: "serving",
    assignment,
    go: () => void begin(assignment, account, span, true),
    instead: (role) => serve({ ...assignment, role }, account, span),
  });
}

async function begin(assignment: Assignment, account: Account, span: Span, consent: boolean): Promise<void> {
  list.ownAct();
  try {
    const until = await host().serveCredentials(assignment, SPANS[span], consent);
    toasts.done(phrase("account.serving-until", { name: nameOf(account), when: clockOrDay(until, now.ms) }), { label: m("account.copy-variables"), run: () => void copyVariables(assignment) });
  } catch (thrown) {
    if (!consent && failureOf(thrown).code === "protected") askToServe(assignment, account, span);
    else tell(phrase("account.not-served", { name: nameOf(account) }), thrown, assignment.session, () => serve(assignment, account, span));
  }
}

export async function stopServing(assignment: Assignment): Promise<void> {
  await attempt(() => host().stopServing(assignment), phrase("account.served-no-more", { name: called(assignment) }), phrase("account.still-served", { name: called(assignment) }), assignment.session);
}

export async function copyVariables(assignment: Assignment): Promise<void> {
  const done: Phrase = phrase("account.variables-copied", { name: called(assignment) });
  await attempt(() => host().copyServed(assignment), done, phrase("account.variables-not-copied"), assignment.session);
}

/** The account of an assignment, by name where one is known. */
export function called({ session, account_id }: Assignment): { name: string } {
  const account = list.account(session, account_id);
  return account === undefined ? { name: account_id } : nameOf(account);
}

/** Those that hand nothing out stand first. */
export function ordered(served: readonly Served[]): Served[] {
  return [...served].sort((one, other) => Number(other.failure !== null) - Number(one.failure !== null) || one.until - other.until);
}
