// The languages that Daypass speaks. A further one is a further folder in `ui/messages/`.
import { joined, type Files } from "./tables";

/** Every language's messages by key. Those that Rust reads are not the page's. */
export const LANGUAGES = joined(import.meta.glob(["../../messages/*/*.json", "!../../messages/*/desktop.json", "!../../messages/*/browser.json"], { eager: true, import: "default" }) as Files);
