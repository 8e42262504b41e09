// The panel in a language of long words with no letter left as it was: what is hard-coded shows, and so does what has no room. German is looked at too.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { looksRight } from "./looks.mjs";
import { raise, ROOT } from "./stage.mjs";
import { MORE_VIEWS, VIEWS } from "./views.mjs";

const PSEUDO = "en-XA";

/** The words of English messages, less those that the scripted world's names are made of too. */
const VOCABULARY = readdirSync(join(ROOT, "ui/messages/en"))
  .filter((file) => !["desktop.json", "browser.json"].includes(file))
  .flatMap((file) => Object.values(JSON.parse(readFileSync(join(ROOT, "ui/messages/en", file), "utf8"))))
  .flatMap((message) => message.toLowerCase().match(/[a-z]{3,}/gu) ?? [])
  .filter((word) => !["prod", "readonly", "billing", "daypass", "test"].includes(word));

/** What no language changes. */
const UNTRANSLATED = JSON.parse(readFileSync(join(ROOT, "ui/checks/untranslated.json"), "utf8"));

let stage;
before(async () => (stage = await raise()));
after(() => stage.close());

/** How many texts were read, so that a search that finds none is seen. */
let read = 0;

for (const view of [...VIEWS, ...MORE_VIEWS]) {
  test(`nothing is hard-coded and nothing is clipped: ${view.title}`, async () => {
    const page = await stage.open({ scenario: view.scenario, language: PSEUDO });
    await view.reach(page, async (part) => {
      await looksRight(page, `language-${PSEUDO}-${part}`);
      const { texts, foreign } = await page.evaluate(hardCoded, [VOCABULARY, UNTRANSLATED]);
      read += texts;
      assert.deepEqual(foreign, [], `${part}: words outside of the message files`);
      assert.deepEqual(await page.evaluate(clipped), [], `${part}: words that are cut off`);
    });
    await page.finish();
  });
  test(`German: ${view.title}`, async () => {
    const page = await stage.open({ scenario: view.scenario, language: "de" });
    await view.reach(page, async (part) => {
      await looksRight(page, `language-de-${part}`);
      assert.deepEqual(await page.evaluate(clipped), [], `${part}: words that are cut off`);
    });
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    await page.finish();
  });
}

test("there were words to read", () => assert.ok(read > 1000, `only ${read} texts were read`));

test("the language of the system is spoken, with its numbers and times", async () => {
  const page = await stage.open({ scenario: "list-5000", media: { locale: "de-DE" } });
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  assert.equal(await page.at("search").getAttribute("placeholder"), "Konten, IDs, Permission-Sets suchen");
  await page.getByText("5.000").first().waitFor();
  await page.finish();
  const other = await stage.open({ scenario: "list-40", media: { locale: "fr-FR" } });
  assert.equal(await other.locator("html").getAttribute("lang"), "en");
  await other.finish();
});

/** Letters that nobody changed: in what is seen, and in what is read aloud. Names are data and stay as they are. */
function hardCoded([vocabulary, untranslated]) {
  const DATA = "bdi, mark, .key, .mono, .diff, [data-testid=user-code], option, datalist, [data-testid=check], [data-testid=remark], [data-testid=locked], .hidden-letter";
  const known = new Set(vocabulary);
  /** Values stand between isolates; what is around them is a message. */
  const own = (text) => {
    let [rest, before] = [text, ""];
    while (rest !== before) [before, rest] = [rest, rest.replaceAll(/\u2068[^\u2068\u2069]*\u2069/gu, "")];
    return rest;
  };
  const foreign = [];
  let texts = 0;
  const look = (text, where, isForeign) => {
    if (!/\p{L}/u.test(text) || untranslated.includes(text.trim())) return;
    texts += 1;
    if (isForeign(own(text))) foreign.push(`${where}: ${text.trim()}`);
  };
  /** The clock, the name of the application and Regions are nobody's words. */
  const hasLetters = (text) => /[A-Za-z]/u.test(text.replaceAll(/Daypass|\b\d\d:\d\d [AP]M|[a-z]{2}-[a-z]+-\d/gu, ""));
  /** Among names that are data, words of English messages give themselves away. */
  const hasWords = (text) => text.replaceAll(/⟦[^⟧]*⟧/gu, "").split(/[,:·\n]/u).some((piece) => {
    const words = piece.trim().split(/\s+/u).filter((word) => /[A-Za-z]/u.test(word));
    return words.length > 0 && words.every((word) => known.has(word.toLowerCase()));
  });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent.closest(DATA) === null && parent.checkVisibility()) look(node.data, parent.outerHTML.slice(0, 80), hasLetters);
  }
  for (const name of ["title", "aria-label", "placeholder"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) if (element.closest(".key") === null) look(element.getAttribute(name), name, hasWords);
  }
  return { texts, foreign };
}

/** Words of ours that have no room; what ends in an ellipsis has a tooltip or is a name. */
function clipped() {
  const words = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && /\p{L}{2}/u.test(node.data));
  const seen = [...document.querySelectorAll("button, h1, h2, h3, label, legend, summary, p, dt, dd, b, span, div, option")].filter((element) => words(element) && element.closest(".unseen, bdi, .diff, [hidden]") === null && element.checkVisibility());
  const cutOff = (element) => {
    const style = getComputedStyle(element);
    if (style.display === "inline") return false;
    const [wide, high] = [element.scrollWidth > element.clientWidth + 1, element.scrollHeight > element.clientHeight + 2];
    if (style.textOverflow === "ellipsis") return wide && element.closest("[title]") === null && element.querySelector("bdi") === null;
    return (wide && (style.overflowX !== "visible" || element.tagName === "BUTTON")) || (high && style.overflowY === "hidden");
  };
  return seen.filter(cutOff).map((element) => `${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 90)}`);
}
