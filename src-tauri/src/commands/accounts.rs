//! The lists: read them, find in them, open what is in them.

use tauri::ipc::Response;

use daypass_core::accounts::rank::Search;

use super::{Answer, Core, consent_of};
use crate::wire::{AccessChange, Accounts, Assignment, Found};

/// The packed accounts, as text that the page parses as data.
#[tauri::command]
pub(crate) async fn accounts(core: Core<'_>) -> Answer<Response> {
    let snapshot = core.snapshot();
    Ok(Response::new(Accounts::of(&snapshot).to_json()?))
}

#[tauri::command]
pub(crate) fn read_accounts(core: Core<'_>, session: String) {
    core.start_reading(&session);
}

#[tauri::command]
pub(crate) fn stop_reading(core: Core<'_>, session: String) {
    core.stop_reading(&session);
}

#[tauri::command]
pub(crate) async fn read_roles(core: Core<'_>, session: String, account_id: String) -> Answer<()> {
    Ok(core.read_roles(&session, &account_id).await.map(drop)?)
}

/// The rows in view: they are read next.
#[tauri::command]
pub(crate) fn want_accounts(core: Core<'_>, session: String, account_ids: Vec<String>) {
    core.want_accounts(&session, &account_ids);
}

/// Asks the access portal anew: for one account or, with none, for accounts that are new.
#[tauri::command]
pub(crate) async fn check_access(
    core: Core<'_>,
    session: String,
    account_id: Option<String>,
) -> Answer<AccessChange> {
    let change = core.check_access(&session, account_id.as_deref()).await?;
    Ok(change.into())
}

#[tauri::command]
pub(crate) async fn find(core: Core<'_>, query: String) -> Answer<Found> {
    Ok(core.find(&Search::of(&query), |found| Found::of(&found)))
}

/// Answers with what is other than was wished, in words.
#[tauri::command]
pub(crate) async fn open_console(
    core: Core<'_>,
    assignment: Assignment,
    consent: bool,
) -> Answer<Vec<String>> {
    let (assignment, wish) = (assignment.into(), Default::default());
    Ok(core
        .open_console(&assignment, &wish, consent_of(consent))
        .await?)
}

#[tauri::command]
pub(crate) async fn pin(core: Core<'_>, assignment: Assignment, pinned: bool) -> Answer<()> {
    Ok(core.pin(&assignment.into(), pinned).await?)
}
