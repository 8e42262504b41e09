//! CLI profiles: what the page asks for, what would be written, and what was.

use daypass_core::aws_config::{Action, LineKind, OnConflict, Target};
use daypass_core::daypass as core;
use daypass_core::settings::ProfileKeys;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Assignment, Storage, Style};

#[derive(Clone, Deserialize, TS)]
pub(crate) struct ProfileRequest {
    assignment: Assignment,
    /// Null: Daypass proposes one.
    name: Option<String>,
    region: Option<String>,
    output: Option<String>,
    /// The Region where neither `region` nor a rule gives one.
    otherwise_region: Option<String>,
    /// Null: the session's own.
    style: Option<Style>,
    make_default: bool,
    replace: bool,
}

impl From<ProfileRequest> for core::ProfileRequest {
    fn from(request: ProfileRequest) -> core::ProfileRequest {
        core::ProfileRequest {
            assignment: request.assignment.into(),
            target: match (request.make_default, request.name) {
                (true, _) => Target::Default,
                (false, Some(name)) => Target::Named(name),
                (false, None) => Target::Proposed,
            },
            region: request.region,
            output: request.output,
            otherwise: ProfileKeys {
                region: request.otherwise_region,
                output: None,
            },
            // The page shows what each style means for the session before it is chosen.
            style: match request.style {
                Some(style) => core::StyleChoice::Moving(style.into()),
                None => core::StyleChoice::OfSession,
            },
            settings: Vec::new(),
            on_conflict: if request.replace {
                OnConflict::Replace
            } else {
                OnConflict::Refuse
            },
        }
    }
}

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DiffKind {
    Same,
    Added,
    Removed,
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct DiffLine {
    kind: DiffKind,
    #[ts(type = "number | null")]
    old_line: Option<usize>,
    #[ts(type = "number | null")]
    new_line: Option<usize>,
    text: String,
}

impl From<&daypass_core::aws_config::DiffLine> for DiffLine {
    fn from(line: &daypass_core::aws_config::DiffLine) -> DiffLine {
        DiffLine {
            kind: match line.kind {
                LineKind::Same => DiffKind::Same,
                LineKind::Added => DiffKind::Added,
                LineKind::Removed => DiffKind::Removed,
            },
            old_line: line.old_line,
            new_line: line.new_line,
            text: line.text.clone(),
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct ProfilePreview {
    name: String,
    file: String,
    /// The Region that is written.
    region: Option<String>,
    style: Style,
    /// What writing it changes about the session's storage, if anything.
    storage_change: Option<Storage>,
    diff: Vec<DiffLine>,
    #[ts(type = "number")]
    added: usize,
    #[ts(type = "number")]
    removed: usize,
}

impl From<core::ProfilePreview> for ProfilePreview {
    fn from(preview: core::ProfilePreview) -> ProfilePreview {
        let count = |kind| preview.diff.iter().filter(|line| line.kind == kind).count();
        ProfilePreview {
            added: count(LineKind::Added),
            removed: count(LineKind::Removed),
            diff: preview.diff.iter().map(DiffLine::from).collect(),
            name: preview.name,
            region: preview.region,
            file: preview.file.display().to_string(),
            style: preview.style.into(),
            storage_change: preview.storage_change.map(Storage::from),
        }
    }
}

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProfileAction {
    Added,
    Changed,
    Unchanged,
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct ProfileWritten {
    name: String,
    file: String,
    backup: Option<String>,
    action: ProfileAction,
}

impl From<core::ProfileWritten> for ProfileWritten {
    fn from(written: core::ProfileWritten) -> ProfileWritten {
        let action = written.preview.changes.first().map(|change| change.action);
        ProfileWritten {
            name: written.preview.name,
            file: written.preview.file.display().to_string(),
            backup: written.backup.map(|path| path.display().to_string()),
            action: match action {
                Some(Action::Added) => ProfileAction::Added,
                Some(Action::Changed | Action::Removed) => ProfileAction::Changed,
                Some(Action::Unchanged | Action::Kept | Action::Skipped) | None => {
                    ProfileAction::Unchanged
                }
            },
        }
    }
}
