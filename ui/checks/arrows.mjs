// Reads the page's sources for what no compiler forbids: arrows between folders, raw HTML, styles in templates, missing first sentences.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** What each folder may import, beside itself. */
export const ARROWS = {
  language: [],
  shared: ["language"],
  host: [],
  words: ["host", "language"],
  state: ["host", "language"],
  session: ["shared", "state", "host", "words", "language"],
  account: ["shared", "state", "host", "words", "language"],
  settings: ["shared", "state", "host", "words", "language"],
  views: ["session", "account", "settings", "shared", "state", "host", "words", "language"],
  main: ["views", "state", "host", "styles", "language"],
};

/** What is wrong with one source; `path` is relative to `src`. */
export function faults(path, text) {
  const found = [];
  const test = path.endsWith(".test.ts");
  if (!/^\s*(\/\/|\/\*|<!--)/u.test(text)) found.push("does not open with a sentence of purpose");
  if (text.includes("@tauri-apps") && path !== "host/tauri.ts") found.push("names Tauri: only host/tauri.ts may");
  if (/\{@html|innerHTML|outerHTML|insertAdjacentHTML|document\.write/u.test(text)) found.push("writes raw HTML");
  if (/\sstyle=/u.test(text)) found.push("has a style attribute: the page's policy refuses it; use style:property");
  if (/host\/browser(\/|"|\.ts)/u.test(text) && !path.startsWith("host/") && !test) found.push("imports the scripted host");
  if (!test && !path.endsWith(".css")) found.push(...wrongArrows(path, text));
  return found;
}

function wrongArrows(path, text) {
  const here = folderOf(path);
  const allowed = ARROWS[here];
  if (allowed === undefined) return [`lies in ${here}, which has no place in checks/arrows.mjs`];
  const targets = [...text.matchAll(/(?:from|import)\s+"(\.[^"]+)"/gu)].map(([, target]) => folderOf(posix.join(posix.dirname(path), target)));
  return targets.filter((target) => target !== here && !allowed.includes(target)).map((target) => `${here} may not import ${target}`);
}

function folderOf(path) {
  return path.split(/[/.]/u)[0];
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte|css)$/u.test(entry.name))
    .map((entry) => join(entry.parentPath ?? dirname(entry.path), entry.name));
}

function main() {
  const src = fileURLToPath(new URL("../src", import.meta.url));
  const files = sources(src);
  const wrong = files.flatMap((file) => {
    const path = relative(src, file).replaceAll("\\", "/");
    return faults(path, readFileSync(file, "utf8")).map((fault) => `src/${path} ${fault}`);
  });
  if (files.length < 20) wrong.push(`only ${files.length} sources were found: does the search still work?`);
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exit(1);
  console.log(`arrows: ${files.length} sources hold to the plan`);
}

if (process.argv[1]?.endsWith("arrows.mjs")) main();
