// What the two menus offer: for one row, and for everything else.
import { copyId, goToProfile, openConsole, pin, usualAct } from "../account/acts.svelte";
import { shortcut } from "../account/keys";
import { list } from "../account/list.svelte";
import { assignmentOf, type ChosenRow } from "../account/rows";
import type { Session } from "../host/wire.gen";
import { goToSignIn, mute, signOut } from "../session/acts";
import { isOffline, isSignedIn } from "../session/status";
import type { Command } from "../shared/Commands.svelte";
import { visible } from "../shared/names";
import { nextMorning } from "../shared/time";
import { now } from "../state/now.svelte";
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

/** What a small window asks about a session. */
export type Asked = { kind: "remove" | "rename" | "storage"; session: string };

/** Everything that is not about a row. */
export function menuCommands(ask: (asked: Asked) => void): Command[] {
  return [
    { id: "add-portal", group: "add", icon: "plus", label: "Add access portal…", run: () => where.go({ kind: "add" }) },
    { id: "import", group: "add", icon: "file", label: "Add sessions from your AWS config…", run: () => where.go({ kind: "import" }) },
    ...mirror.sessions.flatMap((session): Command[] => sessionCommands(session, ask)),
    ...muteCommands(),
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

/** Everything that can be done with one session. */
export function sessionCommands(session: Session, ask: (asked: Asked) => void): Command[] {
  const { name } = session;
  const shown = visible(name);
  const signedIn = isSignedIn(session);
  const out: Command = { id: `sign-out-${name}`, group: name, icon: "leave", label: `Sign out of ${shown}`, run: () => void signOut(name) };
  return [
    { id: `sign-in-${name}`, group: name, icon: "enter", label: signedIn ? `Sign in to ${shown} again` : `Sign in to ${shown}`, run: () => goToSignIn(name) },
    ...(signedIn ? [out] : []),
    { id: `rename-${name}`, group: name, icon: "edit", label: `Rename ${shown}…`, run: () => ask({ kind: "rename", session: name }) },
    { id: `storage-${name}`, group: name, icon: "box", label: `Where the tokens of ${shown} rest…`, run: () => ask({ kind: "storage", session: name }) },
    { id: `remove-${name}`, group: name, icon: "bin", label: `Remove ${shown}…`, run: () => ask({ kind: "remove", session: name }) },
  ];
}

/** Silence for a while, or its end. */
function muteCommands(): Command[] {
  const command = (id: string, label: string, until: () => number | null): Command => ({ id, group: "mute", icon: id === "mute-off" ? "bell" : "silent", label, run: () => void mute(until()) });
  return [
    command("mute-hour", "Mute notifications for 1 hour", () => now.ms + 3_600_000),
    command("mute-tomorrow", "Mute notifications until tomorrow", () => nextMorning(now.ms)),
    ...(mirror.mutedUntil === null ? [] : [command("mute-off", "Show notifications again", () => null)]),
  ];
}
