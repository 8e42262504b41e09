//! What the settings page asks for.

use tauri::AppHandle;

use super::{Answer, Core};
use crate::hotkey;
use crate::wire::Settings;

#[tauri::command]
pub(crate) async fn settings(core: Core<'_>, app: AppHandle) -> Answer<Settings> {
    Ok(Settings::of(core.settings_view(), hotkey::binding(&app)))
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
