// The only door out of the page: what it may ask for, and what it is told. Who answers is chosen once, at the start.
import type {
  Accounts,
  Assignment,
  Failure,
  Flow,
  Found,
  FoundSession,
  Imported,
  Millis,
  NewSession,
  PortalCheck,
  ProfilePreview,
  ProfileRequest,
  ProfileWritten,
  SessionChange,
  Sessions,
  Snapshot,
  Storage,
} from "./wire.gen";

/** What comes by itself: whole slices, each with its revision. */
export type Told = { sessions: Sessions; accounts: Accounts };

/** Everything that the page can ask for. Every promise rejects with a `Failure`. */
export interface Host {
  snapshot(): Promise<Snapshot>;
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
  find(query: string): Promise<Found>;
  openConsole(assignment: Assignment): Promise<void>;
  pin(assignment: Assignment, pinned: boolean): Promise<void>;
  copyAccountId(accountId: string): Promise<void>;
  previewProfile(request: ProfileRequest): Promise<ProfilePreview>;
  writeProfile(request: ProfileRequest): Promise<ProfileWritten>;
  undoProfile(): Promise<void>;
  /** The page has something to show: the window may appear. */
  panelReady(): Promise<void>;
  hidePanel(): Promise<void>;
  /** Hears of one slice until the returned function is called. */
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
