// The languages that Daypass speaks. A further one is a further folder in `ui/messages/`.
import { joined, type Files } from "./tables";

/** Every language's messages by key. The desktop's own are not the page's. */
export const LANGUAGES = joined(import.meta.glob(["../../messages/*/*.json", "!../../messages/*/desktop.json"], { eager: true, import: "default" }) as Files);
