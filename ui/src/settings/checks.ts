// What the doctor found, sorted and summed up.
import type { Check } from "../host/wire.gen";
import { m, number } from "../language/language.svelte";

export type Verdict = Check["verdict"];

const WEIGHT: Record<Verdict, number> = { fail: 0, warn: 1, pass: 2 };

/** What does not work before what is to be looked at, each in the order in which it was found. */
export function inOrder(checks: readonly Check[]): { wrong: Check[]; well: Check[] } {
  const sorted = [...checks].sort((one, other) => WEIGHT[one.verdict] - WEIGHT[other.verdict]);
  return { wrong: sorted.filter(({ verdict }) => verdict !== "pass"), well: sorted.filter(({ verdict }) => verdict === "pass") };
}

/** One sentence on all of them. */
export function summary(checks: readonly Check[]): string {
  const many = (wanted: Verdict): number => checks.filter(({ verdict }) => verdict === wanted).length;
  const [failed, warned] = [many("fail"), many("warn")];
  if (failed === 0 && warned === 0) return m("settings.all-well");
  if (failed > 0 && warned > 0) return m("settings.both", { failed: number(failed), warned: number(warned) });
  return failed > 0 ? m("settings.failed", { count: number(failed) }) : m("settings.warned", { count: number(warned) });
}
