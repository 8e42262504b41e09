//! What the page "Check this machine" asks for. The diagnostics are core's: the page is shown their text, and
//! names neither what is saved nor where.

use super::{Answer, Core};
use crate::wire::Check;

#[tauri::command]
pub(crate) async fn examine(core: Core<'_>) -> Answer<Vec<Check>> {
    Ok(core.examine().await.into_iter().map(Check::from).collect())
}

#[tauri::command]
pub(crate) async fn diagnostics(core: Core<'_>) -> Answer<String> {
    Ok(core.diagnostics().await)
}

/// Answers with the path.
#[tauri::command]
pub(crate) async fn save_diagnostics(core: Core<'_>) -> Answer<String> {
    Ok(core.save_diagnostics()?.display().to_string())
}

/// Whether the folder is shown; where it is not, the path was copied.
#[tauri::command]
pub(crate) async fn show_diagnostics(core: Core<'_>) -> Answer<bool> {
    Ok(core.show_diagnostics().await?)
}
