// Finds what people read in the page's sources: text in markup, and literals in code that look like words of a sentence.
import { parse } from "svelte/compiler";

/** Attributes that are read, or read aloud; a component's own attributes count where they look like words. */
const READ = new Set(["title", "aria-label", "aria-description", "aria-valuetext", "placeholder", "alt"]);
/** Where a literal is a mark for machines, whatever it looks like. */
const MARKS = /^(class|data-|id$|for$|style|role$|type$|href$|name$|list$|form$|testid$|icon$|autocomplete$|inputmode$|aria-(labelledby|describedby|controls|haspopup|current|live|activedescendant|owns)$)/u;
/** Calls whose words nobody reads in the panel. */
const UNREAD = /^(m|phrase|sentenceOf|Error|TypeError|console\.\w+|querySelector(All)?|matchMedia|getItem|setItem|measure|mark)$/u;

/** Whether a text has letters that somebody would read. */
export function hasLetters(text) {
  return /\p{L}/u.test(text);
}

/** Whether a literal in code looks like words: two of them, or one that begins as a sentence does. */
export function looksLikeWords(text) {
  return /\p{L}{2,}[,.:;!?’']? \p{L}/u.test(text) || /^\p{Lu}\p{Ll}+[….:]?$/u.test(text) || /^\p{Lu}\p{Ll}+ /u.test(text) || / \p{Ll}{2,}$/u.test(text) || /^\p{Ll}{2,} /u.test(text);
}

/**
 * All such texts of a source, each with where it stands, its kind (`markup`, `attribute`, `literal`, `template`, `list`)
 * and its pieces: strings, and `{ start, end }` of the expressions in between.
 */
export function textsOf(path, source) {
  const before = path.endsWith(".svelte") ? "" : '<script lang="ts">';
  const whole = path.endsWith(".svelte") ? source : `${before}${source.replaceAll("</script>", "<_script>")}</script>`;
  const root = parse(whole, { modern: true });
  const found = [];
  const add = (kind, from, to, pieces, where) => found.push({ kind, start: from - before.length, end: to - before.length, pieces: pieces.map((piece) => (typeof piece === "string" ? piece : { start: piece.start - before.length, end: piece.end - before.length })), where });
  for (const part of [root.module, root.instance, root.fragment]) if (part) walk(part, [], add);
  return found;
}

function walk(node, parents, add) {
  if (node === null || typeof node !== "object") return;
  if (Array.isArray(node)) return node.forEach((each) => walk(each, parents, add));
  if (typeof node.type !== "string") return;
  if (node.type === "Fragment") markup(node, add);
  if (node.type === "Attribute" && attribute(node, parents.at(-1), add)) return;
  if (isSkipped(node, parents)) return;
  if (node.type === "ArrayExpression" && list(node, add)) return node.elements.forEach((each) => each !== null && each.type !== "Literal" && walk(each, [...parents, node], add));
  if (node.type === "Literal" && typeof node.value === "string" && looksLikeWords(node.value)) add("literal", node.start, node.end, [node.value], "code");
  if (node.type === "TemplateLiteral") template(node, add);
  for (const [name, value] of Object.entries(node)) {
    if (name === "metadata" || name === "loc" || name === "typeAnnotation" || name === "typeArguments" || name === "typeParameters") continue;
    if (name === "key" && node.type === "Property" && !node.computed) continue;
    if (typeof value === "object") walk(value, [...parents, node], add);
  }
}

function isSkipped(node) {
  if (/^(TS|Import|ExportAll|Comment)/u.test(node.type) && !/^TS(As|Satisfies|NonNull)/u.test(node.type)) return true;
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return false;
  const { callee } = node;
  const name = callee.type === "MemberExpression" ? (callee.object.name === "console" ? `console.${callee.property.name}` : callee.property.name) : callee.name;
  return UNREAD.test(name ?? "") && !node.arguments.some((each) => each.type === "ObjectExpression");
}

/** Runs of text and expressions between elements. */
function markup(fragment, add) {
  let run = [];
  const end = () => {
    const pieces = run.map((node) => (node.type === "Text" ? node.data : node.expression));
    if (pieces.some((piece) => typeof piece === "string" && hasLetters(piece))) add("markup", run[0].start, run.at(-1).end, pieces, "markup");
    run = [];
  };
  for (const node of fragment.nodes) {
    if (node.type === "Text" || node.type === "ExpressionTag") run.push(node);
    else end();
  }
  end();
}

/** Whether it was dealt with. */
function attribute(node, element, add) {
  // A component's `name` is shown.
  if (MARKS.test(node.name) && !(node.name === "name" && element?.type === "Component")) return true;
  if (node.value === true) return true;
  const values = Array.isArray(node.value) ? node.value : [node.value];
  const own = element?.type === "Component";
  const words = (text) => (READ.has(node.name) || (own && looksLikeWords(text))) && hasLetters(text);
  if (!values.some((each) => each.type === "Text" && words(each.data))) return false;
  add("attribute", node.start, node.end, values.map((each) => (each.type === "Text" ? each.data : each.expression)), node.name);
  return false;
}

function template(node, add) {
  const pieces = node.quasis.flatMap((quasi, at) => [quasi.value.cooked, ...(at < node.expressions.length ? [node.expressions[at]] : [])]).filter((piece) => piece !== "");
  if (pieces.some((piece) => typeof piece === "string" && looksLikeWordsBeside(piece))) add("template", node.start, node.end, pieces, "code");
}

/** A piece beside an expression: one word and a blank are enough. */
function looksLikeWordsBeside(text) {
  return looksLikeWords(text) || looksLikeWords(text.trim()) || /^\p{Ll}{2,} $/u.test(text) || /^ \p{Ll}{2,}$/u.test(text) || /(^|\s)\p{L}{2,}(\s|$)/u.test(text.trim()) && /\s/u.test(text);
}

/** A list of words and names: a phrase. */
function list(node, add) {
  const isText = (each) => each?.type === "Literal" && typeof each.value === "string";
  if (!node.elements.some((each) => isText(each) && /\s/u.test(each.value) && /\p{L}/u.test(each.value))) return false;
  if (node.elements.every(isText) && node.elements.length > 1) return false;
  if (node.elements.some((each) => each === null || each.type === "SpreadElement" || each.type === "ArrowFunctionExpression")) return false;
  add("list", node.start, node.end, node.elements.map((each) => (isText(each) ? each.value : each)), "code");
  return true;
}
