// What jsdom lacks and the page needs: nothing is ever laid out here, so nothing is ever observed. Each test ends on an empty page.
import { cleanup } from "@testing-library/svelte";
import { afterEach } from "vitest";

class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

afterEach(cleanup);

globalThis.ResizeObserver ??= NoResizeObserver;
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement): void {
  this.open = true;
};
