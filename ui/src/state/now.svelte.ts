// One ticking clock for every text that depends on the time; it rests while nobody sees the page.

const TICK = 1000;

class Now {
  /** Milliseconds since the Unix epoch, to the second. */
  ms = $state(Date.now());

  constructor() {
    setInterval(() => this.tick(), TICK);
    document.addEventListener("visibilitychange", () => this.tick());
  }

  tick(): void {
    if (!document.hidden) this.ms = Date.now();
  }
}

/** The time as the page sees it. */
export const now = new Now();
