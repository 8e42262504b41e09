//! What the tray wants of the page: a row to confirm, the search, the settings. A page that is only being
//! made cannot hear yet; it asks when it is ready.

use std::sync::{Mutex, PoisonError};

use daypass_core::accounts::Assignment;
use tauri::{AppHandle, Emitter, Manager};

use crate::{windows, wire};

/// What the page is to do.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    /// Ask whether this, which is protected, shall be opened.
    Confirm(Assignment),
    /// Put the cursor into the search.
    Search,
    /// Show what can be set.
    Settings,
    /// Ask whether Daypass goes on when its window closes.
    Close,
}

/// What waits for the page.
#[derive(Default)]
pub(crate) struct Awaited(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    /// The page listens.
    listens: bool,
    wish: Option<Wish>,
}

/// Shows the panel and tells the page, at once or as soon as it listens.
pub(crate) fn wish(app: &AppHandle, wish: Wish) {
    change(app, |waiting| {
        if windows::panel(app).is_some() && waiting.listens {
            tell(app, wire::Wish::from(&wish));
        } else {
            waiting.wish = Some(wish);
        }
    });
    windows::show_panel(app);
}

/// What waits; the page listens from now on.
pub(crate) fn take(app: &AppHandle) -> Option<Wish> {
    change(app, |waiting| {
        waiting.listens = true;
        waiting.wish.take()
    })
}

/// A page begins that does not listen yet.
pub(crate) fn begins(app: &AppHandle) {
    change(app, |waiting| waiting.listens = false);
}

fn change<T>(app: &AppHandle, act: impl FnOnce(&mut Waiting) -> T) -> T {
    let awaited = app.state::<Awaited>();
    act(&mut awaited.0.lock().unwrap_or_else(PoisonError::into_inner))
}

fn tell(app: &AppHandle, wish: wire::Wish) {
    if let Err(error) = app.emit_to(windows::PANEL, "wish", wish) {
        tracing::warn!(%error, "the page was not told what the tray wants");
    }
}
