//! How rows look: own choices, labels, rules.

use super::{Answer, Core};
use crate::wire::{Assignment, Failure, Label, Rule, Subject};

#[tauri::command]
pub(crate) async fn set_alias(
    core: Core<'_>,
    session: String,
    account_id: String,
    alias: Option<String>,
) -> Answer<()> {
    let _ = (core, session, account_id, alias);
    Err(Failure::not_yet())
}

#[tauri::command]
pub(crate) async fn set_label(
    core: Core<'_>,
    subject: Subject,
    label: Option<String>,
) -> Answer<()> {
    let _ = (core, subject, label);
    Err(Failure::not_yet())
}

#[tauri::command]
pub(crate) async fn set_protected(
    core: Core<'_>,
    subject: Subject,
    protected: Option<bool>,
) -> Answer<()> {
    let _ = (core, subject, protected);
    Err(Failure::not_yet())
}

#[tauri::command]
pub(crate) async fn set_hidden(core: Core<'_>, subject: Subject, hidden: bool) -> Answer<()> {
    let _ = (core, subject, hidden);
    Err(Failure::not_yet())
}

#[tauri::command]
pub(crate) async fn move_pin(core: Core<'_>, assignment: Assignment, by: i32) -> Answer<()> {
    let _ = (core, assignment, by);
    Err(Failure::not_yet())
}

#[tauri::command]
pub(crate) async fn define_label(core: Core<'_>, label: Label) -> Answer<()> {
    let _ = (core, label);
    Err(Failure::not_yet())
}

#[tauri::command]
pub(crate) async fn remove_label(core: Core<'_>, word: String) -> Answer<()> {
    let _ = (core, word);
    Err(Failure::not_yet())
}

#[tauri::command]
pub(crate) async fn rules(core: Core<'_>) -> Answer<Vec<Rule>> {
    let _ = core;
    Err(Failure::not_yet())
}

#[tauri::command]
pub(crate) async fn set_rules(core: Core<'_>, rules: Vec<Rule>) -> Answer<()> {
    let _ = (core, rules);
    Err(Failure::not_yet())
}

/// The label that a name suggests; only offered, never given.
#[tauri::command]
pub(crate) fn guess_label(core: Core<'_>, name: String) -> Option<String> {
    let _ = (core, name);
    None
}
