// Two builds of one page: for the desktop shell, and with the scripted host (`--mode browser`) for development and tests.
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => {
  const scripted = mode === "browser";
  return {
    plugins: [svelte()],
    resolve: {
      alias: {
        "#host": at(scripted || mode === "test" ? "src/host/browser.ts" : "src/host/tauri.ts"),
        "#languages": at(scripted || mode === "test" ? "src/language/pseudo.ts" : "src/language/languages.ts"),
      },
      // Under vitest the client build of Svelte is wanted, not the one for servers.
      conditions: mode === "test" ? ["browser"] : ["module", "browser", "development|production"],
    },
    server: { host: "127.0.0.1", port: 1420, strictPort: true },
    clearScreen: false,
    build: {
      outDir: scripted ? "dist-browser" : "dist",
      emptyOutDir: true,
      target: ["es2022", "safari16.4"],
      modulePreload: { polyfill: false },
      // The page's policy allows no data: addresses.
      assetsInlineLimit: 0,
    },
    test: {
      environment: "jsdom",
      setupFiles: ["checks/jsdom.ts"],
      include: ["src/**/*.test.ts", "checks/**/*.test.ts"],
      restoreMocks: true,
    },
  };
});
