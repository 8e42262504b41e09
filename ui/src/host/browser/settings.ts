// The settings of the scripted world: what is set, what an organisation has set, and what is wrong.
import type { Host } from "../index";
import type { Settings } from "../wire.gen";
import { refuse, type World } from "./world";

const PLACES = [
  "notices.warn_minutes",
  "notices.quiet",
  "appearance.theme",
  "appearance.language",
  "panel.hotkey",
  "profiles.template",
  "profiles.style",
  "profiles.region",
  "profiles.output",
  "network.proxy",
  "network.no_proxy",
  "network.ca_bundle",
] as const;

/** What core expects, as far as a page can show it. */
const FORMS: Record<string, RegExp> = {
  "notices.quiet": /^$|^([A-Z][a-z]{2}(-[A-Z][a-z]{2})? )?\d{1,2}:\d\d-\d{1,2}:\d\d(, .*)?$/u,
  "profiles.region": /^[a-z]{2}(-[a-z]+)+-\d$/u,
  "profiles.template": /\{/u,
};

type Asked = Pick<Host, "settings" | "setSetting" | "openSettings">;

export function settings(world: World): Asked {
  const { setting } = world;
  return {
    settings: async (): Promise<Settings> => ({
      file: "/home/kim/.config/daypass/settings.toml",
      organisation: setting.organisation === undefined ? null : "/etc/daypass/settings.toml",
      locked: [...(setting.organisation ?? [])],
      settings: PLACES.map((place) => ({ place, text: setting.set?.[place] ?? null, locked: setting.organisation?.includes(place) === true })),
      browsers: setting.sessions.map(({ name }) => ({ session: name, ...world.browsersOf(name) })),
      remarks: [...(setting.remarks ?? [])],
      failure: setting.settingsFailure ?? null,
      hotkey: setting.set?.["panel.hotkey"] == null ? "none" : "bound",
    }),
    setSetting: async (place, text) => {
      if (setting.settingsFailure !== undefined) throw setting.settingsFailure;
      if (setting.organisation?.includes(place) === true) throw refuse("set_by_organisation", `\`${place}\` is set by your organisation`);
      if (text !== null && FORMS[place]?.test(text) === false) throw refuse("usage", `\`${text}\` is not what is expected here`, "see the guide for its forms");
      setting.set = { ...setting.set, [place]: text };
      world.tellSessions();
    },
    openSettings: async () => {
      if (setting.editor === "missing") throw refuse("browser_missing", "no program for files of this kind was found", "open /home/kim/.config/daypass/settings.toml in an editor");
    },
  };
}
