//! The accounts as text, made while the page's process starts: the page then waits only for their way to it.

use std::sync::{Mutex, PoisonError};

use daypass_core::daypass::Daypass;
use tauri::{AppHandle, Manager};

use crate::wire::Accounts;

/// The text, and the revision that it is of.
#[derive(Default)]
pub(crate) struct Prepared(Mutex<Option<(u64, String)>>);

impl Prepared {
    /// The text of that revision, where it is there; it is given once.
    pub(crate) fn take(&self, revision: u64) -> Option<String> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.take_if(|(of, _)| *of == revision)
            .map(|(_, text)| text)
    }
}

/// A page begins.
pub(crate) fn begin(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn_blocking(move || {
        let snapshot = app.state::<Daypass>().snapshot();
        // What fails here fails again where it is asked for, and is told there.
        let Ok(text) = Accounts::of(&snapshot).to_json() else {
            return;
        };
        let prepared = app.state::<Prepared>();
        let mut held = prepared.0.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Some((snapshot.accounts_revision, text));
    });
}
