// A search good enough for a scripted world: words in any order, parts of names, digits of numbers, initials of permission sets.
import type { Account } from "../accounts";
import type { Found, Hit, Mark, MarkField, Place } from "../wire.gen";

const MOST = 200;

/** What is hidden is found only where it is asked for. */
const HIDDEN = "is:hidden";

export function find(accounts: readonly Account[], query: string): Found {
  const place = placeIn(query);
  if (place?.fits === false) return { place, total: 0, hits: [] };
  const found = search(accounts, place === null ? query : (place.account_id ?? ""));
  return { ...found, place };
}

/** Where consoles would open, as far as a scripted world has to know. */
function placeIn(query: string): Place | null {
  const page = /^https:\/\/(?:(\d{12})-\w+\.)?([\w.-]+\.)?console\.aws\.amazon\.com\/\S*$/u.exec(query);
  if (page !== null) return { title: query.replace(/^https:\/\/(?:\d{12}-\w+\.)?/u, ""), account_id: page[1] ?? null, fits: true };
  const [prefix, , service, , account, ...rest] = query.split(":");
  if (prefix !== "arn") return null;
  if (rest.length === 0 || service === undefined) return { title: "this is not an ARN: it has too few parts; copy the whole ARN", account_id: null, fits: false };
  return { title: `${rest.join(":")} · ${service}`, account_id: account === "" || account === undefined ? null : account, fits: true };
}

function search(accounts: readonly Account[], query: string): Omit<Found, "place"> {
  const all = query.toLowerCase().split(/\s+/u).filter((word) => word !== "");
  const words = all.filter((word) => word !== HIDDEN);
  const hidden = words.length < all.length;
  const scored = accounts.flatMap((account) => rowsOf(account, hidden).flatMap((role) => fit(account, role, words)));
  scored.sort((a, b) => a.score - b.score || (a.account.name ?? "").localeCompare(b.account.name ?? ""));
  return { total: scored.length, hits: scored.slice(0, MOST).map(({ hit }) => hit) };
}

type Scored = { account: Account; hit: Hit; score: number };

function rowsOf(account: Account, hidden: boolean): (string | null)[] {
  if (account.roles.length === 0) return account.hidden === hidden ? [null] : [];
  return account.roles.filter((role) => (account.hidden || role.hidden) === hidden).map((role) => role.name);
}

function fit(account: Account, role: string | null, words: readonly string[]): Scored[] {
  const marks: Mark[] = [];
  let score = 0;
  for (const word of words) {
    const found = best(account, role, word);
    if (found === null) return [];
    marks.push(...found.marks);
    score += found.score;
  }
  return [{ account, hit: { session: account.session, account_id: account.id, role, marks }, score }];
}

function best(account: Account, role: string | null, word: string): { marks: Mark[]; score: number } | null {
  const label = account.roles.find(({ name }) => name === role)?.label ?? account.label;
  return inside("alias", account.alias, word, 0) ?? inside("name", account.name, word, 0) ?? inside("label", label, word, 10) ?? inside("role", role, word, 20) ?? initials(role, word) ?? digits(account.id, word) ?? inside("email", account.email, word, 60);
}

function inside(field: MarkField, text: string | null, word: string, base: number): { marks: Mark[]; score: number } | null {
  const start = (text ?? "").toLowerCase().indexOf(word);
  return start < 0 ? null : { marks: [{ field, start, end: start + word.length }], score: base + Math.min(start, 15) };
}

function digits(id: string, word: string): { marks: Mark[]; score: number } | null {
  const plain = word.replaceAll("-", "");
  return /^\d+$/u.test(plain) && id.startsWith(plain) ? { marks: [{ field: "id", start: 0, end: plain.length }], score: 5 } : null;
}

/** "ro" fits ReadOnly by its capitals. */
function initials(role: string | null, word: string): { marks: Mark[]; score: number } | null {
  if (role === null) return null;
  const capitals = [...role.matchAll(/[A-Z]/gu)].map((match) => match.index);
  const short = capitals.map((at) => role[at]?.toLowerCase()).join("");
  if (!short.startsWith(word)) return null;
  return { marks: capitals.slice(0, word.length).map((start) => ({ field: "role", start, end: start + 1 })), score: 25 };
}
