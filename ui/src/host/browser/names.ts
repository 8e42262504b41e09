// Names of an invented shipping company, the same ones each time.
import { type Account, type Role, unusedRole } from "../accounts";

const TEAMS = ["analytics", "atlas", "audit", "berth-planning", "billing", "bonded-storage", "cargo", "carrier", "chandlery", "customs", "demurrage", "dispatch", "finance", "fleet", "freight", "harbour", "identity", "insurance", "inventory", "ledger", "lighterage", "logging", "manifest", "mooring", "network", "payments", "payout-batch", "payroll", "pilotage", "platform", "port-ops", "pricing", "quay", "records", "registry", "salvage", "security", "stowage", "tariff", "terminal", "tracking", "tugs", "vessel", "warehouse", "weather", "yard"] as const;
const STAGES = ["production", "staging", "dev", "sandbox", "archive"] as const;
const SETS = ["AdministratorAccess", "DataEngineer", "ReadOnly", "BillingViewer", "PowerUserAccess", "SecurityAudit"] as const;

/** Numbers that look thrown and never change. */
function thrown(seed: number): number {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Twelve digits, some with zeros in front. */
export function accountId(seed: number): string {
  const [high, low] = [thrown(seed) % 1_000_000, thrown(seed + 7919) % 1_000_000];
  return `${high}`.padStart(6, "0") + `${low}`.padStart(6, "0");
}

/** So many accounts of a session, with so many permission sets each. */
export function accounts(session: string, count: number, sets: (at: number) => number, seed = 1): Account[] {
  return Array.from({ length: count }, (_, at) => {
    const team = TEAMS[at % TEAMS.length] ?? "team";
    const stage = STAGES[Math.floor(at / TEAMS.length + at) % STAGES.length] ?? "dev";
    const unit = at < TEAMS.length * STAGES.length ? "" : `-${String(Math.floor(at / (TEAMS.length * STAGES.length))).padStart(2, "0")}`;
    const name = `${team}${unit}-${stage}`;
    return account(session, accountId(seed * 100_003 + at), { name, email: `aws+${name}@${session}.example`, roles: roles(at, sets(at)) });
  });
}

function roles(at: number, count: number): Role[] {
  const first = thrown(at + 17) % SETS.length;
  const names = Array.from({ length: count }, (_, next) => SETS[(first + next) % SETS.length] ?? "ReadOnly");
  return names.sort().map((name) => unusedRole(name));
}

/** An account that looks like any other. */
export function account(session: string, id: string, change: Partial<Account> = {}): Account {
  return { session, id, name: null, alias: null, email: null, roles: [], roles_state: "read", label: null, protected: false, hidden: false, ...change };
}
