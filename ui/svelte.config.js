// How Svelte compiles: runes everywhere, styles taken out to files because the page's policy allows no others.
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
  preprocess: vitePreprocess({ script: false, style: false }),
  compilerOptions: { runes: true, css: "external", modernAst: true },
};
