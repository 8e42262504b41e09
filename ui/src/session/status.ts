// What a session's pass says and shows: pure, from the session and the time.
import type { Millis, Session } from "../host/wire.gen";
import { m } from "../language/language.svelte";
import { aroundClock, atClock, capital, clockOrDay, left, type Place } from "../shared/time";

/** How far along the day line now is, and how the line is drawn. */
export type DayLine = {
  kind: "going" | "unknown" | "ending" | "over";
  /** From 0 to 1; null where nobody knows the end. */
  sun: number | null;
  end: "ring" | "bar" | "none";
};
export type PassFace = {
  /** At the right of the name; null where a button stands there. */
  status: string | null;
  attention: boolean;
  end: string;
  /** For the narrow form. */
  shortEnd: string;
  line: DayLine;
};

/** Whether there is a usable sign-in. */
export function isSignedIn(session: Session): boolean {
  return session.state === "active" || session.state === "fading" || (session.state === "signing_in" && session.signed_in_at !== null);
}

/** Whether a sign-in is on its way. */
export function isSigningIn(session: Session): boolean {
  return session.sign_in !== null;
}

/** Whether the service cannot be reached while there is something to reach it for. */
export function isOffline(session: Session): boolean {
  return !session.online && isSignedIn(session);
}

/** Whether there may be a sign-in that just cannot be read now: this is not being signed out. */
export function isHidden(session: Session): boolean {
  return session.state === "signed_out" && session.trouble !== null;
}

/** Whether the sign-in is near its end, as far as anybody knows. */
export function endsSoon(session: Session): boolean {
  return isSignedIn(session) && (session.notice?.stage === "ends_soon" || session.notice?.stage === "ends_very_soon");
}

/** The face of a session's pass. */
export function face(session: Session, now: Millis, place: Place = {}): PassFace {
  const signedIn = isSignedIn(session);
  return {
    status: status(session, now),
    attention: endsSoon(session) && !isPastEstimate(session, now),
    end: signedIn ? endingOf(session, now, place) : endOf(session, now, place),
    shortEnd: signedIn ? shortEnding(session, now, place) : isHidden(session) ? m("session.kept-short") : endOf(session, now, place),
    line: signedIn ? dayLine(session, now) : noDay(session),
  };
}

/** A day that is over, or one that never began. */
function noDay(session: Session): DayLine {
  const begun = session.signed_in_at !== null;
  return { kind: begun ? "over" : "unknown", sun: null, end: begun ? "bar" : "none" };
}

function status(session: Session, now: Millis): string | null {
  if (isSigningIn(session)) return m("session.signing-in");
  if (isHidden(session)) return m("session.cannot-be-read");
  if (!isSignedIn(session)) return null;
  if (isPastEstimate(session, now)) return m("session.still-signed-in");
  if (endsSoon(session)) return m("session.ends-soon");
  if (!session.online || session.trouble !== null) return session.renewable ? m("session.cannot-renew") : m("session.signed-in");
  return session.renewable ? m("session.renews") : m("session.no-renewal");
}

function isPastEstimate(session: Session, now: Millis): boolean {
  return session.ends_at !== null && session.ends_at_is_estimate && session.ends_at <= now;
}

/** "usually ends around 17:40", "ends at 17:40" */
export function endingOf(session: Session, now: Millis, place: Place): string {
  if (session.ends_at === null) return m("session.ends-at-limit");
  if (!session.ends_at_is_estimate) return m("session.ends-when", { when: atClock(session.ends_at, now, place) });
  const when = aroundClock(session.ends_at, now, place);
  return isPastEstimate(session, now) ? m("session.usually-ended", { when }) : m("session.usually-ends", { when });
}

function shortEnding(session: Session, now: Millis, place: Place): string {
  if (session.ends_at === null) return m("session.end-unknown");
  return session.ends_at_is_estimate ? aroundClock(session.ends_at, now, place) : atClock(session.ends_at, now, place);
}

/** "ended at 16:40", "signed out" */
export function endOf(session: Session, now: Millis, place: Place): string {
  if (isHidden(session)) return session.storage === "keychain" ? m("session.kept-in-keychain") : m("session.kept-in-cache");
  if (session.signed_in_at === null && session.state !== "lapsed") return m("session.not-signed-in");
  if (session.ends_at === null || session.ends_at > now) return session.state === "lapsed" ? m("session.has-ended") : m("session.signed-out");
  return m("session.ended-when", { when: atClock(session.ends_at, now, place) });
}

function dayLine(session: Session, now: Millis): DayLine {
  const { signed_in_at: start, ends_at: end } = session;
  if (start === null || end === null) return { kind: "unknown", sun: null, end: "none" };
  const sun = Math.min(1, Math.max(0, (now - start) / Math.max(1, end - start)));
  return { kind: endsSoon(session) && end > now ? "ending" : "going", sun, end: session.ends_at_is_estimate ? "ring" : "bar" };
}

/** The sign-in's own clock, in one line. */
export function signInClock(session: Session, now: Millis, place: Place = {}): string {
  if (isHidden(session)) return m("session.kept-cannot-be-read");
  const end = signInEnd(session, now, place);
  return session.signed_in_at === null ? capital(end) : m("session.since-and", { since: clockOrDay(session.signed_in_at, now, place), end });
}

function signInEnd(session: Session, now: Millis, place: Place): string {
  if (!isSignedIn(session)) return endOf(session, now, place);
  if (session.ends_at === null) return m("session.ends-when-reached");
  if (!endsSoon(session) || session.ends_at <= now) return endingOf(session, now, place);
  const rest = left(session.ends_at, now);
  return session.ends_at_is_estimate ? m("session.about", { left: rest }) : rest;
}

/** The access token's clock, in one line. What renews itself has no countdown: nobody has to mind it. */
export function tokenClock(session: Session, now: Millis, place: Place = {}): string {
  const until = session.access_token_expires_at;
  if (!isSignedIn(session) || until === null) return isHidden(session) ? m("session.kept-cannot-be-read") : m("session.token-none");
  const at = clockOrDay(until, now, place);
  if (!session.renewable) return m("session.token-not-renewed", { at });
  const stuck = session.trouble !== null || !session.online;
  if (!stuck) return endsSoon(session) ? m("session.renews-while") : m("session.renews");
  return until > now ? m("session.token-stuck", { at }) : m("session.token-waits");
}

/** What came of a sign-in that this page started. */
export type Outcome = "waiting" | "done" | "failed" | "gone";
/** The session as it was before the sign-in started. */
export type Before = { signedInAt: Millis | null; failure: string };

/** What to remember before a sign-in starts. */
export function before(session: Session | undefined): Before {
  return { signedInAt: session?.signed_in_at ?? null, failure: JSON.stringify(session?.failure ?? null) };
}

/** Judges by what changed, since quick steps may never be seen. */
export function outcome(was: Before, seen: boolean, session: Session | undefined): Outcome {
  if (session === undefined) return "gone";
  if (isSigningIn(session)) return "waiting";
  if (isSignedIn(session) && session.signed_in_at !== was.signedInAt) return "done";
  if (session.failure !== null && (seen || JSON.stringify(session.failure) !== was.failure)) {
    return session.failure.code === "sign_in_cancelled" ? "gone" : "failed";
  }
  return seen ? "gone" : "waiting";
}
