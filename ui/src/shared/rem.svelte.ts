// How large the text is: one rem in pixels, watched, since people change it while the panel is open.

class TextSize {
  /** Pixels. */
  rem = $state(16);

  constructor() {
    const probe = document.createElement("div");
    probe.className = "rem-probe";
    probe.ariaHidden = "true";
    document.documentElement.append(probe);
    new ResizeObserver(() => (this.rem = probe.offsetHeight || 16)).observe(probe);
  }
}

export const textSize = new TextSize();
