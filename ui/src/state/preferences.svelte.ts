// What the page remembers by itself: what each row did last, and which news it has told. Nothing of it matters to anybody else.
import { language } from "../language/language.svelte";

/** What a row does on Enter. */
export type RowAct = "console" | "profile";

const LAST_ACTS = "daypass.last-acts";
const TOLD = "daypass.told";
const SHELL = "daypass.shell";
const OFFERED = "daypass.offered";
/** More rows than this nobody remembers; the oldest go first. */
const MOST_ACTS = 200;

class Preferences {
  /** Rows whose last act was not the usual one, the latest last. */
  #profiles: string[] = $state(readActs());

  /** Up to when the changes of each session's list were told. */
  readonly #told: Record<string, number> = readTold();

  lastAct(key: string): RowAct {
    return this.#profiles.includes(key) ? "profile" : "console";
  }

  remember(key: string, act: RowAct): void {
    const others = this.#profiles.filter((other) => other !== key);
    this.#profiles = act === "profile" ? [...others, key].slice(-MOST_ACTS) : others;
    write(LAST_ACTS, JSON.stringify(this.#profiles));
  }

  /** Whether what a session's list changed at that time is still to be told; asking counts as telling. */
  tellsOnce(session: string, at: number): boolean {
    if ((this.#told[session] ?? 0) >= at) return false;
    this.#told[session] = at;
    write(TOLD, JSON.stringify(this.#told));
    return true;
  }

  /** For which shell credentials were copied last. */
  get shell(): string | null {
    return read(SHELL);
  }

  rememberShell(shell: string): void {
    write(SHELL, shell);
  }

  /** Whether this is still to be offered; asking counts as offering. */
  offersOnce(what: string): boolean {
    const key = `${OFFERED}.${what}`;
    if (read(key) !== null) return false;
    write(key, "yes");
    return true;
  }
}

export const preferences = new Preferences();

/** Tells the styles and the words; where nothing is chosen the system decides. */
export function applyAppearance(chosen: { theme: string; language: string | null }): void {
  const asked = new URLSearchParams(location.search);
  const theme = asked.get("theme") ?? chosen.theme;
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  const wanted = chosen.language ?? asked.get("language");
  language.choose(wanted === null ? navigator.languages : [wanted, ...navigator.languages]);
}

function readActs(): string[] {
  try {
    const stored: unknown = JSON.parse(read(LAST_ACTS) ?? "[]");
    return Array.isArray(stored) ? stored.filter((key) => typeof key === "string") : [];
  } catch {
    return [];
  }
}

function readTold(): Record<string, number> {
  try {
    const stored: unknown = JSON.parse(read(TOLD) ?? "{}");
    const entries = typeof stored === "object" && stored !== null ? Object.entries(stored) : [];
    return Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === "number"));
  } catch {
    return {};
  }
}

/** Storage may be denied; then the page just does not remember. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Not remembered, nothing lost.
  }
}
