// Whether the application starts at login: the desktop knows; offered once, after something has worked.
import { host } from "../host";
import { m, phrase } from "../language/language.svelte";
import { preferences } from "./preferences.svelte";
import { type ToastAct, toasts } from "./toasts.svelte";

class Login {
  /** What the desktop said when it was last asked; null before. */
  on: boolean | null = $state(null);

  async look(): Promise<void> {
    this.on = await host().startsAtLogin().catch(() => null);
  }

  async set(on: boolean): Promise<void> {
    try {
      await host().startAtLogin(on);
      toasts.done([on ? m("state.starts-at-login") : m("state.starts-not")]);
    } catch {
      toasts.failed(phrase("state.login-failed"), { label: m("shared.try-again"), run: () => void this.set(on) });
    }
    await this.look();
  }

  /** The offer that goes with the first success; null once it was made, or where it is not needed. */
  offer(): ToastAct | null {
    if (this.on !== false || !preferences.offersOnce("login")) return null;
    return { label: m("state.start-at-login"), run: () => void this.set(true) };
  }
}

export const login = new Login();
