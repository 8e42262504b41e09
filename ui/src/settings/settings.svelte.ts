// The single settings, as they stand in core: read when somebody shows them, changed one at a time.
import { failureOf, host } from "../host";
import type { Failure, Setting, Settings } from "../host/wire.gen";
import { toasts } from "../state/toasts.svelte";
import { sentence } from "../words";

class SettingsMirror {
  /** How they stood when they were last read; null before. */
  all: Settings | null = $state.raw(null);
  /** Why a change was not made, by the place of the setting. */
  failures: Readonly<Record<string, Failure>> = $state.raw({});

  async read(): Promise<void> {
    this.all = await host().settings();
  }

  of(place: string): Setting {
    return this.all?.settings.find((each) => each.place === place) ?? { place, text: null, locked: false };
  }

  /** Whether this was done; what went wrong is told at the setting. */
  async set(place: string, text: string | null): Promise<boolean> {
    const { [place]: _, ...others } = this.failures;
    this.failures = others;
    try {
      await host().setSetting(place, text);
      await this.read();
      return true;
    } catch (thrown) {
      this.failures = { ...others, [place]: failureOf(thrown) };
      return false;
    }
  }

  /** The file, in an editor; what went wrong is told. */
  async openFile(): Promise<void> {
    try {
      await host().openSettings();
    } catch (thrown) {
      const failure = failureOf(thrown);
      toasts.failed([`${sentence(failure.message)} ${sentence(failure.hint)}`]);
    }
  }

  /** What was said of changes that nobody waits for any more. */
  forget(): void {
    this.failures = {};
  }
}

export const settings = new SettingsMirror();
