// What is said of browsers, and which of them are offered.
import { expect, test } from "vitest";
import type { BrowserChoice } from "../host/wire.gen";
import { called, groupsOf, lineFor } from "./browsers";

const choice = (browser: string, title: string, change: Partial<BrowserChoice>): BrowserChoice => ({ browser, title, profile: null, container: null, private: false, ...change });
const CHOICES = [
  choice("firefox:Work", "Firefox", { profile: "Work" }),
  choice("firefox:Work+container=Prod", "Firefox", { profile: "Work", container: "Prod" }),
  choice("chrome+private", "Google Chrome", { private: true }),
];

test("what is chosen is called by its browser, and what is not here as it was written", () => {
  const named = (browser: string) => called(lineFor(browser, CHOICES));
  expect(named("default")).toBe("Default browser");
  expect(named("firefox:Work+container=Prod")).toBe("Firefox · Work · container Prod");
  expect(named("chrome+private")).toBe("Google Chrome · private window");
  expect(named("edge:Gone")).toBe("edge:Gone · not found here");
  expect(named("/opt/b {url}")).toBe("Your own command · /opt/b {url}");
});

test("words narrow the list, recent ones lead, and what is gone is not offered", () => {
  const names = (words: string) => groupsOf({ choices: CHOICES, recent: ["chrome+private", "edge:Gone"] }, words).map(({ name, lines }) => `${name} ${lines.length}`);
  expect(names("")).toEqual(["Recent 1", "This computer 1", "Firefox 2", "Google Chrome 1"]);
  expect(names("PROD work")).toEqual(["Firefox 1"]);
  expect(names("private")).toEqual(["Recent 1", "Google Chrome 1"]);
  expect(names("nothing")).toEqual([]);
});
