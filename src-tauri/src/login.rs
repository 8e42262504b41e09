//! Whether the application starts when the user logs in: the desktop's own record of that is the only
//! one, so that what is changed there counts here.

use daypass_core::{Code, Error, Result};
use tauri::{AppHandle, Wry, plugin::TauriPlugin};
use tauri_plugin_autostart::{MacosLauncher, ManagerExt};

/// Puts the means together; nothing is written before the user asks for it.
pub(crate) fn plugin() -> TauriPlugin<Wry> {
    tauri_plugin_autostart::init(MacosLauncher::LaunchAgent, None)
}

/// Whether it does.
pub(crate) fn is_on(app: &AppHandle) -> bool {
    app.autolaunch().is_enabled().unwrap_or(false)
}

/// Has it do so, or not any more.
///
/// # Errors
/// `StorageFailed` where the desktop's record cannot be written.
pub(crate) fn set(app: &AppHandle, on: bool) -> Result<()> {
    let done = match on {
        true => app.autolaunch().enable(),
        false if !is_on(app) => Ok(()),
        false => app.autolaunch().disable(),
    };
    done.map_err(|cause| {
        let message = "the desktop's list of what starts at login could not be changed";
        Error::new(Code::StorageFailed, message).because(cause)
    })
}
