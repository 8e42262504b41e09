//! Carrying a plan out beside programs that know no lock: what they write meanwhile is found before the
//! file is replaced, in the old file afterwards, or in place of the new bytes, and the change is made
//! again on top of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::error::{Code, Error, Result};

use super::backup::{self, Backup};
use super::plan::Files;
use super::request::Places;
use super::store::{self, Found, Patience, Watch};
use super::{Applied, Plan, read_files, written};

/// How often a change is made again on top of what another program wrote meanwhile.
const ATTEMPTS: usize = 20;

/// The change on its way.
pub(super) struct Carrying {
    applied: Applied,
    files: Files,
    /// The bytes at the file's place: what was found in the old file comes before them.
    on_disk: Option<Arc<[u8]>>,
    watch: Watch,
    now: Timestamp,
}

impl Carrying {
    /// On these files, which were read after the watch began.
    pub(super) fn new(plan: &Plan, files: Files, watch: Watch, now: Timestamp) -> Carrying {
        Carrying {
            applied: Applied {
                backup: None,
                plan: plan.clone(),
                overtaken: false,
            },
            on_disk: bytes(&files),
            files,
            watch,
            now,
        }
    }

    /// Until the change is in the file.
    ///
    /// # Errors
    /// As of [`super::apply`], and `ConfigConflict` where others write again and again.
    pub(super) fn finish(mut self) -> Result<Applied> {
        for _ in 0..ATTEMPTS {
            if self.once()? {
                return Ok(self.applied);
            }
        }
        Err(kept_busy(self.places()))
    }

    fn places(&self) -> &Places {
        &self.applied.plan.places
    }

    /// Whether it is done.
    fn once(&mut self) -> Result<bool> {
        let again = self.applied.plan.again(self.files.clone())?;
        let is_there = again.is_empty();
        // What was written before says more than that nothing is left to do.
        if !is_there || self.applied.backup.is_none() {
            self.applied.plan = again;
        }
        if is_there {
            return Ok(true);
        }
        let kept = keep(&self.applied.plan, self.now)?;
        match self.replace(&kept)? {
            true => self.look_after(kept.path),
            false => self.begin_anew(&kept),
        }
    }

    /// Replaces the file, if it is in the last moment as it is known; whether it was.
    fn replace(&self, kept: &Backup) -> Result<bool> {
        let (plan, config) = (&self.applied.plan, &self.places().config);
        let unchanged = || self.watch.is_current(config, self.on_disk.as_deref());
        let noted = written::note(
            &plan.places.backups,
            &store::real(config),
            &plan.outcome.written,
        );
        let written = noted.and_then(|()| store::write(config, &plan.outcome.new, unchanged));
        written.or_else(|error| backup::forget(kept).and(Err(error)))
    }

    /// Another program was quicker.
    fn begin_anew(&mut self, kept: &Backup) -> Result<bool> {
        if bytes(&self.files) != self.on_disk {
            return Err(written_twice(self.places(), &kept.path));
        }
        backup::forget(kept)?;
        self.watch = Watch::start(&self.places().config);
        self.read()?;
        Ok(false)
    }

    /// Whether nobody has written to the old file while it was replaced, nor over the new bytes since.
    fn look_after(&mut self, backup: PathBuf) -> Result<bool> {
        let foreign = self.watch.overtaken(self.on_disk.as_deref())?;
        self.applied.backup = Some(backup);
        let config = &self.places().config;
        let watch = Watch::start(config);
        let is_ours = watch.is_current(config, Some(&self.applied.plan.outcome.new));
        self.watch = watch;
        if foreign.is_none() && is_ours {
            return Ok(true);
        }
        self.applied.overtaken = true;
        self.read()?;
        match foreign {
            Some(foreign) if !is_ours => Err(self.give_up(&foreign)),
            Some(foreign) => {
                self.files.config = Some(foreign);
                Ok(false)
            }
            None => Ok(false),
        }
    }

    fn read(&mut self) -> Result<()> {
        let plan = &self.applied.plan;
        self.files = read_files(&plan.places, &plan.request, Patience::Long)?;
        self.on_disk = bytes(&self.files);
        Ok(())
    }

    /// What stood in the old file is in no file any more, but in the backup that the error names.
    fn give_up(&self, foreign: &Found) -> Error {
        let places = self.places();
        let file = store::real(&places.config);
        match backup::keep(&places.backups, &file, Some(&foreign.bytes), &[], self.now) {
            Ok(kept) => written_twice(places, &kept.path),
            Err(error) => error,
        }
    }
}

/// A backup of the bytes that the plan is about.
fn keep(plan: &Plan, now: Timestamp) -> Result<Backup> {
    let Places {
        config, backups, ..
    } = &plan.places;
    store::make_folder(config)?;
    let (old, file) = (bytes(&plan.files), store::real(config));
    backup::keep(backups, &file, old.as_deref(), &plan.outcome.new, now)
}

fn bytes(files: &Files) -> Option<Arc<[u8]>> {
    files.config.as_ref().map(|it| it.bytes.clone())
}

/// What another program wrote to the old file cannot be brought together with what it wrote to the new.
fn written_twice(places: &Places, kept: &Path) -> Error {
    let file = places.config.display();
    let message = format!("another program wrote {file} twice while Daypass did");
    let hint = format!(
        "compare the file with {}, which has what came first, and bring back what you need",
        kept.display()
    );
    Error::new(Code::ConfigConflict, message).with_hint(hint)
}

fn kept_busy(places: &Places) -> Error {
    let file = places.config.display();
    let message = format!("another program keeps changing {file}");
    let hint = "wait until it is done, then try again";
    Error::new(Code::ConfigConflict, message).with_hint(hint)
}
