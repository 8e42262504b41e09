// What the tray wants of the page: a row that is to be confirmed, the cursor in the search, the settings.
import { host } from "../host";
import type { Assignment, Wish } from "../host/wire.gen";
import { where } from "./page.svelte";

class Wishes {
  /** The protected assignment that the tray was clicked on; null once somebody has seen to it. */
  confirm: Assignment | null = $state.raw(null);
  /** How often the search was asked for. */
  searches = $state(0);
  /** How often the settings were asked for. */
  settings = $state(0);

  /** Listens first and asks then, so that nothing falls between. */
  async start(): Promise<void> {
    await host().listen("wish", (wish) => this.#take(wish));
    const left = await host().awaited();
    if (left !== null) this.#take(left);
  }

  #take(wish: Wish): void {
    where.home();
    if (wish.wish === "confirm") this.confirm = wish.assignment;
    else if (wish.wish === "search") this.searches += 1;
    else this.settings += 1;
  }
}

export const wishes = new Wishes();
