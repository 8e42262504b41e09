// Labels and rules as the page handles them: pure, before they go to core, which has the last word.
import type { Label, Opening, Rule, Via } from "../host/wire.gen";
import { m } from "../language/language.svelte";
import { COLOURS, type ColourName, SHAPES, type ShapeName } from "../shared/Shape.svelte";

const BUILT_IN: readonly string[] = ["prod", "staging", "dev", "sandbox"];

/** The forms in which the AWS CLI answers. */
export const OUTPUTS: readonly string[] = ["json", "yaml", "yaml-stream", "text", "table", "off"];

/** The word that takes a label away, which no label has. */
export const NO_LABEL = "none";

/** Nothing is said of how a console opens: rules, label and session decide. */
export const AS_DECIDED: Opening = { browser: null, via: null };

/** A label that is always there: it can be changed, but not go. */
export function isBuiltIn(word: string): boolean {
  return BUILT_IN.includes(word);
}

/** The shapes that a label can have: its own, and those that nobody has. */
export function freeShapes(labels: readonly Label[], own: string | null): ShapeName[] {
  const taken = new Set(labels.filter(({ word }) => word !== own).map(({ shape }) => shape));
  return SHAPES.filter((shape) => !taken.has(shape));
}

/** The first colour that no label has, or the first of all. */
export function freeColour(labels: readonly Label[]): ColourName {
  const taken = new Set(labels.map(({ colour }) => colour));
  return COLOURS.find((colour) => !taken.has(colour)) ?? COLOURS[0];
}

/** Why a word cannot be that of a label; empty where it can. */
export function wordTrouble(word: string, labels: readonly Label[], own: string | null): string {
  if (word.trim() === "") return "";
  const taken = labels.some((label) => label.word.toLowerCase() === word.trim().toLowerCase() && label.word !== own);
  return taken ? m("account.word-taken") : "";
}

/** The rules with one of them moved; past an end it stays. */
export function moved(rules: readonly Rule[], at: number, by: number): Rule[] {
  const next = [...rules];
  const [rule] = next.splice(at, 1);
  if (rule !== undefined) next.splice(Math.min(Math.max(at + by, 0), next.length), 0, rule);
  return next;
}

export function sameRules(one: readonly Rule[], other: readonly Rule[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A rule as it is typed; blank where nothing is said. */
export type Draft = { session: string; account: string; role: string; label: string; protect: Answer; hide: Answer; browser: string; via: Via | ""; region: string; output: string };
/** Blank: the rule does not say. */
type Answer = "" | "yes" | "no";

export function draftOf(rule: Rule | null): Draft {
  const answer = (said: boolean | null | undefined): Answer => (said == null ? "" : said ? "yes" : "no");
  return { session: rule?.session ?? "", account: rule?.account ?? "", role: rule?.role ?? "", label: rule?.label ?? "", protect: answer(rule?.protected), hide: answer(rule?.hidden), browser: rule?.opens.browser ?? "", via: rule?.opens.via ?? "", region: rule?.region ?? "", output: rule?.output ?? "" };
}

export function ruleOf(draft: Draft): Rule {
  const said = (text: string): string | null => (text.trim() === "" ? null : text.trim());
  return {
    session: said(draft.session),
    account: said(draft.account),
    role: said(draft.role),
    label: said(draft.label),
    protected: draft.protect === "" ? null : draft.protect === "yes",
    hidden: draft.hide === "" ? null : draft.hide === "yes",
    opens: { browser: said(draft.browser), via: draft.via === "" ? null : draft.via },
    region: said(draft.region),
    output: said(draft.output),
  };
}

/** Whether a rule does anything. */
export function gives(rule: Rule): boolean {
  return rule.label !== null || rule.protected !== null || rule.hidden !== null || rule.opens.browser !== null || rule.opens.via !== null || rule.region !== null || rule.output !== null;
}
