// Sessions that the AWS config file knows: which can be brought in, what is said of each. Pure.
import type { FoundSession, Imported, Storage } from "../host/wire.gen";
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
  if (found.registered) return { text: "Is here already.", stops: false };
  if (found.problem !== null) return { text: sentence(found.problem), stops: true };
  if (found.custom) return { text: "This address does not belong to AWS. Choose it only if your organisation gave it to you.", stops: true };
  return null;
}

/** What becomes of sign-ins that AWS's tools made, for those that are chosen. */
export function signInsGoOn(chosen: readonly FoundSession[], storage: Storage): string {
  const signedIn = chosen.filter((each) => each.signed_in).length;
  if (signedIn === 0) return "You sign in afterwards, when you want to.";
  if (storage === "keychain") return "Your AWS tools keep the sign-in that they have; Daypass asks for one of its own.";
  return signedIn === chosen.length ? "You are signed in already: that goes on." : `${signedIn} of them ${signedIn === 1 ? "is" : "are"} signed in already: that goes on.`;
}

/** "Add 2 sessions" */
export function addLabel(count: number): string {
  return count === 0 ? "Add" : `Add ${count} ${count === 1 ? "session" : "sessions"}`;
}

/** What came of it: how many are here now, and the first that is not, with why. */
export function outcomeOf(imported: readonly Imported[]): { added: number; refused: { name: string; why: string; others: number } | null } {
  const refused = imported.flatMap(({ name, outcome }) => (outcome.outcome === "refused" ? [{ name, why: wordsFor(outcome.failure).title }] : []));
  const [first] = refused;
  return { added: imported.filter(({ outcome }) => outcome.outcome === "added").length, refused: first === undefined ? null : { ...first, others: refused.length - 1 } };
}
