// Names are data: what in them cannot be seen is made visible, and where search marks lie is kept.

/** A stretch of a name: plain, or one character that shows nothing by itself. */
export type Piece = { text: string; hidden: boolean; marked: boolean };
/** From, until (excluded), in UTF-16 code units. */
export type Stretch = { start: number; end: number };
/** Words of ours, and names that are data. */
export type Phrase = readonly (string | { name: string })[];

/**
 * Controls (C0, C1), format characters (bidi controls, zero-width, soft hyphen, tags), line and paragraph separators,
 * lone surrogates, and letters that draw nothing. Emoji joiners between two visible parts stay what they are.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5]/u;
const JOINER = "\u200d";
const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u;

/** More than this of a name no row can show. */
const MOST_SHOWN = 300;

/** The beginning of a name, with an ellipsis where it goes on; no letter is cut in half. */
export function clipped(name: string, most: number = MOST_SHOWN): string {
  if (name.length <= most) return name;
  const end = /[\ud800-\udbff]/u.test(name.charAt(most - 1)) ? most - 1 : most;
  return `${name.slice(0, end)}…`;
}

/** The name in pieces, in order; joined, they cover it wholly. */
export function pieces(name: string, marks: readonly Stretch[] = []): Piece[] {
  if (marks.length === 0 && !HIDDEN.test(name)) return [{ text: name, hidden: false, marked: false }];
  const found: Piece[] = [];
  let at = 0;
  let before = "";
  for (const letter of name) {
    const after = name.slice(at + letter.length);
    const hidden = HIDDEN.test(letter) && !joinsEmoji(letter, before, after);
    add(found, { text: letter, hidden, marked: marks.some((mark) => mark.start <= at && at < mark.end) });
    at += letter.length;
    before = letter;
  }
  return found.map((piece) => (piece.hidden ? { ...piece, text: codeOf(piece.text) } : piece));
}

/** The name as it can be read aloud or stand in a tooltip. */
export function visible(name: string): string {
  return pieces(name)
    .map((piece) => (piece.hidden ? `[${piece.text}]` : piece.text))
    .join("");
}

function add(found: Piece[], piece: Piece): void {
  const last = found.at(-1);
  const joins = last !== undefined && !last.hidden && !piece.hidden && last.marked === piece.marked;
  if (joins) last.text += piece.text;
  else found.push(piece);
}

function joinsEmoji(letter: string, before: string, after: string): boolean {
  return letter === JOINER && EMOJI.test(before) && EMOJI.test(String.fromCodePoint(after.codePointAt(0) ?? 0));
}

function codeOf(letter: string): string {
  return `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The digits of an account in groups of four. */
export function idGroups(id: string): string[] {
  return id.match(/.{1,4}/gsu) ?? [];
}

/** A device code in groups of four letters; what separates them on the page is not part of it. */
export function codeGroups(code: string): string[] {
  return code.replace(/[^\p{L}\p{N}]/gu, "").match(/.{1,4}/gsu) ?? [];
}
