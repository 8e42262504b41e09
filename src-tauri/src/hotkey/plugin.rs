//! Keys on macOS and Windows, where the system tells of them.

use tauri::AppHandle;
use tauri_plugin_global_shortcut::{GlobalShortcutExt, ShortcutState};

use super::Binding;
use crate::windows;

/// Keys that are held until this is dropped.
pub(super) struct Keys {
    app: AppHandle,
    keys: String,
}

impl Keys {
    /// Takes keys such as `Ctrl+Shift+Space`.
    pub(super) fn take(app: &AppHandle, keys: &str) -> Result<Keys, Binding> {
        let taken = app.global_shortcut().on_shortcut(keys, |app, _, event| {
            if event.state() == ShortcutState::Pressed {
                windows::show_panel(app);
            }
        });
        taken.map_err(|error| {
            tracing::warn!(%error, "the hotkey could not be taken");
            Binding::Taken
        })?;
        Ok(Keys {
            app: app.clone(),
            keys: keys.to_owned(),
        })
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if let Err(error) = self.app.global_shortcut().unregister(self.keys.as_str()) {
            tracing::debug!(%error, "the keys were gone already");
        }
    }
}
