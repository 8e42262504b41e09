//! Credentials for tools: copied for a shell; served on this machine, stopped, and led to.

use daypass_core::credentials::Format;

use super::{Answer, Core, consent_of};
use crate::wire::{Assignment, Millis, Shell, span};

/// The shell that a copied text is for: the one of the system.
const LINES: Format = if cfg!(windows) {
    Format::PowerShell
} else {
    Format::Env
};

/// Answers with the time until which it serves.
#[tauri::command]
pub(crate) async fn serve_credentials(
    core: Core<'_>,
    assignment: Assignment,
    seconds: i32,
    consent: bool,
) -> Answer<Millis> {
    let (assignment, consent) = (assignment.into(), consent_of(consent));
    let serving = core.serve(&assignment, span(seconds), consent);
    Ok(serving.await?.until().into())
}

#[tauri::command]
pub(crate) fn stop_serving(core: Core<'_>, assignment: Assignment) {
    core.stop_serving(&assignment.into());
}

/// Past the page: the clipboard gets the credentials themselves. Answers with their end.
#[tauri::command]
pub(crate) async fn copy_credentials(
    core: Core<'_>,
    assignment: Assignment,
    shell: Shell,
    consent: bool,
) -> Answer<Millis> {
    let (assignment, consent) = (assignment.into(), consent_of(consent));
    let ends = core.copy_credentials(&assignment, shell.into(), consent);
    Ok(ends.await?.into())
}

/// Past the page: the clipboard gets what leads a tool there.
#[tauri::command]
pub(crate) fn copy_served(core: Core<'_>, assignment: Assignment) -> Answer<()> {
    Ok(core.copy_served(&assignment.into(), LINES)?)
}
