//! The settings: what the page has to know at any time, and what its own page shows and changes.

use daypass_core::daypass as core;
use daypass_core::settings;
use serde::Serialize;
use ts_rs::TS;

use super::Failure;
use crate::hotkey;

/// What shows everywhere.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Appearance {
    /// `auto`, `light` or `dark`.
    theme: &'static str,
    /// A language's tag; null for the system's.
    language: Option<String>,
}

impl Appearance {
    pub(crate) fn of(snapshot: &core::Snapshot) -> Appearance {
        Appearance {
            theme: snapshot.theme.name(),
            language: snapshot.language.tag().map(str::to_owned),
        }
    }
}

/// One setting.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Setting {
    /// `table.key`, as in the file.
    place: &'static str,
    /// What it says, on a line; null where nobody says anything.
    text: Option<String>,
    /// The organisation has set it for good.
    locked: bool,
}

/// What is to be said about a file of settings.
#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RemarkKind {
    Unknown,
    Wrong,
    Overruled,
    LeftOut,
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Remark {
    kind: RemarkKind,
    file: String,
    #[ts(type = "number | null")]
    line: Option<usize>,
    message: String,
}

impl From<settings::Remark> for Remark {
    fn from(it: settings::Remark) -> Remark {
        Remark {
            kind: match it.kind {
                settings::Kind::Unknown => RemarkKind::Unknown,
                settings::Kind::Wrong => RemarkKind::Wrong,
                settings::Kind::Overruled => RemarkKind::Overruled,
                settings::Kind::LeftOut => RemarkKind::LeftOut,
            },
            file: it.file.display().to_string(),
            line: it.line,
            message: it.message,
        }
    }
}

/// In which browsers the pages of a session open, as its settings name them.
#[derive(Clone, Serialize, TS)]
pub(crate) struct SessionBrowsers {
    session: String,
    sign_in: String,
    console: String,
}

/// How all settings stand.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Settings {
    file: String,
    /// The organisation's file, where there is one in force.
    organisation: Option<String>,
    /// What that does not leave to the user.
    locked: Vec<String>,
    settings: Vec<Setting>,
    browsers: Vec<SessionBrowsers>,
    remarks: Vec<Remark>,
    failure: Option<Failure>,
    hotkey: Binding,
}

/// What became of the keys that bring the panel up.
#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Binding {
    None,
    Bound,
    /// Another program has them.
    Taken,
    /// The keyboard has no such key.
    Unknown,
    /// The desktop's own settings bind keys, to a command.
    OnlyTheDesktop,
}

impl From<hotkey::Binding> for Binding {
    fn from(it: hotkey::Binding) -> Binding {
        match it {
            hotkey::Binding::None => Binding::None,
            hotkey::Binding::Bound => Binding::Bound,
            hotkey::Binding::Taken => Binding::Taken,
            hotkey::Binding::Unknown => Binding::Unknown,
            hotkey::Binding::OnlyTheDesktop => Binding::OnlyTheDesktop,
        }
    }
}

impl Settings {
    /// As core sees them, with what became of the hotkey.
    pub(crate) fn of(it: core::SettingsView, hotkey: hotkey::Binding) -> Settings {
        let choices = it.choices.into_iter().map(|it| Setting {
            place: it.place,
            text: it.text,
            locked: it.locked,
        });
        let browsers = it
            .browsers
            .into_iter()
            .map(|(session, it)| SessionBrowsers {
                session,
                sign_in: it.sign_in.to_string(),
                console: it.console.to_string(),
            });
        Settings {
            file: it.file.display().to_string(),
            organisation: it.organisation.map(|it| it.display().to_string()),
            locked: it.locked,
            settings: choices.collect(),
            browsers: browsers.collect(),
            remarks: it.remarks.into_iter().map(Remark::from).collect(),
            failure: it.failure.as_ref().map(Failure::from),
            hotkey: hotkey.into(),
        }
    }
}
