// The one message above the footer: the latest replaces the one before.

/** Words of ours, and names that are data. */
export type Phrase = readonly (string | { name: string })[];
export type ToastTone = "done" | "heed" | "failed";
export type ToastAct = { label: string; run: () => void };
export type Toast = { id: number; tone: ToastTone; phrase: Phrase; act: ToastAct | null };

class Toasts {
  current: Toast | null = $state(null);
  #last = 0;

  /** Something worked. */
  done(phrase: Phrase, act: ToastAct | null = null): void {
    this.#show("done", phrase, act);
  }

  /** Something worked, and there is more to know; it stays until it is closed. */
  heed(phrase: Phrase): void {
    this.#show("heed", phrase, null);
  }

  /** Something did not; it stays until it is closed. */
  failed(phrase: Phrase, act: ToastAct | null = null): void {
    this.#show("failed", phrase, act);
  }

  close(id: number | undefined = this.current?.id): void {
    if (this.current?.id === id) this.current = null;
  }

  #show(tone: ToastTone, phrase: Phrase, act: ToastAct | null): void {
    this.#last += 1;
    this.current = { id: this.#last, tone, phrase, act };
  }
}

export const toasts = new Toasts();
