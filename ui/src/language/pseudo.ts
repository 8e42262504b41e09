// A language that shows what was left out of the message files, and what has no room to grow. No production build holds it.
import { LANGUAGES as SPOKEN } from "./languages";
import { parse, type Part } from "./patterns";
import type { Table } from "./tables";

/** English as it would look in a language of long words: no letter as it was, 40 % longer, its ends marked; values stand between isolates. */
export const PSEUDO = "en-XA";
const FROM = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const TO = [..."áƀçđéƒǧĥíĵķĺɱñóƥɋŕšţúṽŵẋýžÁɃÇĐÉƑǦĤÍĴĶĹṀÑÓƤɊŔŠŢÚṼŴẊÝŽ"];

/** The message in that language. */
export function pseudo(message: string): string {
  return `⟦${written(parse(message))}⟧`;
}

function written(parts: readonly Part[]): string {
  return parts.map((part) => (part === "#number" ? "#" : typeof part === "string" ? accented(part) : placeholder(part))).join("");
}

function placeholder(part: Exclude<Part, string>): string {
  if (!("forms" in part)) return `\u2068{${part.name}}\u2069`;
  const forms = [...part.forms].map(([form, parts]) => `${form} {${written(parts)}}`);
  return `{${part.name}, plural, ${forms.join(" ")}}`;
}

/** Each word grows by itself, so that lines break where they would. */
function accented(text: string): string {
  const long = (word: string) => word + "~".repeat(Math.ceil(word.length * 0.4));
  return [...text.replaceAll(/[A-Za-z]+/gu, long)].map((letter) => TO[FROM.indexOf(letter)] ?? letter).join("");
}

function accentedTable(table: Table): Table {
  return Object.fromEntries(Object.entries(table).map(([key, message]) => [key, pseudo(message)]));
}

export const LANGUAGES: Readonly<Record<string, Table>> = { ...SPOKEN, [PSEUDO]: accentedTable(SPOKEN["en"] ?? {}) };
