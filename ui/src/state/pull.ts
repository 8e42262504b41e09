// Pulls a large slice: never two at once, always the newest, and only when the page has time for it.
import { tick } from "svelte";
import { quiet } from "./quiet";

/** The page takes at most one part in so many of its time to take slices over. */
const SHARE = 5;

export type Revised = { readonly revision: number };

/** How long the page was busy with each slice stands in its performance timeline under the pull's name. */
export class Pull<Value extends Revised> {
  readonly #name: string;
  readonly #ask: () => Promise<Value>;
  readonly #take: (value: Value) => void;
  #wanted = -1;
  #have = -1;
  #running = false;

  constructor(name: string, ask: () => Promise<Value>, take: (value: Value) => void) {
    this.#name = name;
    this.#ask = ask;
    this.#take = take;
  }

  /** There is this revision now; the slice follows when there is time. */
  want(revision: number): void {
    this.#wanted = Math.max(this.#wanted, revision);
    if (!this.#running) void this.#run();
  }

  /** Gets the slice at once. */
  async now(): Promise<void> {
    this.#put(await this.#ask());
  }

  /** What cannot be had now is had with the next change. */
  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#have < this.#wanted) {
        await quiet();
        const value = await this.#ask();
        const began = performance.now();
        this.#put(value);
        await tick();
        const cost = performance.now() - began;
        performance.measure(this.#name, { start: began, duration: cost });
        await new Promise((go) => setTimeout(go, cost * (SHARE - 1)));
      }
    } catch (thrown) {
      console.warn("the accounts could not be had", thrown);
    } finally {
      this.#running = false;
    }
  }

  #put(value: Value): void {
    if (value.revision <= this.#have) return;
    this.#have = value.revision;
    this.#take(value);
  }
}
