// What was packed comes out whole: every number stands for its entry, and uses meet their rows.
import { expect, test } from "vitest";
import { unpack } from "./accounts";

test("numbers become names and looks, and a use finds its row", () => {
  const plain = { label: null, protected: false, hidden: false };
  const prod = { label: "prod", protected: true, hidden: false };
  const { revision, accounts, lostPins } = unpack({
    revision: 7,
    labels: [],
    sessions: ["work", "home"],
    roles: ["Admin", "ReadOnly"],
    looks: [plain, prod],
    accounts: [
      [1, "000000000417", "payments", "Pay", "pay@example.com", "read", 1, [0, 1, 1, 0]],
      [0, "481920037715", null, null, null, "unread", 0, []],
    ],
    uses: [[0, 1, 2, 1234]],
    chains: [{ session: "home", account_id: "000000000417", role: "Admin", of: "Deploy", from: "ReadOnly in audit", found: false, lost: null }],
    lost_pins: [{ session: "work", account_id: "000000000418", role: "Gone" }],
  });
  expect(revision).toBe(7);
  expect(lostPins.map(({ role }) => role)).toEqual(["Gone"]);
  expect(accounts).toEqual([
    {
      ...{ session: "home", id: "000000000417", name: "payments", alias: "Pay", email: "pay@example.com", roles_state: "read", ...prod },
      roles: [
        {
          ...{ name: "Admin", pinned: false, pin: null, last_used_at: null, ...prod },
          chain: { session: "home", account_id: "000000000417", role: "Admin", of: "Deploy", from: "ReadOnly in audit", found: false, lost: null },
        },
        { name: "ReadOnly", pinned: true, pin: 2, last_used_at: 1234, ...plain },
      ],
    },
    { session: "work", id: "481920037715", name: null, alias: null, email: null, roles: [], roles_state: "unread", ...plain },
  ]);
});
