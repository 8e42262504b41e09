// What a session's pass says and shows: pure, from the session and the time.
import type { Millis, Session } from "../host/wire.gen";
import { clockOrDay, left, type Place } from "../shared/time";

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

/** The face of a session's pass. */
export function face(session: Session, now: Millis, place: Place = {}): PassFace {
  const signedIn = isSignedIn(session);
  return {
    status: status(session, now),
    attention: session.state === "fading",
    end: signedIn ? ending(session, now, place) : ended(session, now, place),
    shortEnd: signedIn ? shortEnding(session, now, place) : ended(session, now, place),
    line: signedIn ? dayLine(session, now) : noDay(session),
  };
}

/** A day that is over, or one that never began. */
function noDay(session: Session): DayLine {
  const begun = session.signed_in_at !== null;
  return { kind: begun ? "over" : "unknown", sun: null, end: begun ? "bar" : "none" };
}

function status(session: Session, now: Millis): string | null {
  if (isSigningIn(session)) return "Signing in…";
  if (!isSignedIn(session)) return null;
  if (!session.online) return "Signed in, cannot renew now";
  if (session.state === "fading") return "Ends soon";
  if (isPastEstimate(session, now)) return "Still signed in";
  return session.renewable ? "Renews automatically" : "No renewal";
}

function isPastEstimate(session: Session, now: Millis): boolean {
  return session.ends_at !== null && session.ends_at_is_estimate && session.ends_at <= now;
}

function ending(session: Session, now: Millis, place: Place): string {
  if (session.ends_at === null) return "ends at your organisation's limit";
  const at = clockOrDay(session.ends_at, now, place);
  if (!session.ends_at_is_estimate) return `ends ${preposition(at)}${at}`;
  return isPastEstimate(session, now) ? `usually ended around ${at}` : `usually ends around ${at}`;
}

function shortEnding(session: Session, now: Millis, place: Place): string {
  if (session.ends_at === null) return "end unknown";
  const at = clockOrDay(session.ends_at, now, place);
  return session.ends_at_is_estimate ? `around ${at}` : `${preposition(at)}${at}`;
}

function ended(session: Session, now: Millis, place: Place): string {
  if (session.signed_in_at === null && session.state !== "lapsed") return "not signed in";
  if (session.ends_at === null || session.ends_at > now) return session.state === "lapsed" ? "has ended" : "signed out";
  const at = clockOrDay(session.ends_at, now, place);
  return `ended ${preposition(at)}${at}`;
}

/** "at 17:40", but "tomorrow at 17:40". */
function preposition(at: string): string {
  return at.includes(" at ") ? "" : "at ";
}

function dayLine(session: Session, now: Millis): DayLine {
  const { signed_in_at: start, ends_at: end } = session;
  if (start === null || end === null) return { kind: "unknown", sun: null, end: "none" };
  const sun = Math.min(1, Math.max(0, (now - start) / Math.max(1, end - start)));
  return { kind: session.state === "fading" ? "ending" : "going", sun, end: session.ends_at_is_estimate ? "ring" : "bar" };
}

/** Spoken once at these points: 15 minutes, 5 minutes, the end. */
export function announcement(session: Session, now: Millis, place: Place = {}): string {
  if (session.state === "lapsed") return `${session.name} has ended`;
  if (!isSignedIn(session) || session.ends_at === null) return "";
  const minutes = (session.ends_at - now) / 60_000;
  if (minutes <= 0 || minutes > 15) return "";
  return `${session.name} ${ending(session, now, place)}, in less than ${minutes <= 5 ? 5 : 15} minutes`;
}

/** The sign-in's own clock, in one line. */
export function signInClock(session: Session, now: Millis, place: Place = {}): string {
  if (session.signed_in_at === null) return "Not signed in";
  const since = `Since ${clockOrDay(session.signed_in_at, now, place)}`;
  if (!isSignedIn(session)) return `${since} · ${ended(session, now, place)}`;
  if (session.ends_at === null) return `${since} · ends when your organisation's limit is reached`;
  const soon = session.state === "fading" && session.ends_at > now;
  if (soon) return `${since} · ${session.ends_at_is_estimate ? "about " : ""}${left(session.ends_at, now)}`;
  return `${since} · ${ending(session, now, place)}`;
}

/** The access token's clock, in one line. Core renews in time; the page only says so. */
export function tokenClock(session: Session, now: Millis, place: Place = {}): string {
  const until = session.access_token_expires_at;
  if (!isSignedIn(session) || until === null) return "None";
  const at = clockOrDay(until, now, place);
  if (session.state === "fading") return `Valid until ${at}, if the sign-in lasts`;
  if (!session.online) return `Valid until ${at} · renewed once there is a connection`;
  return session.renewable ? `Renews by itself · this one until ${at}` : `Valid until ${at}, not renewed`;
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
