//! Closing the panel where no tray brings it back: asked about once, then as the user said.

use std::sync::atomic::{AtomicBool, Ordering};

use daypass_core::daypass::Daypass;
use tauri::{AppHandle, Manager};

use crate::tray;

/// Whether this panel has asked already: who closes it again means it.
#[derive(Default)]
pub(crate) struct LastWords(AtomicBool);

/// A panel is made that has asked nothing yet.
pub(super) fn begin(app: &AppHandle) {
    app.state::<LastWords>().0.store(false, Ordering::Relaxed);
}

/// Whether the panel has to ask before it closes. Without a session there is nothing to go on with.
pub(super) fn are_due(app: &AppHandle) -> bool {
    let daypass = app.state::<Daypass>();
    let unsaid = !tray::is_shown(app) && daypass.keeps_running().is_none();
    let matters = unsaid && !daypass.snapshot().sessions.is_empty();
    matters && !app.state::<LastWords>().0.swap(true, Ordering::Relaxed)
}

/// Whether Daypass goes on without a window.
pub(crate) fn goes_on(app: &AppHandle) -> bool {
    tray::is_shown(app) || app.state::<Daypass>().keeps_running() == Some(true)
}
