// What each key does, and which keys stay the text's.
import { expect, test } from "vitest";
import { commandOf, type Pressed, shortcut, types } from "./keys";

const press = (key: string, change: Partial<Pressed> = {}): Pressed => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...change });
const EMPTY = { hasText: false, atEnd: true, mac: false };
const TEXT = { hasText: true, atEnd: true, mac: false };

test.each([
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
  ["PageUp", "page-up"],
  ["PageDown", "page-down"],
  ["Home", "first"],
  ["End", "last"],
  ["ArrowRight", "expand"],
  ["ArrowLeft", "fold"],
  ["Enter", "act"],
  ["Escape", "back"],
  ["a", null],
  ["Tab", null],
])("%s is %s", (key, command) => {
  expect(commandOf(press(key), EMPTY)).toBe(command);
});

test.each([
  ["Enter", "other-act"],
  ["k", "actions"],
  ["K", "actions"],
  ["i", "copy-id"],
  ["d", "pin"],
  ["r", "read"],
  [",", "settings"],
  ["z", "undo"],
  ["c", null],
  ["v", null],
  ["a", null],
])("with Ctrl, %s is %s", (key, command) => {
  expect(commandOf(press(key, { ctrlKey: true }), TEXT)).toBe(command);
});

test("on a Mac it is the command key, and Ctrl stays the text's", () => {
  const mac = { ...EMPTY, mac: true };
  expect(commandOf(press("k", { metaKey: true }), mac)).toBe("actions");
  expect(commandOf(press("k", { ctrlKey: true }), mac)).toBeNull();
  expect(commandOf(press("k", { metaKey: true }), EMPTY)).toBeNull();
  expect([shortcut("K", true), shortcut("K", false)]).toEqual(["⌘ K", "Ctrl K"]);
});

test("while there is text, some keys move the caret", () => {
  expect(commandOf(press("Home"), TEXT)).toBeNull();
  expect(commandOf(press("ArrowRight"), { ...TEXT, atEnd: false })).toBeNull();
  expect(commandOf(press("ArrowRight"), TEXT)).toBe("expand");
  expect(commandOf(press("ArrowDown"), TEXT)).toBe("down");
});

test("pins are opened by number, from one", () => {
  expect(commandOf(press("3", { ctrlKey: true }), EMPTY)).toEqual({ pin: 3 });
  expect(commandOf(press("0", { ctrlKey: true }), EMPTY)).toBeNull();
});

test("with Alt the arrows move a pin, and nothing else is asked for", () => {
  expect(commandOf(press("ArrowUp", { altKey: true }), TEXT)).toBe("pin-up");
  expect(commandOf(press("ArrowDown", { altKey: true }), EMPTY)).toBe("pin-down");
  expect(commandOf(press("ArrowDown", { altKey: true, ctrlKey: true }), EMPTY)).toBeNull();
  expect(commandOf(press("ArrowDown", { altKey: true, shiftKey: true }), EMPTY)).toBeNull();
  expect(commandOf(press("k", { altKey: true }), EMPTY)).toBeNull();
});

test("shift asks for nothing here", () => {
  expect(commandOf(press("Home", { shiftKey: true }), EMPTY)).toBeNull();
  expect(commandOf(press("Z", { ctrlKey: true, shiftKey: true }), EMPTY)).toBeNull();
});

test("what types goes to the search box", () => {
  expect(types(press("a"))).toBe(true);
  expect(types(press("ß"))).toBe(true);
  expect(types(press("Enter"))).toBe(false);
  expect(types(press("a", { ctrlKey: true }))).toBe(false);
});
