//! From core's snapshots to the page, only while there is one: small slices whole, of the accounts
//! only that they changed. A page that is busy asks for them later, and once for many changes.

use daypass_core::daypass::Daypass;
use tauri::{AppHandle, Emitter, Manager};

use crate::{tray, windows, wire};

/// Sends each change for as long as the application runs.
pub(crate) fn start(app: &AppHandle) {
    let app = app.clone();
    let mut snapshots = app.state::<Daypass>().snapshots();
    tauri::async_runtime::spawn(async move {
        let (mut sessions, mut listings, mut accounts) = (0, 0, 0);
        while snapshots.changed().await.is_ok() {
            let snapshot = snapshots.borrow_and_update().clone();
            if snapshot.sessions_revision != sessions {
                send(&app, "sessions", || wire::Sessions::of(&snapshot));
            }
            let either = wire::Listings::revision(&snapshot);
            if either != listings {
                send(&app, "listings", || wire::Listings::of(&snapshot));
            }
            if snapshot.accounts_revision != accounts {
                send(&app, "accounts", || snapshot.accounts_revision);
            }
            sessions = snapshot.sessions_revision;
            listings = either;
            accounts = snapshot.accounts_revision;
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
