// Sign-ins that are under way when the panel comes into view: which one is shown by itself.
import type { Millis, Session } from "../host/wire.gen";
import { isSigningIn } from "./status";

/** Those that the user turned away from, by when they began; they are not brought up again. */
const left = new Map<string, Millis | null>();

/** The user turns away from a sign-in that goes on. */
export function turnAway(session: Session): void {
  left.set(session.name, beganAt(session));
}

/** The one to show: a code first, since only the user can type it, then the latest. */
export function toShow(sessions: readonly Session[]): Session | null {
  for (const session of sessions) if (!isSigningIn(session)) left.delete(session.name);
  const waiting = sessions.filter((session) => isSigningIn(session) && !wasLeft(session));
  const [first] = [...waiting].sort((a, b) => byCode(b) - byCode(a) || (beganAt(b) ?? 0) - (beganAt(a) ?? 0));
  return first ?? null;
}

function wasLeft(session: Session): boolean {
  const before = left.get(session.name);
  if (before === undefined) return false;
  const now = beganAt(session);
  return before === null || now === null || before === now;
}

function beganAt({ sign_in: step }: Session): Millis | null {
  return step !== null && "started_at" in step ? step.started_at : null;
}

function byCode(session: Session): number {
  return session.sign_in?.step === "device" ? 1 : 0;
}
