// What the doctor of the scripted world finds: a machine that is well, and one that is not.
import type { Check } from "../wire.gen";

const well = (title: string, found: string): Check => ({ title, verdict: "pass", found, fix: null });
const not = (verdict: "warn" | "fail", title: string, found: string, fix: string): Check => ({ title, verdict, found, fix });

export const WELL: readonly Check[] = [
  well("Settings", "2 sessions"),
  well("Daypass's folders", "only you can look into them"),
  well("The command that profiles call", "/usr/bin/daypass"),
  well("The AWS config file", "/home/kim/.aws/config, 42 profiles"),
  well("AWS's token cache", "nobody else can read it"),
  well("The keychain", "it answers and is unlocked"),
  well("A browser", "pages can be opened"),
  well("The portal", "session `harbourline`: it answers"),
  well("The clock", "right, by the portal's"),
];

export const UNWELL: readonly Check[] = [
  ...WELL.slice(0, 3),
  not("warn", "`daypass` in a terminal", "a terminal finds /usr/local/bin/daypass, another one than /usr/bin/daypass", "remove the older one, or change the order in PATH"),
  not("fail", "The AWS config file", "line 118 of /home/kim/.aws/config: a line without `=` \u202e]eliforp[", "mend that line: the AWS CLI or an SDK refuses the whole file for it"),
  not("warn", "Keys in the environment", "AWS_ACCESS_KEY_ID is set: tools take it, whatever profile is named", "run `unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN`"),
  ...WELL.slice(4),
];

/** What core would tell, scrubbed. */
export function diagnostics(checks: readonly Check[]): string {
  const scrubbed = (text: string): string => text.replaceAll("/home/kim", "~").replaceAll("harbourline", "<name 4f1c>");
  const lines = checks.map(({ title, verdict, found, fix }) => {
    const id = title.toLowerCase().replaceAll(/[^a-z]+/gu, "_");
    return `  ${verdict === "fail" ? "FAIL" : verdict} ${id}: ${scrubbed(found)}${fix === null ? "" : `\n       ${fix}`}`;
  });
  const head = "Daypass diagnostics of 2026-03-10T13:21:30Z\nScrubbed of keys, tokens, e-mail addresses, ARNs, account ids and names; nothing of it was sent anywhere.\n\ndaypass 0.1.0 on linux x86_64\n";
  return `${head}\nSessions\n  1: storage keychain, eu-central-1\n  2: storage shared, us-east-1\n\nVariables that are set\n  AWS_PROFILE\n  DISPLAY\n\nChecks\n${lines.join("\n")}\n`;
}
