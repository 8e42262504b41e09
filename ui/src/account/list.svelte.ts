// The state of the list: what is searched, found, expanded, selected and shown though hidden. It outlives a visit to another page.
import { failureOf, host } from "../host";
import type { Account } from "../host/accounts";
import type { Failure, Found } from "../host/wire.gen";
import { mirror } from "../state/snapshot.svelte";
import { places } from "./place.svelte";
import { accountKey, type AccountRow, type ChosenRow, type Expansion, hitRows, homeRows, isChosen, type Row } from "./rows";
import { settled, type Window } from "./settle";

/** A search that found nothing, and the longest beginning of it that does find something. */
export type Nearest = { query: string; total: number } | null;
type Answer = { query: string; found: Found; nearest: Nearest };

/** For so long what comes is taken for what the user did, in milliseconds. */
const OWN_ACT = 1500;

class List {
  query = $state("");
  /** Search and expanded rows; both are replaced, never changed. */
  #answer: Answer | null = $state.raw(null);
  #open: ReadonlySet<string> = $state.raw(new Set<string>());
  #reading: ReadonlySet<string> = $state.raw(new Set<string>());
  #unhidden = $state(false);
  #selected: string | null = $state(null);
  failure: Failure | null = $state.raw(null);
  #round = 0;
  /** Who waits for the answer to what is typed. */
  #waiting: ((came: boolean) => void)[] = [];
  /** What is pointed at, where something is; nothing new comes in there. */
  #pointed: Window | null = null;
  /** When the user last changed the list. */
  #actedAt = -Infinity;
  /** Counts how often new rows were let in. */
  #letIn = $state(0);
  #settled: readonly Row[] = [];
  #settledFor: Answer | null = null;

  readonly #known = $derived(new Map(mirror.accounts.map((account) => [accountKey(account.session, account.id), account])));
  /** More may come, now or with the next reading. */
  readonly #growing = $derived(mirror.listings.some((listing) => listing.progress !== null || (!listing.complete && listing.failed === 0)));
  readonly #expansion: Expansion = $derived({ open: this.#open, reading: this.#reading, unhidden: this.#unhidden });
  /** Kept while a search is shown: thousands of rows are not made anew when it is cleared. */
  readonly #home: readonly Row[] = $derived(homeRows(mirror.accounts, this.#expansion, this.#growing, mirror.lostPins));
  readonly #fresh: readonly Row[] = $derived.by(() => {
    const home = this.#home;
    if (this.#answer === null) return home;
    return hitRows(this.#answer.found, (session, id) => this.account(session, id), this.#expansion);
  });
  readonly rows: readonly Row[] = $derived.by(() => {
    void this.#letIn;
    const mine = performance.now() - this.#actedAt < OWN_ACT;
    const held = !mine && this.#answer?.query === this.#settledFor?.query ? this.#pointed : null;
    this.#settledFor = this.#answer;
    this.#settled = held === null ? this.#fresh : settled(this.#settled, this.#fresh, held);
    return this.#settled;
  });

  /** The index of the selected row, or -1 where nothing can be selected. A row that goes hands over to the next. */
  readonly selectedIndex: number = $derived.by(() => {
    const at = this.#selected === null ? -1 : this.rows.findIndex((row) => row.key === this.#selected);
    const next = at >= 0 ? at : this.#selectable(this.#selected === null ? 0 : this.#lastAt);
    this.#lastAt = next;
    return next;
  });
  #lastAt = 0;

  /** The place itself or the nearest below it that can be selected, else the last above. */
  #selectable(at: number): number {
    const below = this.rows.findIndex((row, index) => index >= at && row.kind !== "section");
    return below >= 0 ? below : this.rows.findLastIndex((row) => row.kind !== "section");
  }

  /** The selected row, where it is about an account. */
  get selected(): ChosenRow | null {
    const row = this.rows[this.selectedIndex];
    return isChosen(row) ? row : null;
  }

  /** The query that the rows answer; empty where they are all accounts. */
  get answered(): string {
    return this.#answer?.query ?? "";
  }

  /** True while the rows are not yet those of what is typed. */
  get behind(): boolean {
    return this.query.trim() !== this.answered;
  }

  /** Waits until the rows are those of what is typed; false where no answer came. */
  caughtUp(): Promise<boolean> {
    if (!this.behind) return Promise.resolve(true);
    return new Promise((go) => this.#waiting.push(go));
  }

  #tell(came: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go(came);
  }

  get nearest(): Nearest {
    return this.#answer?.nearest ?? null;
  }

  /** How many results there are, where something is searched. */
  get total(): number | null {
    return this.#answer?.found.total ?? null;
  }

  /** How many rows are left out, or shown though they are hidden. */
  get hidden(): number {
    const last = this.rows.at(-1);
    return last?.kind === "hidden" ? last.hidden : 0;
  }

  /** Whether the list shows nothing but that. */
  get allHidden(): boolean {
    return this.rows.length === 1 && this.rows[0]?.kind === "hidden";
  }

  /** One account, as it is known now. */
  account(session: string, id: string): Account | undefined {
    return this.#known.get(accountKey(session, id));
  }

  isReading(account: Account): boolean {
    return this.#reading.has(accountKey(account.session, account.id));
  }

  /** Somebody points at this stretch of the rows, or at nothing any more. */
  pointAt(window: Window | null): void {
    if (window === null) this.letIn();
    else this.#pointed = window;
  }

  /** What the user does comes in at once, wherever the pointer is. */
  ownAct(): void {
    this.#actedAt = performance.now();
    this.letIn();
  }

  /** Rows that waited come in: a key was pressed, or the pointer is gone. */
  letIn(): void {
    if (this.#pointed === null) return;
    this.#pointed = null;
    this.#letIn += 1;
  }

  select(key: string): void {
    this.#selected = key;
  }

  /** What something is done to stays selected, wherever it goes. */
  keepSelected(): void {
    this.#select(this.selectedIndex);
  }

  /** How often the selection was moved by key. */
  moves = $state(0);

  /** Moves by so many rows that can be selected, and stops at the ends. */
  move(by: number): void {
    this.moves += 1;
    const step = Math.sign(by);
    let at = this.selectedIndex;
    for (let left = Math.abs(by); left > 0; left -= 1) {
      const next = this.#nextFrom(at, step);
      if (next === null) break;
      at = next;
    }
    this.#select(at);
  }

  #nextFrom(at: number, step: number): number | null {
    for (let next = at + step; next >= 0 && next < this.rows.length; next += step) {
      if (this.rows[next]?.kind !== "section") return next;
    }
    return null;
  }

  #select(at: number): void {
    const row = this.rows[at];
    if (row !== undefined && row.kind !== "section") this.#selected = row.key;
  }

  /** Shows what is hidden for now, or hides it again. */
  toggleHidden(): void {
    this.letIn();
    this.#unhidden = !this.#unhidden;
  }

  toggle(row: AccountRow): void {
    if (row.open) this.fold(row);
    else this.expand(row);
  }

  /** Opens an account; its permission sets are read if nobody has. */
  expand(row: AccountRow): void {
    const { account } = row;
    this.letIn();
    this.#open = new Set([...this.#open, accountKey(account.session, account.id)]);
    if (account.roles_state === "unread") void this.readRoles(account);
  }

  fold(row: ChosenRow): void {
    const { account } = row;
    const key = accountKey(account.session, account.id);
    this.letIn();
    this.#open = new Set([...this.#open].filter((open) => open !== key));
    if (row.kind === "child" || row.kind === "note") this.#selected = `a:${key}`;
  }

  async readRoles(account: Account): Promise<void> {
    const key = accountKey(account.session, account.id);
    if (this.#reading.has(key)) return;
    this.#reading = new Set([...this.#reading, key]);
    try {
      await host().readRoles(account.session, account.id);
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.#reading = new Set([...this.#reading].filter((other) => other !== key));
    }
  }

  /** Asks core; an answer that comes after a later question is dropped. */
  async search(): Promise<void> {
    const query = this.query.trim();
    this.#round += 1;
    const mine = this.#round;
    if (query === "") {
      this.#answer = null;
      places.take("", null);
      this.#tell(true);
      return;
    }
    const changed = query !== this.#answer?.query;
    try {
      const found = await host().find(query);
      const nearest = found.total === 0 && found.place === null ? await nearestOf(query) : null;
      if (mine !== this.#round) return;
      places.take(query, found.place);
      this.#answer = { query, found, nearest };
      if (changed) this.#selected = null;
      this.#tell(true);
    } catch (thrown) {
      if (mine !== this.#round) return;
      this.failure = failureOf(thrown);
      this.#tell(false);
    }
  }

  clear(): void {
    this.query = "";
    this.moves = 0;
    this.#selected = null;
    void this.search();
  }
}

/** Drops words from the end until something is found. */
async function nearestOf(query: string): Promise<Nearest> {
  const words = query.split(/\s+/u);
  for (let kept = words.length - 1; kept > 0; kept -= 1) {
    const shorter = words.slice(0, kept).join(" ");
    const { total } = await host().find(shorter);
    if (total > 0) return { query: shorter, total };
  }
  return null;
}

export const list = new List();
