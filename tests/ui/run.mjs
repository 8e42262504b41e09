// Runs every spec of the panel in a real browser, one after the other, and ends as they end.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const wanted = process.argv.slice(2);
const specs = readdirSync(here).filter((file) => file.endsWith(".spec.mjs") && (wanted.length === 0 || wanted.some((part) => file.includes(part))));
if (specs.length === 0) {
  console.error("no spec was found");
  process.exit(1);
}
const ran = spawnSync(process.execPath, ["--test", "--test-concurrency=1", "--test-reporter=spec", ...specs.map((spec) => join(here, spec))], { stdio: "inherit" });
process.exit(ran.status ?? 1);
