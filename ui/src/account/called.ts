// How accounts are called: by the name that the user gave, else by the portal's, else by their number.
import type { Account, Role } from "../host/accounts";
import type { ChainedRole } from "../host/wire.gen";
import { m } from "../language/language.svelte";
import { clipped, visible } from "../shared/names";

/** The name that the user knows an account by; null where it has none. */
export function calledAs(account: Pick<Account, "alias" | "name">): string | null {
  return account.alias ?? account.name;
}

/** The same in a sentence: there every account is called something. */
export function nameOf(account: Pick<Account, "alias" | "name" | "id">): { name: string } {
  return { name: clipped(known(calledAs(account)) ?? account.id) };
}

/** The same, to be read aloud. */
export function saidAs(account: Pick<Account, "alias" | "name" | "id">): string {
  return visible(nameOf(account).name);
}

/** What a tooltip tells of an account: all that is known by name. */
export function toldAs(account: Account): string {
  const { alias, name } = account;
  const lines = [alias === null ? "" : visible(clipped(alias)), name === null ? "" : visible(clipped(name, LONG))];
  return lines.filter((line) => line !== "").join("\n") + lengthOf(name ?? "");
}

/** Longer names than a tooltip can hold are cut there too. */
const LONG = 1000;

function lengthOf(name: string): string {
  const { length } = [...name];
  return length > 60 ? `\n${m("account.long-name", { count: length })}` : "";
}

/** A name of blanks is none. */
function known(name: string | null): string | null {
  return name === null || name.trim() === "" ? null : name;
}

/** A row's role as people read it: a chained role by its own name. */
export function roleName(role: string): string {
  return role.startsWith(CHAINED) ? role.slice(CHAINED.length) : role;
}

/** Stands before the name of a chained role. */
const CHAINED = "chain:";

/** "AdministratorAccess", to be read aloud. */
export function roleAs(role: Pick<Role, "name">): string {
  return visible(clipped(roleName(role.name)));
}

/** Where a chained role comes from, and whether that is still there. */
export function chainAs({ of, from, lost }: ChainedRole): string {
  return visible(clipped(lost === null ? m("account.assumed-from", { of, from }) : `${of}: ${lost}`));
}

/** What an act is called: with an ellipsis where a question comes first. */
export function actLabel(label: string, isProtected: boolean): string {
  return isProtected ? `${label}…` : label;
}
