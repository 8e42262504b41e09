// What keeps sessions from being looked after: the same trouble of several sessions is told once. Pure.
import type { Failure, Millis, Session } from "../host/wire.gen";
import { m } from "../language/language.svelte";
import { remaining } from "../shared/time";
import { isOffline } from "./status";

/** Sessions that share a trouble; their sign-ins are kept. */
export type Trouble = { failure: Failure; sessions: readonly Session[]; retryAt: Millis | null };

const OFFLINE: Failure = { code: "offline", message: "", hint: "" };

/** Every trouble that stands, the one of the first session first. */
export function troubles(sessions: readonly Session[]): Trouble[] {
  const found = new Map<string, Trouble>();
  for (const session of sessions) {
    const failure = troubleOf(session);
    if (failure === null) continue;
    const before = found.get(failure.code);
    const retryAt = earliest(before?.retryAt ?? null, session.retry_at);
    found.set(failure.code, { failure: before?.failure ?? failure, sessions: [...(before?.sessions ?? []), session], retryAt });
  }
  return [...found.values()];
}

/** What is in the way of one session. A sign-in that has ended has nothing to be kept; its end says so. */
export function troubleOf(session: Session): Failure | null {
  if (session.state === "lapsed" || session.sign_in !== null) return null;
  return session.trouble ?? (isOffline(session) ? OFFLINE : null);
}

function earliest(one: Millis | null, other: Millis | null): Millis | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

/** "next try in 40 s"; null where nobody knows. */
export function nextTry(retryAt: Millis | null, now: Millis): string | null {
  if (retryAt === null) return null;
  const left = retryAt - now;
  if (left < 1000) return m("session.trying-now");
  return m("session.next-try", { span: remaining(left) });
}

/** How far this computer's clock is from the portals', as a sentence; null where it is right. */
export function clockAside(sessions: readonly Session[]): string | null {
  const most = sessions.reduce((most, { clock_ahead_seconds: ahead }) => (Math.abs(ahead ?? 0) > Math.abs(most) ? (ahead ?? 0) : most), 0);
  if (most === 0) return null;
  return aside(Math.abs(most), most > 0 ? "behind" : "ahead");
}

/** By minutes, hours or days: no more exact than it matters. */
function aside(seconds: number, where: "behind" | "ahead"): string {
  const [hours, days] = [Math.round(seconds / 3600), Math.round(seconds / 86_400)];
  if (seconds < 5400) return m(`session.clock-${where}-minutes`, { count: Math.max(1, Math.round(seconds / 60)) });
  return hours < 48 ? m(`session.clock-${where}-hours`, { count: hours }) : m(`session.clock-${where}-days`, { count: days });
}
