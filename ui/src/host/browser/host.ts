// The scripted host's answers: every request does to the world about what core would do.
import type { Host } from "../index";
import { type Account, type Role, unusedRole } from "../accounts";
import type { AccessChange, Assignment, Flow, Imported, PortalCheck, Served, Storage } from "../wire.gen";
import { diagnostics, WELL } from "./doctor";
import { looks, refuseProtected } from "./looks";
import { accounts } from "./names";
import { note, openings } from "./openings";
import { Config } from "./profiles";
import { deviceStep, SCENARIOS } from "./scenarios";
import { settings } from "./settings";
import { find } from "./search";
import { Synced } from "./syncs";
import { accountOf, listing, MINUTE, refuse, session as blank, signedIn, World } from "./world";

/** How long the scripted browser takes to approve. */
const APPROVAL = 2500;

/** A host that plays a scenario, and keeps what it was asked for `window.asked`. */
export function scripted(scenario: string): Host {
  const setting = SCENARIOS[scenario] ?? SCENARIOS["list-40"];
  if (setting === undefined) throw new Error(`no scenario ${scenario}`);
  const world = new World(setting(Date.now()));
  world.setting.begins?.(world);
  // Tests change the rules behind the page's back, as the command line would.
  Object.assign(globalThis, { elsewhere: () => (world.setting.rules = world.setting.rules?.slice(0, 1) ?? []) });
  return recorded(answers(world, new Config(), new Synced(world)));
}

/** Tests read what was asked; a failure is thrown as it crosses the wire: plain data. */
function recorded(host: Host): Host {
  const asked: [string, ...unknown[]][] = [];
  Object.assign(globalThis, { asked });
  const entries = Object.entries(host).map(([name, answer]) => [
    name,
    async (...given: never[]) => {
      if (name !== "listen") asked.push([name, ...structuredClone(given)]);
      return (answer as (...given: never[]) => unknown)(...given);
    },
  ]);
  return Object.fromEntries(entries) as Host;
}

function keyOf({ session, account_id, role }: Assignment): string {
  return `${session}/${account_id}/${role}`;
}

function notServed(served: readonly Served[], of: Assignment): Served[] {
  return served.filter(({ assignment }) => keyOf(assignment) !== keyOf(of));
}

function answers(world: World, config: Config, synced: Synced): Host {
  const { setting } = world;
  const account = (of: Assignment) => accountOf(world, of);
  const onRole = (of: Assignment, change: (role: Role) => Role): void =>
    world.changeAccount(of.session, of.account_id, (each) => ({ ...each, roles: each.roles.map((role) => (role.name === of.role ? change(role) : role)) }));
  return {
    snapshot: async () => {
      if (setting.broken !== undefined) throw setting.broken;
      return world.snapshot();
    },
    accounts: async () => world.accounts(),
    startsAtLogin: async () => setting.startsAtLogin === true,
    startAtLogin: async (on) => {
      setting.startsAtLogin = on;
    },
    examine: async () => [...(setting.checks ?? WELL)],
    diagnostics: async () => diagnostics(setting.checks ?? WELL),
    saveDiagnostics: async () => "/home/kim/daypass-diagnostics-2026-03-10-132130.txt",
    showDiagnostics: async () => setting.checks === undefined,
    ...settings(world),
    ...looks(world),
    ...openings(world),
    checkPortal: async (url) => checkPortal(url),
    addSession: async (added) => {
      if (world.session(added.name) !== undefined) throw refuse("session_exists", `a session \`${added.name}\` exists already`);
      const { host } = checkPortal(added.start_url);
      setting.sessions = [...setting.sessions, blank(added.name, { start_url: added.start_url, portal_host: host, region: added.region ?? "eu-west-1" })];
      world.tellSessions();
    },
    foundSessions: async () => (setting.found ?? []).map((each) => ({ ...each, registered: world.session(each.name) !== undefined })),
    importSessions: async (names, storage) => bringIn(world, names, storage ?? "shared"),
    removeSession: async (name) => {
      setting.sessions = setting.sessions.filter((each) => each.name !== name);
      setting.accounts = setting.accounts.filter((each) => each.session !== name);
      setting.listings = setting.listings.filter((each) => each.session !== name);
      world.tellSessions();
      world.tellAccounts();
    },
    signIn: async (name, flow) => startSignIn(world, name, flow),
    cancelSignIn: async (name) => world.changeSession(name, { sign_in: null, state: world.session(name)?.signed_in_at == null ? "signed_out" : "active" }),
    openSignInPage: async () => {
      if (setting.signIn === "no-browser") throw refuse("browser_missing", "no browser could be opened");
    },
    copySignInLink: async () => undefined,
    copyUserCode: async () => undefined,
    changeSession: async (name, { storage, length_seconds, sign_in_browser, console_browser }) => {
      world.setBrowsers(name, sign_in_browser, console_browser);
      const begun = world.session(name)?.signed_in_at ?? null;
      world.changeSession(name, {
        ...(storage === null ? {} : { storage, storage_chosen: true }),
        ...(length_seconds === null ? {} : lengthOf(length_seconds, begun)),
      });
    },
    snooze: async (name) => {
      const notice = world.session(name)?.notice ?? null;
      if (notice !== null) world.changeSession(name, { notice: { ...notice, snoozed: true } });
    },
    mute: async (until) => {
      setting.mutedUntil = until;
      world.tellSessions();
    },
    renameSession: async (name, next) => {
      if (world.session(next) !== undefined) throw refuse("session_exists", `a session \`${next}\` exists already`);
      setting.accounts = setting.accounts.map((each) => (each.session === name ? { ...each, session: next } : each));
      setting.listings = setting.listings.map((each) => (each.session === name ? { ...each, session: next } : each));
      world.changeSession(name, { name: next });
      world.tellAccounts();
      return setting.naming ?? [];
    },
    takeNoteOfUser: async (name) => world.changeSession(name, { user_before: null }),
    signOut: async (name) => {
      setting.accounts = setting.accounts.filter((each) => each.session !== name);
      world.changeSession(name, { ...blank(name), portal_host: world.session(name)?.portal_host ?? "", ends_at: null });
      setting.listings = setting.listings.filter((each) => each.session !== name);
      world.tellAccounts();
    },
    readAccounts: async (name) => readAgain(world, name),
    stopReading: async (name) => world.changeListing(name, { progress: null, updated_at: Date.now(), complete: false }),
    readRoles: async (name, id) => readRoles(world, name, id),
    find: async (query) => find(world.accounts().accounts, query),
    copyConsoleLink: async (of, _place, consent) => {
      if (!consent) refuseProtected(world, of);
      return Date.now() + 15 * MINUTE;
    },
    copyShareableLink: async () => undefined,
    services: async () => [
      { name: "lambda", title: "Lambda", names: ["lambda", "l"] },
      { name: "s3", title: "S3", names: ["s3", "buckets"] },
    ],
    openConsole: async (of, place, consent, opening) => {
      await pause(150);
      if (!consent) refuseProtected(world, of);
      note(world, of, place, opening);
      if (opening.browser?.startsWith("gone") === true) throw refuse("browser_missing", "the browser `gone` is not here", "here are: firefox, chrome");
      if (place === "nothing") throw refuse("usage", "`nothing` is no service that Daypass knows", "give a service such as s3, a console address or an ARN");
      if (setting.console === "throttled") throw refuse("throttled", "AWS is limiting requests", "try again in a minute");
      if (setting.console === "not-permitted") throw refuse("not_permitted", `you no longer have ${of.role}`, "read the accounts again");
      onRole(of, (role) => ({ ...role, last_used_at: Date.now() }));
      return place?.includes("alias/") === true ? ["Daypass knows no page for this resource: this is the first page of KMS."] : [];
    },
    wantAccounts: async (name, ids) => {
      await pause(300);
      for (const id of ids) if (accountOf(world, { session: name, account_id: id, role: "" })?.roles_state === "unread") setRoles(world, name, id);
    },
    checkAccess: async (name, id) => {
      await pause(400);
      return grant(world, name, id);
    },
    copyCredentials: async (of, _shell, consent) => {
      if (!consent) refuseProtected(world, of);
      return Date.now() + 47 * MINUTE;
    },
    serveCredentials: async (of, seconds, consent) => {
      if (!consent) refuseProtected(world, of);
      const until = Date.now() + seconds * 1000;
      setting.served = [...notServed(setting.served ?? [], of), { assignment: of, until, failure: null }];
      world.tellSessions();
      return until;
    },
    stopServing: async (of) => {
      setting.served = notServed(setting.served ?? [], of);
      world.tellSessions();
    },
    copyServed: async () => undefined,
    openTerminal: async (of, consent) => {
      await pause(150);
      if (!consent) refuseProtected(world, of);
      if (setting.terminal === "missing") throw refuse("terminal_missing", "no terminal was found here", "name yours in settings.toml, for example terminal = [\"/usr/bin/xterm\", \"-e\"]");
      onRole(of, (role) => ({ ...role, last_used_at: Date.now() }));
    },
    copyAccountId: async () => undefined,
    previewProfile: async (request) => config.preview(request, account(request.assignment), world.session(request.assignment.session)),
    writeProfile: async (request, consent) => {
      if (!consent) refuseProtected(world, request.assignment);
      const preview = config.preview(request, account(request.assignment), world.session(request.assignment.session));
      config.write(preview);
      world.changeSession(request.assignment.session, { storage_chosen: true, storage: preview.style === "sso" ? "shared" : "keychain" });
      return { name: preview.name, file: preview.file, backup: "config.1", action: "added" };
    },
    previewSync: async (request) => synced.preview(world, request),
    writeSync: async (request, agreed) => {
      const { file, groups } = synced.write(world, request, agreed);
      return { file, backup: "config.1", groups };
    },
    undoProfile: async () => {
      if (!synced.undo()) config.undo();
    },
    awaited: async () => (setting.closing === true ? { wish: "close" } : setting.toConfirm === undefined ? null : { wish: "confirm", assignment: setting.toConfirm }),
    panelReady: async () => undefined,
    hidePanel: async () => undefined,
    answerClose: async () => undefined,
    quit: async () => undefined,
    listen: async (slice, told) => world.listen(slice, told),
  };
}

function bringIn(world: World, names: readonly string[], storage: Storage): Imported[] {
  const { setting } = world;
  const imported = (setting.found ?? []).filter(({ name }) => names.includes(name)).map((each): Imported => {
    if (world.session(each.name) !== undefined) return { name: each.name, outcome: { outcome: "kept" } };
    const goesOn = each.signed_in && storage === "shared";
    const { host } = checkPortal(each.start_url);
    const added = blank(each.name, { start_url: each.start_url, portal_host: host, region: each.region, storage, storage_chosen: true, ...(goesOn ? signedIn(Date.now()) : {}) });
    setting.sessions = [...setting.sessions, added];
    return { name: each.name, outcome: { outcome: "added", storage, signed_in: goesOn } };
  });
  world.tellSessions();
  return imported;
}

/** What a set length does to the estimate; 0 goes back to what was learned. */
function lengthOf(seconds: number, begun: number | null) {
  const learned = (8 * 60 + 38) * 60;
  return { length_seconds: seconds === 0 ? null : seconds, ends_at: begun === null ? null : begun + (seconds || learned) * 1000 };
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

function startSignIn(world: World, name: string, flow: Flow): void {
  const now = Date.now();
  const before = world.session(name);
  world.changeSession(name, { state: before?.signed_in_at == null ? "signing_in" : (before?.state ?? "signing_in"), sign_in: { step: "starting" }, failure: null });
  setTimeout(() => {
    const browser = { step: "browser", opened: world.setting.signIn !== "no-browser", started_at: now, gives_up_at: now + 10 * MINUTE } as const;
    if (world.session(name)?.sign_in != null) world.changeSession(name, { sign_in: flow === "browser" ? browser : deviceStep(now) });
  }, 300);
  if (world.setting.signIn === "waits" || world.setting.signIn === "no-browser") return;
  setTimeout(() => finish(world, name), APPROVAL);
}

function finish(world: World, name: string): void {
  if (world.session(name)?.sign_in == null) return;
  if (world.setting.signIn === "denied") {
    const failure = refuse("sign_in_denied", "the access portal says access_denied", "ask your administrator, or try again");
    world.changeSession(name, { state: "signed_out", sign_in: null, failure });
    return;
  }
  const now = Date.now();
  world.changeSession(name, signedIn(now, { signed_in_at: now, ends_at: now + 9 * 60 * MINUTE }));
  if (!world.setting.accounts.some((each) => each.session === name)) world.setting.accounts = [...world.setting.accounts, ...accounts(name, 40, (at) => 1 + (at % 3))];
  world.tellAccounts();
  world.changeListing(name, listing(name, now));
}

async function readAgain(world: World, name: string): Promise<void> {
  const { length: total } = world.setting.accounts.filter((each) => each.session === name);
  world.changeListing(name, { progress: { done: 0, total, left_ms: null }, failure: null });
  await pause(600);
  world.changeListing(name, listing(name, Date.now()));
  world.changeSession(name, { online: true, failure: null });
}

async function readRoles(world: World, name: string, id: string): Promise<void> {
  await pause(500);
  if (world.setting.roles === "fail-once") {
    delete world.setting.roles;
    throw refuse("throttled", "AWS is limiting requests", "try again in a minute");
  }
  setRoles(world, name, id);
}

function setRoles(world: World, name: string, id: string): void {
  world.changeAccount(name, id, (each: Account): Account => ({ ...each, roles_state: "read", roles: [unusedRole("DataEngineer"), unusedRole("ReadOnly")] }));
}

/** Access that was given since shows when somebody asks. */
function grant(world: World, name: string, id: string | null): AccessChange {
  const { granted } = world.setting;
  if (granted === undefined || granted.session !== name || (id !== null && granted.account_id !== id)) return { added: [], removed: [] };
  delete world.setting.granted;
  world.changeAccount(name, granted.account_id, (each) => ({ ...each, roles: [...each.roles, unusedRole(granted.role)] }));
  return { added: [granted], removed: [] };
}

/** A little of what core knows about addresses. */
function checkPortal(address: string): PortalCheck {
  const url = URL.parse(address.includes("://") ? address : `https://${address}`);
  if (url === null || !url.hostname.includes(".") && url.hostname !== "localhost") {
    throw refuse("portal_url_invalid", "this is not the address of an access portal", "it looks like https://acme.awsapps.com/start");
  }
  const aws = url.hostname.endsWith(".awsapps.com");
  const region = /\.([a-z]{2}-[a-z]+-\d)\.portal\.amazonaws\.com$/u.exec(url.hostname)?.[1] ?? null;
  const known = aws || url.hostname.endsWith(".amazonaws.com");
  return { start_url: url.href, host: url.hostname, region, partition: known ? "aws" : null, custom: !known, suggested_name: url.hostname.split(".")[0] ?? "portal" };
}
