// A stage for the panel: its files served with the policy that the desktop shell sends, in a Chromium without network.
import { readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const require = createRequire(join(ROOT, "ui/package.json"));
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** The moment at which every scenario begins. */
export const NOW = new Date("2026-03-10T13:21:30Z");
const PICTURES = process.env.DAYPASS_ARTIFACTS ?? join(ROOT, "artifacts/ui");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
const CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
CHROMIUM.push("--disable-default-apps", "--disable-domain-reliability", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--no-proxy-server");

/** Serves one folder of `ui/` on the loopback; the policy is the shell's own. */
async function serve(folder) {
  const { csp } = JSON.parse(await readFile(join(ROOT, "tauri.conf.json"), "utf8")).app.security;
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://127.0.0.1").pathname).replace(/\/$/u, "/index.html");
    if (path === "/favicon.ico") return response.writeHead(204).end();
    try {
      const body = await readFile(join(ROOT, "ui", folder, path));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", "content-security-policy": csp });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

/** A browser and a server for all tests of a run; call `close` at its end. */
export async function raise(folder = "dist-browser") {
  const server = await serve(folder);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: CHROMIUM });
  const origin = `http://127.0.0.1:${server.address().port}`;
  await mkdir(PICTURES, { recursive: true });
  return {
    open: (scene) => open(browser, origin, scene),
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * One scenario in a window of its own. `troubles` fills with whatever the page complained about: errors, refused styles or scripts.
 * `text` is the size of the text in percent; `language` is what the page speaks, whatever the system does.
 */
async function open(browser, origin, { scenario, theme = "light", size = [440, 640], text = 100, language = null, media = {}, before = () => undefined }) {
  const context = await browser.newContext({
    viewport: { width: size[0], height: size[1] },
    deviceScaleFactor: 2,
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: theme === "dark" ? "dark" : "light",
    ...media,
  });
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  await page.clock.install({ time: NOW });
  await page.clock.resume();
  // The shell does so before the page loads.
  await page.addInitScript(() => Object.freeze(Object.prototype));
  await page.addInitScript(before);
  await page.addInitScript((percent) => {
    document.addEventListener("DOMContentLoaded", () => percent !== 100 && document.documentElement.style.setProperty("font-size", `${percent}%`));
  }, text);
  await page.goto(`${origin}/?scenario=${scenario}${theme === "system" ? "" : `&theme=${theme}`}${language === null ? "" : `&language=${language}`}`);
  await page.waitForSelector("[data-testid=home], [data-testid=add-portal], [data-testid=signing-in], [data-testid=not-started], [data-testid=settings-unread]");
  await page.waitForTimeout(80);
  return Object.assign(page, { troubles, at: (mark) => page.locator(`[data-testid="${mark}"]`), finish: () => context.close() });
}

/** A picture for people to look at. */
export async function picture(page, name) {
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: "disabled" });
}

/** What axe finds wrong with the page, in one line each. */
export async function axe(page) {
  // The policy lets no foreign script in; the debugger's door is not the page's.
  const found = await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ["violations"] })`);
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary?.replaceAll(/\s+/gu, " ")}`));
}

/** What was asked of the scripted host since the page was opened, by name. */
export async function asked(page, name) {
  return page.evaluate((name) => globalThis.asked.filter(([each]) => each === name).map(([, ...given]) => given), name);
}
