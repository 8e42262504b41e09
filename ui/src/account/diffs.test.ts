// What a reading changed, in words.
import { expect, test } from "vitest";
import type { ListDiff } from "../host/wire.gen";
import { newsOf, sumOf } from "./diffs";

const diff = (change: Partial<ListDiff>): ListDiff => ({ at: 0, accounts_added: 0, accounts_removed: 0, assignments_added: 0, assignments_removed: 0, samples: [], ...change });
const said = (change: Partial<ListDiff>, session: string | null = null) => newsOf(diff(change), session).map((part) => (typeof part === "string" ? part : `<${part.name}>`)).join("");

test.each([
  [{ accounts_added: 3, accounts_removed: 1 }, "3 accounts added, 1 removed"],
  [{ accounts_added: 1, assignments_added: 4 }, "1 account added"],
  [{ accounts_removed: 1200 }, "1,200 accounts removed"],
  [{ assignments_added: 1 }, "1 permission set added"],
  [{ assignments_added: 2, assignments_removed: 5 }, "2 permission sets added, 5 removed"],
  [{}, ""],
])("%j is %j", (change, words) => {
  expect(sumOf(diff(change))).toBe(words);
});

test("names are data, and the session is named where there are several", () => {
  expect(said({ accounts_added: 2, accounts_removed: 3, samples: ["a", "<b>"] }, "home")).toBe("<home>: 2 accounts added, 3 removed: <a>, <<b>> and 3 more");
  expect(said({ assignments_added: 9, samples: ["a", "b", "c"] })).toBe("9 permission sets added: <a>, <b>, <c>");
  expect(said({})).toBe("");
});
