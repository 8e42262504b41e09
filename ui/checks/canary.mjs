// Sees that the type check still bites: a file with a mistake in it must be refused, or green means nothing.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ui = fileURLToPath(new URL("..", import.meta.url));
const ran = spawnSync("node", ["node_modules/svelte-check/bin/svelte-check", "--tsconfig", "checks/canary/tsconfig.json", "--output", "machine"], { cwd: ui, encoding: "utf8" });
const said = ran.stdout + ran.stderr;
const expected = ["Wrong.svelte", "wrong.ts"].filter((file) => !said.includes(file));
if (ran.status === 0 || expected.length > 0) {
  console.error(`the type check did not see the mistakes in ${expected.join(" and ") || "checks/canary"}:\n${said}`);
  process.exit(1);
}
console.log("canary: the type check sees mistakes in .ts and .svelte");
