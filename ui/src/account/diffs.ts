// What a whole reading changed, in words: pure.
import { m } from "../language/language.svelte";
import type { ListDiff } from "../host/wire.gen";
import { clipped, type Phrase } from "../shared/names";

/** "3 accounts added, 1 removed", or of permission sets where no account came or went. */
export function sumOf({ accounts_added, accounts_removed, assignments_added, assignments_removed }: ListDiff): string {
  if (accounts_added > 0 && accounts_removed > 0) return m("account.accounts-both", { added: accounts_added, removed: accounts_removed });
  if (accounts_added > 0) return m("account.accounts-added", { count: accounts_added });
  if (accounts_removed > 0) return m("account.accounts-removed", { count: accounts_removed });
  if (assignments_added > 0 && assignments_removed > 0) return m("account.sets-both", { added: assignments_added, removed: assignments_removed });
  if (assignments_added > 0) return m("account.sets-added", { count: assignments_added });
  return assignments_removed > 0 ? m("account.sets-removed", { count: assignments_removed }) : "";
}

/** The same with some names; the session too, where there are several. */
export function newsOf(diff: ListDiff, session: string | null): Phrase {
  const sum = sumOf(diff);
  if (sum === "") return [];
  const names = diff.samples.map((name) => ({ name: clipped(name, 60) }));
  const listed: Phrase = names.flatMap((name, at) => (at === 0 ? [": ", name] : [", ", name]));
  const all = diff.accounts_added + diff.accounts_removed;
  const more = names.length > 0 && all > names.length ? [` ${m("shared.and-more", { count: all - names.length })}`] : [];
  return [...(session === null ? [] : [{ name: session }, ": "]), sum, ...listed, ...more];
}
