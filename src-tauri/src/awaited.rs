//! What the tray leaves for the page: a row to confirm, the search to go to. A page that is only being
//! made cannot hear yet; it asks when it is ready.

use std::sync::{Mutex, PoisonError};

use daypass_core::accounts;
use tauri::{AppHandle, Emitter, Manager};

use crate::windows;
use crate::wire::Assignment;

/// What waits for the page.
#[derive(Default)]
pub(crate) struct Awaited(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    /// The page listens.
    heard: bool,
    confirm: Option<Assignment>,
}

#[expect(dead_code, reason = "the guards of the core come next")]
/// Shows the panel with the question whether this shall be opened.
pub(crate) fn confirm(app: &AppHandle, assignment: &accounts::Assignment) {
    let assignment = Assignment::from(assignment);
    change(app, |waiting| {
        if windows::panel(app).is_some() && waiting.heard {
            tell(app, "confirm", &assignment);
        } else {
            waiting.confirm = Some(assignment);
        }
    });
    windows::show_panel(app);
}

/// Shows the panel with the cursor in the search; a page that begins puts it there anyway.
pub(crate) fn search(app: &AppHandle) {
    if windows::panel(app).is_some() {
        tell(app, "search", &());
    }
    windows::show_panel(app);
}

/// What waits; the page listens from now on.
pub(crate) fn take(app: &AppHandle) -> Option<Assignment> {
    change(app, |waiting| {
        waiting.heard = true;
        waiting.confirm.take()
    })
}

/// A page begins that has not listened yet.
pub(crate) fn begins(app: &AppHandle) {
    change(app, |waiting| waiting.heard = false);
}

fn change<T>(app: &AppHandle, act: impl FnOnce(&mut Waiting) -> T) -> T {
    let awaited = app.state::<Awaited>();
    act(&mut awaited.0.lock().unwrap_or_else(PoisonError::into_inner))
}

fn tell(app: &AppHandle, event: &str, value: &(impl serde::Serialize + Clone)) {
    if let Err(error) = app.emit_to(windows::PANEL, event, value) {
        tracing::warn!(%error, event, "the page was not told");
    }
}
