// The question before something protected: what it is about, and from when on a key counts as the answer.
import type { Account, Role } from "../host/accounts";
import type { Assignment } from "../host/wire.gen";

/** What is going to be done once it is allowed. */
export type GuardedAct = "console" | "link" | "profile" | "serving" | "keys" | "terminal";
export type Question = {
  what: GuardedAct;
  assignment: Assignment;
  /** Goes on, with consent. */
  go: () => void;
  /** Does the same as another permission set of the account. */
  instead: (role: string) => void;
};

/** A key that comes sooner was not meant for the question, in milliseconds. */
export const PAUSE = 400;

/** Whether a key is the answer: the one that opened the question has been let go, and there was time to read. */
export function answers(askedAt: number, now: number, stillDown: boolean): boolean {
  return !stillDown && now - askedAt >= PAUSE;
}

class Guard {
  question: Question | null = $state.raw(null);

  ask(question: Question): void {
    this.question = question;
  }

  close(): void {
    this.question = null;
  }
}

export const guard = new Guard();

/** The keys that press buttons and are down now, wherever they were pressed. */
export class Down {
  readonly #keys = new Set<string>();

  watch(event: KeyboardEvent): void {
    if (event.key !== "Enter" && event.key !== " ") return;
    if (event.type === "keydown") this.#keys.add(event.key);
    else this.#keys.delete(event.key);
  }

  /** Keys that are let go elsewhere are not heard of. */
  forget(): void {
    this.#keys.clear();
  }

  get any(): boolean {
    return this.#keys.size > 0;
  }
}

export const down = new Down();

const SAFE = /read|view|audit/iu;

/** A permission set of the account that asks for nothing: one whose name says that it only reads, else the one used last. */
export function safer(account: Account, role: string): Role | null {
  const open = account.roles.filter((other) => other.name !== role && !other.protected && !other.hidden);
  const rank = (other: Role) => (SAFE.test(other.name) ? Infinity : (other.last_used_at ?? 0));
  return open.reduce<Role | null>((best, other) => (best === null || rank(other) > rank(best) ? other : best), null);
}

/** The answer to one question: a key counts once the one that asked was let go and there was time to read. */
export class Answer {
  /** A key or a click came that was too short to count. */
  brief = $state(false);
  readonly #askedAt = performance.now();
  #stillDown = down.any;

  letGo(): void {
    this.#stillDown = false;
  }

  get counts(): boolean {
    return answers(this.#askedAt, performance.now(), this.#stillDown);
  }
}
