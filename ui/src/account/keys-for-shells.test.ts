// Which form of credentials is proposed.
import { expect, test } from "vitest";
import { usualShell } from "./keys-for-shells";

test("the last choice counts, else the system, and nonsense is nobody's choice", () => {
  expect(usualShell("fish", "Win32")).toBe("fish");
  expect(usualShell(null, "Win32")).toBe("powershell");
  expect(usualShell(null, "Linux x86_64")).toBe("posix");
  expect(usualShell("tcsh", "MacIntel")).toBe("posix");
});
