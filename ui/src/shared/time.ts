// Times in words: clock time where it is far, minutes where it matters, and never more precise than it is.

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
  return `${dayName(at, days, place)} at ${clock(at, place)}`;
}

/** "Today", "Yesterday", "Tuesday", "3 March": what comes before a clock time. */
export function dayOf(at: number, now: number, place: Place = {}): string {
  const days = dayNumber(at, place) - dayNumber(now, place);
  const name = days === 0 ? "today" : dayName(at, days, place);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The full truth for a tooltip: date, time and zone. */
export function withZone(at: number, place: Place = {}): string {
  return format(at, { dateStyle: "full", timeStyle: "long" }, place);
}

/** "less than a minute", "52 min", "3 h 10 min" */
export function span(ms: number): string {
  if (ms < MINUTE) return "less than a minute";
  const minutes = Math.floor(ms / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours >= 24) return days(Math.floor(hours / 24));
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** "52 min left" */
export function left(until: number, now: number): string {
  return `${span(until - now)} left`;
}

/** "9 min", then "40 s": for what runs out, where the last seconds matter. */
export function remaining(ms: number): string {
  return ms < MINUTE ? waited(ms) : span(ms);
}

/** "24 s", "2 min 5 s": for waiting, where seconds are seen to pass. */
export function waited(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** "just now", "8 min ago", then the clock, "Yesterday", the weekday, the date. */
export function ago(at: number, now: number, place: Place = {}): string {
  const passed = now - at;
  if (passed < MINUTE) return "just now";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  const days = dayNumber(now, place) - dayNumber(at, place);
  if (days <= 0) return clock(at, place);
  const name = dayName(at, -days, place);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** When the next day begins for most people: tomorrow at six, where the reader is. */
export function nextMorning(now: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, 6).getTime();
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

/** Named so that nobody takes last Tuesday for the next one: more than six days away it is a date. */
function dayName(at: number, days: number, place: Place): string {
  if (days === 1) return "tomorrow";
  if (days === -1) return "yesterday";
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
  const key = JSON.stringify([options, place]);
  const made = formats.get(key) ?? new Intl.DateTimeFormat(place.locale, { ...options, ...zone(place) });
  formats.set(key, made);
  return made;
}

function zone(place: Place): Intl.DateTimeFormatOptions {
  return place.timeZone === undefined ? {} : { timeZone: place.timeZone };
}
