//! From core's snapshots to the page: whole slices with a revision, only while there is a page.

use daypass_core::daypass::Daypass;
use tauri::{AppHandle, Emitter, Manager};

use crate::{tray, windows, wire};

/// Sends each change for as long as the application runs.
pub(crate) fn start(app: &AppHandle) {
    let app = app.clone();
    let mut snapshots = app.state::<Daypass>().snapshots();
    tauri::async_runtime::spawn(async move {
        let (mut sessions, mut accounts) = (0, 0);
        while snapshots.changed().await.is_ok() {
            let snapshot = snapshots.borrow_and_update().clone();
            if snapshot.sessions_revision != sessions {
                send(&app, "sessions", || wire::Sessions::of(&snapshot));
            }
            let both = snapshot.accounts_revision + snapshot.listings_revision;
            if both != accounts {
                send(&app, "accounts", || wire::Accounts::of(&snapshot));
            }
            (sessions, accounts) = (snapshot.sessions_revision, both);
            tray::update(&app);
        }
    });
}

fn send<T: serde::Serialize + Clone>(app: &AppHandle, event: &str, slice: impl FnOnce() -> T) {
    if windows::panel(app).is_some()
        && let Err(error) = app.emit_to(windows::PANEL, event, slice())
    {
        tracing::warn!(%error, event, "the page was not told");
    }
}
