// When the page has time: what can wait does not come between a user's hand and the next frame.

/** How long nothing was pressed, turned or scrolled before something that can wait is done. */
const QUIET = 100;
/** It waits no longer than this, however busy the hand is. */
const MOST = 1000;
const SIGNS = ["keydown", "wheel", "pointerdown", "touchmove", "scroll"] as const;

let lastSign = -Infinity;
if (typeof window !== "undefined") {
  for (const sign of SIGNS) window.addEventListener(sign, () => (lastSign = performance.now()), { capture: true, passive: true });
}

/** Resolves between two frames, when the hand rests or after a second. */
export async function quiet(): Promise<void> {
  const began = performance.now();
  for (;;) {
    const now = performance.now();
    const left = Math.min(QUIET - (now - lastSign), MOST - (now - began));
    if (left <= 0) return;
    await new Promise((go) => setTimeout(go, left));
  }
}
