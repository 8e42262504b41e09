// The start: chooses the host, reads the world once, then draws.
import "./styles/tokens.css";
import "./styles/base.css";
import { mount } from "svelte";
import { host } from "#host";
import { provide } from "./host";
import { applyTheme } from "./state/preferences.svelte";
import { mirror } from "./state/snapshot.svelte";
import Panel from "./views/Panel.svelte";

provide(host);
applyTheme();
await mirror.start();
mount(Panel, { target: document.body });
await host.panelReady();
