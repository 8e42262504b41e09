// Draws every picture in this folder from `source/`; run it after a change there. Needs `rsvg-convert` (librsvg2-bin).
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const FACES = ["ok", "attention", "signed-out", "offline"];
/** A dark glyph stands on a light panel, a light one on a dark panel; macOS colours the template by itself. */
const INKS = { dark: "#1c1f22", light: "#fdfcfa", template: "#000000" };
/** Where nobody knows what the panel is like. */
const COLOURS = { ok: "#0f5f79", attention: "#8f5200", "signed-out": "#585c61", offline: "#585c61" };
const PAPER = "#fdfcfa";
const SUN = "#f7b92b";
/** In points: what Windows asks for, and what other trays do. */
const SIZES = [16, 22];
/** Below this many pixels the full drawing is a smudge. */
const SMALL = 48;

mkdirSync(`${HERE}tray`, { recursive: true });
for (const [name, size] of Object.entries({ "32x32": 32, "128x128": 128, "128x128@2x": 256, icon: 512 })) {
  writeFileSync(`${HERE}${name}.png`, app(size));
}
writeFileSync(`${HERE}icon.ico`, ico([16, 24, 32, 48, 64, 256]));
for (const face of FACES) {
  for (const [ink, colour] of Object.entries(INKS)) {
    for (const size of SIZES) writeFileSync(`${HERE}tray/${face}-${ink}-${size}.png`, tray(face, size, (svg) => inked(svg, colour)));
  }
  for (const size of SIZES) writeFileSync(`${HERE}tray/${face}-colour-${size}.png`, tray(face, size, (svg) => coloured(svg, face)));
}

function app(size) {
  return draw(readFileSync(`${HERE}source/${size < SMALL ? "app-small" : "app"}.svg`, "utf8"), size);
}

/** Twice the points: sharp on a sharp screen, and sharp when a panel halves it. */
function tray(face, size, paint) {
  return draw(paint(readFileSync(`${HERE}source/tray-${face}-${size}.svg`, "utf8")), 2 * size);
}

function inked(svg, colour) {
  return svg.replaceAll("#000", colour);
}

/** The glyph in its colour on a rim of paper, so that it stands on light panels and on dark ones. */
function coloured(svg, face) {
  const [, head, glyph] = /(<svg[^>]*>)(.*)<\/svg>\s*$/su.exec(svg);
  const rim = glyph.replaceAll(/stroke-width="[^"]*"/gu, "").replaceAll('fill-rule="evenodd"', "");
  const thick = /stroke="#000"/u.test(glyph) ? 3.5 : 2;
  const paper = `<g stroke="${PAPER}" stroke-width="${thick}" stroke-linejoin="round">${inked(rim, PAPER)}</g>`;
  // What is cut out of the pass that is fine is the sun.
  const sun = face === "ok" ? `<path fill="${SUN}" d="M${/d="([^"]*)"/u.exec(glyph)[1].split("M").at(-1)}"/>` : "";
  return `${head}${paper}${sun}${inked(glyph, COLOURS[face])}</svg>`;
}

function draw(svg, size) {
  return execFileSync("rsvg-convert", ["--width", size, "--height", size, "--format", "png"], { input: svg });
}

/** An icon file is a directory of pictures; since Windows Vista these may be PNG. */
function ico(sizes) {
  const pictures = sizes.map(app);
  const head = Buffer.alloc(6 + 16 * sizes.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(sizes.length, 4);
  let offset = head.length;
  pictures.forEach((picture, index) => {
    const at = 6 + 16 * index;
    head.writeUInt8(sizes[index] % 256, at);
    head.writeUInt8(sizes[index] % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(picture.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += picture.length;
  });
  return Buffer.concat([head, ...pictures]);
}
