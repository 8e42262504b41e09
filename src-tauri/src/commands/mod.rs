//! What the page may ask for: every function one expression, all errors as a `Failure`. What takes
//! long runs beside the windows' thread, so that they go on being drawn.

pub(crate) mod accounts;
pub(crate) mod doctor;
pub(crate) mod looks;
pub(crate) mod serving;
pub(crate) mod settings;

use daypass_core::daypass::{Consent, Daypass};
use tauri::{AppHandle, State};

use crate::wire::{
    Failure, Flow, FoundSession, Imported, Millis, NewSession, PortalCheck, ProfilePreview,
    ProfileRequest, ProfileWritten, SessionChange, Snapshot, Storage, SyncPreview, SyncRequest,
    SyncWritten, Wish,
};
use crate::{awaited, login, outside, windows};

type Answer<T> = Result<T, Failure>;
type Core<'a> = State<'a, Daypass>;

/// The page says whether the user was asked.
fn consent_of(given: bool) -> Consent {
    match given {
        true => Consent::Given,
        false => Consent::NotAsked,
    }
}

#[tauri::command]
pub(crate) fn snapshot(core: Core<'_>) -> Snapshot {
    Snapshot::of(&core.snapshot())
}

#[tauri::command]
pub(crate) fn check_portal(core: Core<'_>, url: String) -> Answer<PortalCheck> {
    Ok(core.check_portal(&url)?.into())
}

#[tauri::command]
pub(crate) async fn add_session(core: Core<'_>, new: NewSession) -> Answer<()> {
    Ok(core.add_session(new.into()).await.map(drop)?)
}

#[tauri::command]
pub(crate) async fn found_sessions(
    core: Core<'_>,
    allow_custom_portal: bool,
) -> Answer<Vec<FoundSession>> {
    let found = core.found_sessions(allow_custom_portal).await?;
    Ok(found.into_iter().map(Into::into).collect())
}

#[tauri::command]
pub(crate) async fn import_sessions(
    core: Core<'_>,
    names: Vec<String>,
    storage: Option<Storage>,
    allow_custom_portal: bool,
) -> Answer<Vec<Imported>> {
    let storage = storage.map(Into::into);
    let imported = core.import_sessions(&names, storage, allow_custom_portal);
    Ok(imported.await?.into_iter().map(Into::into).collect())
}

#[tauri::command]
pub(crate) async fn remove_session(core: Core<'_>, session: String) -> Answer<()> {
    Ok(core.remove_session(&session).await.map(drop)?)
}

#[tauri::command]
pub(crate) async fn change_session(
    core: Core<'_>,
    session: String,
    change: SessionChange,
) -> Answer<()> {
    let change = change.of_page(&core)?;
    Ok(core.change_session(&session, change).await.map(drop)?)
}

/// Answers with the profiles of the AWS config file that still name it as before.
#[tauri::command]
pub(crate) async fn rename_session(
    core: Core<'_>,
    session: String,
    name: String,
) -> Answer<Vec<String>> {
    Ok(core.rename_session(&session, &name).await?.profiles)
}

#[tauri::command]
pub(crate) async fn take_note_of_user(core: Core<'_>, session: String) -> Answer<()> {
    core.take_note_of_user(&session).await;
    Ok(())
}

#[tauri::command]
pub(crate) fn snooze(core: Core<'_>, session: String) {
    core.snooze(&session);
}

#[tauri::command]
pub(crate) async fn mute(core: Core<'_>, until: Option<Millis>) -> Answer<()> {
    Ok(core.mute(until.map(Into::into)).await?)
}

#[tauri::command]
pub(crate) async fn sign_in(core: Core<'_>, session: String, flow: Flow) -> Answer<()> {
    Ok(core.start_sign_in(&session, flow.wish())?)
}

#[tauri::command]
pub(crate) fn cancel_sign_in(core: Core<'_>, session: String) {
    core.cancel_sign_in(&session);
}

#[tauri::command]
pub(crate) fn open_sign_in_page(core: Core<'_>, session: String) -> Answer<()> {
    Ok(core.open_sign_in_page(&session)?)
}

#[tauri::command]
pub(crate) fn copy_sign_in_link(core: Core<'_>, session: String) -> Answer<()> {
    Ok(core.copy_sign_in_link(&session)?)
}

#[tauri::command]
pub(crate) fn copy_user_code(core: Core<'_>, session: String) -> Answer<()> {
    Ok(core.copy_user_code(&session)?)
}

#[tauri::command]
pub(crate) async fn sign_out(core: Core<'_>, session: String) -> Answer<()> {
    Ok(core.sign_out(&session).await?.told()?)
}

#[tauri::command]
pub(crate) fn copy_account_id(core: Core<'_>, account_id: String) -> Answer<()> {
    Ok(core.copy(&account_id)?)
}

#[tauri::command]
pub(crate) async fn preview_profile(
    core: Core<'_>,
    request: ProfileRequest,
) -> Answer<ProfilePreview> {
    Ok(core.preview_profile(&request.into()).await?.into())
}

#[tauri::command]
pub(crate) async fn write_profile(
    core: Core<'_>,
    request: ProfileRequest,
    consent: bool,
) -> Answer<ProfileWritten> {
    let (request, consent) = (request.into(), consent_of(consent));
    Ok(core.write_profile(&request, consent).await?.into())
}

#[tauri::command]
pub(crate) async fn preview_sync(core: Core<'_>, request: SyncRequest) -> Answer<SyncPreview> {
    let wanted = request.wanted(&core)?;
    Ok(SyncPreview::of(&core.plan_sync(&wanted).await?))
}

/// Writes what is to be written now: the lists may have changed since the preview. A yes counts only for
/// the question that it answers.
#[tauri::command]
pub(crate) async fn write_sync(
    core: Core<'_>,
    request: SyncRequest,
    agreed: Option<String>,
) -> Answer<SyncWritten> {
    let plan = core.plan_sync(&request.wanted(&core)?).await?;
    let consent = consent_of(agreed == Some(plan.question()));
    Ok(core.apply_sync(plan, consent).await?.into())
}

#[tauri::command]
pub(crate) async fn undo_profile(core: Core<'_>) -> Answer<()> {
    Ok(core.undo_profile().await.map(drop)?)
}

#[tauri::command]
pub(crate) fn starts_at_login(app: AppHandle) -> bool {
    login::is_on(&app)
}

#[tauri::command]
pub(crate) fn start_at_login(app: AppHandle, on: bool) -> Answer<()> {
    Ok(login::set(&app, on)?)
}

/// What the tray wanted before the page listened; from now on that comes as an event.
#[tauri::command]
pub(crate) fn awaited(app: AppHandle) -> Option<Wish> {
    awaited::take(&app).as_ref().map(Wish::from)
}

#[tauri::command]
pub(crate) fn panel_ready(app: AppHandle) {
    windows::page_is_ready(&app);
}

#[tauri::command]
pub(crate) fn hide_panel(app: AppHandle) {
    windows::close_panel(&app);
}

/// The panel is about to close, and no tray would bring it back.
#[tauri::command]
pub(crate) fn answer_close(core: Core<'_>, app: AppHandle, keep_running: bool) -> Answer<()> {
    core.keep_running(keep_running)?;
    match keep_running {
        true => windows::close_panel(&app),
        false => outside::quit(&app),
    }
    Ok(())
}

#[tauri::command]
pub(crate) fn quit(app: AppHandle) {
    outside::quit(&app);
}
