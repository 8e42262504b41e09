// The desktop shell as host: each request one command, each slice one event. The only file that names Tauri.
import { invoke as call } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Host } from "./index";

export const host: Host = {
  snapshot: () => call("snapshot"),
  checkPortal: (url) => call("check_portal", { url }),
  addSession: (session) => call("add_session", { new: session }),
  foundSessions: (allowCustomPortal) => call("found_sessions", { allowCustomPortal }),
  importSessions: (names, storage, allowCustomPortal) => call("import_sessions", { names, storage, allowCustomPortal }),
  removeSession: (session) => call("remove_session", { session }),
  changeSession: (session, change) => call("change_session", { session, change }),
  renameSession: (session, name) => call("rename_session", { session, name }),
  takeNoteOfUser: (session) => call("take_note_of_user", { session }),
  snooze: (session) => call("snooze", { session }),
  mute: (until) => call("mute", { until }),
  signIn: (session, flow) => call("sign_in", { session, flow }),
  cancelSignIn: (session) => call("cancel_sign_in", { session }),
  openSignInPage: (session) => call("open_sign_in_page", { session }),
  copySignInLink: (session) => call("copy_sign_in_link", { session }),
  copyUserCode: (session) => call("copy_user_code", { session }),
  signOut: (session) => call("sign_out", { session }),
  readAccounts: (session) => call("read_accounts", { session }),
  stopReading: (session) => call("stop_reading", { session }),
  readRoles: (session, accountId) => call("read_roles", { session, accountId }),
  find: (query) => call("find", { query }),
  openConsole: (assignment) => call("open_console", { assignment }),
  pin: (assignment, pinned) => call("pin", { assignment, pinned }),
  copyAccountId: (accountId) => call("copy_account_id", { accountId }),
  previewProfile: (request) => call("preview_profile", { request }),
  writeProfile: (request) => call("write_profile", { request }),
  undoProfile: () => call("undo_profile"),
  panelReady: () => call("panel_ready"),
  hidePanel: () => call("hide_panel"),
  listen: (slice, told) => listen(slice, (event) => told(event.payload as Parameters<typeof told>[0])),
};
