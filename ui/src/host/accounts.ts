// The accounts as the page works with them, and how they come out of their packed form.
import type { Accounts as Packed, Assignment, ChainedRole, Label, Look, Millis, PackedUse, RolesState } from "./wire.gen";

/** One permission set of an account. */
export type Role = Readonly<Look> & {
  readonly name: string;
  readonly pinned: boolean;
  /** Its place among the pins, from 0; null where it is not pinned. */
  readonly pin: number | null;
  readonly last_used_at: Millis | null;
  /** What it is and where it comes from, where it is a chained role. */
  readonly chain?: ChainedRole;
};

/** One account of one session. */
export type Account = Readonly<Look> & {
  readonly session: string;
  /** Twelve digits; leading zeros matter. */
  readonly id: string;
  readonly name: string | null;
  /** The user's own name for it. */
  readonly alias: string | null;
  readonly email: string | null;
  readonly roles: readonly Role[];
  readonly roles_state: RolesState;
};

/** All accounts, in the order in which they are shown. */
export type Accounts = {
  readonly revision: number;
  readonly labels: readonly Label[];
  readonly accounts: readonly Account[];
  /** Pins of what the user may not do any more. */
  readonly lostPins: readonly Assignment[];
};

const PLAIN: Look = { label: null, protected: false, hidden: false };

/** A permission set that nobody pinned or used. */
export function unusedRole(name: string, look: Look = PLAIN): Role {
  return { name, pinned: false, pin: null, last_used_at: null, ...look };
}

/** Thousands of rows share few permission sets and looks, so they share their objects too. */
export function unpack(packed: Packed): Accounts {
  const shared = new Map<number, Role>();
  const role = (name: number, look: number): Role => {
    const key = name * packed.looks.length + look;
    const known = shared.get(key);
    if (known !== undefined) return known;
    const made = unusedRole(packed.roles[name] ?? "", packed.looks[look]);
    shared.set(key, made);
    return made;
  };
  const uses = byAccount(packed.uses);
  const chains = new Map(packed.chains.map((chain) => [`${chain.session}/${chain.account_id}/${chain.role}`, chain]));
  const withChain = (made: Role, session: string, id: string): Role => {
    const chain = chains.size === 0 ? undefined : chains.get(`${session}/${id}/${made.name}`);
    return chain === undefined ? made : { ...made, chain };
  };
  const accounts = packed.accounts.map(([session, id, name, alias, email, roles_state, look, pairs], at): Account => {
    const used = uses.get(at);
    const roles: Role[] = [];
    const of = packed.sessions[session] ?? "";
    for (let pair = 0; pair < pairs.length; pair += 2) {
      const number = pairs[pair] ?? 0;
      const made = withUse(role(number, pairs[pair + 1] ?? 0), used?.find(([, name]) => name === number));
      roles.push(withChain(made, of, id));
    }
    return { session: of, id, name, alias, email, roles, roles_state, ...(packed.looks[look] ?? PLAIN) };
  });
  return { revision: packed.revision, labels: packed.labels, accounts, lostPins: packed.lost_pins };
}

function byAccount(uses: readonly PackedUse[]): Map<number, PackedUse[]> {
  const found = new Map<number, PackedUse[]>();
  for (const use of uses) found.set(use[0], [...(found.get(use[0]) ?? []), use]);
  return found;
}

function withUse(role: Role, use: PackedUse | undefined): Role {
  if (use === undefined) return role;
  const [, , pin, last_used_at] = use;
  return { ...role, pinned: pin !== null, pin, last_used_at };
}
