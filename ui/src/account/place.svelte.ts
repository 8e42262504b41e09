// Where consoles open: at the place that stands in the search box, at one that is held while another account is looked for, else at their home.
import type { Place } from "../host/wire.gen";

type Pasted = { text: string; place: Place };

class Places {
  /** What was pasted, and how it was read. */
  #pasted: Pasted | null = $state.raw(null);
  /** What stays while the search is for accounts. */
  #held: Pasted | null = $state.raw(null);

  take(text: string, place: Place | null): void {
    this.#pasted = place === null ? null : { text, place };
  }

  /** The place that stands in the search box. */
  get place(): Place | null {
    return this.#pasted?.place ?? null;
  }

  /** The place that is held; what is pasted goes before it. */
  get held(): Place | null {
    return this.#pasted === null ? (this.#held?.place ?? null) : null;
  }

  /** Keeps what was pasted, so that the box is free to look for any account. */
  hold(): void {
    if (this.#pasted?.place.fits === true) this.#held = this.#pasted;
    this.#pasted = null;
  }

  letGo(): void {
    this.#held = null;
  }

  /** As it is asked for; null for the console's home. */
  get text(): string | null {
    if (this.#pasted !== null) return this.#pasted.place.fits ? this.#pasted.text : null;
    return this.#held?.text ?? null;
  }
}

export const places = new Places();
