// One read-only mirror of the world: replaced slice by slice, older revisions ignored.
import { host, type Told } from "../host";
import type { Account, Accounts, Listing, Millis, Session, Sessions } from "../host/wire.gen";

/** What the page knows of the world. Nothing in it is ever changed in place. */
export class Mirror {
  #sessions: Sessions = $state.raw({ revision: -1, sessions: [], muted_until: null });
  #accounts: Accounts = $state.raw({ revision: -1, listings: [], accounts: [] });

  get sessions(): readonly Session[] {
    return this.#sessions.sessions;
  }

  /** Until when no notification is shown. */
  get mutedUntil(): Millis | null {
    return this.#sessions.muted_until;
  }

  get accounts(): readonly Account[] {
    return this.#accounts.accounts;
  }

  get listings(): readonly Listing[] {
    return this.#accounts.listings;
  }

  session(name: string): Session | undefined {
    return this.#sessions.sessions.find((session) => session.name === name);
  }

  listing(session: string): Listing | undefined {
    return this.#accounts.listings.find((listing) => listing.session === session);
  }

  /** Takes a slice over, unless a newer one is here already. */
  receive<Slice extends keyof Told>(slice: Slice, value: Told[Slice]): void {
    if (slice === "sessions") this.#takeSessions(value as Sessions);
    else this.#takeAccounts(value as Accounts);
  }

  /** Listens first and asks then, so that nothing falls between. */
  async start(): Promise<void> {
    await Promise.all([
      host().listen("sessions", (value) => this.receive("sessions", value)),
      host().listen("accounts", (value) => this.receive("accounts", value)),
    ]);
    const { sessions, accounts } = await host().snapshot();
    this.receive("sessions", sessions);
    this.receive("accounts", accounts);
  }

  #takeSessions(value: Sessions): void {
    if (value.revision > this.#sessions.revision) this.#sessions = value;
  }

  #takeAccounts(value: Accounts): void {
    if (value.revision > this.#accounts.revision) this.#accounts = value;
  }
}

/** The mirror that the page shows. */
export const mirror = new Mirror();
