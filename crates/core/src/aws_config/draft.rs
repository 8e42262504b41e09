//! The file while it is being changed in memory: each step is done whole, or refused with a reason.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use crate::error::{Code, Error, Result};

use super::diff;
use super::document::{Document, Entries, Section};
use super::lines::{About, Header};
use super::plan::{Action, Change, Files, Outcome};
use super::profile::{self, Assigned, Fit};
use super::request::{NewProfile, OnConflict, Places, SessionFacts, Style};
use super::strict;
use super::written::{self, Mark, Written};

/// Old and new state, and what has been done so far.
pub(super) struct Draft<'a> {
    pub(super) places: &'a Places,
    old: &'a [u8],
    pub(super) new: Document<'a>,
    credentials: Vec<Section<'a>>,
    /// The sections of a name in the credentials file.
    credentials_of: HashMap<String, Vec<usize>>,
    /// What Daypass is known to have written: asked where nobody looks at each profile.
    written: &'a Written,
    /// What is written this time.
    marks: Vec<Mark>,
    pub(super) changes: Vec<Change>,
}

/// Whether a key that a hand has changed is set all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByHand {
    /// The user asked for this very profile.
    Set,
    /// It is one of many.
    Keep,
}

impl<'a> Draft<'a> {
    pub(super) fn open(files: &'a Files, places: &'a Places) -> Result<Draft<'a>> {
        let found = files.config.as_ref();
        if let Some(fault) = found.and_then(|it| it.fault.as_ref()) {
            return Err(broken(fault, places));
        }
        let old = found.map_or(&[][..], |it| &it.bytes);
        let credentials = Document::parse(files.credentials.as_deref().unwrap_or_default());
        let mut credentials_of: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, section) in credentials.sections.iter().enumerate() {
            let name = credentials_name(section);
            credentials_of.entry(name).or_default().push(index);
        }
        Ok(Draft {
            places,
            old,
            new: Document::parse(old),
            credentials: credentials.sections,
            credentials_of,
            written: &files.written,
            marks: Vec::new(),
            changes: Vec::new(),
        })
    }

    /// Writes the profile, or leaves everything as it is and says why.
    pub(super) fn put(&mut self, name: &str, new: &NewProfile, by_hand: ByHand) -> Result<Change> {
        self.check_credentials(name)?;
        let assigned = Assigned::of_new(new);
        let Some(index) = self.only(About::Profile, name)? else {
            let header = Header::text(About::Profile, name);
            let keys = new.keys()?;
            self.note(&assigned, &keys);
            self.new.append(header, &keys);
            return Ok(change(name, Action::Added, None));
        };
        let mut fit = self.fit(index, name, new)?;
        if by_hand == ByHand::Keep {
            let section = &self.new.sections[index];
            fit.leave_to_the_hand(&section.entries(), &assigned, self.written);
        }
        self.note(&assigned, fit.set());
        fit.carry_out(&mut self.new.sections[index], self.new.ending);
        let (action, reason) = fit.told();
        Ok(change(name, action, reason))
    }

    fn fit(&self, index: usize, name: &str, new: &NewProfile) -> Result<Fit> {
        let section = &self.new.sections[index];
        let file = &self.places.config;
        if new.on_conflict == OnConflict::Refuse {
            profile::check_ours(section, name, file)?;
        }
        let entries = section.entries();
        check_other_credentials(section, &entries, name, file)?;
        Fit::of(section, &entries, new)
    }

    /// What is not noted counts as the user's own from then on.
    fn note(&mut self, assigned: &Assigned, keys: &[(String, String)]) {
        let told = keys.iter().filter(|(key, _)| !profile::is_identity(key));
        let marks = told.flat_map(|(key, value)| {
            [None, Some(value.as_str())].map(|value| written::mark(assigned, key, value))
        });
        self.marks.extend(marks);
    }

    /// Whether a section that Daypass wrote holds nothing that it did not write.
    pub(super) fn is_as_written(&self, index: usize) -> bool {
        let entries = self.new.sections[index].entries();
        let Some(assigned) = Assigned::of(&entries) else {
            return false;
        };
        entries.iter().all(|entry| {
            profile::is_identity(&entry.key)
                || self.written.has(&assigned, &entry.key, Some(&entry.value))
        })
    }

    /// The one section of that name, if any, in the form that every SDK reads.
    pub(super) fn only(&self, about: About, name: &str) -> Result<Option<usize>> {
        let found = self.new.find(about, name);
        let index = match found[..] {
            [] => return Ok(None),
            [index] => index,
            _ => return Err(self.several(about, name, &found)),
        };
        if Header::parse(&self.new.sections[index].header()).plain {
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
        let file = &self.places.credentials;
        for index in self.credentials_of.get(name).into_iter().flatten() {
            let section = &self.credentials[*index];
            let entries = section.entries();
            check_other_credentials(section, &entries, name, file)?;
            check_process(section, &entries, name, file)?;
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

    fn other_session(&self, section: &Section<'_>, session: &SessionFacts, key: &str) -> Error {
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
        let mut names: HashSet<String> = HashSet::with_capacity(self.new.sections.len());
        for section in &self.new.sections {
            let text = section.header();
            let header = Header::parse(&text);
            if header.about == About::Profile {
                names.insert(header.name.to_lowercase());
            }
        }
        names.extend(self.credentials_of.keys().map(|name| name.to_lowercase()));
        names
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
        let diff = diff::of_edit(self.old, &self.new);
        Ok(Outcome {
            new: new.into(),
            changes: self.changes,
            diff,
            written: self.marks,
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
pub(super) fn credentials_name(section: &Section<'_>) -> String {
    let header = section.header();
    let inner = header
        .trim()
        .strip_prefix('[')
        .and_then(|text| text.split(']').next());
    inner.unwrap_or_default().trim().to_owned()
}

/// Refuses a section that has one of these keys.
pub(super) fn check_keys<'k>(
    (section, entries): (&Section<'_>, &Entries<'_>),
    name: &str,
    file: &Path,
    mut keys: impl Iterator<Item = &'k &'static str>,
) -> Result<()> {
    let there = |key: &&&str| entries.value(key).is_some_and(|value| !value.is_empty());
    match keys.find(there) {
        Some(key) => Err(other_source(section, name, file, key)),
        None => Ok(()),
    }
}

fn check_other_credentials(
    section: &Section<'_>,
    entries: &Entries<'_>,
    name: &str,
    file: &Path,
) -> Result<()> {
    match profile::other_credentials(entries) {
        Some(key) => Err(other_source(section, name, file, key)),
        None => Ok(()),
    }
}

fn check_process(
    section: &Section<'_>,
    entries: &Entries<'_>,
    name: &str,
    file: &Path,
) -> Result<()> {
    match entries.get("credential_process") {
        Some(_) => Err(other_source(section, name, file, "credential_process")),
        None => Ok(()),
    }
}

fn other_source(section: &Section<'_>, name: &str, file: &Path, key: &str) -> Error {
    let line = section.line_of(key).max(section.line());
    let message = format!(
        "profile {name} has {key} in {}, line {line}: some AWS tools would use that and not \
         the sign-in",
        file.display()
    );
    let hint = "choose another name with --name, or take these keys out of the file yourself";
    Error::new(Code::ConfigConflict, message).with_hint(hint)
}

/// The key in which a present `[sso-session]` is not the session.
fn first_difference(section: &Section<'_>, session: &SessionFacts) -> Option<&'static str> {
    let url = section.value("sso_start_url");
    if !url.is_some_and(|url| session.is_at(&url)) {
        return Some("sso_start_url");
    }
    let region = section.value("sso_region");
    (region.as_deref() != Some(session.region.as_str())).then_some("sso_region")
}
