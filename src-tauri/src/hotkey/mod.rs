//! Keys that bring the panel up from anywhere: followed from the settings, and told where they cannot be had.
//! On Wayland no program may take keys; there the desktop's own settings bind `daypass open`.

#[cfg(target_os = "linux")]
mod keysyms;
#[cfg(not(target_os = "linux"))]
mod plugin;
#[cfg(target_os = "linux")]
mod x11;

use std::sync::{Mutex, PoisonError};

use daypass_core::daypass::{Daypass, Snapshot};
use tauri::{AppHandle, Manager};

#[cfg(not(target_os = "linux"))]
use plugin::Keys;
#[cfg(target_os = "linux")]
use x11::Keys;

/// What became of the keys that the settings name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Binding {
    /// None are named.
    #[default]
    None,
    /// They bring the panel up.
    Bound,
    /// Another program has them.
    Taken,
    /// The keyboard has no such key.
    Unknown,
    /// This desktop gives keys to no program: bind the command to them there.
    OnlyTheDesktop,
}

/// The keys that are held, and those that are asked for.
#[derive(Default)]
pub(crate) struct Hotkey(Mutex<Held>);

#[derive(Default)]
struct Held {
    wanted: Option<String>,
    keys: Option<Keys>,
    binding: Binding,
}

/// Takes the keys of the settings, now and whenever they change.
pub(crate) fn start(app: &AppHandle) {
    let app = app.clone();
    let mut snapshots = app.state::<Daypass>().snapshots();
    follow(&app, &snapshots.borrow().clone());
    tauri::async_runtime::spawn(async move {
        while snapshots.changed().await.is_ok() {
            let snapshot = snapshots.borrow_and_update().clone();
            follow(&app, &snapshot);
        }
    });
}

/// What became of the keys, as the settings are now.
pub(crate) fn binding(app: &AppHandle) -> Binding {
    follow(app, &app.state::<Daypass>().snapshot());
    let hotkey = app.state::<Hotkey>();
    let held = hotkey.0.lock().unwrap_or_else(PoisonError::into_inner);
    held.binding
}

fn follow(app: &AppHandle, snapshot: &Snapshot) {
    let wanted = snapshot.hotkey.as_ref().map(|it| it.keys().to_owned());
    let hotkey = app.state::<Hotkey>();
    let mut held = hotkey.0.lock().unwrap_or_else(PoisonError::into_inner);
    if held.wanted == wanted {
        return;
    }
    // What is held is let go first: the new keys may be the old ones.
    held.keys = None;
    let taken = wanted.as_deref().map(|keys| Keys::take(app, keys));
    (held.keys, held.binding) = match taken {
        None => (None, Binding::None),
        Some(Ok(keys)) => (Some(keys), Binding::Bound),
        Some(Err(why)) => (None, why),
    };
    held.wanted = wanted;
}

/// The modifiers and the key of a text such as `Ctrl+Shift+Space`.
#[cfg(target_os = "linux")]
fn parts(keys: &str) -> (Vec<&str>, &str) {
    let mut words: Vec<&str> = keys.split('+').collect();
    let key = words.pop().unwrap_or_default();
    (words, key)
}
