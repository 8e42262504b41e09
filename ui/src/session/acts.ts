// What a user does with a session; what goes wrong becomes a message with one way on.
import { failureOf, host } from "../host";
import type { Flow, Millis, Session } from "../host/wire.gen";
import { mirror } from "../state/snapshot.svelte";
import { where } from "../state/page.svelte";
import { toasts } from "../state/toasts.svelte";
import { offer } from "../words";

/** Starts a sign-in and goes to its page, which asks the host and follows the steps. */
export function goToSignIn(session: string): void {
  where.go({ kind: "sign-in", session });
}

/** Asks for a sign-in. Rejects with the failure. */
export async function startSignIn(session: string, flow: Flow): Promise<void> {
  await host().signIn(session, flow);
}

export async function cancelSignIn(session: string): Promise<void> {
  await attempt(() => host().cancelSignIn(session), session, " is still being signed in. ", null);
}

export async function signOut(session: string): Promise<void> {
  await attempt(() => host().signOut(session), session, " was not signed out. ", `Signed out of `);
}

export async function removeSession(session: string): Promise<void> {
  await attempt(() => host().removeSession(session), session, " was not removed. ", "Removed ");
}

/** Reads the accounts of every session that is signed in. */
export async function readAll(sessions: readonly Session[]): Promise<void> {
  await Promise.all(sessions.map((session) => read(session.name)));
}

export async function read(session: string): Promise<void> {
  await attempt(() => host().readAccounts(session), session, " was not read. ", null);
}

export async function stopReading(session: string): Promise<void> {
  await attempt(() => host().stopReading(session), session, " is still being read. ", null);
}

/** Puts something of a sign-in on the clipboard and says so. */
export async function copied(what: string, copy: () => Promise<void>): Promise<void> {
  try {
    await copy();
    toasts.done([`${what} copied`]);
  } catch (thrown) {
    const { words } = offer(failureOf(thrown), {});
    toasts.failed([`${what} not copied. ${words.title}.`]);
  }
}

/** Puts the notices of these sessions off, until there is more to say. */
export async function snooze(sessions: readonly string[]): Promise<void> {
  await Promise.all(sessions.map((session) => attempt(() => host().snooze(session), session, " is still told of. ", null)));
}

/** Says how long sign-ins last, in seconds; 0: as learned. */
export async function setLength(session: string, seconds: number): Promise<void> {
  await attempt(() => host().changeSession(session, { storage: null, length_seconds: seconds }), session, " keeps its length. ", null);
}

/** No notifications until then; null: they are shown again. */
export async function mute(until: Millis | null): Promise<void> {
  try {
    await host().mute(until);
    toasts.done([until === null ? "Notifications are shown again" : "No notifications for now; this panel still tells"]);
  } catch (thrown) {
    const { words, act } = offer(failureOf(thrown), { try_again: () => void mute(until) });
    toasts.failed([`Nothing was changed. ${words.title}.`], act);
  }
}

/** The user has seen who is signed in. */
export async function takeNoteOfUser(session: string): Promise<void> {
  await attempt(() => host().takeNoteOfUser(session), session, " was not noted. ", null);
}

async function attempt(act: () => Promise<void>, session: string, not: string, done: string | null): Promise<void> {
  try {
    await act();
    if (done !== null) toasts.done([done, { name: session }]);
  } catch (thrown) {
    const ways = {
      try_again: () => void attempt(act, session, not, done),
      ...(mirror.session(session) === undefined ? {} : { sign_in: () => goToSignIn(session) }),
    };
    const { words, act: way } = offer(failureOf(thrown), ways);
    toasts.failed([{ name: session }, not, `${words.title}.`], way);
  }
}

/** Opens the page of a sign-in in the browser, because the user asked for it. */
export async function openPage(session: string): Promise<void> {
  try {
    await host().openSignInPage(session);
  } catch (thrown) {
    const ways = { copy_link: () => void copied("Link", () => host().copySignInLink(session)) };
    const { words, act } = offer(failureOf(thrown), ways);
    toasts.failed([`${words.title}. ${words.text}`], act);
  }
}
