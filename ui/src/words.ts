// The only table from error code to words: what happened, what still works, and one thing to do about it.
import type { Failure } from "./host/wire.gen";
import { m } from "./language/language.svelte";

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

const REMEDIES: Record<Remedy, string> = {
  sign_in: "Sign in",
  use_code: "Use a code instead",
  try_again: m("shared.try-again"),
  read_again: "Read accounts again",
  copy_link: "Copy link",
};

/** What the button of a remedy says. */
export function remedyLabel(remedy: Remedy): string {
  return REMEDIES[remedy];
}

const WORDS: Record<Code, Words> = {
  usage: say("That cannot be done like this", "", "attention"),
  sign_in_needed: say("Sign in to go on", "The sign-in has ended. What you fetched already still works.", "attention", "sign_in"),
  registration_expired: say("AWS asks Daypass to register again", "That happens every few months. Signing in does it; keys that you fetched still work.", "attention", "sign_in"),
  sign_in_denied: say("The sign-in was refused", "You or your organisation declined it in the browser.", "attention", "try_again"),
  sign_in_timed_out: say("Nobody approved the sign-in in time", "Start it again when you are ready.", "attention", "try_again"),
  sign_in_cancelled: say("The sign-in was given up", "Nothing has changed.", "calm", "try_again"),
  sign_in_failed: say("The sign-in did not work", "A code often works where the browser cannot report back.", "broken", "use_code"),
  portal_url_invalid: say("This is not the address of an access portal", "Copy it from the browser or from your administrator's mail.", "attention"),
  portal_not_allowed: say("This address does not belong to AWS", "Allow it only if your organisation gave it to you.", "attention"),
  wrong_region: say("The portal is not in this Region", "Check the Region and the address; your administrator knows both.", "attention", "try_again"),
  session_unknown: say("This session is not here any more", "It was removed, perhaps on the command line.", "attention"),
  session_exists: say("This name is taken", "Choose another name for the new session.", "attention"),
  session_ambiguous: say("Several sessions fit", "Name the one that you mean.", "attention"),
  account_unknown: say("This account is not in the list any more", "Reading the accounts again shows what is there now.", "attention", "read_again"),
  target_ambiguous: say("Several permission sets fit", "Name the one that you mean.", "attention"),
  not_permitted: say("AWS says that you may not do this any more", "Your other accounts are not affected.", "attention", "read_again"),
  offline: say("No connection", "The list and keys already fetched still work.", "calm", "try_again"),
  captive_portal: say("This network wants something from you first", "Open any web page and accept what it asks for.", "attention", "try_again"),
  proxy_failed: say("The proxy does not let Daypass through", "Check its address and whether it wants a name and password.", "attention", "try_again"),
  certificate_untrusted: say("The connection to AWS is not trusted here", "Nothing was sent. If your organisation inspects traffic, give Daypass its certificates in settings.toml.", "attention", "try_again"),
  clock_wrong: say("The clock of this computer is wrong", "Set date, time and time zone.", "attention", "try_again"),
  portal_down: say("The access portal has trouble", "It is not you. It usually passes within minutes.", "calm", "try_again"),
  throttled: say("AWS is limiting requests", "It passes by itself within a minute or so.", "calm", "try_again"),
  keychain_missing: say("There is no keychain here", "Daypass keeps secrets nowhere else without being told to. Start your keychain, or let this session share AWS's token cache.", "broken", "try_again"),
  keychain_locked: say("Your keychain is locked", "Unlock it, then try again.", "attention", "try_again"),
  keychain_failed: say("Your keychain did not answer as it should", "Nothing was lost.", "broken", "try_again"),
  config_broken: say("Your AWS config file has a mistake in it", "Daypass does not touch a file that it cannot read for sure.", "broken", "try_again"),
  config_conflict: say("Something else stands there already", "Nothing was written.", "attention"),
  config_not_writable: say("Your AWS config file cannot be written", "Nothing was changed. Check its permissions.", "broken", "try_again"),
  settings_broken: say("The settings of Daypass cannot be read", "They are left as they are.", "broken", "try_again"),
  storage_failed: say("A file could not be read or written", "Check the free space and the permissions.", "broken", "try_again"),
  browser_missing: say("No browser could be opened", "Copy the link and open it where you like.", "attention", "copy_link"),
  terminal_missing: say("No terminal could be opened", "Name yours in settings.toml.", "attention", "try_again"),
  nothing_to_undo: say("There is nothing to take back", "", "calm"),
  protected: say("You marked this as one to be careful with", "Open it from its row, where you are asked first.", "attention"),
  internal: say("Something went wrong inside Daypass", "Nothing of yours was changed.", "broken", "try_again"),
};

function say(title: string, text: string, tone: Tone, remedy: Remedy | null = null): Words {
  return { title, text, tone, remedy };
}

function isCode(code: string): code is Code {
  return (CODES as readonly string[]).includes(code);
}

/** The words for a failure; a code from the future speaks for itself. */
export function wordsFor(failure: Failure): Words {
  if (!isCode(failure.code)) return say(sentence(failure.message) || "Something went wrong", sentence(failure.hint), "broken");
  const words = WORDS[failure.code];
  return words.text === "" ? { ...words, text: sentence(failure.message) } : words;
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
