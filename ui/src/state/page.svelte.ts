// Which page of the panel is shown. The list is home; everything else leads back to it.
import type { Assignment } from "../host/wire.gen";

export type Page =
  | { kind: "list" }
  | { kind: "add" }
  | { kind: "import" }
  | { kind: "looks" }
  | { kind: "doctor" }
  | { kind: "diagnostics" }
  | { kind: "settings" }
  | { kind: "sync" }
  | { kind: "sign-in"; session: string }
  | { kind: "profile"; assignment: Assignment };

class Where {
  page: Page = $state.raw({ kind: "list" });

  go(page: Page): void {
    this.page = page;
  }

  home(): void {
    this.page = { kind: "list" };
  }
}

export const where = new Where();
