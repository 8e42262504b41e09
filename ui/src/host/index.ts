// The only door out of the page: what it may ask for, and what it is told. Who answers is chosen once, at the start.
import type { Accounts } from "./accounts";
import type { AccessChange, Assignment, BrowserChoice, Check, Failure, Flow, Found, FoundSession, Imported, Label, Landing, Listings, Millis, NewSession, Opening, Openings, OrganisationRules, PortalCheck, ProfilePreview, ProfileRequest, ProfileWritten, RecentPlace, Rule, SessionChange, Sessions, Settings, Shell, Snapshot, Storage, Subject, SyncPreview, SyncRequest, SyncWritten, Wish } from "./wire.gen";

/** What comes by itself: small slices whole, each with its revision; of the accounts the revision alone; and what the tray wants of the page. */
export type Told = { sessions: Sessions; listings: Listings; accounts: number; wish: Wish };

/** Everything that the page can ask for. Every promise rejects with a `Failure`. */
/** A change of a session that changes nothing. */
export const SAME: SessionChange = { storage: null, length_seconds: null, sign_in_browser: null, console_browser: null };

export interface Host {
  snapshot(): Promise<Snapshot>;
  /** All accounts; many, so they are asked for only when there is time for them. */
  accounts(): Promise<Accounts>;
  checkPortal(url: string): Promise<PortalCheck>;
  addSession(session: NewSession): Promise<void>;
  /** The sessions that the AWS config file knows; an address outside of AWS is a problem unless it is allowed. */
  foundSessions(allowCustomPortal: boolean): Promise<FoundSession[]>;
  /** Brings in those of these names, all that can be where none is named; null for the storage is `shared`. */
  importSessions(names: string[], storage: Storage | null, allowCustomPortal: boolean): Promise<Imported[]>;
  removeSession(session: string): Promise<void>;
  /** Changes what is given; what is null stays as it is. */
  changeSession(session: string, change: SessionChange): Promise<void>;
  /** Gives it another name; resolves with the profiles of the AWS config file that still name it as before. */
  renameSession(session: string, name: string): Promise<string[]>;
  /** The user has seen that another user is signed in than before. */
  takeNoteOfUser(session: string): Promise<void>;
  /** Puts the session's notice off: a warning until the next one, an end for half an hour. */
  snooze(session: string): Promise<void>;
  /** Shows no notifications until then; null shows them again. */
  mute(until: Millis | null): Promise<void>;
  /** Resolves as soon as the sign-in has started; its steps arrive with the sessions. */
  signIn(session: string, flow: Flow): Promise<void>;
  cancelSignIn(session: string): Promise<void>;
  openSignInPage(session: string): Promise<void>;
  copySignInLink(session: string): Promise<void>;
  copyUserCode(session: string): Promise<void>;
  signOut(session: string): Promise<void>;
  readAccounts(session: string): Promise<void>;
  stopReading(session: string): Promise<void>;
  readRoles(session: string, accountId: string): Promise<void>;
  /** These rows are in view: they are read next. */
  wantAccounts(session: string, accountIds: readonly string[]): Promise<void>;
  /** Asks the access portal anew, for one account or, with null, for accounts that are new; resolves with what changed. */
  checkAccess(session: string, accountId: string | null): Promise<AccessChange>;
  /** The best 200 rows. */
  find(query: string): Promise<Found>;
  /** What is protected is refused with `protected` unless the user consents. */
  /** At a place, or at the console's home; what the opening leaves null is decided by the row. Resolves with what is other than was wished, in words. */
  openConsole(assignment: Assignment, place: string | null, consent: boolean, opening: Opening): Promise<string[]>;
  /** The places that consoles of an account opened at, the latest first. */
  recentPlaces(session: string, accountId: string): Promise<RecentPlace[]>;
  /** The browsers, profiles and containers of this computer. */
  browserChoices(): Promise<BrowserChoice[]>;
  /** How consoles of a row open now, and what else there is. */
  openings(subject: Subject): Promise<Openings>;
  /** How consoles of a row open from now on; what is null is left to rules, label and session. */
  setOpening(subject: Subject, opening: Opening): Promise<void>;
  /** Puts a link that signs its holder in on the clipboard; resolves with the time until which it works. */
  copyConsoleLink(assignment: Assignment, place: string | null, consent: boolean): Promise<Millis | null>;
  /** Puts the access portal's own shortcut on the clipboard; it carries no secret. */
  copyShareableLink(assignment: Assignment, place: string | null): Promise<void>;
  /** The services that a console can open at. */
  services(): Promise<Landing[]>;
  pin(assignment: Assignment, pinned: boolean): Promise<void>;
  /** Moves a pin by so many places. */
  movePin(assignment: Assignment, by: number): Promise<void>;
  /** Gives an account a name of the user's own; null takes it away. */
  setAlias(session: string, accountId: string, alias: string | null): Promise<void>;
  /** Own choices beat rules; null goes back to them. */
  setLabel(subject: Subject, label: string | null): Promise<void>;
  setProtected(subject: Subject, protect: boolean | null): Promise<void>;
  setHidden(subject: Subject, hidden: boolean): Promise<void>;
  /** Makes a label, or changes the one of this word. */
  defineLabel(label: Label): Promise<void>;
  removeLabel(word: string): Promise<void>;
  /** The label that a name suggests: to be offered, never given. */
  guessLabel(name: string): Promise<string | null>;
  rules(): Promise<Rule[]>;
  /** Those that only the organisation changes. */
  organisationRules(): Promise<OrganisationRules>;
  setRules(rules: readonly Rule[]): Promise<void>;
  /** Whether everything that Daypass stands on is as it should be. */
  examine(): Promise<Check[]>;
  /** The text of a diagnostics file, scrubbed; nothing is written. */
  diagnostics(): Promise<string>;
  /** Saves exactly the text that was told last; resolves with its path, which the host chooses. */
  saveDiagnostics(): Promise<string>;
  /** Shows the folder of the saved file; false where nothing could, and the path was copied. */
  showDiagnostics(): Promise<boolean>;
  /** Serves credentials on this machine; resolves with the time until which. What is protected is refused with `protected` unless the user consents. */
  serveCredentials(assignment: Assignment, seconds: number, consent: boolean): Promise<Millis>;
  stopServing(assignment: Assignment): Promise<void>;
  /** Puts what leads a tool to the served credentials on the clipboard, for a while. */
  /** Puts role credentials on the clipboard in the form of a shell; resolves with the time of their end. */
  copyCredentials(assignment: Assignment, shell: Shell, consent: boolean): Promise<Millis>;
  copyServed(assignment: Assignment): Promise<void>;
  /** Opens the user's own terminal, with the credentials in its shell's environment. What is protected is refused with `protected` unless the user consents. */
  openTerminal(assignment: Assignment, consent: boolean): Promise<void>;
  copyAccountId(accountId: string): Promise<void>;
  previewProfile(request: ProfileRequest): Promise<ProfilePreview>;
  /** What is protected is refused with `protected` unless the user consents. */
  writeProfile(request: ProfileRequest, consent: boolean): Promise<ProfileWritten>;
  /** What writing the profiles of many assignments would do; numbers, and the first of everything. */
  previewSync(request: SyncRequest): Promise<SyncPreview>;
  /** New profiles of what is protected are refused with `protected` unless the user consents. */
  writeSync(request: SyncRequest, agreed: string | null): Promise<SyncWritten>;
  undoProfile(): Promise<void>;
  /** How all settings stand. */
  settings(): Promise<Settings>;
  /** Changes one, `table.key`; null goes back to what is usual. */
  setSetting(place: string, text: string | null): Promise<void>;
  /** Opens the user's file of settings in an editor. */
  openSettings(): Promise<void>;
  /** Whether the application starts when the user logs in to the desktop. */
  startsAtLogin(): Promise<boolean>;
  startAtLogin(on: boolean): Promise<void>;
  /** What the tray wanted before the page listened; later ones are told as `wish`. */
  awaited(): Promise<Wish | null>;
  /** The page has something to show: the window may appear. */
  panelReady(): Promise<void>;
  hidePanel(): Promise<void>;
  /** Closes the panel that was about to close: Daypass goes on, or ends; from now on it is not asked again. */
  answerClose(keepRunning: boolean): Promise<void>;
  /** Ends Daypass. */
  quit(): Promise<void>;
  /** Hears of one thing until the returned function is called. */
  listen<Slice extends keyof Told>(slice: Slice, told: (value: Told[Slice]) => void): Promise<() => void>;
}

let chosen: Host | null = null;

/** Chooses who answers. */
export function provide(host: Host): void {
  chosen = host;
}

/** Who answers. */
export function host(): Host {
  if (chosen === null) throw new Error("no host was provided");
  return chosen;
}

/** Whatever was thrown, as the failure that it is or as a defect. */
export function failureOf(thrown: unknown): Failure {
  if (isFailure(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "internal", message, hint: "" };
}

function isFailure(thrown: unknown): thrown is Failure {
  if (typeof thrown !== "object" || thrown === null) return false;
  const { code, message, hint } = thrown as Record<string, unknown>;
  return typeof code === "string" && typeof message === "string" && typeof hint === "string";
}
