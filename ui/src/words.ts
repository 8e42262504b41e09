// The only table from error code to words: what happened, what still works, and one thing to do about it.
import type { Failure } from "./host/wire.gen";
import { m, type PlainKey } from "./language/language.svelte";

/** Every code that core knows; a test of the journeys holds this list to core's. */
export const CODES = [
  "usage",
  "sign_in_needed",
  "registration_expired",
  "sign_in_denied",
  "sign_in_timed_out",
  "sign_in_cancelled",
  "sign_in_failed",
  "portal_url_invalid",
  "portal_not_allowed",
  "wrong_region",
  "session_unknown",
  "session_exists",
  "session_ambiguous",
  "account_unknown",
  "target_ambiguous",
  "not_permitted",
  "offline",
  "captive_portal",
  "proxy_failed",
  "certificate_untrusted",
  "clock_wrong",
  "portal_down",
  "throttled",
  "keychain_missing",
  "keychain_locked",
  "keychain_failed",
  "config_broken",
  "config_conflict",
  "config_not_writable",
  "settings_broken",
  "set_by_organisation",
  "storage_failed",
  "browser_missing",
  "terminal_missing",
  "nothing_to_undo",
  "protected",
  "internal",
] as const;

export type Code = (typeof CODES)[number];
/** How loud it is: nothing is broken, something needs you, something is broken. */
export type Tone = "calm" | "attention" | "broken";
/** The one thing offered. Where the place cannot do it, it is left out. */
export type Remedy = "sign_in" | "use_code" | "try_again" | "read_again" | "copy_link";
export type Words = { title: string; text: string; tone: Tone; remedy: Remedy | null };

const REMEDIES: Record<Remedy, PlainKey> = {
  sign_in: "words.sign-in",
  use_code: "words.use-code",
  try_again: "shared.try-again",
  read_again: "words.read-again",
  copy_link: "words.copy-link",
};

/** What the button of a remedy says. */
export function remedyLabel(remedy: Remedy): string {
  return m(REMEDIES[remedy]);
}

/** Where the words of a code are; where it has no text, core's own sentence stands in its place. */
type Said = { title: PlainKey; text: PlainKey | null; tone: Tone; remedy: Remedy | null };

const WORDS: Record<Code, Said> = {
  usage: say("words.usage-title", null, "attention"),
  sign_in_needed: say("words.sign_in_needed-title", "words.sign_in_needed-text", "attention", "sign_in"),
  registration_expired: say("words.registration_expired-title", "words.registration_expired-text", "attention", "sign_in"),
  sign_in_denied: say("words.sign_in_denied-title", "words.sign_in_denied-text", "attention", "try_again"),
  sign_in_timed_out: say("words.sign_in_timed_out-title", "words.sign_in_timed_out-text", "attention", "try_again"),
  sign_in_cancelled: say("words.sign_in_cancelled-title", "words.sign_in_cancelled-text", "calm", "try_again"),
  sign_in_failed: say("words.sign_in_failed-title", "words.sign_in_failed-text", "broken", "use_code"),
  portal_url_invalid: say("words.portal_url_invalid-title", "words.portal_url_invalid-text", "attention"),
  portal_not_allowed: say("words.portal_not_allowed-title", "words.portal_not_allowed-text", "attention"),
  wrong_region: say("words.wrong_region-title", "words.wrong_region-text", "attention", "try_again"),
  session_unknown: say("words.session_unknown-title", "words.session_unknown-text", "attention"),
  session_exists: say("words.session_exists-title", "words.session_exists-text", "attention"),
  session_ambiguous: say("words.session_ambiguous-title", "words.session_ambiguous-text", "attention"),
  account_unknown: say("words.account_unknown-title", "words.account_unknown-text", "attention", "read_again"),
  target_ambiguous: say("words.target_ambiguous-title", "words.target_ambiguous-text", "attention"),
  not_permitted: say("words.not_permitted-title", "words.not_permitted-text", "attention", "read_again"),
  offline: say("words.offline-title", "words.offline-text", "calm", "try_again"),
  captive_portal: say("words.captive_portal-title", "words.captive_portal-text", "attention", "try_again"),
  proxy_failed: say("words.proxy_failed-title", "words.proxy_failed-text", "attention", "try_again"),
  certificate_untrusted: say("words.certificate_untrusted-title", "words.certificate_untrusted-text", "attention", "try_again"),
  clock_wrong: say("words.clock_wrong-title", "words.clock_wrong-text", "attention", "try_again"),
  portal_down: say("words.portal_down-title", "words.portal_down-text", "calm", "try_again"),
  throttled: say("words.throttled-title", "words.throttled-text", "calm", "try_again"),
  keychain_missing: say("words.keychain_missing-title", "words.keychain_missing-text", "broken", "try_again"),
  keychain_locked: say("words.keychain_locked-title", "words.keychain_locked-text", "attention", "try_again"),
  keychain_failed: say("words.keychain_failed-title", "words.keychain_failed-text", "broken", "try_again"),
  config_broken: say("words.config_broken-title", "words.config_broken-text", "broken", "try_again"),
  config_conflict: say("words.config_conflict-title", "words.config_conflict-text", "attention"),
  config_not_writable: say("words.config_not_writable-title", "words.config_not_writable-text", "broken", "try_again"),
  settings_broken: say("words.settings_broken-title", "words.settings_broken-text", "broken", "try_again"),
  set_by_organisation: say("words.set_by_organisation-title", "words.set_by_organisation-text", "attention"),
  storage_failed: say("words.storage_failed-title", "words.storage_failed-text", "broken", "try_again"),
  browser_missing: say("words.browser_missing-title", "words.browser_missing-text", "attention", "copy_link"),
  terminal_missing: say("words.terminal_missing-title", "words.terminal_missing-text", "attention", "try_again"),
  nothing_to_undo: say("words.nothing_to_undo-title", null, "calm"),
  protected: say("words.protected-title", "words.protected-text", "attention"),
  internal: say("words.internal-title", "words.internal-text", "broken", "try_again"),
};

function say(title: PlainKey, text: PlainKey | null, tone: Tone, remedy: Remedy | null = null): Said {
  return { title, text, tone, remedy };
}

function isCode(code: string): code is Code {
  return (CODES as readonly string[]).includes(code);
}

/** The words for a failure; a code from the future speaks for itself. */
export function wordsFor(failure: Failure): Words {
  if (!isCode(failure.code)) return { title: sentence(failure.message) || m("words.unknown"), text: sentence(failure.hint), tone: "broken", remedy: null };
  const { title, text, tone, remedy } = WORDS[failure.code];
  return { title: m(title), text: text === null ? sentence(failure.message) : m(text), tone, remedy };
}

/** What core said in its own words, for those who want to know. */
export function detailsOf(failure: Failure): string {
  return [sentence(failure.message), sentence(failure.hint)].filter((part) => part !== "").join(" ");
}

/** Core's messages begin small and end bare, as errors in a chain do. */
export function sentence(message: string): string {
  const text = message.trim();
  if (text === "") return "";
  const closed = /[.!?…]$/u.test(text) ? text : `${text}.`;
  return closed.charAt(0).toUpperCase() + closed.slice(1);
}

/** What to show for a failure, with the one act that the place can do. */
export type Offer = { words: Words; act: { label: string; run: () => void } | null };

/** Matches the remedy of a failure with the ways that a place has. */
export function offer(failure: Failure, ways: Partial<Record<Remedy, () => void>>): Offer {
  const words = wordsFor(failure);
  const run = words.remedy === null ? undefined : ways[words.remedy];
  if (words.remedy === null || run === undefined) return { words, act: null };
  return { words, act: { label: remedyLabel(words.remedy), run } };
}
