// A host that speaks with newer revisions, so that several worlds can follow each other before one page.
import type { Host, Told } from "../index";

/** The same host, every revision higher by so much. */
export function newer(host: Host, by: number): Host {
  const raised = <Value>(value: Value): Value => (isRevised(value) ? { ...value, revision: value.revision + by } : value);
  const told = <Slice extends keyof Told>(value: Told[Slice]): Told[Slice] => (typeof value === "number" ? ((value + by) as Told[Slice]) : raised(value));
  return {
    ...host,
    snapshot: async () => {
      const { sessions, listings, accounts_revision } = await host.snapshot();
      return { sessions: raised(sessions), listings: raised(listings), accounts_revision: accounts_revision + by };
    },
    accounts: async () => raised(await host.accounts()),
    listen: (slice, hear) => host.listen(slice, (value) => hear(told<typeof slice>(value))),
  };
}

function isRevised(value: unknown): value is { revision: number } {
  return typeof value === "object" && value !== null && "revision" in value;
}
