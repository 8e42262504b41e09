// How long sign-ins last: learned, or said by the user, in hours. Pure.
import { m } from "../language/language.svelte";
import { span } from "../shared/time";

const HOUR = 3600;
/** The lengths that organisations usually set. */
export const USUAL_HOURS: readonly number[] = [4, 8, 10, 12, 24];
/** A quarter of an hour and ninety days: what Identity Center allows. */
export const SHORTEST_HOURS = 0.25;
export const LONGEST_HOURS = 90 * 24;

/** "8 h", "8 h 30 min", "2 days" */
export function lengthWords(seconds: number): string {
  const rest = seconds % (24 * HOUR);
  if (seconds === 24 * HOUR || (seconds > 24 * HOUR && rest > 0)) return m("shared.hours", { hours: Math.round((seconds / HOUR) * 10) / 10 });
  return span(seconds * 1000);
}

/** "Learned (8 h 30 min)", or that there is nothing to learn from yet. */
export function learnedWords(usual: number | null): string {
  return usual === null ? m("session.learned-nothing") : m("session.learned", { length: lengthWords(usual) });
}

/** Seconds from hours as they are typed, "8,5" too; null where they make no length. */
export function secondsOf(typed: string): number | null {
  const hours = Number(typed.trim().replace(",", "."));
  if (typed.trim() === "" || !Number.isFinite(hours) || hours < SHORTEST_HOURS || hours > LONGEST_HOURS) return null;
  return Math.round(hours * HOUR);
}
