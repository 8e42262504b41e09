// What the search leaves of the settings: lines by their words, their values and their places in the file.

/** The words of a search, as they are compared. */
export function wordsOf(query: string): readonly string[] {
  return folded(query).split(/\s+/u).filter((word) => word !== "");
}

/** Whether all words stand in the text. */
export function holds(text: string, words: readonly string[]): boolean {
  const all = folded(text);
  return words.every((word) => all.includes(word));
}

/** Hides the lines and sections of a page that the words are not in; how many lines are left. A section whose title holds them stays whole. */
export function sift(page: Element, query: string): number {
  const words = wordsOf(query);
  let left = 0;
  for (const section of page.querySelectorAll<HTMLElement>("section")) {
    const whole = holds(section.querySelector("h2")?.textContent ?? "", words);
    const lines = [...section.querySelectorAll<HTMLElement>("li")];
    for (const line of lines) line.hidden = !whole && !holds(`${line.textContent} ${line.dataset["place"] ?? ""}`, words);
    const shown = lines.filter((line) => !line.hidden).length;
    section.hidden = shown === 0;
    left += shown;
  }
  return left;
}

function folded(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
