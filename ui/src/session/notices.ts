// What the panel says of sign-ins that end soon or have ended: which ones, in which order, in which words. Pure.
import type { Millis, Notice, Session } from "../host/wire.gen";
import { m } from "../language/language.svelte";
import { visible } from "../shared/names";
import { type Place, span } from "../shared/time";
import { endingOf, endOf } from "./status";

/** A session with what stands to be told of it. */
export type Told = { session: Session; notice: Notice };

const MINUTE = 60_000;
/** A guess that has passed by so long without an end was wrong: the pass says so, nobody is urged. */
const GUESS_WAS_WRONG = 5 * MINUTE;
/** An end this long ago is no news: the pass tells it. */
const LONG_OVER = 24 * 60 * MINUTE;
const ORDER: Record<Notice["stage"], number> = { ended: 0, ends_very_soon: 1, ends_soon: 2 };

/** What stands to be told now, the most urgent first. What the user put off is not among it. */
export function standing(sessions: readonly Session[], now: Millis): Told[] {
  const told = sessions.flatMap((session): Told[] => (session.notice === null ? [] : [{ session, notice: session.notice }]));
  return told.filter((each) => stands(each, now)).sort((a, b) => ORDER[a.notice.stage] - ORDER[b.notice.stage] || endOrNow(a, now) - endOrNow(b, now));
}

function endOrNow({ notice }: Told, now: Millis): Millis {
  return notice.ends_at ?? now;
}

function stands({ session, notice }: Told, now: Millis): boolean {
  if (notice.snoozed || session.sign_in !== null) return false;
  const since = now - (notice.ends_at ?? now);
  return since < (notice.stage === "ended" ? LONG_OVER : GUESS_WAS_WRONG);
}

/** "usually ends around 17:40", "ends at 17:40", "ended at 17:41", "has ended": what follows the name. */
export function whatOf({ session, notice }: Told, now: Millis, place: Place = {}): string {
  const of = { ...session, ends_at: notice.ends_at, ends_at_is_estimate: notice.is_estimate };
  return notice.stage === "ended" ? endOf(of, now, place) : endingOf(of, now, place);
}

/** "in 14 min"; null where there is nothing to count. */
export function until({ notice }: Told, now: Millis): string | null {
  if (notice.stage === "ended" || notice.ends_at === null) return null;
  return notice.ends_at <= now ? m("session.any-moment") : m("session.in-span", { span: span(notice.ends_at - now) });
}

/** Whether putting it off does anything: there is a later moment to be told again. */
export function canWait({ notice }: Told, now: Millis): boolean {
  return notice.stage === "ended" || notice.ends_at === null || notice.ends_at > now;
}

/** "2 sessions end soon", "1 session has ended, 2 end soon" */
export function summary(told: readonly Told[]): string {
  const over = told.filter(({ notice }) => notice.stage === "ended").length;
  const soon = told.length - over;
  if (over === 0) return m("session.end-soon", { count: soon });
  return soon === 0 ? m("session.have-ended", { count: over }) : m("session.ended-and-soon", { over, soon });
}

/** Spoken once for each stage: it holds nothing that goes with the clock. */
export function announcement(session: Session, now: Millis, place: Place = {}): { polite: string; urgent: string } {
  const [told] = standing([session], now);
  if (told === undefined) return { polite: "", urgent: "" };
  // A guess that passes by is not told again.
  const before = Math.min(now, (told.notice.ends_at ?? Infinity) - 1);
  const said = { name: visible(session.name), what: whatOf(told, told.notice.stage === "ended" ? now : before, place) };
  if (told.notice.stage === "ended") return { polite: "", urgent: m("session.said-ended", said) };
  if (told.notice.stage === "ends_soon") return { polite: m("session.said-soon", said), urgent: "" };
  return { polite: "", urgent: m("session.said-very-soon", said) };
}
