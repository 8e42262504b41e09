// Where consoles open: at the place that stands in the search box, else at their home.
import type { Place } from "../host/wire.gen";

class Places {
  /** What was pasted, and how it was read. */
  #pasted: { text: string; place: Place } | null = $state.raw(null);

  take(text: string, place: Place | null): void {
    this.#pasted = place === null ? null : { text, place };
  }

  get place(): Place | null {
    return this.#pasted?.place ?? null;
  }

  /** As it is asked for; null for the console's home. */
  get text(): string | null {
    return this.#pasted?.place.fits === true ? this.#pasted.text : null;
  }
}

export const places = new Places();
