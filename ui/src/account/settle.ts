// New rows never push away what somebody is pointing at: in the stretch that is looked at, rows wait until they are let in.
import type { Row } from "./rows";

/** The first and the last row in sight, as places in the list. */
export type Window = { first: number; last: number };

/**
 * The fresh rows with the stretch in sight as it was: what is new there is left out for now, and what is gone from there
 * stays. Above and below everything is fresh. Rows below an account come and go with it.
 */
export function settled(old: readonly Row[], fresh: readonly Row[], { first, last }: Window): readonly Row[] {
  const seen = old.slice(first, last + 1).filter(isTop);
  const [head, tail] = [seen[0], seen.at(-1)];
  if (head === undefined || tail === undefined) return fresh;
  const places = placesOf(fresh, seen);
  const [from, until] = [places.get(head.key), places.get(tail.key)];
  // What is looked at is not there any more: nothing to hold on to.
  if (from === undefined || until === undefined || until < from) return fresh;
  if (sameTops(fresh, from, until, seen)) return fresh;
  const middle = seen.flatMap((row) => withChildren(fresh, places.get(row.key)) ?? [row]);
  return [...fresh.slice(0, from), ...middle, ...fresh.slice(endOf(fresh, until))];
}

function isTop(row: Row): boolean {
  return row.kind !== "child" && row.kind !== "note";
}

/** Where the rows that are looked at stand now. */
function placesOf(fresh: readonly Row[], seen: readonly Row[]): Map<string, number> {
  const wanted = new Set(seen.map((row) => row.key));
  const places = new Map<string, number>();
  fresh.forEach((row, at) => wanted.has(row.key) && places.set(row.key, at));
  return places;
}

function sameTops(fresh: readonly Row[], from: number, until: number, seen: readonly Row[]): boolean {
  const now = fresh.slice(from, until + 1).filter(isTop);
  return now.length === seen.length && now.every((row, at) => row.key === seen[at]?.key);
}

function withChildren(fresh: readonly Row[], at: number | undefined): readonly Row[] | undefined {
  return at === undefined ? undefined : fresh.slice(at, endOf(fresh, at));
}

/** Where the rows of one account end. */
function endOf(fresh: readonly Row[], at: number): number {
  let end = at + 1;
  while (end < fresh.length && fresh[end] !== undefined && !isTop(fresh[end] as Row)) end += 1;
  return end;
}
