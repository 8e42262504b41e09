// What every view has to hold to, whatever it shows: no trouble, nothing axe minds, nothing sideways, nothing too small to hit.
import assert from "node:assert/strict";
import { axe, picture } from "./stage.mjs";

/** Holds a page to all of it and takes its picture. */
export async function looksRight(page, name) {
  await picture(page, name);
  assert.deepEqual(page.troubles, [], `${name}: the page complained`);
  assert.deepEqual(await axe(page), [], `${name}: axe`);
  assert.deepEqual(await page.evaluate(sideways), [], `${name}: wider than the window`);
  assert.deepEqual(await page.evaluate(small), [], `${name}: too small to hit`);
}

/** Elements that make the page scroll sideways; a diff scrolls inside itself, on purpose. */
function sideways() {
  const width = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && (box.right > width + 1 || box.left < -1) && element.closest(".diff, .unseen, [hidden]") === null;
  });
  // What is cut off by its parent is cut off, not wide.
  const cut = (element) => {
    for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
      const { overflowX } = getComputedStyle(parent);
      if (overflowX !== "visible" && parent !== document.body && parent.getBoundingClientRect().right <= width + 1 && parent.scrollWidth <= parent.clientWidth + 1) return true;
      if (getComputedStyle(parent).textOverflow === "ellipsis") return true;
    }
    return false;
  };
  return wide.filter((element) => !cut(element)).map((element) => `${element.tagName}.${element.className}`);
}

/** Targets below 24 by 24 pixels; a box in a label is as large as its label. */
function small() {
  return [...document.querySelectorAll("button, input, [role=option], [role=row]")]
    .filter((element) => element.closest(".unseen") === null && element.checkVisibility())
    .map((element) => element.closest("label") ?? element)
    .filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      const grown = getComputedStyle(element, "::after");
      const more = grown.position === "absolute" && grown.content !== "none" ? Number.parseFloat(grown.height) : 0;
      return width > 0 && (width < 24 || Math.max(height, more) < 24);
    })
    .map((element) => `${element.tagName}.${element.className} ${element.dataset.testid ?? ""}`);
}
