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
  await Promise.all([mirror.start(), wishes.start()]);
  applyAppearance(mirror.appearance);
  // The window takes as long to come up as the page to draw: both go on at once.
  void host.panelReady();
  mount(Panel, { target: document.body });
  // For whoever looks at the page's timeline: what is painted first has rows.
  performance.mark("drawn", { detail: document.querySelectorAll("[role=row]").length });
} catch (thrown) {
  mount(NotStarted, { target: document.body, props: { failure: failureOf(thrown) } });
  void host.panelReady();
}
void login.look();
