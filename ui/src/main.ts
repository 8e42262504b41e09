// The start: chooses the host, reads the world once, then draws.
import "./styles/tokens.css";
import "./styles/base.css";
import { mount } from "svelte";
import { host } from "#host";
import { failureOf, provide } from "./host";
import { login } from "./state/login.svelte";
import { applyAppearance } from "./state/preferences.svelte";
import { mirror } from "./state/snapshot.svelte";
import { wishes } from "./state/wishes.svelte";
import NotStarted from "./views/NotStarted.svelte";
import Panel from "./views/Panel.svelte";

provide(host);
applyAppearance(mirror.appearance);
try {
  await mirror.start();
  applyAppearance(mirror.appearance);
  await wishes.start();
  mount(Panel, { target: document.body });
  // For whoever looks at the page's timeline: what is painted first has rows.
  performance.mark("drawn", { detail: document.querySelectorAll("[role=row]").length });
} catch (thrown) {
  mount(NotStarted, { target: document.body, props: { failure: failureOf(thrown) } });
}
await host.panelReady();
void login.look();
