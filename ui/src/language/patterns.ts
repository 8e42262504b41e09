// Messages as they are written down: text, `{name}`, and `{count, plural, one {# session} other {# sessions}}`. Pure.

/** A stretch of a message. */
export type Part = string | { name: string } | { name: string; forms: ReadonlyMap<string, readonly Part[]> } | "#number";
/** How many there are, where a plural counts. */
const NUMBER = "#number";

/** Reads a message; what is no message is refused with the place where it stops being one. */
export function parse(message: string): readonly Part[] {
  const reader = { message, at: 0 };
  const parts = readParts(reader, false);
  if (reader.at < message.length) throw new Error(`a brace closes nothing at ${reader.at} in: ${message}`);
  return parts;
}

type Reader = { readonly message: string; at: number };

function readParts(reader: Reader, counting: boolean): Part[] {
  const parts: Part[] = [];
  while (reader.at < reader.message.length) {
    const letter = reader.message.charAt(reader.at);
    if (letter === "}") return parts;
    if (letter === "{") parts.push(readPlaceholder(reader));
    else if (letter === "#" && counting) parts.push(take(reader, 1) && NUMBER);
    else parts.push(readText(reader, counting));
  }
  return parts;
}

function readText(reader: Reader, counting: boolean): string {
  const text = (counting ? /^[^{}#]+/u : /^[^{}]+/u).exec(reader.message.slice(reader.at))?.[0] ?? "";
  return take(reader, text.length);
}

function readPlaceholder(reader: Reader): Part {
  const opened = /^\{\s*(\w+)\s*(\}|,\s*plural\s*,)/u.exec(reader.message.slice(reader.at));
  const name = opened?.[1];
  if (opened === null || name === undefined) throw new Error(`no placeholder at ${reader.at} in: ${reader.message}`);
  take(reader, opened[0].length);
  return opened[2] === "}" ? { name } : { name, forms: readForms(reader) };
}

function readForms(reader: Reader): Map<string, readonly Part[]> {
  const forms = new Map<string, readonly Part[]>();
  for (;;) {
    const opened = /^\s*(zero|one|two|few|many|other|=\d+)\s*\{/u.exec(reader.message.slice(reader.at));
    if (opened === null) break;
    take(reader, opened[0].length);
    forms.set(opened[1] ?? "", readParts(reader, true));
    take(reader, 1);
  }
  const closed = /^\s*\}/u.exec(reader.message.slice(reader.at));
  if (closed === null || !forms.has("other")) throw new Error(`a plural has no end, or no form for others, in: ${reader.message}`);
  take(reader, closed[0].length);
  return forms;
}

function take(reader: Reader, length: number): string {
  reader.at += length;
  return reader.message.slice(reader.at - length, reader.at);
}

/** How a language counts and writes numbers. */
export type Counting = { rules: Intl.PluralRules; numbers: Intl.NumberFormat };

/** The message with its values, in pieces: text, and values that are no text as they were given; a list of pieces takes its place. */
export function fill<Value>(parts: readonly Part[], given: Readonly<Record<string, Value | string | number | readonly (string | Value)[]>>, counting: Counting, count = 0): (string | Value)[] {
  return parts.flatMap((part) => {
    if (part === NUMBER) return counting.numbers.format(count);
    if (typeof part === "string") return part;
    const value = given[part.name];
    if (!("forms" in part)) return typeof value === "number" ? counting.numbers.format(value) : (value ?? "");
    return fill(formOf(part.forms, Number(value), counting.rules), given, counting, Number(value));
  });
}

/** A form for exactly this number goes before the one of its kind. */
function formOf(forms: ReadonlyMap<string, readonly Part[]>, count: number, rules: Intl.PluralRules): readonly Part[] {
  return forms.get(`=${count}`) ?? forms.get(rules.select(count)) ?? forms.get("other") ?? [];
}
