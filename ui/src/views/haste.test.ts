// A user who is faster than the answers: nothing is done to what was not asked for, and nothing is lost on the way.
import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test } from "vitest";
import { down } from "../account/guard.svelte";
import { list } from "../account/list.svelte";
import { type Host, provide } from "../host";
import { scripted } from "../host/browser/host";
import { newer } from "../host/browser/newer";
import { where } from "../state/page.svelte";
import { mirror } from "../state/snapshot.svelte";
import { toasts } from "../state/toasts.svelte";
import NotStarted from "./NotStarted.svelte";
import Panel from "./Panel.svelte";

let revision = 100_000;

/** Opens the panel on a scenario with some answers replaced; each test speaks with newer revisions. */
async function open(scenario: string, instead: (host: Host) => Partial<Host> = () => ({})) {
  const host = scripted(scenario);
  revision += 1_000;
  provide({ ...newer(host, revision), ...instead(host) });
  await mirror.start();
  render(Panel);
}

const asked = (name: string) => (globalThis as unknown as { asked: [string, ...unknown[]][] }).asked.filter(([each]) => each === name).map(([, ...given]) => given);
const search = () => screen.getByTestId<HTMLInputElement>("search");
const type = (text: string) => fireEvent.input(search(), { target: { value: text } });
const press = (key: string, ctrlKey = false) => fireEvent.keyDown(search(), { key, ctrlKey });

/** A search that answers only when told to. */
function held() {
  let go = (): void => undefined;
  const gate = new Promise<void>((open) => (go = open));
  return { go, instead: (host: Host): Partial<Host> => ({ find: (query) => gate.then(() => host.find(query)) }) };
}

beforeEach(() => {
  where.home();
  toasts.close();
  list.clear();
  down.forget();
  localStorage.clear();
});

test("Enter ahead of the answer opens what was typed, not what was shown", async () => {
  const late = held();
  await open("list-40", late.instead);
  const shown = document.getElementById(search().getAttribute("aria-activedescendant") ?? "")?.dataset.account;
  const wanted = mirror.accounts.find((account) => account.id !== shown && account.roles.length > 0);
  await type(wanted?.id ?? "");
  await press("Enter");
  expect(asked("openConsole")).toEqual([]);
  late.go();
  await waitFor(() => expect(asked("openConsole")).toHaveLength(1));
  expect(asked("openConsole")).toMatchObject([[{ account_id: wanted?.id }, null, false, { browser: null, via: null }]]);
});

test("keys ahead of the answer keep their order", async () => {
  const late = held();
  await open("list-40", late.instead);
  const wanted = mirror.accounts.find((account) => account.roles.length > 1);
  await type(wanted?.id ?? "");
  await press("ArrowDown");
  await press("i", true);
  expect(asked("copyAccountId")).toEqual([]);
  late.go();
  await waitFor(() => expect(asked("copyAccountId")).toEqual([[wanted?.id]]));
  expect(list.selectedIndex).toBe(list.rows.findIndex((row) => row.kind !== "section") + 1);
});

test("keys that waited for a search that failed do nothing", async () => {
  await open("list-40", () => ({ find: () => Promise.reject({ code: "internal", message: "no search", hint: "" }) }));
  await type("ledger");
  await press("Enter");
  expect(await screen.findByTestId("toast")).toBeTruthy();
  expect(asked("openConsole")).toEqual([]);
});

test("a sign-in that is cancelled is cancelled by its name", async () => {
  await open("signed-out");
  const name = mirror.sessions[0]?.name;
  await fireEvent.click(screen.getAllByTestId("sign-in")[0] as HTMLElement);
  await fireEvent.click(await screen.findByTestId("cancel-sign-in"));
  await waitFor(() => expect(asked("cancelSignIn")).toEqual([[name]]));
  expect(await screen.findByTestId("search")).toBeTruthy();
});

test("a profile is written only as its preview showed it", async () => {
  await open("list-40");
  await press("Enter", true);
  await screen.findByTestId("profile-preview");
  const form = screen.getByTestId("profile-page").querySelector("form") as HTMLFormElement;
  await fireEvent.input(screen.getByTestId("profile-name"), { target: { value: "in-haste" } });
  await fireEvent.submit(form);
  expect(asked("writeProfile")).toEqual([]);
  await waitFor(() => expect(screen.getByTestId("profile-preview").textContent).toContain("in-haste"));
  await fireEvent.submit(form);
  await waitFor(() => expect(asked("writeProfile")).toMatchObject([[{ name: "in-haste" }, false]]));
});

test("core has the last word on what is protected: its refusal becomes the question", async () => {
  const refusal = { code: "protected", message: "this is protected", hint: "confirm it" };
  await open("list-40", (host) => ({ openConsole: (of, place, consent, opening) => (consent ? host.openConsole(of, place, true, opening) : Promise.reject(refusal)) }));
  await fireEvent.click(screen.getAllByTestId("open-console")[0] as HTMLElement);
  expect((await screen.findByTestId("guard")).textContent).toContain("BillingViewer");
  expect(asked("openConsole")).toEqual([]);
  await new Promise((go) => setTimeout(go, 450));
  await fireEvent.click(screen.getByTestId("guard-go"));
  await waitFor(() => expect(asked("openConsole")).toMatchObject([[{ role: "BillingViewer" }, null, true, { browser: null, via: null }]]));
  expect(screen.queryByTestId("guard")).toBeNull();
});

test("a start that failed says why and offers another", async () => {
  render(NotStarted, { failure: { code: "settings_broken", message: "the settings have a mistake in line 3", hint: "mend them" } });
  expect(screen.getByRole("alert").textContent).not.toBe("");
  expect(screen.getByTestId("not-started").textContent).toContain("line 3");
  expect(screen.getByTestId("start-again")).toBeTruthy();
});
