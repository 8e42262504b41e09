// The user's own terminal, with the credentials of a row in its shell. What is protected asks first.
import { failureOf, host } from "../host";
import type { Account } from "../host/accounts";
import type { Assignment } from "../host/wire.gen";
import { phrase } from "../language/language.svelte";
import { toasts } from "../state/toasts.svelte";
import { isProtected, tell } from "./acts.svelte";
import { nameOf } from "./called";
import { guard } from "./guard.svelte";
import { list } from "./list.svelte";

/** Opens a terminal for an assignment; what is protected asks first. */
export function openTerminal(assignment: Assignment, account: Account): void {
  if (isProtected(assignment, account)) ask(assignment, account);
  else void open(assignment, account, false);
}

function ask(assignment: Assignment, account: Account): void {
  guard.ask({
    what: "terminal",
    assignment,
    go: () => void open(assignment, account, true),
    instead: (role) => openTerminal({ ...assignment, role }, account),
  });
}

async function open(assignment: Assignment, account: Account, consent: boolean): Promise<void> {
  list.ownAct();
  try {
    await host().openTerminal(assignment, consent);
    toasts.done(phrase("account.terminal-opened", { name: nameOf(account) }));
  } catch (thrown) {
    if (!consent && failureOf(thrown).code === "protected") ask(assignment, account);
    else tell(phrase("account.terminal-not-opened", { name: nameOf(account) }), thrown, assignment.session, () => openTerminal(assignment, account));
  }
}
