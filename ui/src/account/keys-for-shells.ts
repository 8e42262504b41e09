// Credentials on the clipboard, in the form of a shell. What is protected asks first.
import { failureOf, host } from "../host";
import type { Account } from "../host/accounts";
import type { Assignment, Shell } from "../host/wire.gen";
import { phrase } from "../language/language.svelte";
import { clockOrDay } from "../shared/time";
import { now } from "../state/now.svelte";
import { toasts } from "../state/toasts.svelte";
import { isProtected, tell } from "./acts.svelte";
import { nameOf } from "./called";
import { guard } from "./guard.svelte";
import { list } from "./list.svelte";

const SHELLS: readonly Shell[] = ["posix", "fish", "powershell", "cmd", "env_file"];

/** The form that was chosen last, or that of the system. */
export function usualShell(last: string | null, platform: string): Shell {
  const known = SHELLS.find((shell) => shell === last);
  return known ?? (platform.startsWith("Win") ? "powershell" : "posix");
}

/** Copies the credentials of an assignment. */
export function copyKeys(assignment: Assignment, account: Account, shell: Shell): void {
  if (isProtected(assignment, account)) askToCopy(assignment, account, shell);
  else void copy(assignment, account, shell, false);
}

function askToCopy(assignment: Assignment, account: Account, shell: Shell): void {
  guard.ask({
    what: "keys",
    assignment,
    go: () => void copy(assignment, account, shell, true),
    instead: (role) => copyKeys({ ...assignment, role }, account, shell),
  });
}

async function copy(assignment: Assignment, account: Account, shell: Shell, consent: boolean): Promise<void> {
  list.ownAct();
  try {
    const ends = await host().copyCredentials(assignment, shell, consent);
    toasts.done(phrase("account.keys-copied", { name: nameOf(account), when: clockOrDay(ends, now.ms) }));
  } catch (thrown) {
    if (!consent && failureOf(thrown).code === "protected") askToCopy(assignment, account, shell);
    else tell(phrase("account.keys-not-copied", { name: nameOf(account) }), thrown, assignment.session, () => copyKeys(assignment, account, shell));
  }
}
