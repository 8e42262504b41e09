// Profiles of many assignments at once, in words: pure.
import type { Session, SyncGroup, SyncOutcome, SyncPreview } from "../host/wire.gen";

type Told = { one: string; many: string; why: string };

/** What becomes of profiles, as a heading says it. */
const TOLD: Record<SyncOutcome, Told> = {
  added: { one: "new profile", many: "new profiles", why: "" },
  changed: { one: "profile changes", many: "profiles change", why: "Daypass wrote them; what it needs is set again, keys of your own stay." },
  removed: { one: "profile is taken out", many: "profiles are taken out", why: "Daypass wrote them, and your access is gone." },
  gone: { one: "profile that you lost access to", many: "profiles that you lost access to", why: "They stay until you take them out." },
  kept: { one: "profile is kept as it is", many: "profiles are kept as they are", why: "They were written or changed by hand." },
  skipped: { one: "profile cannot be written", many: "profiles cannot be written", why: "The others are not held back." },
  unchanged: { one: "profile is up to date", many: "profiles are up to date", why: "" },
};

/** "3 new profiles". */
export function headingOf({ outcome, number }: SyncGroup): string {
  const { one, many } = TOLD[outcome];
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** Why, in one sentence; empty where there is nothing to explain. */
export function whyOf(outcome: SyncOutcome): string {
  return TOLD[outcome].why;
}

/** How many profiles this becomes of. */
export function numberOf(groups: readonly SyncGroup[], outcome: SyncOutcome): number {
  return groups.find((group) => group.outcome === outcome)?.number ?? 0;
}

/** "Access to 2 profiles is gone"; null where it is not, or they are taken out. */
export function driftOf(groups: readonly SyncGroup[]): string | null {
  const gone = numberOf(groups, "gone");
  return gone === 0 ? null : `Access to ${profiles(gone)} is gone.`;
}

/** How many profiles are written or taken out. */
export function changesOf(groups: readonly SyncGroup[]): number {
  return numberOf(groups, "added") + numberOf(groups, "changed") + numberOf(groups, "removed");
}

/** What the button says. */
export function actOf(groups: readonly SyncGroup[], guarded: boolean): string {
  const number = changesOf(groups);
  return number === 0 ? "Nothing to write" : `Write ${profiles(number)}${guarded ? "…" : ""}`;
}

/** What was done: "12 profiles added, 1 changed". */
export function doneOf(groups: readonly SyncGroup[]): string {
  const done = (["added", "changed", "removed"] as const).map((outcome) => ({ outcome, number: numberOf(groups, outcome) })).filter(({ number }) => number > 0);
  if (done.length === 0) return "All profiles are there already";
  return done.map(({ outcome, number }, at) => `${at === 0 ? profiles(number) : number.toLocaleString("en")} ${outcome === "removed" ? "taken out" : outcome}`).join(", ");
}

/** "4 profiles". */
export function profiles(number: number): string {
  return `${number.toLocaleString("en")} ${number === 1 ? "profile" : "profiles"}`;
}

/** How much of the file changes. */
export function linesOf({ added, removed }: Pick<SyncPreview, "added" | "removed">): string {
  if (added === 0 && removed === 0) return "nothing to change";
  const parts = [added === 0 ? "" : `+${added.toLocaleString("en")}`, removed === 0 ? "" : `−${removed.toLocaleString("en")}`].filter((part) => part !== "");
  return `${parts.join(" ")} ${added + removed === 1 ? "line" : "lines"}, nothing else touched`;
}

/** The name of the first profile that a template makes; null where none is new. */
export function exampleOf(groups: readonly SyncGroup[]): string | null {
  return groups.find(({ outcome }) => outcome === "added")?.first[0]?.name ?? null;
}

/** The portals' Region, which is proposed where they all have the same. */
export function regionOf(sessions: readonly Pick<Session, "region">[]): string {
  const [first, ...others] = sessions.map(({ region }) => region);
  return first !== undefined && others.every((region) => region === first) ? first : "";
}
