//! How rows look: own choices, labels, rules.

use daypass_core::accounts::labels;

use super::{Answer, Core};
use crate::wire::{Assignment, Label, Rule, Subject};

#[tauri::command]
pub(crate) async fn set_alias(
    core: Core<'_>,
    session: String,
    account_id: String,
    alias: Option<String>,
) -> Answer<()> {
    Ok(core.set_alias(&session, &account_id, alias).await?)
}

#[tauri::command]
pub(crate) async fn set_label(
    core: Core<'_>,
    subject: Subject,
    label: Option<String>,
) -> Answer<()> {
    Ok(core.set_label(&subject.into(), label).await?)
}

#[tauri::command]
pub(crate) async fn set_protected(
    core: Core<'_>,
    subject: Subject,
    protected: Option<bool>,
) -> Answer<()> {
    Ok(core.set_protected(&subject.into(), protected).await?)
}

#[tauri::command]
pub(crate) async fn set_hidden(core: Core<'_>, subject: Subject, hidden: bool) -> Answer<()> {
    Ok(core.set_hidden(&subject.into(), hidden).await?)
}

#[tauri::command]
pub(crate) async fn move_pin(core: Core<'_>, assignment: Assignment, by: i32) -> Answer<()> {
    Ok(core.move_pin(&assignment.into(), by).await?)
}

#[tauri::command]
pub(crate) async fn define_label(core: Core<'_>, label: Label) -> Answer<()> {
    Ok(core.define_label(label.into()).await?)
}

#[tauri::command]
pub(crate) async fn remove_label(core: Core<'_>, word: String) -> Answer<()> {
    Ok(core.remove_label(&word).await?)
}

/// The label that a name suggests; only offered, never given.
#[tauri::command]
pub(crate) fn guess_label(name: String) -> Option<&'static str> {
    labels::guess_label(&name)
}

#[tauri::command]
pub(crate) fn rules(core: Core<'_>) -> Vec<Rule> {
    core.rules().into_iter().map(Rule::from).collect()
}

#[tauri::command]
pub(crate) async fn set_rules(core: Core<'_>, rules: Vec<Rule>) -> Answer<()> {
    let rules = rules.into_iter().map(Into::into).collect();
    Ok(core.set_rules(rules).await?)
}
