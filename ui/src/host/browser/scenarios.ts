// The situations that the page has to look right in, each by its name in `?scenario=`.
import { type Account, type Role, unusedRole } from "../accounts";
import type { Failure, FoundSession, Progress, Rule, Session } from "../wire.gen";
import { UNWELL } from "./doctor";
import { account, accountId, accounts } from "./names";
import { HOUR, listing, MINUTE, notice, session, SILENT, type Setting, signedIn, type World } from "./world";

const HOME = "harbourline";
const OTHER = "tessera";

type Scenario = (now: number) => Setting;

export const SCENARIOS: Record<string, Scenario> = {
  "first-run": () => ({ sessions: [], accounts: [], listings: [] }),
  "first-run-found": () => ({ sessions: [], accounts: [], listings: [], found: found().slice(0, 2) }),
  "first-run-troubled": () => ({ sessions: [], accounts: [], listings: [], found: found() }),
  "more-found": (now) => ({ ...home(now, {}), found: found() }),
  "nothing-found": (now) => home(now, {}),
  "signed-out": () => ({ sessions: [session(HOME)], accounts: [], listings: [] }),
  "list-40": (now) => home(now, {}),
  named: (now) => ({ ...home(now, {}), naming: ["payments-dev", "ledger-dev", "quay-dev"] }),
  "list-5000": (now) => ({ ...home(now, {}), accounts: used(accounts(HOME, 5000, () => 3), now) }),
  "two-sessions": (now) => two(now, { ends_at: now + 3 * HOUR + 19 * MINUTE, ends_at_is_estimate: false, renewable: false, signed_in_at: now - 41 * MINUTE }),
  "many-sessions": (now) => many(now),
  "unknown-end": (now) => two(now, { ends_at: null }),
  "past-estimate": (now) => home(now, { ends_at: now - 25 * MINUTE }),
  fading: (now) => fading(now),
  "ends-soon": (now) => home(now, ending(now, 14 * MINUTE)),
  "ends-very-soon": (now) => home(now, ending(now, 4 * MINUTE)),
  ended: (now) => home(now, over(now, MINUTE)),
  lapsed: (now) => home(now, over(now, 30 * HOUR)),
  "several-end": (now) => severalEnd(now),
  offline: (now) => home(now, { state: "fading", online: false, trouble: failure("offline", "the portal could not be reached", "check the network"), retry_at: now + 40_000 }),
  "all-offline": (now) => inTrouble(many(now), failure("offline", "the portal could not be reached", "check the network"), now + 12_000),
  "captive-portal": (now) => home(now, troubled(now, "captive_portal", "the answer came from somebody else than AWS: 302 to http://10.0.0.1/login", "open a web page")),
  proxy: (now) => home(now, troubled(now, "proxy_failed", "the proxy at proxy.harbourline.example:3128 asks for a name and a password (407)", "put them into HTTPS_PROXY")),
  certificate: (now) => home(now, troubled(now, "certificate_untrusted", "the certificate of oidc.eu-west-1.amazonaws.com is signed by an unknown issuer", "name its certificates in settings.toml")),
  "portal-down": (now) => home(now, troubled(now, "portal_down", "the portal answered 503", "try again later")),
  throttled: (now) => home(now, troubled(now, "throttled", "the portal answered 429", "try again in a minute")),
  "keychain-locked": (now) => ({ ...home(now, {}), sessions: [session(HOME, { trouble: failure("keychain_locked", "the keychain `login` is locked", "unlock it and try again"), retry_at: now + 30_000 })] }),
  "keychain-locked-first": (now) => ({ sessions: [session(HOME, { trouble: failure("keychain_locked", "the keychain `login` is locked", "unlock it and try again"), retry_at: now + 30_000 })], accounts: [], listings: [] }),
  "registration-ended": (now) => home(now, { ...over(now, MINUTE), trouble: failure("registration_expired", "the registration of this device has ended", "sign in again") }),
  clock: (now) => home(now, { clock_ahead_seconds: 7 * 60 + 12 }),
  "user-changed": (now) => two(now, { user: "m.lindqvist-admin", user_before: "m.lindqvist" }),
  muted: (now) => ({ ...home(now, {}), mutedUntil: now + HOUR }),
  "signing-in": () => ({ sessions: [session(HOME)], accounts: [], listings: [], signIn: "waits" }),
  "no-browser": () => ({ sessions: [session(HOME)], accounts: [], listings: [], signIn: "no-browser" }),
  denied: () => ({ sessions: [session(HOME)], accounts: [], listings: [], signIn: "denied" }),
  device: (now) => ({ sessions: [session(HOME, { state: "signing_in", sign_in: deviceStep(now) })], accounts: [], listings: [], signIn: "waits" }),
  reading: (now) => reading(now),
  "first-read": (now) => ({ ...home(now, {}), accounts: [], listings: [{ ...listing(HOME, null), progress: { done: 0, total: 0, left_ms: null } }] }),
  "no-accounts": (now) => ({ ...home(now, {}), accounts: [], listings: [listing(HOME, now - 3 * MINUTE)] }),
  "failed-roles": (now) => failedRoles(now),
  error: (now) => ({ ...home(now, { trouble: failure("keychain_failed", "the keychain did not answer within 5 seconds", "unlock it or start it again"), retry_at: now + 30_000 }), console: "throttled" }),
  "no-terminal": (now) => ({ ...home(now, {}), terminal: "missing" }),
  "not-permitted": (now) => ({ ...home(now, {}), console: "not-permitted" }),
  hostile: (now) => hostile(now),
  broken: () => ({ sessions: [], accounts: [], listings: [], broken: failure("settings_broken", "the settings have a mistake in line 3", "mend them, or move the file away") }),
  settings: (now) => ({ ...home(now, {}), set: { "notices.quiet": "22:00-07:00", "profiles.region": "eu-central-1", "network.proxy": "http://…@proxy.harbourline.example:3128" } }),
  managed: (now) => ({
    ...two(now, {}),
    set: { "notices.warn_minutes": "30, 10", "profiles.template": "{session}-{account_name}-{role}" },
    organisation: [`sessions.${HOME}`, "notices.warn_minutes", "profiles.template"],
    house: { rules: [rule({ account: "*prod*", label: "prod" }), rule({ account: "*prod*", role: "*Admin*", protected: true })], locked: true },
    remarks: [
      { kind: "unknown", file: "/home/kim/.config/daypass/settings.toml", line: 12, message: "`notises` is not known to this version, and has no effect; did you mean `notices`?" },
      { kind: "wrong", file: "/home/kim/.config/daypass/settings.toml", line: 15, message: "`appearance.theme` is not `auto`, `light` or `dark`" },
    ],
  }),
  "settings-broken": (now) => ({ ...home(now, {}), settingsFailure: failure("settings_broken", "settings.toml, line 3: it is not valid TOML: expected `]`", "mend that line, or take it out"), editor: "missing" }),
  "settings-unread": () => ({ sessions: [], accounts: [], listings: [], settingsFailure: failure("settings_broken", "settings.toml, line 3: it is not valid TOML: expected `]`", "mend that line, or take it out") }),
  unwell: (now) => ({ ...home(now, {}), checks: UNWELL }),
  looks: (now) => looks(now),
  drifted: (now) => ({ ...looks(now), drift: { gone: ["atlas-readonly", "atlas-poweruser"], byHand: 1 } }),
  served: (now) => serving(now, 1),
  "served-several": (now) => serving(now, 3),
  "offline-first": (now) => ({ ...home(now, { state: "fading", online: false, trouble: failure("offline", "the portal could not be reached", "check the network"), retry_at: now + 40_000 }), accounts: [], listings: [listing(HOME, null)] }),
  "hidden-all": (now) => ({ ...home(now, {}), rules: [rule({ hidden: true })] }),
  partial: (now) => partial(now),
  "first-failed": (now) => ({ ...home(now, {}), accounts: [], listings: [{ ...listing(HOME, null), failure: failure("portal_down", "the portal answered 503", "try again later") }] }),
  diff: (now) => diff(now),
  "lost-pins": (now) => lostPins(now),
  chains: (now) => chains(now),
  granted: (now) => ({ ...home(now, {}), granted: grantedIn(home(now, {})) }),
  "to-confirm": (now) => toConfirm(now),
  closing: (now) => ({ ...home(now, {}), closing: true }),
};

/** What an AWS config file of some years holds. */
function found(): FoundSession[] {
  const entry = (name: string, start_url: string, region: string, change: Partial<FoundSession> = {}): FoundSession => ({ name, start_url, region, legacy: false, signed_in: false, registered: false, custom: false, problem: null, ...change });
  return [
    entry(HOME, `https://${HOME}.awsapps.com/start`, "eu-west-1", { signed_in: true }),
    entry(OTHER, "https://d-9067f2a41c.awsapps.com/start", "us-east-1", { legacy: true }),
    entry("atoll", "https://sso.atoll-shipping.example/start", "eu-central-1", { custom: true }),
    entry("quarter deck", "https://quarterdeck.awsapps.com.evil.example/start", "", { problem: "the Region is missing: add `sso_region` to its block" }),
  ];
}

const rule = (change: Partial<Rule>): Rule => ({ session: null, account: null, role: null, label: null, protected: null, hidden: null, opens: SILENT, region: null, output: null, ...change });

/** What a careful user wrote: of production only the administrator asks. */
const RULES: Rule[] = [
  rule({ account: "*production*", label: "prod", protected: false }),
  rule({ account: "*staging*", label: "staging" }),
  rule({ account: "*-dev", label: "dev" }),
  rule({ account: "*sandbox*", label: "sandbox" }),
  rule({ account: "*production*", role: "Administrator*", protected: true }),
];

function failure(code: string, message: string, hint: string): Failure {
  return { code, message, hint };
}

function home(now: number, change: Partial<Session>): Setting {
  const mine = accounts(HOME, 40, (at) => [2, 4, 1, 3, 1][at % 5] ?? 1);
  return { sessions: [session(HOME, signedIn(now, change))], accounts: used(mine, now), listings: [listing(HOME, now - 3 * MINUTE)], rules: RULES };
}

function two(now: number, change: Partial<Session>): Setting {
  const setting = home(now, {});
  const theirs = accounts(OTHER, 12, (at) => 1 + (at % 3), 2);
  const [first] = theirs;
  const role: object | undefined = first?.roles[0];
  if (role !== undefined) Object.assign(role, { pinned: true, pin: 2 });
  return {
    ...setting,
    sessions: [...setting.sessions, session(OTHER, { region: "us-east-1", storage: "shared", storage_chosen: true, portal_host: "d-9067f2a41c.awsapps.com", ...signedIn(now, { user: "m.lindqvist", ...change }) })],
    accounts: [...setting.accounts, ...theirs],
    listings: [...setting.listings, listing(OTHER, now - 5 * MINUTE)],
  };
}

/** Two pins, two recents. */
function used(all: Account[], now: number): Account[] {
  let places = 0;
  const mark = (at: number, pinned: boolean, usedAt: number | null): void => {
    const first: object | undefined = all[at]?.roles[0];
    if (first !== undefined) Object.assign(first, { pinned, pin: pinned ? places++ : null, last_used_at: usedAt });
  };
  mark(25, true, now - 12 * MINUTE);
  mark(12, true, null);
  mark(19, false, now - 8 * MINUTE);
  mark(32, false, now - 22 * HOUR);
  return all;
}

function fading(now: number): Setting {
  const setting = two(now, { ...over(now, 26 * HOUR) });
  const first = signedIn(now, ending(now, 14 * MINUTE));
  return { ...setting, sessions: setting.sessions.map((each) => (each.name === HOME ? { ...each, ...first } : each)) };
}

/** A sign-in that ends so many milliseconds from now. */
function ending(now: number, left: number): Partial<Session> {
  return { state: "fading", ends_at: now + left, signed_in_at: now + left - 8 * HOUR - 38 * MINUTE, notice: notice(now, left) };
}

/** A sign-in that ended so long ago. */
function over(now: number, ago: number): Partial<Session> {
  const signed_in_at = now - ago - 8 * HOUR - 38 * MINUTE;
  return { state: "lapsed", signed_in_at, access_token_expires_at: null, ends_at: now - ago, ends_at_is_estimate: false, notice: notice(now, -ago) };
}

function troubled(now: number, code: string, message: string, hint: string): Partial<Session> {
  return { trouble: failure(code, message, hint), retry_at: now + 85_000 };
}

/** Every session that is signed in has the same trouble. */
function inTrouble(setting: Setting, trouble: Failure, retry_at: number): Setting {
  const sessions = setting.sessions.map((each) => (each.signed_in_at === null ? each : { ...each, trouble, retry_at, online: false }));
  return { ...setting, sessions };
}

/** One ended, one within minutes, one soon, with a name that is long. */
function severalEnd(now: number): Setting {
  const setting = many(now);
  const change: Record<string, Partial<Session>> = { [HOME]: ending(now, 14 * MINUTE), [OTHER]: over(now, 3 * MINUTE), "northwind-logistics-holding": ending(now, 4 * MINUTE) };
  return { ...setting, sessions: setting.sessions.map((each) => ({ ...each, ...change[each.name] })) };
}

function many(now: number): Setting {
  const setting = two(now, {});
  const more = ["northwind-logistics-holding", "atoll", "meridian", "quarterdeck"].map((name, at) =>
    session(name, at === 0 ? signedIn(now, ending(now, 12 * MINUTE)) : at === 1 ? {} : signedIn(now)),
  );
  return { ...setting, sessions: [...setting.sessions, ...more] };
}

export function deviceStep(now: number): NonNullable<Session["sign_in"]> {
  const reason = "You are connected over SSH, so a browser here could not report back.";
  return { step: "device", user_code: "RKTM-WQZH", page: `https://${HOME}.awsapps.com/start/#/device`, reason, started_at: now, gives_up_at: now + 9 * MINUTE + 30_000 };
}

function reading(now: number): Setting {
  const total = 5000;
  const all = accounts(HOME, total, () => 3);
  const begins = (world: World): void => {
    let done = 2140;
    setInterval(() => {
      if (world.setting.listings[0]?.progress == null) return;
      done = Math.min(total, done + 60);
      world.setting.accounts = all.slice(0, done);
      world.tellAccounts();
      world.changeListing(HOME, done === total ? listing(HOME, Date.now()) : { progress: progress(done, total) });
    }, 1000);
  };
  const setting = home(now, {});
  return { ...setting, accounts: all.slice(0, 2140), listings: [{ ...listing(HOME, null), progress: progress(2140, total) }], begins };
}

/** Sixty accounts a second. */
function progress(done: number, total: number): Progress {
  return { done, total, left_ms: ((total - done) * 1000) / 60 };
}

function failedRoles(now: number): Setting {
  const setting = home(now, {});
  const broken = new Set([3, 4, 9]);
  const change = (account: Account, at: number): Account => (broken.has(at) ? { ...account, roles: [], roles_state: at === 9 ? "unread" : "failed" } : account);
  return { ...setting, accounts: setting.accounts.map(change), roles: "fail-once" };
}

function pinnedWhere(role: Role, pinned: boolean, pin: number): Role {
  return pinned ? { ...role, pinned, pin } : role;
}

/** Names of the user's own, labels of the user's own, protection of both kinds, and some that are hidden. */
function looks(now: number): Setting {
  const setting = home(now, {});
  const names: Record<number, string> = { 25: "Money, live", 5: "Storage (old)", 19: "Ledger" };
  const accounts = setting.accounts.map((each, at) => ({ ...each, alias: names[at] ?? null }));
  const labels = [
    { word: "billing", shape: "bar", colour: "blue", protected: true, opens: SILENT } as const,
    { word: "shared", shape: "ring_dot", colour: "grey", protected: false, opens: SILENT } as const,
  ];
  const more = [rule({ account: "billing*", label: "billing" }), rule({ account: "audit*", label: "shared" }), rule({ account: "*-archive", hidden: true }), rule({ role: "SecurityAudit", hidden: true })];
  return { ...setting, accounts, labels, rules: [...RULES, ...more] };
}

/** Credentials that are served on this machine; of several, one that has nothing to hand out. */
function serving(now: number, count: number): Setting {
  const setting = looks(now);
  const chosen = setting.accounts.filter(({ roles }) => roles.length > 0).slice(0, count);
  const served = chosen.map(({ session, id, roles }, at) => ({
    assignment: { session, account_id: id, role: roles[0]?.name ?? "" },
    until: now + (at + 1) * HOUR,
    failure: at === 2 ? failure("not_permitted", "AWS says that you have it no more", "ask your administrator for the assignment") : null,
  }));
  return { ...setting, served };
}

/** A reading that was stopped: some failed, some were never read, one keeps what was there before. */
function partial(now: number): Setting {
  const setting = failedRoles(now);
  const accounts = setting.accounts.map((each, at): Account => (at > 20 ? { ...each, roles: [], roles_state: "unread" } : at === 6 ? { ...each, roles_state: "failed" } : each));
  return { ...setting, accounts, listings: [{ ...listing(HOME, now - 3 * MINUTE), complete: false }] };
}

/** A reading that ends soon, and has found something. */
function diff(now: number): Setting {
  const setting = home(now, {});
  const begins = (world: World): void => {
    setTimeout(() => {
      const change = { at: Date.now(), accounts_added: 3, accounts_removed: 1, assignments_added: 7, assignments_removed: 2, samples: ["chandlery-dev", "tugs-staging", "<b>quay</b>"] };
      world.setting.accounts = [...setting.accounts, ...accounts(HOME, 3, () => 1, 9).map((each) => ({ ...each, name: `new-${each.name}` }))];
      world.tellAccounts();
      world.changeListing(HOME, { ...listing(HOME, Date.now()), diff: change });
    }, 600);
  };
  return { ...setting, begins };
}

function grantedIn({ accounts }: Setting): NonNullable<Setting["granted"]> {
  const account = accounts.find(({ name }) => name?.endsWith("-staging"));
  return { session: HOME, account_id: account?.id ?? "", role: "FreshAccess" };
}

/** Roles to assume: pinned, beside permission sets, in an account without any, and one whose base is gone. */
function chains(now: number): Setting {
  const setting = home(now, {});
  const chained = (account: Account | undefined, name: string, of: string, from: string, lost: string | null): Role => ({
    ...unusedRole(`chain:${name}`, { label: account?.label ?? null, protected: account?.protected ?? false, hidden: false }),
    chain: { session: HOME, account_id: account?.id ?? "", role: `chain:${name}`, of, from, found: lost !== null, lost },
  });
  const target: Account = { session: HOME, id: "444455556666", name: null, alias: null, email: null, roles: [], roles_state: "read", label: null, protected: false, hidden: false };
  const audited = { ...target, roles: [chained(target, "auditor", "OrganizationAuditor", "deploy", null)] };
  const add = (account: Account, at: number): Account => {
    if (at === 2) return { ...account, roles: [...account.roles, { ...chained(account, "deploy", "Deploy", "ReadOnly in audit-archive", null), pinned: true, pin: 9 }] };
    if (at === 3) return { ...account, roles: [...account.roles, chained(account, "old-restore", "Restore", "BreakGlass in backup", "BreakGlass in 481920037715 is gone")] };
    return account;
  };
  return { ...setting, accounts: [...setting.accounts.map(add), audited] };
}

/** A pin whose permission set is gone, and one whose account is. */
function lostPins(now: number): Setting {
  const setting = home(now, {});
  const lost = [{ session: HOME, account_id: setting.accounts[7]?.id ?? "", role: "FormerAdmin" }, { session: HOME, account_id: "000000000418", role: "ReadOnly" }];
  return { ...setting, lostPins: lost };
}

function toConfirm(now: number): Setting {
  const setting = home(now, {});
  const account = setting.accounts.find((each) => each.name?.endsWith("-production") && each.roles.some(({ name }) => name === "AdministratorAccess"));
  return { ...setting, toConfirm: { session: HOME, account_id: account?.id ?? "", role: "AdministratorAccess" } };
}

function hostile(now: number): Setting {
  const long = `platform-shared-services${"-eu-central-regulated-workloads".repeat(6)}`.slice(0, 200);
  const names: [string | null, string][] = [
    ["حسابات-الإنتاج", "ReadOnly"],
    ["<img src=x onerror=alert(1)>", "Admin</b><script>"],
    ["invoice\u202egnp.exe", "BillingViewer"],
    ["zero\u200bwidth\u2066and\u2069isolates", "Read\u00adOnly"],
    ["line\nbreak\u0007bell", "Tab\there"],
    [null, "ReadOnly"],
    ["   ", "ReadOnly"],
    ["🏗️ build & test “β” Łódź 👩‍🚀", "DataEngineer"],
    [long, "AdministratorAccess-ReadMostly-ReadMostly-ReadMostly-ReadMostly"],
    ["{{constructor.constructor('alert(1)')()}}", "${alert(1)}"],
    [`endless-${"ab\u200dc ".repeat(2000)}`.slice(0, 10_000), "x".repeat(10_000)],
  ];
  const all = names.map(([name, set], at): Account => account(HOME, at === 5 ? "000000000417" : accountId(at + 900), { name, roles: [pinnedWhere(unusedRole(set), at < 7 || at === 8, at)] }));
  const sessions = [session(HOME, { ...signedIn(now), portal_host: "xn--hrbourline-q5a.awsapps.com" })];
  const labelled = [rule({ account: "*\u0625*", label: "prod", protected: false }), rule({ account: "<img*", label: "dev" }), rule({ account: "invoice*", label: "staging" }), rule({ account: "*build*", label: "sandbox" })];
  return { sessions, accounts: all, listings: [listing(HOME, now - 3 * MINUTE)], rules: labelled };
}
