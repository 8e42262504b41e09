// What a user does with a session; what goes wrong becomes a message with one way on.
import { failureOf, host, SAME } from "../host";
import type { Flow, Millis, Session, SessionChange } from "../host/wire.gen";
import { type KeyWith, m, phrase } from "../language/language.svelte";
import { mirror } from "../state/snapshot.svelte";
import { where } from "../state/page.svelte";
import { toasts } from "../state/toasts.svelte";
import { offer } from "../words";

/** What is said of one session. */
type AboutSession = KeyWith<"session">;

/** Starts a sign-in and goes to its page, which asks the host and follows the steps. */
export function goToSignIn(session: string): void {
  where.go({ kind: "sign-in", session });
}

/** Asks for a sign-in. Rejects with the failure. */
export async function startSignIn(session: string, flow: Flow): Promise<void> {
  await host().signIn(session, flow);
}

export async function cancelSignIn(session: string): Promise<void> {
  await attempt(() => host().cancelSignIn(session), session, "session.not-cancelled", null);
}

export async function signOut(session: string): Promise<void> {
  await attempt(() => host().signOut(session), session, "session.not-signed-out", "session.signed-out-of");
}

export async function removeSession(session: string): Promise<void> {
  await attempt(() => host().removeSession(session), session, "session.not-removed", "session.removed");
}

/** Reads the accounts of every session that is signed in. */
export async function readAll(sessions: readonly Session[]): Promise<void> {
  await Promise.all(sessions.map((session) => read(session.name)));
}

export async function read(session: string): Promise<void> {
  await attempt(() => host().readAccounts(session), session, "session.not-read", null);
}

export async function stopReading(session: string): Promise<void> {
  await attempt(() => host().stopReading(session), session, "session.not-stopped", null);
}

/** Puts something of a sign-in on the clipboard and says so. */
export async function copied(what: string, copy: () => Promise<void>): Promise<void> {
  try {
    await copy();
    toasts.done([m("session.copied", { what })]);
  } catch (thrown) {
    const { words } = offer(failureOf(thrown), {});
    toasts.failed([m("session.not-copied", { what, why: words.title })]);
  }
}

/** Puts the notices of these sessions off, until there is more to say. */
export async function snooze(sessions: readonly string[]): Promise<void> {
  await Promise.all(sessions.map((session) => attempt(() => host().snooze(session), session, "session.not-snoozed", null)));
}

/** Says how long sign-ins last, in seconds; 0: as learned. */
export async function setLength(session: string, seconds: number): Promise<void> {
  await attempt(() => host().changeSession(session, { ...SAME, length_seconds: seconds }), session, "session.length-kept", null);
}

/** Says in which browsers its pages open; what is not said stays. */
export async function setBrowsers(session: string, change: Pick<Partial<SessionChange>, "sign_in_browser" | "console_browser">): Promise<void> {
  await attempt(() => host().changeSession(session, { ...SAME, ...change }), session, "session.browser-kept", null);
}

/** No notifications until then; null: they are shown again. */
export async function mute(until: Millis | null): Promise<void> {
  try {
    await host().mute(until);
    toasts.done([until === null ? m("session.notifications-again") : m("session.no-notifications")]);
  } catch (thrown) {
    const { words, act } = offer(failureOf(thrown), { try_again: () => void mute(until) });
    toasts.failed([m("session.nothing-changed", { why: words.title })], act);
  }
}

/** The user has seen who is signed in. */
export async function takeNoteOfUser(session: string): Promise<void> {
  await attempt(() => host().takeNoteOfUser(session), session, "session.user-not-noted", null);
}

async function attempt(act: () => Promise<void>, session: string, not: AboutSession, done: AboutSession | null): Promise<void> {
  try {
    await act();
    if (done !== null) toasts.done(phrase(done, { session: { name: session } }));
  } catch (thrown) {
    const ways = {
      try_again: () => void attempt(act, session, not, done),
      ...(mirror.session(session) === undefined ? {} : { sign_in: () => goToSignIn(session) }),
    };
    const { words, act: way } = offer(failureOf(thrown), ways);
    toasts.failed([...phrase(not, { session: { name: session } }), ` ${words.title}.`], way);
  }
}

/** Opens the page of a sign-in in the browser, because the user asked for it. */
export async function openPage(session: string): Promise<void> {
  try {
    await host().openSignInPage(session);
  } catch (thrown) {
    const ways = { copy_link: () => void copied(m("shared.link"), () => host().copySignInLink(session)) };
    const { words, act } = offer(failureOf(thrown), ways);
    toasts.failed([`${words.title}. ${words.text}`], act);
  }
}
