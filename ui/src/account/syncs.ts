// Profiles of many assignments at once, in words: pure.
import type { Session, SyncGroup, SyncOutcome, SyncPreview } from "../host/wire.gen";
import { m, number, type PlainKey } from "../language/language.svelte";

/** Why something becomes of profiles, where that is to be explained. */
const WHY: Record<SyncOutcome, PlainKey | null> = {
  added: null,
  changed: "account.why-changed",
  removed: "account.why-removed",
  gone: "account.why-gone",
  kept: "account.why-kept",
  skipped: "account.why-skipped",
  unchanged: null,
};

/** "3 new profiles". */
export function headingOf({ outcome, number }: SyncGroup): string {
  return m(`account.sync-${outcome}`, { count: number });
}

/** Why, in one sentence; empty where there is nothing to explain. */
export function whyOf(outcome: SyncOutcome): string {
  const why = WHY[outcome];
  return why === null ? "" : m(why);
}

/** How many profiles this becomes of. */
export function numberOf(groups: readonly SyncGroup[], outcome: SyncOutcome): number {
  return groups.find((group) => group.outcome === outcome)?.number ?? 0;
}

/** "Access to 2 profiles is gone"; null where it is not, or they are taken out. */
export function driftOf(groups: readonly SyncGroup[]): string | null {
  const gone = numberOf(groups, "gone");
  return gone === 0 ? null : m("account.drift", { count: gone });
}

/** How many profiles are written or taken out. */
export function changesOf(groups: readonly SyncGroup[]): number {
  return numberOf(groups, "added") + numberOf(groups, "changed") + numberOf(groups, "removed");
}

/** What the button says. */
export function actOf(groups: readonly SyncGroup[], guarded: boolean): string {
  const count = changesOf(groups);
  return count === 0 ? m("account.nothing-to-write") : `${m("account.write-count", { count })}${guarded ? "…" : ""}`;
}

/** What was done: "12 profiles added, 1 changed". */
export function doneOf(groups: readonly SyncGroup[]): string {
  const done = (["added", "changed", "removed"] as const).map((outcome) => ({ outcome, number: numberOf(groups, outcome) })).filter(({ number }) => number > 0);
  if (done.length === 0) return m("account.all-there");
  return done.map(({ outcome, number: count }, at) => (at === 0 || outcome === "added" ? m(`account.done-${outcome}`, { count }) : m(`account.then-${outcome}`, { count: number(count) }))).join(", ");
}

/** How much of the file changes. */
export function linesOf({ added, removed }: Pick<SyncPreview, "added" | "removed">): string {
  if (added === 0 && removed === 0) return m("account.nothing-to-change");
  if (removed === 0) return m("account.lines-added", { added });
  return added === 0 ? m("account.lines-removed", { removed }) : m("account.lines-all", { added: number(added), removed: number(removed) });
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
