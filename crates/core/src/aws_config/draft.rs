//! The file while it is being changed in memory: each step is done whole, or refused with a reason.

use std::collections::{BTreeSet, HashSet};

use crate::error::{Code, Error, Result};

use super::diff;
use super::document::{Document, Section};
use super::lines::{About, Header};
use super::plan::{Action, Change, Files, Outcome};
use super::profile::{self, Fit};
use super::request::{NewProfile, OnConflict, Places, SessionFacts, Style};
use super::strict;

/// Old and new state, and what has been done so far.
pub(super) struct Draft<'a> {
    pub(super) places: &'a Places,
    old: Document,
    pub(super) new: Document,
    credentials: Document,
    pub(super) changes: Vec<Change>,
}

impl<'a> Draft<'a> {
    pub(super) fn open(files: &Files, places: &'a Places) -> Result<Draft<'a>> {
        let bytes = files.config.as_deref().unwrap_or_default();
        strict::check(bytes).map_err(|fault| broken(&fault, places))?;
        let old = Document::parse(bytes);
        Ok(Draft {
            places,
            new: old.clone(),
            old,
            credentials: Document::parse(files.credentials.as_deref().unwrap_or_default()),
            changes: Vec::new(),
        })
    }

    /// Writes the profile, or leaves everything as it is and says why.
    pub(super) fn put(&mut self, name: &str, new: &NewProfile) -> Result<Change> {
        self.check_credentials(name)?;
        let Some(index) = self.only(About::Profile, name)? else {
            let header = Header::text(About::Profile, name);
            self.new.append(header, &new.keys()?);
            return Ok(change(name, Action::Added, None));
        };
        let (ending, section) = (self.new.ending, &mut self.new.sections[index]);
        let file = self.places.config.display().to_string();
        if new.on_conflict == OnConflict::Refuse {
            profile::check_ours(section, &format!("profile {name}"), &file)?;
        }
        check_other_credentials(section, name, &file)?;
        let fit = Fit::of(section, new)?;
        if fit.is_empty() {
            return Ok(change(name, Action::Unchanged, None));
        }
        fit.carry_out(section, ending);
        Ok(change(name, Action::Changed, Some(fit.reason())))
    }

    /// The one section of that name, if any, in the form that every SDK reads.
    pub(super) fn only(&self, about: About, name: &str) -> Result<Option<usize>> {
        let found = self.new.find(about, name);
        let index = match found[..] {
            [] => return Ok(None),
            [index] => index,
            _ => return Err(self.several(about, name, &found)),
        };
        let header = self.new.sections[index].header();
        if Header::parse(&header).plain {
            return Ok(Some(index));
        }
        let wanted = Header::text(about, name);
        let message = format!(
            "the header in {}, line {}, is written in a way that not every AWS tool reads",
            self.places.config.display(),
            self.new.sections[index].line(),
        );
        let hint = format!("write it as {wanted}, or choose another name");
        Err(Error::new(Code::ConfigConflict, message).with_hint(hint))
    }

    fn several(&self, about: About, name: &str, found: &[usize]) -> Error {
        let lines = found
            .iter()
            .map(|index| self.new.sections[*index].line().to_string());
        let message = format!(
            "{} stands in {} more than once: lines {}",
            Header::text(about, name),
            self.places.config.display(),
            lines.collect::<Vec<_>>().join(", "),
        );
        let hint = "keep one of these sections, or choose another name";
        Error::new(Code::ConfigConflict, message).with_hint(hint)
    }

    /// Keys in the credentials file come before, or in place of, what the config file says.
    pub(super) fn check_credentials(&self, name: &str) -> Result<()> {
        let file = self.places.credentials.display().to_string();
        for section in &self.credentials.sections {
            if credentials_name(section) == name {
                check_other_credentials(section, name, &file)?;
                check_process(section, name, &file)?;
            }
        }
        Ok(())
    }

    /// A profile of style sso needs the block of its session; the other style needs none.
    pub(super) fn ensure_session(&mut self, new: &NewProfile) -> Result<()> {
        if new.style == Style::Process {
            return Ok(());
        }
        let session = &new.session;
        let Some(index) = self.only(About::Session, &session.name)? else {
            let header = Header::text(About::Session, &session.name);
            self.new.append(header, &session.keys());
            return Ok(());
        };
        let section = &self.new.sections[index];
        let Some(key) = first_difference(section, session) else {
            return Ok(());
        };
        if section.is_managed() && new.on_conflict == OnConflict::Replace {
            self.mend_session(index, session);
            return Ok(());
        }
        Err(self.other_session(section, session, key))
    }

    fn mend_session(&mut self, index: usize, session: &SessionFacts) {
        let ending = self.new.ending;
        for (key, value) in session.keys() {
            self.new.sections[index].set(&key, &value, ending);
        }
    }

    fn other_session(&self, section: &Section, session: &SessionFacts, key: &str) -> Error {
        let line = section.line_of(key).max(section.line());
        let message = format!(
            "[sso-session {}] in {}, line {line}, has another {key} than the session in Daypass",
            session.name,
            self.places.config.display(),
        );
        let hint = match section.is_managed() {
            true => "let Daypass change it with --replace",
            false => "add the session again under another name, or mend the line",
        };
        Error::new(Code::ConfigConflict, message).with_hint(hint)
    }

    /// The names that are taken, in lower case: some disks and eyes see no difference.
    pub(super) fn names(&self) -> HashSet<String> {
        let headers = self
            .new
            .sections
            .iter()
            .map(|section| Header::parse(&section.header()));
        let profiles = headers.filter(|header| header.about == About::Profile);
        let credentials = self.credentials.sections.iter().map(credentials_name);
        let names = profiles.map(|header| header.name).chain(credentials);
        names.map(|name| name.to_lowercase()).collect()
    }

    /// Takes profiles out, and the blocks of their sessions that Daypass wrote and nobody else
    /// needs.
    pub(super) fn take_out(&mut self, names: &[String]) {
        let mut sessions = BTreeSet::new();
        let found = names
            .iter()
            .flat_map(|name| self.new.find(About::Profile, name));
        for index in found.collect::<Vec<_>>() {
            sessions.extend(self.new.sections[index].value("sso_session"));
            self.new.take_out(index);
        }
        if sessions.is_empty() {
            return;
        }
        for section in &self.new.sections {
            if let Some(needed) = section.value("sso_session") {
                sessions.remove(&needed);
            }
        }
        for session in sessions {
            self.take_out_session(&session);
        }
    }

    fn take_out_session(&mut self, name: &str) {
        for index in self.new.find(About::Session, name) {
            if self.new.sections[index].is_managed() {
                self.new.take_out(index);
            }
        }
    }

    /// The result is held to the same readers as the file before it is written.
    pub(super) fn finish(self) -> Result<Outcome> {
        let new = self.new.to_bytes();
        strict::check(&new).map_err(|fault| {
            let message = format!(
                "the change would make line {} of {} unreadable: {}",
                fault.line,
                self.places.config.display(),
                fault.reason
            );
            Error::new(Code::ConfigConflict, message).with_hint("mend that part of the file first")
        })?;
        let diff = diff::of_edit(&self.old, &self.new);
        Ok(Outcome {
            new,
            changes: self.changes,
            diff,
        })
    }
}

fn broken(fault: &strict::Fault, places: &Places) -> Error {
    let file = places.config.display();
    let message = format!("{file} is broken: line {}: {}", fault.line, fault.reason);
    Error::new(Code::ConfigBroken, message)
}

pub(super) fn change(profile: &str, action: Action, reason: Option<String>) -> Change {
    Change {
        profile: profile.to_owned(),
        action,
        reason,
    }
}

/// In the credentials file a section is named by the profile alone.
pub(super) fn credentials_name(section: &Section) -> String {
    let header = section.header();
    let inner = header
        .trim()
        .strip_prefix('[')
        .and_then(|text| text.split(']').next());
    inner.unwrap_or_default().trim().to_owned()
}

/// Refuses a section that has one of these keys.
pub(super) fn check_keys<'k>(
    section: &Section,
    name: &str,
    file: &str,
    mut keys: impl Iterator<Item = &'k &'static str>,
) -> Result<()> {
    let there = |key: &&&str| section.value(key).is_some_and(|value| !value.is_empty());
    match keys.find(there) {
        Some(key) => Err(other_source(section, name, file, key)),
        None => Ok(()),
    }
}

fn check_other_credentials(section: &Section, name: &str, file: &str) -> Result<()> {
    match profile::other_credentials(section) {
        Some(key) => Err(other_source(section, name, file, key)),
        None => Ok(()),
    }
}

fn check_process(section: &Section, name: &str, file: &str) -> Result<()> {
    match section.entry("credential_process") {
        Some(_) => Err(other_source(section, name, file, "credential_process")),
        None => Ok(()),
    }
}

fn other_source(section: &Section, name: &str, file: &str, key: &str) -> Error {
    let line = section.line_of(key).max(section.line());
    let message = format!(
        "profile {name} has {key} in {file}, line {line}: some AWS tools would use that and not \
         the sign-in"
    );
    let hint = "choose another name with --name, or take these keys out of the file yourself";
    Error::new(Code::ConfigConflict, message).with_hint(hint)
}

/// The key in which a present `[sso-session]` is not the session.
fn first_difference(section: &Section, session: &SessionFacts) -> Option<&'static str> {
    let url = section.value("sso_start_url");
    if !url.is_some_and(|url| session.is_at(&url)) {
        return Some("sso_start_url");
    }
    let region = section.value("sso_region");
    (region.as_deref() != Some(session.region.as_str())).then_some("sso_region")
}
