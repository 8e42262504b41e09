//! What the settings page asks for.

use super::{Answer, Core};
use crate::wire::Settings;

#[tauri::command]
pub(crate) async fn settings(core: Core<'_>) -> Answer<Settings> {
    Ok(core.settings_view().into())
}

/// `table.key`; null goes back to what is usual.
#[tauri::command]
pub(crate) async fn set_setting(core: Core<'_>, place: String, text: Option<String>) -> Answer<()> {
    Ok(core.set_setting(&place, text.as_deref()).await?)
}

#[tauri::command]
pub(crate) async fn open_settings(core: Core<'_>) -> Answer<()> {
    Ok(core.open_settings().await?)
}
