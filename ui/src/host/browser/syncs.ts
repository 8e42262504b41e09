// Profiles of many assignments in the scripted world: names from a template, some there already, some gone.
import type { Account } from "../accounts";
import type { Assignment, DiffLine, SyncGroup, SyncOutcome, SyncPreview, SyncRequest } from "../wire.gen";
import { find } from "./search";
import { refuse, type World } from "./world";

const FILE = "~/.aws/config";
const LINES = 200;
const FIRST = 20;
const USUAL = "{account_name}-{role}";
const PARTS = /\{(account_name|account_id|session|role)\}/gu;

type Wanted = { name: string; account: Account; role: string; guarded: boolean };

/** What is in the scripted config file of Daypass's own, and what is not its to change. */
export class Synced {
  #written = new Set<string>();
  #before: Set<string> | null = null;
  readonly #gone: string[];
  readonly #kept: string[];

  constructor({ setting }: World) {
    const { gone = [], byHand = 0 } = setting.drift ?? {};
    this.#gone = gone;
    this.#kept = namesOf(setting.accounts).slice(0, byHand);
    this.#gone.forEach((name) => this.#written.add(name));
  }

  preview(world: World, request: SyncRequest): SyncPreview {
    const wanted = wantedOf(world, request);
    const kept = wanted.filter(({ name }) => this.#kept.includes(name));
    const fresh = wanted.filter(({ name }) => !this.#written.has(name) && !this.#kept.includes(name));
    const gone = this.#gone.filter((name) => this.#written.has(name));
    const there = wanted.filter(({ name }) => this.#written.has(name));
    const guarded = fresh.filter((each) => each.guarded);
    const removed = request.prune ? gone : [];
    const diff = [...removed.flatMap(taken), ...fresh.flatMap((each) => added(each, request))];
    return {
      file: FILE,
      groups: [
        group("added", fresh.map(({ name }) => name)),
        group(request.prune ? "removed" : "gone", gone, "its assignment is gone"),
        group("kept", kept.map(({ name }) => name), `it is in ${FILE}, and was not written by Daypass`),
        group("unchanged", there.map(({ name }) => name)),
      ].filter(({ number }) => number > 0),
      diff: diff.slice(0, LINES),
      left_out: Math.max(0, diff.length - LINES),
      added: diff.filter(({ kind }) => kind === "added").length,
      removed: diff.filter(({ kind }) => kind === "removed").length,
      protected: guarded.length,
      question: JSON.stringify(guarded.map(({ name }) => name)),
      protected_first: guarded.slice(0, FIRST).map(({ account, role }): Assignment => ({ session: account.session, account_id: account.id, role })),
    };
  }

  write(world: World, request: SyncRequest, agreed: string | null): SyncPreview {
    const preview = this.preview(world, request);
    if (preview.protected > 0 && agreed !== preview.question) throw refuse("protected", `${preview.protected} of the new profiles would be of protected assignments, which asks for your consent`);
    this.#before = new Set(this.#written);
    wantedOf(world, request).forEach(({ name }) => this.#written.add(name));
    if (request.prune) this.#gone.forEach((name) => this.#written.delete(name));
    return preview;
  }

  /** Whether there was something to take back. */
  undo(): boolean {
    if (this.#before === null) return false;
    [this.#written, this.#before] = [this.#before, null];
    return true;
  }
}

function wantedOf(world: World, request: SyncRequest): Wanted[] {
  const template = request.template ?? USUAL;
  const unknown = /\{([^}]*)\}?/u.exec(template.replaceAll(PARTS, ""))?.[1];
  if (unknown !== undefined) throw refuse("usage", `the template has no part \`{${unknown}}\``, "it may have {account_name}, {account_id}, {session} and {role}");
  const all = world.accounts().accounts.filter(({ session }) => request.sessions.includes(session));
  const chosen = request.words === "" ? null : new Set(find(all, request.words).hits.map(({ session, account_id, role }) => `${session}/${account_id}/${role}`));
  if (chosen?.size === 0) throw refuse("account_unknown", "no assignment has these words", "see what they find with `daypass list WORDS`");
  return all.flatMap((account) =>
    account.roles
      .filter(({ name }) => chosen?.has(`${account.session}/${account.id}/${name}`) ?? true)
      .map((role) => ({ name: filled(template, account, role.name), account, role: role.name, guarded: role.protected })),
  );
}

function namesOf(accounts: readonly Account[]): string[] {
  return accounts.flatMap((account) => account.roles.map(({ name }) => filled(USUAL, account, name)));
}

function filled(template: string, account: Account, role: string): string {
  const parts: Record<string, string> = { account_name: account.name ?? account.id, account_id: account.id, session: account.session, role };
  return template.replaceAll(PARTS, (_, part: string) => parts[part] ?? "").toLowerCase().replaceAll(/[^a-z0-9-]+/gu, "-");
}

function group(outcome: SyncOutcome, names: readonly string[], reason: string | null = null): SyncGroup {
  return { outcome, number: names.length, first: names.slice(0, FIRST).map((name) => ({ name, reason })) };
}

function added({ name, account, role }: Wanted, request: SyncRequest): DiffLine[] {
  const region = request.region ?? request.otherwise_region;
  const lines = ["", `[profile ${name}]`, "# daypass: managed", `sso_session = ${account.session}`, `sso_account_id = ${account.id}`, `sso_role_name = ${role}`, ...(region === null ? [] : [`region = ${region}`])];
  return lines.map((text, at) => ({ kind: "added", old_line: null, new_line: 8 + at, text }));
}

function taken(name: string): DiffLine[] {
  return [`[profile ${name}]`, "# daypass: managed"].map((text, at) => ({ kind: "removed", old_line: 8 + at, new_line: null, text }));
}
