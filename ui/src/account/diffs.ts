// What a whole reading changed, in words: pure.
import type { ListDiff } from "../host/wire.gen";
import { clipped, type Phrase } from "../shared/names";

/** "3 accounts added, 1 removed", or of permission sets where no account came or went. */
export function sumOf({ accounts_added, accounts_removed, assignments_added, assignments_removed }: ListDiff): string {
  const accounts = changes(accounts_added, accounts_removed, "account");
  return accounts === "" ? changes(assignments_added, assignments_removed, "permission set") : accounts;
}

function changes(added: number, removed: number, what: string): string {
  const parts = [added === 0 ? "" : `${number(added, what)} added`, removed === 0 ? "" : `${added === 0 ? number(removed, what) : removed.toLocaleString("en")} removed`];
  return parts.filter((part) => part !== "").join(", ");
}

function number(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

/** The same with some names; the session too, where there are several. */
export function newsOf(diff: ListDiff, session: string | null): Phrase {
  const sum = sumOf(diff);
  if (sum === "") return [];
  const names = diff.samples.map((name) => ({ name: clipped(name, 60) }));
  const listed: Phrase = names.flatMap((name, at) => (at === 0 ? [": ", name] : [", ", name]));
  const all = diff.accounts_added + diff.accounts_removed;
  const more = names.length > 0 && all > names.length ? [` and ${(all - names.length).toLocaleString("en")} more`] : [];
  return [...(session === null ? [] : [{ name: session }, ": "]), sum, ...listed, ...more];
}
