// Times in words: clock time where it is far, minutes where it matters, and never more precise than it is.
import { language, m } from "../language/language.svelte";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Tests choose a locale and a zone; people have theirs. */
export type Place = { locale?: string; timeZone?: string };

/** "17:40" */
export function clock(at: number, place: Place = {}): string {
  return format(at, { hour: "2-digit", minute: "2-digit" }, place);
}

/** "17:40" today, "tomorrow at 09:10", "Tuesday at 09:10", "3 March at 09:10" */
export function clockOrDay(at: number, now: number, place: Place = {}): string {
  const days = dayNumber(at, place) - dayNumber(now, place);
  if (days === 0) return clock(at, place);
  return m("shared.day-and-clock", { day: dayName(at, days, place), clock: clock(at, place) });
}

/** "at 17:40" today, "tomorrow at 09:10", "Tuesday at 09:10": goes on in a sentence, as "ends …". */
export function atClock(at: number, now: number, place: Place = {}): string {
  const days = dayNumber(at, place) - dayNumber(now, place);
  const given = { day: dayName(at, days, place), clock: clock(at, place) };
  if (days === 0) return m("shared.at-clock", { clock: given.clock });
  return Math.abs(days) === 1 ? m("shared.at-near-day", given) : m("shared.at-day", given);
}

/** "around 17:40" today, "around tomorrow at 09:10": the same of a time that nobody knows exactly. */
export function aroundClock(at: number, now: number, place: Place = {}): string {
  const days = dayNumber(at, place) - dayNumber(now, place);
  const given = { day: dayName(at, days, place), clock: clock(at, place) };
  if (days === 0) return m("shared.around-clock", { clock: given.clock });
  return Math.abs(days) === 1 ? m("shared.around-near-day", given) : m("shared.around-day", given);
}

/** "Today", "Yesterday", "Tuesday", "3 March": what comes before a clock time. */
export function dayOf(at: number, now: number, place: Place = {}): string {
  const days = dayNumber(at, place) - dayNumber(now, place);
  return capital(days === 0 ? m("shared.today") : dayName(at, days, place));
}

/** The full truth for a tooltip: date, time and zone. */
export function withZone(at: number, place: Place = {}): string {
  return format(at, { dateStyle: "full", timeStyle: "long" }, place);
}

/** "less than a minute", "52 min", "3 h 10 min" */
export function span(ms: number): string {
  if (ms < MINUTE) return m("shared.less-than-a-minute");
  const minutes = Math.floor(ms / MINUTE);
  if (minutes < 60) return m("shared.minutes", { minutes });
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours >= 24) return days(Math.floor(hours / 24));
  return rest === 0 ? m("shared.hours", { hours }) : m("shared.hours-minutes", { hours, rest });
}

/** "52 min left" */
export function left(until: number, now: number): string {
  return m("shared.left", { span: span(until - now) });
}

/** "9 min", then "40 s": for what runs out, where the last seconds matter. */
export function remaining(ms: number): string {
  return ms < MINUTE ? waited(ms) : span(ms);
}

/** "24 s", "2 min 5 s": for waiting, where seconds are seen to pass. */
export function waited(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  if (seconds < 60) return m("shared.seconds", { seconds });
  return m("shared.minutes-seconds", { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}

/** "just now", "8 min ago", then the clock, "Yesterday", the weekday, the date. */
export function ago(at: number, now: number, place: Place = {}): string {
  return now - at < HOUR ? agoWithin(at, now, place) : capital(agoWithin(at, now, place));
}

/** The same within a sentence: "yesterday". */
export function agoWithin(at: number, now: number, place: Place = {}): string {
  const passed = now - at;
  if (passed < MINUTE) return m("shared.just-now");
  if (passed < HOUR) return m("shared.minutes-ago", { minutes: Math.floor(passed / MINUTE) });
  const days = dayNumber(now, place) - dayNumber(at, place);
  if (days <= 0) return clock(at, place);
  return dayName(at, -days, place);
}

/** When the next day begins for most people: tomorrow at six, where the reader is. */
export function nextMorning(now: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, 6).getTime();
}

function days(count: number): string {
  return m("shared.days", { count });
}

/** As a sentence begins. */
export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(language.locale) + text.slice(1);
}

/** Named so that nobody takes last Tuesday for the next one: more than six days away it is a date. */
function dayName(at: number, days: number, place: Place): string {
  if (days === 1) return m("shared.tomorrow");
  if (days === -1) return m("shared.yesterday");
  if (Math.abs(days) <= 6) return format(at, { weekday: "long" }, place);
  return format(at, { day: "numeric", month: "long" }, place);
}

/** Counts calendar days where the reader is. The parts are asked for: what a whole date looks like differs between engines. */
function dayNumber(at: number, place: Place): number {
  const options = { year: "numeric", month: "numeric", day: "numeric" } as const;
  const parts = formatOf(options, { ...place, locale: "en-US" }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((each) => each.type === type)?.value);
  return Math.round(Date.UTC(part("year"), part("month") - 1, part("day")) / DAY);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: number, options: Intl.DateTimeFormatOptions, place: Place): string {
  return formatOf(options, place).format(at);
}

/** Making one is slow, so each is made once. */
function formatOf(options: Intl.DateTimeFormatOptions, place: Place): Intl.DateTimeFormat {
  const locale = place.locale ?? language.locale;
  const key = JSON.stringify([options, locale, place.timeZone]);
  const made = formats.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, ...zone(place) });
  formats.set(key, made);
  return made;
}

function zone(place: Place): Intl.DateTimeFormatOptions {
  return place.timeZone === undefined ? {} : { timeZone: place.timeZone };
}
