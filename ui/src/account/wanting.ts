// Which accounts are looked at and not read yet: core is told once the eye rests on them, and reads them next.
import type { Row } from "./rows";

/** How long rows stay in sight before they count as looked at, in milliseconds. */
export const REST = 200;

export class Wanting {
  readonly #tell: (session: string, ids: string[]) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What was told last; telling it again changes nothing. */
  #told = "";

  constructor(tell: (session: string, ids: string[]) => void) {
    this.#tell = tell;
  }

  /** These rows are in sight now. */
  see(rows: readonly Row[], canAsk: (session: string) => boolean): void {
    clearTimeout(this.#timer);
    const wanted = unread(rows);
    const key = JSON.stringify([...wanted]);
    if (key === this.#told) return;
    this.#timer = setTimeout(() => {
      this.#told = key;
      for (const [session, ids] of wanted) if (canAsk(session)) this.#tell(session, ids);
    }, REST);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** The accounts among these rows whose permission sets nobody has read, by session, in order. */
export function unread(rows: readonly Row[]): Map<string, string[]> {
  const wanted = new Map<string, string[]>();
  for (const row of rows) {
    if (row.kind !== "account" || row.account.roles_state !== "unread") continue;
    const { session, id } = row.account;
    wanted.set(session, [...(wanted.get(session) ?? []), id]);
  }
  return wanted;
}
