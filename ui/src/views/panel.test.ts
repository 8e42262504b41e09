// The whole panel over the scripted host: what is typed and pressed reaches the host as it should.
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, expect, test } from "vitest";
import { list } from "../account/list.svelte";
import { provide } from "../host";
import { scripted } from "../host/browser/host";
import { newer } from "../host/browser/newer";
import { where } from "../state/page.svelte";
import { Mirror, mirror } from "../state/snapshot.svelte";
import { toasts } from "../state/toasts.svelte";
import Panel from "./Panel.svelte";

let revision = 100;

/** Opens the panel on a scenario; the mirror outlives tests, so each speaks with newer revisions. */
async function open(scenario: string) {
  const host = scripted(scenario);
  revision += 100;
  provide(newer(host, revision));
  await mirror.start();
  return render(Panel);
}

const asked = (name: string) => (globalThis as unknown as { asked: [string, ...unknown[]][] }).asked.filter(([each]) => each === name).map(([, ...given]) => given);
const search = () => screen.getByTestId<HTMLInputElement>("search");
const press = (key: string, ctrlKey = false) => fireEvent.keyDown(search(), { key, ctrlKey });
const selected = () => document.getElementById(search().getAttribute("aria-activedescendant") ?? "");

beforeEach(() => {
  where.home();
  toasts.close();
  list.clear();
  localStorage.clear();
});

test("the search box has the keyboard and names the selected row", async () => {
  await open("list-40");
  expect(document.activeElement).toBe(search());
  expect(selected()?.getAttribute("aria-selected")).toBe("true");
  const first = selected()?.dataset;
  await press("ArrowDown");
  expect(selected()?.dataset.account).not.toBe(first?.account);
});

test("Enter opens the console of the selected row", async () => {
  await open("list-40");
  const row = selected()?.dataset;
  await press("Enter");
  expect(asked("openConsole")).toEqual([[{ session: row?.session, account_id: row?.account, role: row?.role }, null, false, { browser: null, via: null }]]);
  expect((await screen.findByTestId("toast")).textContent).toContain("Opened");
});

test("a key that is held opens one console, not many", async () => {
  await open("list-40");
  await fireEvent.keyDown(search(), { key: "Enter", repeat: true });
  expect(asked("openConsole")).toEqual([]);
});

test("what is typed is searched, and Escape steps back to everything, then out", async () => {
  await open("list-40");
  await fireEvent.input(search(), { target: { value: "ledger" } });
  await waitFor(() => expect(list.answered).toBe("ledger"));
  expect(screen.getAllByTestId("row").every((row) => row.textContent?.includes("ledger"))).toBe(true);
  await press("Escape");
  expect(search().value).toBe("");
  await press("Escape");
  expect(asked("hidePanel")).toHaveLength(1);
});

test("the other act, the number and the pin go to the host by key", async () => {
  await open("list-40");
  const row = selected()?.dataset;
  await press("i", true);
  expect(asked("copyAccountId")).toEqual([[row?.account]]);
  await press("d", true);
  expect(asked("pin")).toEqual([[{ session: row?.session, account_id: row?.account, role: row?.role }, false]]);
  await press("Enter", true);
  expect(await screen.findByTestId("profile-page")).toBeTruthy();
});

test("a row did a profile last, so that is what Enter does next", async () => {
  await open("list-40");
  await press("Enter", true);
  await screen.findByTestId("profile-preview");
  await fireEvent.submit(screen.getByTestId("profile-page").querySelector("form") as HTMLFormElement);
  expect((await screen.findByTestId("toast")).textContent).toContain("added");
  expect(screen.getByTestId("enter-hint").textContent).toContain("CLI profile");
  await fireEvent.click(screen.getByTestId("toast-act"));
  await waitFor(() => expect(asked("undoProfile")).toHaveLength(1));
});

test("an account of several permission sets unfolds, and its rows can be pressed", async () => {
  await open("list-40");
  const account = screen.getAllByTestId("row").find((row) => row.dataset.kind === "account" && row.textContent?.includes("2 sets")) as HTMLElement;
  await fireEvent.click(account);
  const child = (await screen.findAllByTestId("row")).find((row) => row.dataset.kind === "child") as HTMLElement;
  await fireEvent.click(within(child).getByTestId("open-console"));
  expect(asked("openConsole")).toEqual([[{ session: child.dataset.session, account_id: account.dataset.account, role: child.dataset.role }, null, false, { browser: null, via: null }]]);
});

test("a first run asks for the address, and then only for what it does not tell", async () => {
  await open("first-run");
  await fireEvent.input(screen.getByTestId("start-url"), { target: { value: "https://acme.awsapps.com/start" } });
  const name = await screen.findByTestId<HTMLInputElement>("session-name");
  expect(name.value).toBe("acme");
  expect(screen.queryByTestId("allow-custom-portal")).toBeNull();
  await fireEvent.input(screen.getByTestId("region"), { target: { value: "eu-west-1" } });
  await fireEvent.click(screen.getByTestId("add-session"));
  const added = { name: "acme", start_url: "https://acme.awsapps.com/start", region: "eu-west-1", storage: null, allow_custom_portal: false };
  expect(asked("addSession")).toEqual([[added]]);
  expect(await screen.findByTestId("pass")).toBeTruthy();
  expect(asked("signIn")).toEqual([]);
});

test("an address outside AWS is not added until it is allowed", async () => {
  await open("first-run");
  await fireEvent.input(screen.getByTestId("start-url"), { target: { value: "http://127.0.0.1:8080/start" } });
  const allow = await screen.findByTestId<HTMLInputElement>("allow-custom-portal");
  await fireEvent.input(screen.getByTestId("session-name"), { target: { value: "here" } });
  await fireEvent.input(screen.getByTestId("region"), { target: { value: "eu-west-1" } });
  expect(screen.getByTestId<HTMLButtonElement>("add-session").disabled).toBe(true);
  await fireEvent.click(allow);
  expect(screen.getByTestId<HTMLButtonElement>("add-session").disabled).toBe(false);
});

test("a fresh mirror knows nothing", () => {
  expect(new Mirror().sessions).toEqual([]);
});
