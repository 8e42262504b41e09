// The scripted host: a believable world inside the page, for development and for tests. No production build holds it.
import { scripted } from "./browser/host";

export const host = scripted(new URLSearchParams(location.search).get("scenario") ?? "list-40");
