//! The life of the panel's window: closed, it is put away with a new page, so that whoever wants it back at once
//! has it at once; nobody wants it for a while, and it is destroyed, for a hidden page costs memory.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tauri::{AppHandle, Manager, WebviewWindow};

use crate::awaited;

/// How long a closed window is kept.
const KEPT: Duration = Duration::from_secs(30);

/// What is known of the window and its page.
#[derive(Default)]
pub(crate) struct Life(Mutex<Stage>);

#[derive(Default)]
struct Stage {
    /// The page has something to show.
    ready: bool,
    sight: Sight,
    /// How often it was put away: who waits for the end of one time leaves the next alone.
    times: u64,
}

/// Where the window is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Sight {
    /// Shown, or about to be for the first time.
    #[default]
    Here,
    /// Hidden, and nobody wants it.
    Away,
    /// Wanted back, and not shown yet.
    Returning,
}

/// How a window that is there comes to be seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Return {
    /// It is shown, or was asked for before.
    Here,
    /// It was away, and its page is ready.
    Ready,
    /// It was away; its page says when it is ready.
    Soon,
}

/// A window is made that somebody wants.
pub(super) fn begin(app: &AppHandle) {
    let mut stage = stage(app);
    (stage.ready, stage.sight) = (false, Sight::Here);
}

/// Somebody wants the window that is there.
pub(super) fn want(app: &AppHandle) -> Return {
    let mut stage = stage(app);
    if stage.sight != Sight::Away {
        return Return::Here;
    }
    stage.sight = Sight::Returning;
    match stage.ready {
        true => Return::Ready,
        false => Return::Soon,
    }
}

/// The window is shown; whether it was away before.
pub(super) fn has_returned(app: &AppHandle) -> bool {
    std::mem::take(&mut stage(app).sight) == Sight::Returning
}

/// The page has something to show; whether somebody waits for it.
pub(super) fn ready(app: &AppHandle) -> bool {
    let mut stage = stage(app);
    stage.ready = true;
    stage.sight != Sight::Away
}

/// Whether the window, closed, waits for being wanted again.
pub(crate) fn is_away(app: &AppHandle) -> bool {
    stage(app).sight == Sight::Away
}

/// Hides a window that is closed, and begins its next page.
pub(super) fn put_away(window: &WebviewWindow, page: &str) {
    let app = window.app_handle();
    awaited::begins(app);
    let times = {
        let mut stage = stage(app);
        (stage.ready, stage.sight) = (false, Sight::Away);
        stage.times += 1;
        stage.times
    };
    let hidden = window.hide().and_then(|()| {
        let address = window.url()?.join(page).map_err(std::io::Error::other)?;
        window.navigate(address)
    });
    if let Err(error) = hidden {
        tracing::warn!(%error, "the panel could not be put away");
    }
    destroy_later(window.clone(), times);
}

fn destroy_later(window: WebviewWindow, times: u64) {
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(KEPT).await;
        let unwanted = {
            let stage = stage(window.app_handle());
            stage.sight == Sight::Away && stage.times == times
        };
        if unwanted && let Err(error) = window.destroy() {
            tracing::warn!(%error, "the panel could not be destroyed");
        }
    });
}

fn stage(app: &AppHandle) -> MutexGuard<'_, Stage> {
    let life = app.state::<Life>().inner();
    life.0.lock().unwrap_or_else(PoisonError::into_inner)
}
