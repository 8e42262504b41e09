// What the two menus offer: for one row, and for everything else.
import { copyId, goToProfile, openConsole, pin, usualAct } from "../account/acts.svelte";
import { shortcut } from "../account/keys";
import { list } from "../account/list.svelte";
import { assignmentOf, type ChosenRow } from "../account/rows";
import { goToSignIn, signOut } from "../session/acts";
import { isOffline, isSignedIn } from "../session/status";
import type { Command } from "../shared/Commands.svelte";
import { visible } from "../shared/names";
import { preferences, type Theme } from "../state/preferences.svelte";
import { where } from "../state/page.svelte";
import { mirror } from "../state/snapshot.svelte";

/** What can be done with one row, in the order open, copy, keep. */
export function rowCommands(row: ChosenRow): Command[] {
  const { account } = row;
  const copy: Command = { id: "copy-id", group: "copy", icon: "copy", label: "Copy account ID", key: shortcut("I"), run: () => void copyId(account) };
  const assignment = assignmentOf(row);
  const fold: Command[] = row.kind === "account" ? [foldCommand(row)] : [];
  if (assignment === null) return [...fold, copy];
  const session = mirror.session(assignment.session);
  const offline = session !== undefined && isOffline(session) ? { reason: "Needs a connection" } : {};
  const [consoleKey, profileKey] = usualAct(assignment) === "console" ? ["↵", shortcut("↵")] : [shortcut("↵"), "↵"];
  const pinned = account.roles.find((role) => role.name === assignment.role)?.pinned ?? false;
  return [
    { id: "open-console", group: "open", icon: "open", label: "Open console", key: consoleKey, ...offline, run: () => void openConsole(assignment, account) },
    ...fold,
    copy,
    { id: "write-profile", group: "keep", icon: "file", label: "Add CLI profile…", key: profileKey, run: () => goToProfile(assignment) },
    { id: "pin", group: "keep", icon: "pin", label: pinned ? "Unpin" : "Pin", key: shortcut("D"), run: () => void pin(assignment, account, !pinned) },
  ];
}

function foldCommand(row: Extract<ChosenRow, { kind: "account" }>): Command {
  const label = row.open ? "Fold permission sets" : "Show permission sets";
  return { id: "fold", group: "open", icon: row.open ? "down" : "right", label, key: row.open ? "←" : "→", run: () => list.toggle(row) };
}

/** Everything that is not about a row. */
export function menuCommands(remove: (session: string) => void): Command[] {
  return [
    { id: "add-portal", group: "add", icon: "plus", label: "Add access portal…", run: () => where.go({ kind: "add" }) },
    ...mirror.sessions.flatMap((session): Command[] => sessionCommands(session.name, isSignedIn(session), remove)),
    ...THEMES.map(({ theme, label }): Command => ({
      id: `theme-${theme}`,
      group: "theme",
      icon: "theme",
      label,
      checked: preferences.theme === theme,
      run: () => preferences.chooseTheme(theme),
    })),
  ];
}

const THEMES: readonly { theme: Theme; label: string }[] = [
  { theme: "system", label: "Theme: as the system" },
  { theme: "light", label: "Theme: light" },
  { theme: "dark", label: "Theme: dark" },
];

function sessionCommands(session: string, signedIn: boolean, remove: (session: string) => void): Command[] {
  const name = visible(session);
  const out: Command = { id: `sign-out-${session}`, group: session, icon: "leave", label: `Sign out of ${name}`, run: () => void signOut(session) };
  return [
    { id: `sign-in-${session}`, group: session, icon: "enter", label: signedIn ? `Sign in to ${name} again` : `Sign in to ${name}`, run: () => goToSignIn(session) },
    ...(signedIn ? [out] : []),
    { id: `remove-${session}`, group: session, icon: "bin", label: `Remove ${name}…`, run: () => remove(session) },
  ];
}
