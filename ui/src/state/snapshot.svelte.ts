// One read-only mirror of the world: replaced slice by slice, older revisions ignored.
import { host } from "../host";
import type { Account, Accounts } from "../host/accounts";
import type { Appearance, Assignment, Failure, Label, Listing, Listings, Millis, Served, Session, Sessions } from "../host/wire.gen";
import { Pull } from "./pull";

/** Before anything is known. */
export const NOTHING: Sessions = {
  revision: -1,
  sessions: [],
  muted_until: null,
  quiet_until: null,
  appearance: { theme: "auto", language: null },
  profile_region: null,
  profile_template: null,
  settings_failure: null,
  served: [],
};

/** What the page knows of the world. Nothing in it is ever changed in place. */
export class Mirror {
  #sessions: Sessions = $state.raw(NOTHING);
  #listings: Listings = $state.raw({ revision: -1, listings: [] });
  #accounts: Accounts = $state.raw({ revision: -1, labels: [], accounts: [], lostPins: [] });
  /** The accounts are many: they are pulled, not pushed. */
  readonly #pull = new Pull(
    "accounts",
    () => host().accounts(),
    (value: Accounts) => (this.#accounts = value),
  );

  get sessions(): readonly Session[] {
    return this.#sessions.sessions;
  }

  /** Until when no notification is shown. */
  get mutedUntil(): Millis | null {
    return this.#sessions.muted_until;
  }

  /** Until when it is quiet, by the hours that the user chose. */
  get quietUntil(): Millis | null {
    return this.#sessions.quiet_until;
  }

  get appearance(): Appearance {
    return this.#sessions.appearance;
  }

  /** What new profiles say, where nothing else is asked for. */
  get profiles(): { region: string | null; template: string | null } {
    return { region: this.#sessions.profile_region, template: this.#sessions.profile_template };
  }

  /** Why the user's settings cannot be read. */
  get settingsFailure(): Failure | null {
    return this.#sessions.settings_failure;
  }

  /** What is served on this machine. */
  get served(): readonly Served[] {
    return this.#sessions.served;
  }

  get accounts(): readonly Account[] {
    return this.#accounts.accounts;
  }

  /** Pins of what the user may not do any more. */
  get lostPins(): readonly Assignment[] {
    return this.#accounts.lostPins;
  }

  /** All labels that there are. */
  get labels(): readonly Label[] {
    return this.#accounts.labels;
  }

  get listings(): readonly Listing[] {
    return this.#listings.listings;
  }

  session(name: string): Session | undefined {
    return this.#sessions.sessions.find((session) => session.name === name);
  }

  listing(session: string): Listing | undefined {
    return this.#listings.listings.find((listing) => listing.session === session);
  }

  label(word: string): Label | undefined {
    return this.#accounts.labels.find((label) => label.word === word);
  }

  /** Listens first and asks then, so that nothing falls between; the accounts, which take longest, are asked for at once, and again where they were changed before somebody listened. */
  async start(): Promise<void> {
    const listening = Promise.all([
      host().listen("sessions", (value) => this.takeSessions(value)),
      host().listen("listings", (value) => this.takeListings(value)),
      host().listen("accounts", (revision) => this.#pull.want(revision)),
    ]);
    const [{ sessions, listings, accounts_revision }] = await Promise.all([listening.then(() => host().snapshot()), this.#pull.now()]);
    this.takeSessions(sessions);
    this.takeListings(listings);
    this.#pull.want(accounts_revision);
  }

  /** Takes a slice over, unless a newer one is here already. */
  takeSessions(value: Sessions): void {
    if (value.revision > this.#sessions.revision) this.#sessions = value;
  }

  /** The same. */
  takeListings(value: Listings): void {
    if (value.revision > this.#listings.revision) this.#listings = value;
  }
}

/** The mirror that the page shows. */
export const mirror = new Mirror();
