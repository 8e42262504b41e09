// Sessions of the AWS config file as they are being chosen from; nothing is written before `add`.
import { failureOf, host } from "../host";
import type { Failure, FoundSession, Storage } from "../host/wire.gen";
import { m, phrase } from "../language/language.svelte";
import { where } from "../state/page.svelte";
import { toasts } from "../state/toasts.svelte";
import { canCome, outcomeOf, preselected } from "./found";

export class Finding {
  /** Null until there is an answer. */
  found: readonly FoundSession[] | null = $state.raw(null);
  storage: Storage = $state("shared");
  failure: Failure | null = $state.raw(null);
  busy = $state(false);
  /** Null until somebody chose. */
  #names: readonly string[] | null = $state.raw(null);

  get names(): readonly string[] {
    return this.#names ?? preselected(this.found ?? []);
  }

  get chosen(): readonly FoundSession[] {
    return (this.found ?? []).filter((each) => canCome(each) && this.names.includes(each.name));
  }

  get ready(): boolean {
    return this.chosen.length > 0 && !this.busy;
  }

  choose(name: string, wanted: boolean): void {
    this.#names = wanted ? [...this.names, name] : this.names.filter((other) => other !== name);
  }

  /** Asks also for addresses outside of AWS: they are shown, and wait for the user's word. */
  async ask(): Promise<void> {
    try {
      this.found = await host().foundSessions(true);
    } catch (thrown) {
      [this.found, this.failure] = [[], failureOf(thrown)];
    }
  }

  async add(): Promise<void> {
    if (!this.ready) return;
    [this.busy, this.failure] = [true, null];
    const { chosen } = this;
    try {
      const custom = chosen.some((each) => each.custom);
      tell(outcomeOf(await host().importSessions(chosen.map(({ name }) => name), this.storage, custom)));
      where.home();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
  }
}

function tell({ added, refused }: ReturnType<typeof outcomeOf>): void {
  if (refused === null) return toasts.done([m("session.added", { count: added })]);
  const given = { first: { name: refused.name }, why: refused.why };
  toasts.failed(refused.others === 0 ? phrase("session.not-added", given) : phrase("session.not-added-more", { ...given, others: refused.others }));
}
