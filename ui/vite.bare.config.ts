// The empty page of the bare application that benches measure the panel beside.
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at("bare"),
  plugins: [svelte()],
  build: { outDir: at("dist-bare"), emptyOutDir: true, target: ["es2022", "safari16.4"], modulePreload: { polyfill: false } },
});
