//! How rows look: own choices, labels, rules.

use daypass_core::accounts::labels;

use super::{Answer, Core};
use crate::wire::{
    Assignment, BrowserChoice, Label, Opening, Openings, OrganisationRules, Rule, Subject,
};

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

/// The browsers, profiles and containers of this machine.
#[tauri::command]
pub(crate) async fn browser_choices(core: Core<'_>) -> Answer<Vec<BrowserChoice>> {
    let choices = core.browser_choices().into_iter();
    Ok(choices.map(Into::into).collect())
}

/// How a row opens now, and what else there is to choose.
#[tauri::command]
pub(crate) async fn openings(core: Core<'_>, subject: Subject) -> Answer<Openings> {
    let manner = core.manner(&subject.into())?;
    let (choices, recent) = (core.browser_choices(), core.recent_browsers());
    Ok(Openings::of(manner, choices, recent))
}

/// What is null is left to rules, label and session again.
#[tauri::command]
pub(crate) async fn set_opening(core: Core<'_>, subject: Subject, opening: Opening) -> Answer<()> {
    let opening = opening.of_page(&core)?;
    Ok(core.set_opening(&subject.into(), opening).await?)
}

#[tauri::command]
pub(crate) async fn move_pin(core: Core<'_>, assignment: Assignment, by: i32) -> Answer<()> {
    Ok(core.move_pin(&assignment.into(), by).await?)
}

#[tauri::command]
pub(crate) async fn define_label(core: Core<'_>, label: Label) -> Answer<()> {
    Ok(core.define_label(label.of_page(&core)?).await?)
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

/// Those of the organisation, which nobody changes here.
#[tauri::command]
pub(crate) fn organisation_rules(core: Core<'_>) -> OrganisationRules {
    OrganisationRules::from(core.organisation_rules())
}

#[tauri::command]
pub(crate) async fn set_rules(core: Core<'_>, rules: Vec<Rule>) -> Answer<()> {
    let rules = rules.into_iter().map(|it| it.of_page(&core));
    Ok(core.set_rules(rules.collect::<Result<_, _>>()?).await?)
}
