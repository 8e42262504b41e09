// The state of the scripted world, and who hears of its changes.
import type { Told } from "../index";
import type { Account, Accounts } from "../accounts";
import type { Assignment, Check, Failure, FoundSession, Label, Listing, Notice, Opening, OrganisationRules, RecentPlace, Remark, Rule, Served, Session, Sessions, Snapshot } from "../wire.gen";
import { type Choices, dressed } from "./looks";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A console that opens as rules, label and session say. */
export const SILENT: Opening = { browser: null, via: null };

/** The labels that are always there. */
export const LABELS: readonly Label[] = [
  { word: "prod", shape: "square", colour: "red", protected: true, opens: SILENT },
  { word: "staging", shape: "diamond", colour: "amber", protected: false, opens: SILENT },
  { word: "dev", shape: "ring", colour: "green", protected: false, opens: SILENT },
  { word: "sandbox", shape: "triangle", colour: "violet", protected: false, opens: SILENT },
];

export type Setting = {
  sessions: Session[];
  mutedUntil?: number | null;
  /** Single settings, `table.key`. */
  set?: Readonly<Record<string, string | null>>;
  /** What an organisation does not leave to its users. */
  organisation?: readonly string[];
  /** Its rules. */
  house?: OrganisationRules;
  /** What is to be said about the files of settings. */
  remarks?: readonly Remark[];
  /** Why the user's settings cannot be read. */
  settingsFailure?: Failure;
  editor?: "missing";
  /** What is served on this machine. */
  served?: Served[];
  accounts: Account[];
  listings: Listing[];
  /** Labels beside the built-in ones. */
  labels?: Label[];
  rules?: Rule[];
  /** Pins of what is gone. */
  lostPins?: Assignment[];
  /** What the user chose for single rows. */
  choices?: Choices;
  /** Access that was given, but not seen yet. */
  granted?: Assignment;
  /** Why nothing can be learned at all. */
  broken?: Failure;
  /** What the tray left to be confirmed. */
  toConfirm?: Assignment;
  /** The window is about to close, and no tray would bring it back. */
  closing?: boolean;
  /** Profiles that name a session, and keep doing so. */
  naming?: string[];
  /** Profiles whose access is gone, and how many of the first names stand there by hand. */
  drift?: { gone: string[]; byHand: number };
  /** What the AWS config file knows. */
  found?: FoundSession[];
  /** How a sign-in goes on after the browser opened. */
  signIn?: "approved" | "waits" | "denied" | "no-browser";
  /** What opening a console ends in. */
  console?: "opens" | "throttled" | "not-permitted";
  terminal?: "opens" | "missing";
  /** What the first reading of failed permission sets ends in. */
  roles?: "fail-once";
  /** Whether the application starts at login. */
  startsAtLogin?: boolean;
  /** What the doctor finds. */
  checks?: readonly Check[];
  /** How consoles of single rows open, by session, account and permission set. */
  openings?: Record<string, Opening>;
  recentBrowsers?: string[];
  /** By session and account. */
  recentPlaces?: Record<string, RecentPlace[]>;
  /** Runs once the page listens. */
  begins?: (world: World) => void;
};

export class World {
  setting: Setting;
  #revisions = { sessions: 1, listings: 1, accounts: 1 };
  #listeners: { [Slice in keyof Told]: Set<(value: Told[Slice]) => void> } = { sessions: new Set(), listings: new Set(), accounts: new Set(), wish: new Set() };

  constructor(setting: Setting) {
    this.setting = setting;
  }

  readonly #browsers = new Map<string, { sign_in: string; console: string }>();

  browsersOf(name: string): { sign_in: string; console: string } {
    return this.#browsers.get(name) ?? { sign_in: "default", console: "default" };
  }

  setBrowsers(name: string, signIn: string | null, console: string | null): void {
    const now = this.browsersOf(name);
    this.#browsers.set(name, { sign_in: signIn ?? now.sign_in, console: console ?? now.console });
  }

  snapshot(): Snapshot {
    return structuredClone({ sessions: this.sessions(), listings: this.listings(), accounts_revision: this.#revisions.accounts });
  }

  sessions(): Told["sessions"] {
    return { revision: this.#revisions.sessions, sessions: this.setting.sessions, muted_until: this.setting.mutedUntil ?? null, served: this.setting.served ?? [], ...settled(this.setting) };
  }

  listings(): Told["listings"] {
    const failed = (name: string): number => this.setting.accounts.filter((account) => account.session === name && account.roles_state === "failed").length;
    return { revision: this.#revisions.listings, listings: this.setting.listings.map((listing) => ({ ...listing, failed: failed(listing.session) })) };
  }

  accounts(): Accounts {
    const accounts = this.setting.accounts.map((account) => this.dressed(account)).sort(byName);
    return structuredClone({ revision: this.#revisions.accounts, labels: this.labels(), accounts, lostPins: this.setting.lostPins ?? [] });
  }

  /** The built-in labels, some of them changed, and the user's own. */
  labels(): Label[] {
    const own = this.setting.labels ?? [];
    const builtIn = LABELS.map((label) => own.find(({ word }) => word === label.word) ?? label);
    return [...builtIn, ...own.filter(({ word }) => !LABELS.some((label) => label.word === word))];
  }

  /** An account as rules and choices make it look. */
  dressed(account: Account): Account {
    return dressed(account, this.setting.rules ?? [], this.labels(), this.setting.choices ?? {});
  }

  session(name: string): Session | undefined {
    return this.setting.sessions.find((session) => session.name === name);
  }

  changeSession(name: string, change: Partial<Session>): void {
    this.setting.sessions = this.setting.sessions.map((session) => (session.name === name ? { ...session, ...change } : session));
    this.tellSessions();
  }

  changeListing(name: string, change: Partial<Listing>): void {
    const old = this.setting.listings.find((listing) => listing.session === name) ?? listing(name, null);
    this.setting.listings = [...this.setting.listings.filter((listing) => listing.session !== name), { ...old, ...change }];
    this.tellListings();
  }

  changeAccount(session: string, id: string, change: (account: Account) => Account): void {
    this.setting.accounts = this.setting.accounts.map((account) => (account.session === session && account.id === id ? change(account) : account));
    this.tellAccounts();
  }

  tellSessions(): void {
    this.#revisions.sessions += 1;
    this.tell("sessions", structuredClone(this.sessions()));
  }

  tellListings(): void {
    this.#revisions.listings += 1;
    this.tell("listings", structuredClone(this.listings()));
  }

  /** Of the accounts only that they changed; how many could not be read stands in the listings. */
  tellAccounts(): void {
    this.#revisions.accounts += 1;
    this.tell("accounts", this.#revisions.accounts);
    this.tellListings();
  }

  tell<Slice extends keyof Told>(slice: Slice, value: Told[Slice]): void {
    for (const told of this.#listeners[slice]) told(value);
  }

  listen<Slice extends keyof Told>(slice: Slice, told: (value: Told[Slice]) => void): () => void {
    this.#listeners[slice].add(told);
    return () => this.#listeners[slice].delete(told);
  }
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** By name, the nameless last. */
function byName(a: Account, b: Account): number {
  const [one, other] = [a.name?.trim() ?? "", b.name?.trim() ?? ""];
  return Number(one === "") - Number(other === "") || collator.compare(one, other) || a.id.localeCompare(b.id);
}

/** A list that was read at that time. */
export function listing(session: string, updatedAt: number | null): Listing {
  return { session, updated_at: updatedAt, complete: updatedAt !== null, progress: null, failure: null, failed: 0, diff: null };
}

/** A session that nobody is signed in to. */
export function session(name: string, change: Partial<Session> = {}): Session {
  return {
    name,
    start_url: `https://${name}.awsapps.com/start`,
    portal_host: `${name}.awsapps.com`,
    region: "eu-west-1",
    partition: "aws",
    state: "signed_out",
    online: true,
    storage: "keychain",
    storage_chosen: false,
    signed_in_at: null,
    access_token_expires_at: null,
    renewable: true,
    ends_at: null,
    ends_at_is_estimate: false,
    length_seconds: null,
    usual_length_seconds: null,
    notice: null,
    user: null,
    user_before: null,
    clock_ahead_seconds: null,
    sign_in: null,
    failure: null,
    trouble: null,
    retry_at: null,
    ...change,
  };
}

/** A notice about an end so many milliseconds from now. */
export function notice(now: number, left: number, is_estimate = true): Notice {
  const stage = left <= 0 ? "ended" : left <= 5 * MINUTE ? "ends_very_soon" : "ends_soon";
  return { stage, ends_at: now + left, is_estimate: is_estimate && stage !== "ended", snoozed: false };
}

/** What changes when somebody signs in. */
export function signedIn(now: number, change: Partial<Session> = {}): Partial<Session> {
  return {
    state: "active",
    signed_in_at: now - 4 * HOUR - 19 * MINUTE,
    access_token_expires_at: now + 42 * MINUTE,
    ends_at: now + 4 * HOUR + 19 * MINUTE,
    ends_at_is_estimate: true,
    usual_length_seconds: (8 * HOUR + 38 * MINUTE) / 1000,
    notice: null,
    user: "mara.lindqvist",
    sign_in: null,
    failure: null,
    trouble: null,
    retry_at: null,
    ...change,
  };
}

/** The account of an assignment. */
export function accountOf(world: World, of: Assignment): Account | undefined {
  return world.setting.accounts.find((each) => each.session === of.session && each.id === of.account_id);
}

/** A failure as it crosses the wire. */
export function refuse(code: string, message: string, hint = ""): Failure {
  return { code, message, hint };
}

/** What the settings mean for every page. */
function settled({ set, settingsFailure }: Setting): Pick<Sessions, "quiet_until" | "appearance" | "profile_region" | "profile_template" | "settings_failure"> {
  const language = set?.["appearance.language"] ?? "auto";
  return {
    quiet_until: null,
    appearance: { theme: set?.["appearance.theme"] ?? "auto", language: language === "auto" ? null : language },
    profile_region: set?.["profiles.region"] ?? null,
    profile_template: set?.["profiles.template"] ?? null,
    settings_failure: settingsFailure ?? null,
  };
}
