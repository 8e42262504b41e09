// What the tray wants of the page: a row that is to be confirmed, the cursor in the search, the settings.
import { host } from "../host";
import type { Assignment, Wish } from "../host/wire.gen";
import { where } from "./page.svelte";

class Wishes {
  /** The protected assignment that the tray was clicked on; null once somebody has seen to it. */
  confirm: Assignment | null = $state.raw(null);
  /** The search, or what can be set, is asked for; null once it is there. */
  place: "search" | "settings" | null = $state(null);

  /** The panel is about to close for the first time, and no tray would bring it back. */
  close = $state(false);

  /** Listens first and asks then, so that nothing falls between. */
  async start(): Promise<void> {
    await host().listen("wish", (wish) => this.#take(wish));
    const left = await host().awaited();
    if (left !== null) this.#take(left);
  }

  #take(wish: Wish): void {
    if (wish.wish === "close") {
      this.close = true;
      return;
    }
    where.home();
    if (wish.wish === "confirm") this.confirm = wish.assignment;
    else this.place = wish.wish;
  }
}

export const wishes = new Wishes();
