//! What a profile may hold beside the keys that Daypass writes, so that every AWS tool
//! takes the credentials that were meant.

use crate::error::{Code, Error, Result};

use super::document::Section;
use super::edit::MARK;
use super::request::{NewProfile, Style};

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
}

impl Fit {
    pub(super) fn of(section: &Section, new: &NewProfile) -> Result<Fit> {
        let mut set = new.keys()?;
        set.retain(|(key, value)| !section.has(key, value));
        let mut unset = superseded(new.style).to_vec();
        unset.retain(|key| section.entry(key).is_some());
        Ok(Fit { set, unset })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.set.is_empty() && self.unset.is_empty()
    }

    pub(super) fn carry_out(&self, section: &mut Section, ending: super::document::Ending) {
        // Taking out first: a key is then never put behind a line that goes.
        for key in &self.unset {
            section.unset(key);
        }
        for (key, value) in &self.set {
            section.set(key, value, ending);
        }
    }

    /// Which keys change, for people.
    pub(super) fn reason(&self) -> String {
        let set: Vec<&str> = self.set.iter().map(|(key, _)| key.as_str()).collect();
        let parts = [("sets", set), ("takes out", self.unset.clone())];
        let parts = parts.iter().filter(|(_, keys)| !keys.is_empty());
        let parts: Vec<String> = parts
            .map(|(verb, keys)| format!("{verb} {}", keys.join(", ")))
            .collect();
        parts.join("; ")
    }
}

/// The first key of the section by which a tool would take other credentials.
pub(super) fn other_credentials(section: &Section) -> Option<&'static str> {
    let there = |key: &&&str| section.value(key).is_some_and(|value| !value.is_empty());
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
    pub(super) fn of(section: &Section) -> Option<Assigned> {
        Assigned::of_keys(|key| section.value(key))
    }

    pub(super) fn of_keys(value: impl Fn(&str) -> Option<String>) -> Option<Assigned> {
        if let Some(session) = value("sso_session") {
            let (account_id, role) = (value("sso_account_id")?, value("sso_role_name")?);
            return Some(Assigned {
                session,
                account_id,
                role,
            });
        }
        Assigned::of_command(&value("credential_process")?)
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
pub(super) fn check_ours(section: &Section, what: &str, file: &str) -> Result<()> {
    if section.is_managed() {
        return Ok(());
    }
    let line = section.line();
    let message = format!("{what} is in {file}, line {line}, and was not written by Daypass");
    Err(Error::new(Code::ConfigConflict, message).with_hint(format!(
        "choose another name with --name, or change only the keys that the profile needs with \
         --replace (sections of Daypass carry the line \"{MARK}\")"
    )))
}
