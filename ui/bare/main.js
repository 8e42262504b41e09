// Mounts the empty page that benches measure the panel beside.
import { mount } from "svelte";
import Empty from "./Empty.svelte";

mount(Empty, { target: document.body });
