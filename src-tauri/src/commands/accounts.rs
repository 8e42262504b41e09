//! The lists: read them, find in them, open what is in them.

use daypass_core::daypass::ConsoleWish;
use tauri::ipc::Response;

use super::{Answer, Core, consent_of};
use crate::wire::{
    AccessChange, Accounts, Assignment, Found, Landing, Millis, Opening, RecentPlace,
};

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
    Ok(core.find_or_place(&query, |found, place| Found::of(&found, place)))
}

/// Answers with what is other than was wished, in words. What is null of the opening is decided by the
/// row's own choices, rules, label and session.
#[tauri::command]
pub(crate) async fn open_console(
    core: Core<'_>,
    assignment: Assignment,
    place: Option<String>,
    opening: Opening,
    consent: bool,
) -> Answer<Vec<String>> {
    let (assignment, opening) = (assignment.into(), opening.of_page(&core)?);
    let wish = ConsoleWish {
        browser: opening.browser,
        via: opening.via,
        ..at(place)
    };
    Ok(core
        .open_console(&assignment, &wish, consent_of(consent))
        .await?)
}

/// Opens the user's own terminal, with the credentials in its shell's environment.
#[tauri::command]
pub(crate) async fn open_terminal(
    core: Core<'_>,
    assignment: Assignment,
    consent: bool,
) -> Answer<()> {
    let assignment = assignment.into();
    Ok(core.open_terminal(&assignment, consent_of(consent)).await?)
}

/// The places that consoles of an account opened at, the latest first.
#[tauri::command]
pub(crate) async fn recent_places(
    core: Core<'_>,
    session: String,
    account_id: String,
) -> Answer<Vec<RecentPlace>> {
    let places = core.recent_places(&session, &account_id);
    Ok(places.into_iter().map(Into::into).collect())
}

/// Answers with the time until which the link can be used.
#[tauri::command]
pub(crate) async fn copy_console_link(
    core: Core<'_>,
    assignment: Assignment,
    place: Option<String>,
    consent: bool,
) -> Answer<Option<Millis>> {
    let (assignment, wish) = (assignment.into(), at(place));
    let copied = core.copy_console_link(&assignment, &wish, consent_of(consent));
    Ok(copied.await?.map(Millis::from))
}

/// The access portal's own shortcut: without a secret.
#[tauri::command]
pub(crate) fn copy_shareable_link(
    core: Core<'_>,
    assignment: Assignment,
    place: Option<String>,
) -> Answer<()> {
    Ok(core.copy_shareable_link(&assignment.into(), &at(place))?)
}

/// The services that a console can open at.
#[tauri::command]
pub(crate) fn services() -> Vec<Landing> {
    Landing::all()
}

fn at(place: Option<String>) -> ConsoleWish {
    ConsoleWish {
        place,
        ..ConsoleWish::default()
    }
}

#[tauri::command]
pub(crate) async fn pin(core: Core<'_>, assignment: Assignment, pinned: bool) -> Answer<()> {
    Ok(core.pin(&assignment.into(), pinned).await?)
}
