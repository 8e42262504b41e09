//! The user's AWS config file, read as the SDKs read it and edited without disturbing a byte that
//! is not ours.
//!
//! [`read`] tells what is there. [`plan`] and its kin say what would change
//! and write nothing; [`apply`] writes a plan, after a backup, on the file as it then is; [`undo`]
//! takes the last change back. All of them wait for the disk, and `apply` and `undo` for other
//! Daypass processes: call them where blocking is allowed. Absent: where the files are, and the time.

mod backup;
mod carry;
mod chain;
mod diff;
mod document;
mod draft;
mod edit;
mod grammar;
mod leaving;
mod lines;
mod name;
mod plan;
mod profile;
mod read;
mod request;
mod store;
mod strict;
#[cfg(test)]
mod tests;
mod written;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::error::Result;
use crate::host::files;

pub use chain::{NewChain, NewRole};
pub use diff::{DiffLine, LineKind};
pub use leaving::Leaving;
pub use name::check_template;
pub use plan::{Action, Change, GONE, GONE_BY_HAND};
pub use profile::Assigned;
pub use read::{AwsConfig, Profile, SsoSession};
pub use request::{NewProfile, OnConflict, Places, Prune, SessionFacts, Style, Sync, Target};
pub use strict::Fault;

use carry::Carrying;
use plan::{Files, Outcome};
use request::Request;
use store::Patience;
use written::Written;

/// What would change; nothing is written yet.
#[derive(Clone, Debug)]
pub struct Plan {
    places: Places,
    request: Arc<Request>,
    files: Files,
    outcome: Arc<Outcome>,
}

/// A change that is done.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The file before the change; none if nothing had to change.
    pub backup: Option<PathBuf>,
    /// The plan as carried out: the file may have changed since it was made.
    pub plan: Plan,
    /// Another program wrote the file at the same moment; its change was kept.
    pub overtaken: bool,
}

/// A change that is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The config file.
    pub file: PathBuf,
    /// There was no file before the change, so it was removed.
    pub removed: bool,
    /// From the file as it was to the file as it is.
    pub diff: Vec<DiffLine>,
}

/// Profiles and sessions of the config file; an absent file has none, a broken one those that can
/// be made out, and [`AwsConfig::fault`] says why.
///
/// # Errors
/// `ConfigNotWritable` if the file cannot be read at all.
pub fn read(places: &Places) -> Result<AwsConfig> {
    let config = store::read(&places.config, Patience::Short)?.unwrap_or_default();
    let credentials = store::read_credentials(&places.credentials).unwrap_or_default();
    Ok(AwsConfig::of(&config.bytes, config.fault, &credentials))
}

/// Plans one profile.
///
/// # Errors
/// `Usage` for what cannot be written, `ConfigBroken` if the file is unreadable to some AWS tool,
/// `ConfigConflict` if the profile or its session is there and not ours or not the same,
/// `ConfigNotWritable` if the file cannot be read.
pub fn plan(places: &Places, new: NewProfile) -> Result<Plan> {
    Plan::make(places, Request::Add(new))
}

/// Plans the profile of a chained role, with those that it builds on.
///
/// # Errors
/// As for [`plan`].
pub fn plan_chain(places: &Places, new: NewChain) -> Result<Plan> {
    Plan::make(places, Request::Chain(Box::new(new)))
}

/// Plans the profiles of all assignments at once; a profile in conflict is kept and reported.
///
/// # Errors
/// As for [`plan`], where the whole file or a session is concerned.
pub fn plan_sync(places: &Places, sync: Sync) -> Result<Plan> {
    Plan::make(places, Request::Sync(sync))
}

/// Plans to take a profile out that Daypass wrote.
///
/// # Errors
/// `Usage` if there is none of this name, `ConfigConflict` if Daypass did not write it, and as for
/// [`plan`].
pub fn plan_removal(places: &Places, name: &str) -> Result<Plan> {
    Plan::make(places, Request::Remove(name.to_owned()))
}

/// Plans what goes when Daypass goes.
///
/// # Errors
/// `ConfigBroken` if the file is unreadable to some AWS tool, `ConfigNotWritable` if it cannot be read.
pub fn plan_leaving(places: &Places, leaving: Leaving) -> Result<Plan> {
    Plan::make(places, Request::Leave(leaving))
}

impl Plan {
    fn make(places: &Places, request: Request) -> Result<Plan> {
        request.check()?;
        let files = read_files(places, &request, Patience::Short)?;
        let outcome = plan::outcome(&request, &files, places)?;
        Ok(Plan {
            places: places.clone(),
            request: Arc::new(request),
            files,
            outcome: Arc::new(outcome),
        })
    }

    /// The same on these files: where they are the same ones, nothing else can come out.
    fn again(&self, files: Files) -> Result<Plan> {
        if files == self.files {
            return Ok(self.clone());
        }
        let outcome = plan::outcome(&self.request, &files, &self.places)?;
        Ok(Plan {
            files,
            outcome: Arc::new(outcome),
            ..self.clone()
        })
    }

    /// The name of the profile; of a sync, the first in the alphabet.
    pub fn name(&self) -> &str {
        self.changes().first().map_or("", |change| &change.profile)
    }

    /// The config file.
    pub fn file(&self) -> &Path {
        &self.places.config
    }

    /// What happens to each profile.
    pub fn changes(&self) -> &[Change] {
        &self.outcome.changes
    }

    /// Whether the file stays as it is.
    pub fn is_empty(&self) -> bool {
        self.outcome.diff.is_empty()
    }

    /// The lines that change, with three equal ones around them.
    pub fn diff(&self) -> &[DiffLine] {
        &self.outcome.diff
    }

    /// The diff in the usual text form; empty if nothing changes.
    pub fn unified(&self) -> String {
        let file = self.places.config.display().to_string();
        let old = if self.files.config.is_some() {
            &file
        } else {
            "/dev/null"
        };
        diff::unified(&self.outcome.diff, old, &file)
    }

    /// How many lines are new.
    pub fn added(&self) -> usize {
        self.count(LineKind::Added)
    }

    /// How many lines go.
    pub fn removed(&self) -> usize {
        self.count(LineKind::Removed)
    }

    fn count(&self, kind: LineKind) -> usize {
        self.outcome
            .diff
            .iter()
            .filter(|line| line.kind == kind)
            .count()
    }
}

/// What Daypass has written is read only for a request that asks for it.
fn read_files(places: &Places, request: &Request, patience: Patience) -> Result<Files> {
    let written = match request {
        Request::Sync(_) => Written::load(&places.backups, &store::real(&places.config)),
        Request::Add(_) | Request::Chain(_) | Request::Remove(_) | Request::Leave(_) => {
            Written::default()
        }
    };
    Ok(Files {
        config: store::read(&places.config, patience)?,
        credentials: store::read_credentials(&places.credentials).map(Into::into),
        written,
    })
}

/// Writes a plan. The file is read again right before: if it has changed, the plan is made anew on
/// what is there now. `now` only names the backup.
///
/// # Errors
/// As for [`plan`], `ConfigNotWritable` if the file cannot be replaced, `StorageFailed` if no
/// backup can be made. The file is then as it was.
pub fn apply(plan: &Plan, now: Timestamp) -> Result<Applied> {
    let places = &plan.places;
    if plan.is_empty() && read_files(places, &plan.request, Patience::Short)? == plan.files {
        return Ok(Applied {
            backup: None,
            plan: plan.clone(),
            overtaken: false,
        });
    }
    let _lock = store::Lock::take(&places.backups)?;
    sweep(places);
    let watch = store::Watch::start(&places.config);
    let files = read_files(places, &plan.request, Patience::Long)?;
    Carrying::new(plan, files, watch, now).finish()
}

/// Whoever holds the lock is the only one that writes these files: what is half-written was broken off.
fn sweep(places: &Places) {
    store::sweep(&places.backups);
    files::tidy(&store::real(&places.config));
}

/// Takes Daypass's last change of this file back, if nobody has changed the file since.
/// Called again, it takes the change before that one back.
///
/// # Errors
/// `NothingToUndo` without a change, `ConfigConflict` if the file was changed since,
/// `ConfigNotWritable` if it cannot be replaced.
pub fn undo(places: &Places) -> Result<Undone> {
    let _lock = store::Lock::take(&places.backups)?;
    sweep(places);
    let found = store::read(&places.config, Patience::Short)?;
    let bytes = found.map(|it| it.bytes);
    let file = store::real(&places.config);
    let backup = backup::way_back(&places.backups, &file, bytes.as_deref())?;
    let content = backup.content()?;
    match &content {
        Some(content) => {
            let unchanged = || {
                store::read(&places.config, Patience::Short)
                    .is_ok_and(|it| it.map(|it| it.bytes) == bytes)
            };
            if !store::write(&places.config, content, unchanged)? {
                return Err(backup::changed_since(&file, &backup));
            }
        }
        None => store::remove(&places.config)?,
    }
    backup::forget(&backup)?;
    Ok(Undone {
        file: places.config.clone(),
        removed: content.is_none(),
        diff: diff::of_files(
            bytes.as_deref().unwrap_or_default(),
            &content.unwrap_or_default(),
        ),
    })
}
