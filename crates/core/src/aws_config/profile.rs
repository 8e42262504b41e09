//! What a profile may hold beside the keys that Daypass writes, so that every AWS tool
//! takes the credentials that were meant.

use std::path::Path;

use crate::error::{Code, Error, Result};

use super::document::{Ending, Entries, Section};
use super::edit::MARK;
use super::plan::Action;
use super::request::{NewProfile, Style};
use super::written::Written;

/// Keys by which a tool would take other credentials than those of the sign-in, some tools before
/// it, some after it. They hold what Daypass could not bring back, so they are never taken out.
pub(super) const OTHER_CREDENTIALS: &[&str] = &[
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "role_arn",
    "source_profile",
    "credential_source",
    "web_identity_token_file",
    "login_session",
];

/// Keys of an older or the other style of the same sign-in: taken out.
fn superseded(style: Style) -> &'static [&'static str] {
    match style {
        // Beside `sso_session` these make some readers refuse the profile; the JavaScript SDK
        // runs `credential_process` before it looks at the sign-in.
        Style::Sso => &[
            "sso_start_url",
            "sso_region",
            "sso_registration_scopes",
            "credential_process",
        ],
        // botocore looks at the sign-in before it runs the process.
        Style::Process => &[
            "sso_session",
            "sso_account_id",
            "sso_role_name",
            "sso_start_url",
            "sso_region",
            "sso_registration_scopes",
        ],
    }
}

/// The changes that make a present section into the profile.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fit {
    set: Vec<(String, String)>,
    unset: Vec<&'static str>,
    /// Keys that a hand has changed, and that stay as they are.
    by_hand: Vec<String>,
}

impl Fit {
    pub(super) fn of(
        section: &Section<'_>,
        entries: &Entries<'_>,
        new: &NewProfile,
    ) -> Result<Fit> {
        let mut set = new.keys()?;
        set.retain(|(key, value)| !section.has(entries, key, value));
        let mut unset = superseded(new.style).to_vec();
        unset.retain(|key| entries.get(key).is_some());
        Ok(Fit {
            set,
            unset,
            by_hand: Vec::new(),
        })
    }

    pub(super) fn set(&self) -> &[(String, String)] {
        &self.set
    }

    /// A key whose value is another than Daypass wrote, or that was taken out since, stays as it is.
    pub(super) fn leave_to_the_hand(
        &mut self,
        entries: &Entries<'_>,
        assigned: &Assigned,
        written: &Written,
    ) {
        let is_ours = |key: &str| match entries.value(key) {
            _ if is_identity(key) => true,
            Some(value) => written.has(assigned, key, Some(value)),
            None => !written.has(assigned, key, None),
        };
        let theirs = self.set.extract_if(.., |(key, _)| !is_ours(key));
        self.by_hand = theirs.map(|(key, _)| key).collect();
    }

    pub(super) fn carry_out(&self, section: &mut Section<'_>, ending: Ending) {
        // Taking out first: a key is then never put behind a line that goes.
        for key in &self.unset {
            section.unset(key);
        }
        for (key, value) in &self.set {
            section.set(key, value, ending);
        }
    }

    /// What comes of it, and which keys, for people.
    pub(super) fn told(&self) -> (Action, Option<String>) {
        let action = match (self.set.len() + self.unset.len(), self.by_hand.len()) {
            (0, 0) => return (Action::Unchanged, None),
            (0, _) => Action::Kept,
            _ => Action::Changed,
        };
        (action, Some(self.reason()))
    }

    fn reason(&self) -> String {
        let set: Vec<&str> = self.set.iter().map(|(key, _)| key.as_str()).collect();
        let by_hand: Vec<&str> = self.by_hand.iter().map(String::as_str).collect();
        let parts = [
            ("sets", set),
            ("takes out", self.unset.clone()),
            ("keeps what was changed by hand:", by_hand),
        ];
        let parts = parts.iter().filter(|(_, keys)| !keys.is_empty());
        let parts: Vec<String> = parts
            .map(|(verb, keys)| format!("{verb} {}", keys.join(", ")))
            .collect();
        parts.join("; ")
    }
}

/// Keys that say whose credentials a profile gives: with another value it is another's profile.
pub(super) fn is_identity(key: &str) -> bool {
    ["sso_session", "sso_account_id", "sso_role_name"].contains(&key)
}

/// The first key of the section by which a tool would take other credentials.
pub(super) fn other_credentials(entries: &Entries<'_>) -> Option<&'static str> {
    let there = |key: &&&str| entries.value(key).is_some_and(|value| !value.is_empty());
    OTHER_CREDENTIALS.iter().find(there).copied()
}

/// Whose credentials a profile gives.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Assigned {
    /// The session's name.
    pub session: String,
    /// 12 digits, where the file is right.
    pub account_id: String,
    /// The name of the permission set.
    pub role: String,
}

impl Assigned {
    /// Of a section with `sso_session`, or with Daypass's own `credential_process`.
    pub(super) fn of(entries: &Entries<'_>) -> Option<Assigned> {
        Assigned::of_keys(|key| entries.value(key))
    }

    pub(super) fn of_keys<'v>(value: impl Fn(&str) -> Option<&'v str>) -> Option<Assigned> {
        if let Some(session) = value("sso_session") {
            let (account_id, role) = (value("sso_account_id")?, value("sso_role_name")?);
            return Some(Assigned {
                session: session.to_owned(),
                account_id: account_id.to_owned(),
                role: role.to_owned(),
            });
        }
        Assigned::of_command(value("credential_process")?)
    }

    fn of_command(command: &str) -> Option<Assigned> {
        let (program, arguments) = command.split_once(" credentials ")?;
        let program = program.trim_matches('"');
        let file = program.rsplit(['/', '\\']).next()?;
        if !matches!(file, "daypass" | "daypass.exe") {
            return None;
        }
        let words: Vec<&str> = arguments.split_whitespace().collect();
        let after = |flag| {
            let at = words.iter().position(|word| *word == flag)?;
            words
                .get(at + 1)
                .map(|word| word.trim_matches('"').to_owned())
        };
        Some(Assigned {
            session: after("--session")?,
            account_id: after("--account")?,
            role: after("--role")?,
        })
    }

    /// Of a profile that is to be written.
    pub fn of_new(new: &NewProfile) -> Assigned {
        Assigned {
            session: new.session.name.clone(),
            account_id: new.account_id.clone(),
            role: new.role.clone(),
        }
    }
}

/// Refuses to change what Daypass did not write, or what would then give other credentials.
pub(super) fn check_ours(section: &Section<'_>, name: &str, file: &Path) -> Result<()> {
    if section.is_managed() {
        return Ok(());
    }
    let (line, file) = (section.line(), file.display());
    let message =
        format!("profile {name} is in {file}, line {line}, and was not written by Daypass");
    Err(Error::new(Code::ConfigConflict, message).with_hint(format!(
        "choose another name with --name, or change only the keys that the profile needs with \
         --replace (sections of Daypass carry the line \"{MARK}\")"
    )))
}
