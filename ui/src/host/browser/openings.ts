// Browsers of the scripted world: what there is to choose, who decides, what was used lately.
import type { Host } from "../index";
import type { Assignment, BrowserChoice, Decider, Opening, RecentPlace, Subject } from "../wire.gen";
import { accountOf, SILENT, type World } from "./world";

type Openings = Pick<Host, "browserChoices" | "openings" | "setOpening" | "recentPlaces">;

const choice = (browser: string, title: string, profile: string | null, container: string | null = null): BrowserChoice => ({ browser, title, profile, container, private: browser.endsWith("+private") });

/** Two browsers, one with containers; and names as people give them. */
const CHOICES: readonly BrowserChoice[] = [
  choice("firefox:Mara", "Firefox", "Mara"),
  choice("firefox:Work", "Firefox", "Work"),
  choice("firefox:Work+container=Production", "Firefox", "Work", "Production"),
  choice("firefox:Work+container=Sandbox <b>", "Firefox", "Work", "Sandbox <b>"),
  choice("firefox+private", "Firefox", null),
  choice("chrome:Mara Lindqvist (personal)", "Google Chrome", "Mara Lindqvist (personal)"),
  choice("chrome:ACME Production administrators of the whole company, do not use for anything else", "Google Chrome", "ACME Production administrators of the whole company, do not use for anything else"),
  choice("chrome+private", "Google Chrome", null),
];

const key = ({ session, account_id, role }: Subject): string => `${session}/${account_id}/${role ?? ""}`;

/** The answers about how consoles open. */
export function openings(world: World): Openings {
  const { setting } = world;
  const own = (of: Subject): Opening => setting.openings?.[key(of)] ?? SILENT;
  return {
    browserChoices: async () => [...CHOICES],
    openings: async (of) => {
      const account = accountOf(world, { ...of, role: of.role ?? "" });
      const label = world.labels().find(({ word }) => account !== undefined && word === world.dressed(account).label);
      const tiers: [Opening, Decider | null][] = [[of.role === null ? SILENT : own(of), "assignment"], [own({ ...of, role: null }), "account"], [label?.opens ?? SILENT, "label"], [{ browser: "default", via: "federation" }, null]];
      const browser = tiers.find(([each]) => each.browser !== null);
      const via = tiers.find(([each]) => each.via !== null);
      return { choices: [...CHOICES], recent: setting.recentBrowsers ?? [], browser: browser?.[0].browser ?? "default", browser_by: browser?.[1] ?? null, via: via?.[0].via ?? "federation", via_by: via?.[1] ?? null };
    },
    setOpening: async (of, opening) => {
      setting.openings = { ...setting.openings, [key(of)]: opening };
    },
    recentPlaces: async (session, id) => setting.recentPlaces?.[`${session}/${id}`] ?? [],
  };
}

/** What core remembers of an opening. */
export function note(world: World, of: Assignment, place: string | null, opening: Opening): void {
  const { setting } = world;
  if (opening.browser !== null) setting.recentBrowsers = [opening.browser, ...(setting.recentBrowsers ?? []).filter((each) => each !== opening.browser)].slice(0, 5);
  if (place === null) return;
  const account = `${of.session}/${of.account_id}`;
  const before: RecentPlace[] = setting.recentPlaces?.[account] ?? [];
  setting.recentPlaces = { ...setting.recentPlaces, [account]: [{ place, title: place }, ...before.filter((each) => each.place !== place)].slice(0, 8) };
}
