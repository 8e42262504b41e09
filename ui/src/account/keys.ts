// What the keys on the list do: pure, from a key event to a command.

export type Command =
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "first"
  | "last"
  | "expand"
  | "fold"
  | "act"
  | "other-act"
  | "actions"
  | "copy-id"
  | "open-at"
  | "open-in"
  | "copy-portal-link"
  | "pin"
  | "pin-up"
  | "pin-down"
  | "read"
  | "menu"
  | "settings"
  | "undo"
  | "back"
  | { pin: number };

export type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;
/** Where the caret stands, since some keys belong to the text as long as there is any. */
export type Caret = { hasText: boolean; atEnd: boolean; mac: boolean };

const PLAIN: Record<string, Command> = {
  ArrowUp: "up",
  ArrowDown: "down",
  PageUp: "page-up",
  PageDown: "page-down",
  Enter: "act",
  Escape: "back",
  F10: "menu",
};

const WITH_CONTROL: Record<string, Command> = {
  Enter: "other-act",
  k: "actions",
  i: "copy-id",
  o: "open-at",
  b: "open-in",
  l: "copy-portal-link",
  d: "pin",
  r: "read",
  ",": "settings",
  z: "undo",
};

const WITH_ALT: Record<string, Command> = {
  ArrowUp: "pin-up",
  ArrowDown: "pin-down",
};

/** The command of a key, or null where the key is the text's. */
export function commandOf(pressed: Pressed, caret: Caret): Command | null {
  const control = caret.mac ? pressed.metaKey : pressed.ctrlKey;
  const foreign = caret.mac ? pressed.ctrlKey : pressed.metaKey;
  if (foreign) return null;
  if (pressed.altKey) return control || pressed.shiftKey ? null : (WITH_ALT[pressed.key] ?? null);
  if (control) return controlled(pressed);
  if (pressed.shiftKey) return null;
  return PLAIN[pressed.key] ?? textual(pressed.key, caret);
}

function controlled(pressed: Pressed): Command | null {
  if (pressed.shiftKey) return null;
  if (/^[1-9]$/u.test(pressed.key)) return { pin: Number(pressed.key) };
  return WITH_CONTROL[pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key] ?? null;
}

function textual(key: string, { hasText, atEnd }: Caret): Command | null {
  if (key === "ArrowRight") return atEnd ? "expand" : null;
  if (key === "ArrowLeft") return atEnd ? "fold" : null;
  if (hasText) return null;
  if (key === "Home") return "first";
  return key === "End" ? "last" : null;
}

/** Whether a key types something, so that the search box should have it. */
export function types(pressed: Pressed): boolean {
  return pressed.key.length === 1 && !pressed.ctrlKey && !pressed.metaKey && !pressed.altKey;
}

/** Whether this is a Mac: it names its keys differently. */
export function isMac(): boolean {
  return /^mac|iphone|ipad/iu.test(navigator.platform);
}

/** A shortcut as its platform writes it. */
export function shortcut(key: string, mac: boolean = isMac()): string {
  return mac ? `⌘ ${key}` : m("shared.with-control", { key });
}

/** The same for a key that moves something. */
export function moving(key: string, mac: boolean = isMac()): string {
  return mac ? `⌥ ${key}` : m("shared.with-alt", { key });
}import { m } from "../language/language.svelte";

