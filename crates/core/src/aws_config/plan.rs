//! From a request and the bytes of the file to the new bytes and what to tell about them. Pure.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::error::{Code, Error, Result};
use crate::settings::chains::MARK;

use super::diff::DiffLine;
use super::document::Section;
use super::draft::{ByHand, Draft, change};
use super::lines::{About, Header};
use super::name::{self, Namer, Parts};
use super::profile::{self, Assigned};
use super::request::{NewProfile, Places, Prune, Request, Style, Sync, Target};
use super::store::Found;
use super::written::{Mark, Written};

/// Why a profile is kept or taken out whose assignment is there no more.
pub const GONE: &str = "its assignment is gone";
/// Why a profile is kept all the same where such profiles are taken out.
pub const GONE_BY_HAND: &str = "its assignment is gone, but it holds what was written by hand";

/// What happens to a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Added,
    /// Some of its keys change.
    Changed,
    /// It is already as it should be.
    Unchanged,
    /// It goes.
    Removed,
    /// It stays although it was asked for otherwise; the reason says why.
    Kept,
    /// It cannot be written; the reason says why.
    Skipped,
}

/// What happens to one profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The name of the profile.
    pub profile: String,
    /// What happens to it.
    pub action: Action,
    /// Why, or what exactly, for people.
    pub reason: Option<String>,
}

/// The two files as they are; none where there is no file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Files {
    pub(super) config: Option<Found>,
    pub(super) credentials: Option<Arc<[u8]>>,
    /// What Daypass is known to have written into the config file.
    pub(super) written: Written,
}

/// What comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) new: Arc<[u8]>,
    pub(super) changes: Vec<Change>,
    pub(super) diff: Vec<DiffLine>,
    /// What Daypass has then written.
    pub(super) written: Vec<Mark>,
}

/// Plans the request on these bytes.
pub(super) fn outcome(request: &Request, files: &Files, places: &Places) -> Result<Outcome> {
    let mut draft = Draft::open(files, places)?;
    match request {
        Request::Add(new) => draft.add(new)?,
        Request::Chain(new) => draft.add_chain(new)?,
        Request::Sync(sync) => draft.sync(sync)?,
        Request::Remove(name) => draft.remove(name)?,
        Request::Leave(leaving) => draft.leave_all(*leaving),
    }
    draft.finish()
}

impl Draft<'_> {
    fn add(&mut self, new: &NewProfile) -> Result<()> {
        let name = match &new.target {
            Target::Named(name) => name.clone(),
            Target::Default => "default".to_owned(),
            Target::Proposed => self
                .written(&Assigned::of_new(new))
                .into_iter()
                .next()
                .map_or_else(
                    || propose_usual(new, &self.names()),
                    |index| self.name(index),
                ),
        };
        self.ensure_session(new)?;
        let change = self.put(&name, new, ByHand::Set)?;
        self.changes.push(change);
        Ok(())
    }

    /// The sections that Daypass wrote for an assignment, `[default]` apart.
    fn written(&self, assigned: &Assigned) -> Vec<usize> {
        let sections = self.new.sections.iter().enumerate();
        let ours = sections.filter(|(_, section)| {
            section.is_managed()
                && is_named_profile(section)
                && Assigned::of(&section.entries()).as_ref() == Some(assigned)
        });
        ours.map(|(index, _)| index).collect()
    }

    fn name(&self, index: usize) -> String {
        name_of(&self.new.sections[index])
    }

    fn sync(&mut self, sync: &Sync) -> Result<()> {
        let mut names = self.names();
        let mut written = self.all_written();
        let wanted: BTreeMap<Assigned, &NewProfile> = sync
            .profiles
            .iter()
            .map(|new| (Assigned::of_new(new), new))
            .collect();
        let mut sessions = BTreeSet::new();
        let namer = Namer::of(sync.template());
        for (assigned, new) in &wanted {
            if let Err(error) = new.check_subject() {
                written.remove(assigned);
                let name = propose(&namer, new, &names);
                let reason = Some(error.message().to_owned());
                self.changes.push(change(&name, Action::Skipped, reason));
                continue;
            }
            if sessions.insert((&new.session.name, new.style == Style::Sso)) {
                self.ensure_session(new)?;
            }
            let present = written.remove(assigned).unwrap_or_default();
            self.sync_one(&namer, new, present, &mut names)?;
        }
        sync.others
            .iter()
            .for_each(|other| drop(written.remove(other)));
        self.leave(sync, written);
        self.changes.sort_by(|a, b| a.profile.cmp(&b.profile));
        Ok(())
    }

    fn all_written(&self) -> BTreeMap<Assigned, Vec<String>> {
        let mut written: BTreeMap<Assigned, Vec<String>> = BTreeMap::new();
        for section in &self.new.sections {
            if section.is_managed()
                && is_named_profile(section)
                && let Some(assigned) = Assigned::of(&section.entries())
                // A chained role is in no listing of assignments.
                && !assigned.role.starts_with(MARK)
            {
                let name = name_of(section);
                written.entry(assigned).or_default().push(name);
            }
        }
        written
    }

    /// A profile that the user has renamed keeps its name.
    fn sync_one(
        &mut self,
        namer: &Namer,
        new: &NewProfile,
        mut present: Vec<String>,
        names: &mut HashSet<String>,
    ) -> Result<()> {
        if present.is_empty() {
            let name = propose(namer, new, names);
            names.insert(name.to_lowercase());
            present.push(name);
        }
        for name in present {
            let change = match self.put(&name, new, ByHand::Keep) {
                Err(error) if error.code() == Code::ConfigConflict => {
                    change(&name, Action::Kept, Some(error.message().to_owned()))
                }
                other => other?,
            };
            self.changes.push(change);
        }
        Ok(())
    }

    /// Profiles of these sessions whose assignment is gone; of those that go, what a hand has changed stays.
    fn leave(&mut self, sync: &Sync, written: BTreeMap<Assigned, Vec<String>>) {
        let gone = written
            .into_iter()
            .filter(|(assigned, _)| sync.sessions.contains(&assigned.session));
        let gone = gone.flat_map(|(_, names)| names);
        let as_written = |name: &String| {
            let mut found = self.new.find(About::Profile, name).into_iter();
            sync.prune == Prune::Keep || found.all(|index| self.is_as_written(index))
        };
        let (gone, by_hand): (Vec<String>, Vec<String>) = gone.partition(as_written);
        let action = match sync.prune {
            Prune::Keep => Action::Kept,
            Prune::Remove => Action::Removed,
        };
        if sync.prune == Prune::Remove {
            self.take_out(&gone);
        }
        let gone = gone.into_iter().map(|name| (name, action, GONE));
        let by_hand = by_hand.into_iter();
        let kept = by_hand.map(|name| (name, Action::Kept, GONE_BY_HAND));
        let changes = gone.chain(kept);
        self.changes
            .extend(changes.map(|(name, action, why)| change(&name, action, Some(why.to_owned()))));
    }

    fn remove(&mut self, name: &str) -> Result<()> {
        let Some(index) = self.only(About::Profile, name)? else {
            let file = self.places.config.display();
            let message = format!("there is no profile {name:?} in {file}");
            let hint = "see `daypass profile list`";
            return Err(Error::new(Code::Usage, message).with_hint(hint));
        };
        let section = &self.new.sections[index];
        profile::check_ours(section, name, &self.places.config).map_err(|error| {
            error.with_hint("Daypass takes out only what it wrote; remove the lines yourself")
        })?;
        self.take_out(&[name.to_owned()]);
        let reason = self
            .dependent(name)
            .map(|other| format!("profile {other} builds on it"));
        self.changes.push(change(name, Action::Removed, reason));
        Ok(())
    }

    fn dependent(&self, name: &str) -> Option<String> {
        let builds =
            |section: &&Section<'_>| section.value("source_profile").as_deref() == Some(name);
        let section = self.new.sections.iter().find(builds)?;
        Some(name_of(section))
    }
}

/// The usual name for a profile; a chained role has one of its own.
pub(super) fn propose_usual(new: &NewProfile, names: &HashSet<String>) -> String {
    match new.chained_name() {
        Some(name) => propose_own(name, names),
        None => {
            let template = new.template.as_deref().unwrap_or(name::USUAL);
            propose(&Namer::of(template), new, names)
        }
    }
}

/// This name, or with the first number behind it that makes it free.
pub(super) fn propose_own(name: &str, names: &HashSet<String>) -> String {
    let free = |name: &str| name != "default" && !names.contains(&name.to_lowercase());
    if free(name) {
        return name.to_owned();
    }
    let mut numbered = (2_u64..).map(|number| format!("{name}-{number}"));
    numbered.find(|it| free(it)).unwrap_or_default()
}

fn propose(namer: &Namer, new: &NewProfile, names: &HashSet<String>) -> String {
    let parts = Parts {
        account_id: &new.account_id,
        account_name: new.account_name.as_deref(),
        role: &new.role,
        session: &new.session.name,
    };
    namer.propose(parts, |name| names.contains(name))
}

fn name_of(section: &Section<'_>) -> String {
    Header::parse(&section.header()).name.into_owned()
}

fn is_named_profile(section: &Section<'_>) -> bool {
    let text = section.header();
    let header = Header::parse(&text);
    header.about == About::Profile && header.name != "default"
}
