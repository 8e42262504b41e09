// Holds the message files to each other and to the sources: no key missing, no placeholder lost, none unused, no words outside of them.
// With `--write` it writes the types of the keys, `src/language/keys.gen.ts`.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { hasLetters, textsOf } from "./texts.mjs";

const UI = join(import.meta.dirname, "..");
const TYPES = join(UI, "src/language/keys.gen.ts");
/** The words of the desktop, and of the page that a browser ends on, are read by Rust, which holds them to its own lists. */
const OUTSIDE = /^(desktop|browser)\./u;
/** Names and forms that no language changes. */
export const UNTRANSLATED = new Set(JSON.parse(readFileSync(join(UI, "checks/untranslated.json"), "utf8")));

/** The messages of one language by key. */
export function tableOf(code) {
  const folder = join(UI, "messages", code);
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return Object.fromEntries(files.sort().flatMap((file) => Object.entries(JSON.parse(readFileSync(join(folder, file), "utf8"))).map(([name, message]) => [`${file.replace(".json", "")}.${name}`, message])));
}

/** The placeholders of a message, those that count marked so. */
export function placeholdersOf(message) {
  const found = [...message.matchAll(/\{\s*(\w+)\s*(\}|,\s*plural)/gu)].filter(([whole, name]) => !(whole.endsWith("}") && isForm(message, name, whole)));
  return [...new Map(found.map(([, name, end]) => [name, end === "}" ? "text" : "count"]).sort(([a], [b]) => (a < b ? -1 : 1)).sort(([, a], [, b]) => (a === "count" ? 1 : 0) - (b === "count" ? 1 : 0))).entries()];
}

/** A form of one word, `one {session}`, is no placeholder. */
function isForm(message, name, whole) {
  const at = message.indexOf(whole);
  return /(zero|one|two|few|many|other|=\d+)\s*$/u.test(message.slice(0, at)) && message.slice(0, at).includes("plural");
}

/** What is wrong with a language beside the first one. */
export function faultsBetween(first, other, code) {
  const missing = Object.keys(first).filter((key) => !(key in other)).map((key) => `${key} is missing in ${code}`);
  const more = Object.keys(other).filter((key) => !(key in first)).map((key) => `${key} stands in ${code} alone`);
  const told = (message) => JSON.stringify(placeholdersOf(message).map(([name]) => name).sort());
  const lost = Object.keys(first).filter((key) => key in other && told(first[key]) !== told(other[key])).map((key) => `${key} has other placeholders in ${code}: ${told(other[key])}`);
  return [...missing, ...more, ...lost, ...formsMissing(other, code)];
}

/** Plural forms that the language tells apart, and a message does not. */
function formsMissing(table, code) {
  const { pluralCategories } = new Intl.PluralRules(code).resolvedOptions();
  return Object.entries(table).flatMap(([key, message]) =>
    [...message.matchAll(/\{\s*(\w+)\s*,\s*plural\s*,([^]*)/gu)].flatMap(([, name, rest]) => pluralCategories.filter((category) => !new RegExp(`\\b${category}\\s*\\{`, "u").test(rest)).map((category) => `${key} has no form "${category}" of ${name} in ${code}`)),
  );
}

/** Keys that no source names; a template such as `words.${code}-title` names all that fit. */
export function unused(keys, sources) {
  const all = sources.join("\n");
  const patterns = [...all.matchAll(/`(\w+\.[^`\s]*\$\{[^`]*)`/gu)].map(([, text]) => new RegExp(`^${text.split(/\$\{[^}]*\}/u).map((part) => part.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&")).join(".+")}$`, "u"));
  return keys.filter((key) => !all.includes(`"${key}"`) && !patterns.some((pattern) => pattern.test(key))).map((key) => `${key} is used nowhere`);
}

/** Words that stand in a source. */
export function wordsIn(path, source) {
  return textsOf(path, source).flatMap(({ pieces, start }) => {
    const words = pieces.filter((piece) => typeof piece === "string" && hasLetters(piece)).map((piece) => piece.replaceAll(/\s+/gu, " ").trim()).filter((piece) => !UNTRANSLATED.has(piece));
    return words.length === 0 ? [] : [`src/${path}:${source.slice(0, start).split("\n").length} says ${JSON.stringify(words.join(" … "))} outside of messages/`];
  });
}

/** The types of the keys, as TypeScript. */
export function typesOf(table) {
  const line = ([key, message]) => {
    const given = placeholdersOf(message);
    return `  ${JSON.stringify(key)}: ${given.length === 0 ? "null" : `{ ${given.map(([name, kind]) => `${name}: ${kind === "count" ? "number" : "string"}`).join("; ")} }`};`;
  };
  return `// Written by checks/messages.mjs from messages/en: what each message is to be given.\n\nexport type Messages = {\n${Object.entries(table).filter(([key]) => !OUTSIDE.test(key)).map(line).join("\n")}\n};\n`;
}

/** The page's own sources: tests, the scripted host and what is generated speak to nobody. */
function sources() {
  const src = join(UI, "src");
  const files = readdirSync(src, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile() && /\.(ts|svelte)$/u.test(entry.name) && !/\.(test|gen)\.ts$/u.test(entry.name));
  const paths = files.map((entry) => relative(src, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"));
  return paths.filter((path) => !path.startsWith("host/") && !path.startsWith("language/")).sort().map((path) => [path, readFileSync(join(src, path), "utf8")]);
}

function faults() {
  const first = tableOf("en");
  const codes = readdirSync(join(UI, "messages")).filter((code) => code !== "en");
  const between = codes.flatMap((code) => faultsBetween(first, tableOf(code), code));
  const all = sources();
  const keys = Object.keys(first).filter((key) => !OUTSIDE.test(key));
  const types = readFileSync(TYPES, "utf8") === typesOf(first) ? [] : ["src/language/keys.gen.ts is old: npm run messages"];
  return [...between, ...formsMissing(first, "en"), ...unused(keys, all.map(([, text]) => text)), ...types, ...all.flatMap(([path, text]) => wordsIn(path, text))];
}

function main() {
  if (process.argv.includes("--write")) return writeFileSync(TYPES, typesOf(tableOf("en")));
  const wrong = faults();
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exit(1);
  console.log(`messages: ${Object.keys(tableOf("en")).length} in each of ${readdirSync(join(UI, "messages")).length} languages, and none elsewhere`);
}

if (process.argv[1]?.endsWith("messages.mjs")) main();
