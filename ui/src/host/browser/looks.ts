// Labels, aliases, guards and pins of the scripted world: own choices only, rules are kept but give nothing.
import type { Account, Role } from "../accounts";
import type { Host } from "../index";
import type { Assignment, Look, Subject } from "../wire.gen";
import { accountOf, LABELS, refuse, type World } from "./world";

type Looks = Pick<Host, "pin" | "movePin" | "setAlias" | "setLabel" | "setProtected" | "setHidden" | "defineLabel" | "removeLabel" | "guessLabel" | "rules" | "setRules">;

/** The answers about how rows look. */
export function looks(world: World): Looks {
  const { setting } = world;
  const look = (of: Subject, change: Partial<Look>): void =>
    world.changeAccount(of.session, of.account_id, (account) => (of.role === null ? ofAccount(account, change) : { ...account, roles: onRole(account.roles, of.role, (role) => ({ ...role, ...change })) }));
  return {
    pin: async (of, pinned) => {
      const others = pins(world).filter((each) => !same(each, of));
      place(world, pinned ? [...others, of] : others);
    },
    movePin: async (of, by) => {
      const order = pins(world);
      const at = order.findIndex((each) => same(each, of));
      if (at < 0) return;
      order.splice(Math.max(0, at + by), 0, ...order.splice(at, 1));
      place(world, order);
    },
    setAlias: async (session, id, alias) => world.changeAccount(session, id, (account) => ({ ...account, alias })),
    setLabel: async (of, label) => look(of, { label, protected: [...LABELS, ...(setting.labels ?? [])].find(({ word }) => word === label)?.protected ?? false }),
    setProtected: async (of, guarded) => look(of, { protected: guarded ?? false }),
    setHidden: async (of, hidden) => look(of, { hidden }),
    defineLabel: async (label) => {
      const others = [...LABELS, ...(setting.labels ?? [])].filter(({ word }) => word !== label.word);
      const taken = others.find(({ shape }) => shape === label.shape);
      if (taken !== undefined) throw refuse("usage", `the label \`${taken.word}\` has this shape already`, "choose another shape");
      setting.labels = [...(setting.labels ?? []).filter(({ word }) => word !== label.word), label];
      world.tellAccounts();
    },
    removeLabel: async (word) => {
      setting.labels = (setting.labels ?? []).filter((label) => label.word !== word);
      world.tellAccounts();
    },
    guessLabel: async (name) => LABELS.find(({ word }) => name.toLowerCase().includes(word))?.word ?? null,
    rules: async () => setting.rules ?? [],
    setRules: async (rules) => {
      setting.rules = [...rules];
      world.tellAccounts();
    },
  };
}

/** What the guard says to an act that nobody consented to. */
export function refuseProtected(world: World, of: Assignment): void {
  const role = accountOf(world, of)?.roles.find(({ name }) => name === of.role);
  if (role?.protected === true) throw refuse("protected", `${of.role} is protected here`, "confirm it");
}

/** An account's look is that of its permission sets. */
function ofAccount(account: Account, change: Partial<Look>): Account {
  return { ...account, ...change, roles: account.roles.map((role) => ({ ...role, ...change })) };
}

function onRole(roles: readonly Role[], name: string, change: (role: Role) => Role): Role[] {
  return roles.map((role) => (role.name === name ? change(role) : role));
}

function same(one: Assignment, other: Assignment): boolean {
  return one.session === other.session && one.account_id === other.account_id && one.role === other.role;
}

/** The pinned assignments, in order. */
function pins(world: World): Assignment[] {
  const all = world.setting.accounts.flatMap((account) => account.roles.map((role) => ({ role, of: { session: account.session, account_id: account.id, role: role.name } })));
  const pinned = all.filter(({ role }) => role.pin !== null);
  return pinned.sort((a, b) => (a.role.pin ?? 0) - (b.role.pin ?? 0)).map(({ of }) => of);
}

function place(world: World, order: readonly Assignment[]): void {
  const placed = (account: Account, role: Role): Role => {
    const at = order.findIndex((each) => same(each, { session: account.session, account_id: account.id, role: role.name }));
    return { ...role, pinned: at >= 0, pin: at < 0 ? null : at };
  };
  world.setting.accounts = world.setting.accounts.map((account) => ({ ...account, roles: account.roles.map((role) => placed(account, role)) }));
  world.tellAccounts();
}
