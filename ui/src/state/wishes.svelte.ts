// What the tray wants of the page: a row that is to be confirmed, or the cursor in the search.
import { host } from "../host";
import type { Assignment } from "../host/wire.gen";
import { where } from "./page.svelte";

class Wishes {
  /** The protected assignment that the tray was clicked on; null once somebody has seen to it. */
  confirm: Assignment | null = $state.raw(null);
  /** How often the search was asked for. */
  searches = $state(0);

  /** Listens first and asks then, so that nothing falls between. */
  async start(): Promise<void> {
    await Promise.all([host().listen("confirm", (assignment) => this.#ask(assignment)), host().listen("search", () => this.#search())]);
    const left = await host().toConfirm();
    if (left !== null) this.#ask(left);
  }

  #ask(assignment: Assignment): void {
    where.home();
    this.confirm = assignment;
  }

  #search(): void {
    where.home();
    this.searches += 1;
  }
}

export const wishes = new Wishes();
