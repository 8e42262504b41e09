// What the two menus offer: for one row, and for everything else.
import { host } from "../host";
import { copyConsoleLink, copyId, copyPortalLink, goToProfile, movePin, openConsole, pin, usualAct } from "../account/acts.svelte";
import { actLabel } from "../account/called";
import { moving, shortcut } from "../account/keys";
import { list } from "../account/list.svelte";
import { checkAccess, hide, protect } from "../account/looks";
import { assignmentOf, type ChosenRow, roleOf } from "../account/rows";
import { openTerminal } from "../account/terminal";
import type { Account, Role } from "../host/accounts";
import type { Assignment, Session } from "../host/wire.gen";
import { m } from "../language/language.svelte";
import { goToSignIn, mute, signOut } from "../session/acts";
import { isOffline, isSignedIn } from "../session/status";
import type { Command } from "../shared/Commands.svelte";
import { visible } from "../shared/names";
import { nextMorning } from "../shared/time";
import { login } from "../state/login.svelte";
import { now } from "../state/now.svelte";
import { where } from "../state/page.svelte";
import { mirror } from "../state/snapshot.svelte";

/** What a small window asks: about a session, or about a row. */
export type Asked =
  | { kind: "remove" | "rename" | "storage"; session: string }
  | { kind: "place" | "serve" | "keys"; session: string; account: string; role: string }
  | { kind: "label" | "alias" | "browser"; session: string; account: string; role: string | null };

type Ask = (asked: Asked) => void;

/** What can be done with one row, in the order open, copy, keep. */
export function rowCommands(row: ChosenRow, ask: Ask): Command[] {
  const { account } = row;
  const [assignment, role] = [assignmentOf(row), roleOf(row)];
  const session = mirror.session(account.session);
  const offline = session !== undefined && isOffline(session) ? { reason: m("views.needs-connection") } : {};
  const fold: Command[] = row.kind === "account" ? [foldCommand(row)] : [];
  const copy: Command = { id: "copy-id", group: "copy", icon: "copy", label: m("views.copy-id"), key: shortcut("I"), run: () => void copyId(account) };
  const check: Command = { id: "check-access", group: "open", icon: "again", label: m("shared.check-access"), ...offline, run: () => void checkAccess([account.session], account) };
  const opening = assignment === null || role === null ? [] : openCommands(assignment, account, role, offline, ask);
  const links = assignment === null || role === null ? [] : linkCommands(assignment, account, role, offline, ask);
  const keeping = assignment === null || role === null ? [] : keepCommands(assignment, account, role);
  return [...opening, ...fold, check, copy, ...links, ...keeping, ...lookCommands(account, subjectRole(row), ask), ...(assignment === null ? [browserCommand(account, ask)] : [])];
}

function openCommands(assignment: Assignment, account: Account, role: Role, offline: { reason?: string }, ask: Ask): Command[] {
  const key = usualAct(assignment) === "console" ? "↵" : shortcut("↵");
  const { session, account_id } = assignment;
  return [
    { id: "open-console", group: "open", icon: "open", label: actLabel(m("shared.open-console"), role.protected), key, ...offline, run: () => openConsole(assignment, account) },
    { id: "open-at", group: "open", icon: "open", label: m("views.open-at"), key: shortcut("O"), ...offline, run: () => ask({ kind: "place", session, account: account_id, role: role.name }) },
    { id: "open-in", group: "open", icon: "open", label: m("views.open-in"), key: shortcut("B"), run: () => ask({ kind: "browser", session, account: account_id, role: role.name }) },
    { id: "open-terminal", group: "open", icon: "prompt", label: actLabel(m("views.open-terminal"), role.protected), ...offline, run: () => openTerminal(assignment, account) },
    { id: "open-by-portal", group: "open", icon: "open", label: actLabel(m("views.open-by-portal"), role.protected), ...offline, run: () => openConsole(assignment, account, undefined, { browser: null, via: "portal" }) },
  ];
}

function linkCommands(assignment: Assignment, account: Account, role: Role, offline: { reason?: string }, ask: Ask): Command[] {
  return [
    { id: "copy-portal-link", group: "copy", icon: "copy", label: m("views.copy-portal-link"), key: shortcut("L"), run: () => void copyPortalLink(assignment, account) },
    { id: "copy-keys", group: "copy", icon: "key", label: m("views.copy-keys"), ...offline, run: () => ask({ kind: "keys", session: account.session, account: account.id, role: role.name }) },
    { id: "serve", group: "copy", icon: "key", label: m("views.serve"), ...offline, run: () => ask({ kind: "serve", session: account.session, account: account.id, role: role.name }) },
    { id: "copy-console-link", group: "copy", icon: "copy", label: actLabel(m("views.copy-console-link"), role.protected), ...offline, run: () => copyConsoleLink(assignment, account) },
  ];
}

/** An account row speaks of the account, every other one of its permission set. */
function subjectRole(row: ChosenRow): Role | null {
  return row.kind === "account" || row.kind === "note" ? null : row.role;
}

function keepCommands(assignment: Assignment, account: Account, role: Role): Command[] {
  const key = usualAct(assignment) === "console" ? shortcut("↵") : "↵";
  const profile: Command = { id: "write-profile", group: "keep", icon: "file", label: m("views.add-profile"), key, run: () => goToProfile(assignment) };
  const pinning: Command = { id: "pin", group: "keep", icon: "pin", label: role.pinned ? m("shared.unpin") : m("views.pin"), key: shortcut("D"), run: () => void pin(assignment, account, !role.pinned) };
  return [profile, pinning, ...(role.pinned ? moveCommands(assignment, account) : [])];
}

function moveCommands(assignment: Assignment, account: Account): Command[] {
  return [
    { id: "pin-up", group: "keep", icon: "up", label: m("views.pin-up"), key: moving("↑"), run: () => void movePin(assignment, account, -1) },
    { id: "pin-down", group: "keep", icon: "lower", label: m("views.pin-down"), key: moving("↓"), run: () => void movePin(assignment, account, 1) },
  ];
}

function lookCommands(account: Account, role: Role | null, ask: Ask): Command[] {
  const { protected: guarded, hidden } = role ?? account;
  const about = { session: account.session, account: account.id, role: role?.name ?? null };
  return [
    { id: "label", group: "look", icon: "tag", label: m("views.label"), run: () => ask({ kind: "label", ...about }) },
    { id: "alias", group: "look", icon: "edit", label: account.alias === null ? m("views.give-name") : m("views.change-name"), run: () => ask({ kind: "alias", ...about }) },
    { id: "protect", group: "look", icon: "shield", label: guarded ? m("views.stop-protecting") : m("views.protect"), run: () => void protect(account, role, !guarded) },
    { id: "hide", group: "look", icon: hidden ? "eye" : "veiled", label: hidden ? m("views.show-again") : m("shared.hide"), run: () => void hide(account, role, !hidden) },
  ];
}

/** An account with several permission sets opens none by itself, but can say in which browser. */
function browserCommand(account: Account, ask: Ask): Command {
  return { id: "browser", group: "look", icon: "open", label: m("views.browser"), run: () => ask({ kind: "browser", session: account.session, account: account.id, role: null }) };
}

function foldCommand(row: Extract<ChosenRow, { kind: "account" }>): Command {
  const label = row.open ? m("views.fold-sets") : m("views.show-sets");
  return { id: "fold", group: "open", icon: row.open ? "down" : "right", label, key: row.open ? "←" : "→", run: () => list.toggle(row) };
}

/** Everything that is not about a row. */
export function menuCommands(ask: Ask): Command[] {
  return [
    { id: "settings", group: "settings", icon: "sliders", label: m("views.settings"), key: shortcut(","), run: () => where.go({ kind: "settings" }) },
    { id: "add-portal", group: "add", icon: "plus", label: m("views.add-portal"), run: () => where.go({ kind: "add" }) },
    { id: "import", group: "add", icon: "file", label: m("views.import"), run: () => where.go({ kind: "import" }) },
    { id: "looks", group: "add", icon: "tag", label: m("shared.labels-and-protection"), run: () => where.go({ kind: "looks" }) },
    { id: "sync", group: "add", icon: "file", label: m("views.sync"), run: () => where.go({ kind: "sync" }) },
    { id: "doctor", group: "add", icon: "check", label: m("views.doctor"), run: () => where.go({ kind: "doctor" }) },
    ...mirror.sessions.flatMap((session): Command[] => sessionCommands(session, ask)),
    ...muteCommands(),
    { id: "login", group: "login", icon: "enter", label: m("views.login"), checked: login.on === true, run: () => void login.set(login.on !== true) },
    { id: "quit", group: "login", icon: "leave", label: m("views.quit"), run: () => void host().quit() },
  ];
}

/** Everything that can be done with one session. */
export function sessionCommands(session: Session, ask: Ask): Command[] {
  const { name } = session;
  const shown = visible(name);
  const signedIn = isSignedIn(session);
  const out: Command = { id: `sign-out-${name}`, group: name, icon: "leave", label: m("views.sign-out-of", { session: shown }), run: () => void signOut(name) };
  return [
    { id: `sign-in-${name}`, group: name, icon: "enter", label: signedIn ? m("views.sign-in-again-to", { session: shown }) : m("views.sign-in-to", { session: shown }), run: () => goToSignIn(name) },
    ...(signedIn ? [out] : []),
    { id: `rename-${name}`, group: name, icon: "edit", label: m("views.rename", { session: shown }), run: () => ask({ kind: "rename", session: name }) },
    { id: `storage-${name}`, group: name, icon: "box", label: m("views.storage", { session: shown }), run: () => ask({ kind: "storage", session: name }) },
    { id: `remove-${name}`, group: name, icon: "bin", label: m("views.remove", { session: shown }), run: () => ask({ kind: "remove", session: name }) },
  ];
}

/** Silence for a while, or its end. */
function muteCommands(): Command[] {
  const command = (id: string, label: string, until: () => number | null): Command => ({ id, group: "mute", icon: id === "mute-off" ? "bell" : "silent", label, run: () => void mute(until()) });
  return [
    command("mute-hour", m("views.mute-hour"), () => now.ms + 3_600_000),
    command("mute-tomorrow", m("views.mute-tomorrow"), () => nextMorning(now.ms)),
    ...(mirror.mutedUntil === null ? [] : [command("mute-off", m("views.mute-off"), () => null)]),
  ];
}
