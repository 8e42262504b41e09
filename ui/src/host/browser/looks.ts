// Labels, aliases, guards and pins of the scripted world: rules in order, then own choices, about as core does it.
import type { Account, Role } from "../accounts";
import type { Host } from "../index";
import type { Assignment, Label, Look, Rule, Subject } from "../wire.gen";
import { accountOf, LABELS, refuse, type World } from "./world";

type Looks = Pick<Host, "pin" | "movePin" | "setAlias" | "setLabel" | "setProtected" | "setHidden" | "defineLabel" | "removeLabel" | "guessLabel" | "rules" | "organisationRules" | "setRules">;

/** The answers about how rows look. */
export function looks(world: World): Looks {
  const { setting } = world;
  const choose = async (of: Subject, change: Partial<Look>): Promise<void> => {
    const key = choiceKey(of);
    setting.choices = { ...setting.choices, [key]: { ...setting.choices?.[key], ...change } };
    world.tellAccounts();
  };
  /** Goes back to what the rules say. */
  const unchoose = async (of: Subject, field: keyof Look): Promise<void> => {
    const { [field]: _gone, ...rest } = setting.choices?.[choiceKey(of)] ?? {};
    setting.choices = { ...setting.choices, [choiceKey(of)]: rest };
    world.tellAccounts();
  };
  return {
    pin: async (of, pinned) => {
      setting.lostPins = (setting.lostPins ?? []).filter((each) => !same(each, of));
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
    setLabel: async (of, label) => (label === null ? unchoose(of, "label") : choose(of, { label })),
    setProtected: async (of, on) => (on === null ? unchoose(of, "protected") : choose(of, { protected: on })),
    setHidden: async (of, hidden) => choose(of, { hidden }),
    defineLabel: async (label) => {
      const taken = world.labels().find(({ shape, word }) => shape === label.shape && word !== label.word);
      if (taken !== undefined) throw refuse("usage", `the label \`${taken.word}\` has this shape already`, "choose another shape");
      if (/\s/u.test(label.word)) throw refuse("usage", `\`${label.word}\` is more than one word`, "choose a single word");
      setting.labels = [...(setting.labels ?? []).filter(({ word }) => word !== label.word), label];
      world.tellAccounts();
    },
    removeLabel: async (word) => {
      setting.labels = (setting.labels ?? []).filter((label) => label.word !== word);
      world.tellAccounts();
    },
    guessLabel: async (name) => LABELS.find(({ word }) => name.toLowerCase().includes(word))?.word ?? null,
    rules: async () => setting.rules ?? [],
    organisationRules: async () => setting.house ?? { rules: [], locked: false },
    setRules: async (rules) => {
      const empty = rules.findIndex(({ account }) => account?.includes("[") === true);
      if (empty >= 0) throw refuse("usage", `\`${rules[empty]?.account}\` is not a pattern`, "use `*` and `?`");
      setting.rules = [...rules];
      world.tellAccounts();
    },
  };
}

export type Choices = Record<string, Partial<Look>>;

function choiceKey({ session, account_id, role }: Subject): string {
  return `${session}/${account_id}/${role ?? ""}`;
}

/** An account with the look that rules and choices give it and its permission sets. */
export function dressed(account: Account, rules: readonly Rule[], labels: readonly Label[], choices: Choices): Account {
  const of = (role: string | null): Look => {
    const told = rules.filter((rule) => fits(rule, account, role)).map(given);
    const own = [choices[choiceKey({ session: account.session, account_id: account.id, role: null })], role === null ? {} : choices[choiceKey({ session: account.session, account_id: account.id, role })]];
    const look: Partial<Look> = Object.assign({}, ...told, ...own);
    const label = look.label === "none" ? null : (look.label ?? null);
    return { label, protected: look.protected ?? labels.find(({ word }) => word === label)?.protected ?? false, hidden: look.hidden ?? false };
  };
  return { ...account, ...of(null), roles: account.roles.map((role) => ({ ...role, ...of(role.name) })) };
}

function fits(rule: Rule, account: Account, role: string | null): boolean {
  if (rule.role !== null && (role === null || !matches(rule.role, role))) return false;
  if (rule.session !== null && rule.session !== account.session) return false;
  return rule.account === null || rule.account === account.id || matches(rule.account, account.name ?? "");
}

function matches(glob: string, text: string): boolean {
  const pattern = glob.replaceAll(/[.+^${}()|[\]\\]/gu, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${pattern}$`, "iu").test(text);
}

function given({ label, protected: guarded, hidden }: Rule): Partial<Look> {
  return { ...(label === null ? {} : { label }), ...(guarded === null ? {} : { protected: guarded }), ...(hidden === null ? {} : { hidden }) };
}

/** What the guard says to an act that nobody consented to. */
export function refuseProtected(world: World, of: Assignment): void {
  const account = accountOf(world, of);
  const role = account === undefined ? undefined : world.dressed(account).roles.find(({ name }) => name === of.role);
  if (role?.protected === true) throw refuse("protected", `${of.role} is protected here`, "confirm it");
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
