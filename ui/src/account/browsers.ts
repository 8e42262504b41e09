// In which browser a console opens, in words, and the list of what can be chosen: pure.
import type { BrowserChoice, Decider, Opening, Openings } from "../host/wire.gen";
import { m, type PlainKey } from "../language/language.svelte";

/** The system's default browser, as it is chosen. */
export const DEFAULT = "default";

/** One line to choose. */
export type Line = { browser: string; title: string; detail: string };
export type Group = { name: string; lines: readonly Line[] };

/** "Firefox · Work · container Prod" in two parts: the browser, and what of it. */
export function lineOf(choice: BrowserChoice): Line {
  const parts = [choice.profile, choice.container === null ? null : m("account.container", { container: choice.container }), choice.private ? m("account.private-window") : null];
  return { browser: choice.browser, title: choice.title, detail: parts.filter((part) => part !== null).join(" · ") };
}

/** The line of what is chosen; what is not here, or is a command, stands as it was written. */
export function lineFor(browser: string, choices: readonly BrowserChoice[]): Line {
  if (browser === DEFAULT) return { browser, title: m("account.default-browser"), detail: "" };
  const choice = choices.find((each) => each.browser === browser);
  if (choice !== undefined) return lineOf(choice);
  return browser.includes("{url}") ? { browser, title: m("account.own-command"), detail: browser } : { browser, title: browser, detail: m("account.not-found-here") };
}

/** A line in one text, for lists that take nothing else. */
export function called({ title, detail }: Line): string {
  return detail === "" ? title : `${title} · ${detail}`;
}

/** All that can be chosen: what was used lately first, then each browser; the words narrow it. */
export function groupsOf({ choices, recent }: Pick<Openings, "choices" | "recent">, words: string): Group[] {
  const all = [{ name: m("account.recent"), lines: recent.filter((each) => choices.some(({ browser }) => browser === each)).map((each) => lineFor(each, choices)) }];
  all.push({ name: m("account.this-computer"), lines: [lineFor(DEFAULT, choices)] });
  for (const title of new Set(choices.map((choice) => choice.title))) all.push({ name: title, lines: choices.filter((choice) => choice.title === title).map(lineOf) });
  const wanted = words.toLowerCase().split(/\s+/u).filter((word) => word !== "");
  const fits = (line: Line): boolean => wanted.every((word) => called(line).toLowerCase().includes(word));
  return all.map(({ name, lines }) => ({ name, lines: lines.filter(fits) })).filter(({ lines }) => lines.length > 0);
}

const BY: Record<Decider, PlainKey> = { assignment: "account.by-set", account: "account.by-account", rule: "account.by-rule", label: "account.by-label" };

/** Who decides, in a few words. */
export function decidedBy(by: Decider | null): string {
  return m(by === null ? "account.by-session" : BY[by]);
}

/** What a choice leaves to rules, label and session. */
export function isSilent({ browser, via }: Opening): boolean {
  return browser === null && via === null;
}
