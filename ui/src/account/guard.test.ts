// When a key is an answer, what is offered instead, and who stays out of the way.
import { expect, test } from "vitest";
import { type Role, unusedRole } from "../host/accounts";
import { account } from "../host/browser/names";
import { answers, Down, PAUSE, safer } from "./guard.svelte";

test.each([
  [0, false, false],
  [PAUSE - 1, false, false],
  [PAUSE, false, true],
  [PAUSE, true, false],
  [60_000, true, false],
  [60_000, false, true],
])("after %d ms, the key still down: %s, it answers: %s", (passed, stillDown, answered) => {
  expect(answers(1000, 1000 + passed, stillDown)).toBe(answered);
});

const role = (name: string, change: Partial<Role> = {}): Role => ({ ...unusedRole(name), ...change });
const instead = (...roles: Role[]) => safer(account("s", "1", { roles: [role("Admin", { protected: true }), ...roles] }), "Admin")?.name;

test("what only reads is offered before what was used last, and nothing that asks or is hidden", () => {
  expect(instead()).toBeUndefined();
  expect(instead(role("Power", { protected: true }), role("View", { hidden: true }))).toBeUndefined();
  expect(instead(role("Power"), role("Deploy", { last_used_at: 5 }))).toBe("Deploy");
  expect(instead(role("Power", { last_used_at: 9 }), role("ReadOnly"), role("ViewOnly"))).toBe("ReadOnly");
});

test("keys are down until they are let go, or out of hearing", () => {
  const down = new Down();
  const key = (type: string, key: string) => down.watch(new KeyboardEvent(type, { key }));
  key("keydown", "a");
  expect(down.any).toBe(false);
  key("keydown", "Enter");
  key("keydown", " ");
  key("keyup", "Enter");
  expect(down.any).toBe(true);
  down.forget();
  expect(down.any).toBe(false);
});
