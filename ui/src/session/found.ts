// Sessions that the AWS config file knows: which can be brought in, what is said of each. Pure.
import type { FoundSession, Imported, Storage } from "../host/wire.gen";
import { m } from "../language/language.svelte";
import { sentence, wordsFor } from "../words";

/** Whether it can be chosen. */
export function canCome(found: FoundSession): boolean {
  return !found.registered && found.problem === null;
}

/** Those that are chosen before anybody chooses: what needs the user's word waits for it. */
export function preselected(found: readonly FoundSession[]): string[] {
  return found.filter((each) => canCome(each) && !each.custom).map(({ name }) => name);
}

/** "harbourline.awsapps.com/start" */
export function shortAddress(found: FoundSession): string {
  return found.start_url.replace(/^https:\/\//u, "").replace(/\/$/u, "");
}

/** What there is to say of one, and whether it is in the way. */
export function noteOf(found: FoundSession): { text: string; stops: boolean } | null {
  if (found.registered) return { text: m("session.here-already"), stops: false };
  if (found.problem !== null) return { text: sentence(found.problem), stops: true };
  if (found.custom) return { text: m("session.not-of-aws"), stops: true };
  return null;
}

/** What becomes of sign-ins that AWS's tools made, for those that are chosen. */
export function signInsGoOn(chosen: readonly FoundSession[], storage: Storage): string {
  const signedIn = chosen.filter((each) => each.signed_in).length;
  if (signedIn === 0) return m("session.afterwards");
  if (storage === "keychain") return m("session.tools-keep");
  return signedIn === chosen.length ? m("session.goes-on") : m("session.some-go-on", { count: signedIn });
}

/** "Add 2 sessions" */
export function addLabel(count: number): string {
  return count === 0 ? m("session.add") : m("session.add-count", { count });
}

/** What came of it: how many are here now, and the first that is not, with why. */
export function outcomeOf(imported: readonly Imported[]): { added: number; refused: { name: string; why: string; others: number } | null } {
  const refused = imported.flatMap(({ name, outcome }) => (outcome.outcome === "refused" ? [{ name, why: wordsFor(outcome.failure).title }] : []));
  const [first] = refused;
  return { added: imported.filter(({ outcome }) => outcome.outcome === "added").length, refused: first === undefined ? null : { ...first, others: refused.length - 1 } };
}
