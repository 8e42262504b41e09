// How what the doctor found is sorted and summed up.
import { expect, test } from "vitest";
import { inOrder, summary } from "./checks";

const check = (title: string, verdict: "pass" | "warn" | "fail") => ({ title, verdict, found: "", fix: verdict === "pass" ? null : "do it" });

test("what does not work comes first, and the order is kept otherwise", () => {
  const { wrong, well } = inOrder([check("a", "pass"), check("b", "warn"), check("c", "fail"), check("d", "warn")]);
  expect(wrong.map(({ title }) => title)).toEqual(["c", "b", "d"]);
  expect(well.map(({ title }) => title)).toEqual(["a"]);
});

test("one sentence sums them up", () => {
  expect(summary([check("a", "pass")])).toBe("All is well.");
  expect(summary([check("a", "warn"), check("b", "warn")])).toBe("2 to look at.");
  expect(summary([check("a", "fail"), check("b", "warn")])).toBe("1 not working, 1 to look at.");
});
