// CLI profiles in the scripted world: a config file that is only a list of lines.
import type { Account } from "../accounts";
import type { DiffLine, ProfilePreview, ProfileRequest, Session } from "../wire.gen";

const FILE = "~/.aws/config";

export class Config {
  lines = ["[default]", "region = eu-west-1", "output = json", "", "[profile ledger-dev]", "sso_session = harbourline", "region = eu-west-1"];
  #before: string[] | null = null;

  preview(request: ProfileRequest, account: Account | undefined, session: Session | undefined): ProfilePreview {
    const name = request.make_default ? "default" : request.name ?? proposed(account, request.assignment.role);
    const style = request.style ?? (session?.storage === "shared" ? "sso" : "process");
    const heading = request.make_default ? "[default]" : `[profile ${name}]`;
    if (this.lines.includes(heading) && !request.replace) {
      throw { code: "config_conflict", message: `\`${FILE}\` has a profile \`${name}\` that Daypass did not write`, hint: "choose another name, or replace it" };
    }
    const body = style === "sso" ? this.#sso(request, session) : [`credential_process = /usr/bin/daypass credentials --session ${request.assignment.session} ${request.assignment.account_id}/${request.assignment.role}`];
    const region = request.region ?? request.otherwise_region;
    const added = [heading, ...body, ...(region === null ? [] : [`region = ${region}`])];
    const diff = this.#diff(added);
    const moves = style === "sso" && session?.storage === "keychain";
    return { name, file: FILE, region, style, storage_change: moves ? "shared" : null, diff, added: diff.filter((line) => line.kind === "added").length, removed: 0 };
  }

  write(preview: ProfilePreview): void {
    this.#before = this.lines;
    this.lines = [...this.lines, ...preview.diff.filter((line) => line.kind === "added").map((line) => line.text)];
  }

  undo(): void {
    if (this.#before === null) throw { code: "nothing_to_undo", message: "there is no change to take back", hint: "" };
    [this.lines, this.#before] = [this.#before, null];
  }

  #sso({ assignment }: ProfileRequest, session: Session | undefined): string[] {
    return [`sso_session = ${session?.name ?? assignment.session}`, `sso_account_id = ${assignment.account_id}`, `sso_role_name = ${assignment.role}`];
  }

  #diff(added: readonly string[]): DiffLine[] {
    const length = this.lines.length;
    const around = this.lines.slice(-2).map((text, at): DiffLine => ({ kind: "same", old_line: length - 1 + at, new_line: length - 1 + at, text }));
    const fresh = ["", ...added].map((text, at): DiffLine => ({ kind: "added", old_line: null, new_line: length + 1 + at, text }));
    return [...around, ...fresh];
  }
}

function proposed(account: Account | undefined, role: string): string {
  return `${account?.name ?? account?.id ?? "profile"}-${role}`.toLowerCase().replaceAll(/[^a-z0-9-]+/gu, "-");
}
