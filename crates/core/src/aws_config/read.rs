//! The profiles and sessions of the config file, as the SDKs read them: tolerantly, and without
//! the values that are secrets.

use std::collections::{HashMap, HashSet};

use super::document::{Document, Entries, Section};
use super::draft::credentials_name;
use super::lines::{About, Header};
use super::profile::{Assigned, OTHER_CREDENTIALS};
use super::strict::{self, Fault};

/// Values that are never kept in memory longer than the file.
const SECRETS: &[&str] = &[
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
];

/// A `[profile NAME]` or `[default]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Without `profile` and quotes.
    pub name: String,
    /// Keys in lower case, with their values as botocore reads them; secrets are left out.
    pub keys: Vec<(String, String)>,
    /// Whether Daypass wrote it.
    pub managed: bool,
    /// Where its header stands, from 1.
    pub line: usize,
    /// Whether keys in it, or in the credentials file, may come before the sign-in.
    pub other_credentials: bool,
}

impl Profile {
    /// The value of a key, given in lower case.
    pub fn value(&self, key: &str) -> Option<&str> {
        value(&self.keys, key)
    }

    /// Session, account and role of a profile of either style; none for profiles of other kinds.
    pub fn assigned(&self) -> Option<Assigned> {
        Assigned::of_keys(|key| self.value(key))
    }

    /// Start URL (byte for byte) and Region of a profile of the older kind, without a session.
    pub fn legacy_portal(&self) -> Option<(&str, &str)> {
        if self.value("sso_session").is_some() {
            return None;
        }
        Some((self.value("sso_start_url")?, self.value("sso_region")?))
    }
}

/// An `[sso-session NAME]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoSession {
    /// Without `sso-session` and quotes.
    pub name: String,
    /// `sso_start_url`, byte for byte.
    pub start_url: Option<String>,
    /// `sso_region`.
    pub region: Option<String>,
    /// `sso_registration_scopes`, split at the commas.
    pub scopes: Vec<String>,
    /// Whether Daypass wrote it.
    pub managed: bool,
    /// Where its header stands, from 1.
    pub line: usize,
}

/// What the config file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwsConfig {
    profiles: Vec<Profile>,
    sessions: Vec<SsoSession>,
    repeated: Vec<(String, usize)>,
    fault: Option<Fault>,
}

impl AwsConfig {
    /// What files of these bytes say; one that is not there is empty.
    pub fn parse(config: &[u8], credentials: &[u8]) -> AwsConfig {
        AwsConfig::of(config, strict::check(config).err(), credentials)
    }

    /// The same of bytes whose fault is known.
    pub(super) fn of(config: &[u8], fault: Option<Fault>, credentials: &[u8]) -> AwsConfig {
        let document = Document::parse(config);
        let credentials = Document::parse(credentials);
        let names = credentials.sections.iter().map(credentials_name);
        let shadows = names.collect();
        let mut reading = Reading {
            shadows,
            ..Reading::default()
        };
        for section in &document.sections {
            let text = section.header();
            let header = Header::parse(&text);
            match header.about {
                About::Profile => reading.add_profile(header.name.into_owned(), section),
                About::Session => reading.add_session(header.name.into_owned(), section),
                About::Other => {}
            }
        }
        AwsConfig {
            fault,
            ..reading.config
        }
    }

    /// In the order of the file; sections of one name are one profile, the later value wins.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// In the order of the file.
    pub fn sso_sessions(&self) -> &[SsoSession] {
        &self.sessions
    }

    /// The profile of this name.
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }

    /// Profiles that have a second header, with its line from 1.
    pub fn repeated(&self) -> &[(String, usize)] {
        &self.repeated
    }

    /// The session of this name.
    pub fn sso_session(&self, name: &str) -> Option<&SsoSession> {
        self.sessions.iter().find(|session| session.name == name)
    }

    /// The first line that makes the file unreadable to the AWS CLI or another tool.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }
}

/// What has been read so far, and where the names are in it.
#[derive(Default)]
struct Reading {
    config: AwsConfig,
    profiles: HashMap<String, usize>,
    sessions: HashMap<String, usize>,
    /// The names in the credentials file.
    shadows: HashSet<String>,
}

impl Reading {
    fn add_profile(&mut self, name: String, section: &Section<'_>) {
        let entries = section.entries();
        let keys = keys(&entries);
        let other = |key: &str| OTHER_CREDENTIALS.contains(&key);
        let other_credentials =
            self.shadows.contains(&name) || entries.iter().any(|entry| other(&entry.key));
        if let Some(index) = self.profiles.get(&name) {
            let earlier = &mut self.config.profiles[*index];
            keys.into_iter()
                .for_each(|(key, value)| put(&mut earlier.keys, key, value));
            earlier.other_credentials |= other_credentials;
            self.config.repeated.push((name, section.line()));
            return;
        }
        self.profiles
            .insert(name.clone(), self.config.profiles.len());
        let (managed, line) = (section.is_managed(), section.line());
        self.config.profiles.push(Profile {
            name,
            keys,
            managed,
            line,
            other_credentials,
        });
    }

    fn add_session(&mut self, name: String, section: &Section<'_>) {
        let session = SsoSession::of(name, section);
        if let Some(index) = self.sessions.get(&session.name) {
            self.config.sessions[*index] = session;
            return;
        }
        self.sessions
            .insert(session.name.clone(), self.config.sessions.len());
        self.config.sessions.push(session);
    }
}

impl SsoSession {
    fn of(name: String, section: &Section<'_>) -> SsoSession {
        let keys = keys(&section.entries());
        let found = |key: &str| value(&keys, key).map(str::to_owned);
        let scopes = found("sso_registration_scopes").unwrap_or_default();
        let scopes = scopes
            .split(',')
            .map(str::trim)
            .filter(|scope| !scope.is_empty());
        SsoSession {
            start_url: found("sso_start_url"),
            region: found("sso_region"),
            scopes: scopes.map(str::to_owned).collect(),
            managed: section.is_managed(),
            line: section.line(),
            name,
        }
    }
}

fn keys(entries: &Entries<'_>) -> Vec<(String, String)> {
    let mut keys = Vec::new();
    for entry in entries.iter() {
        if !SECRETS.contains(&&*entry.key) {
            put(&mut keys, entry.key.to_string(), entry.value.to_string());
        }
    }
    keys
}

fn put(keys: &mut Vec<(String, String)>, key: String, value: String) {
    match keys.iter_mut().find(|(earlier, _)| *earlier == key) {
        Some((_, earlier)) => *earlier = value,
        None => keys.push((key, value)),
    }
}

fn value<'a>(keys: &'a [(String, String)], key: &str) -> Option<&'a str> {
    keys.iter()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value.as_str())
}
