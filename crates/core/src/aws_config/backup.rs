//! The last ten states of the config file before Daypass changed it, and the way back.
//!
//! A backup's name tells when it was made, which file it is of, and the hash of what Daypass then
//! wrote: `20260102T030405.123456789Z-0001-<path>-<written>.bak`, or `.none` where no file was.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::error::{Code, Error, Result};
use crate::host::files::{self, Mode};

/// How many backups of one file are kept.
const KEPT: usize = 10;

/// One backup.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Backup {
    name: String,
    pub(super) path: PathBuf,
    /// The hash of what was written after it was made.
    written: String,
    /// Whether there was a file to keep.
    pub(super) existed: bool,
}

impl Backup {
    fn parse(path: PathBuf) -> Option<Backup> {
        let name = path.file_name()?.to_str()?.to_owned();
        let (stem, existed) = match name.strip_suffix(".bak") {
            Some(stem) => (stem, true),
            None => (name.strip_suffix(".none")?, false),
        };
        let written = stem
            .split('-')
            .nth(3)
            .filter(|hash| hash.len() == 64)?
            .to_owned();
        Some(Backup {
            name,
            path,
            written,
            existed,
        })
    }

    fn is_of(&self, key: &str) -> bool {
        self.name.split('-').nth(2) == Some(key)
    }

    /// Time and number, the part by which backups are in order.
    fn moment(&self) -> (&str, usize) {
        let mut parts = self.name.split('-');
        let stamp = parts.next().unwrap_or_default();
        (
            stamp,
            parts
                .next()
                .and_then(|number| number.parse().ok())
                .unwrap_or(0),
        )
    }

    /// The bytes of the file as it was; none where there was no file.
    pub(super) fn content(&self) -> Result<Option<Vec<u8>>> {
        if !self.existed {
            return Ok(None);
        }
        files::read(&self.path).map_err(|error| failed("read", &self.path, error))
    }
}

/// Keeps the old bytes of `file`, which is about to become `new`; the oldest backup gives way.
pub(super) fn keep(
    folder: &Path,
    file: &Path,
    old: Option<&[u8]>,
    new: &[u8],
    now: Timestamp,
) -> Result<Backup> {
    files::private_folder(folder).map_err(|error| failed("make", folder, error))?;
    let ending = if old.is_some() { "bak" } else { "none" };
    let (moment, key, written) = (next_moment(folder, now)?, key(file), hash(new));
    let path = folder.join(format!("{moment}-{key}-{written}.{ending}"));
    files::replace(&path, old.unwrap_or_default(), Mode::Private)
        .map_err(|error| failed("write", &path, error))?;
    rotate(folder, file)?;
    Backup::parse(path).ok_or_else(|| Error::new(Code::Internal, "a backup has a name of its own"))
}

/// The newest backup of `file` that leads back from these bytes. Those that would change nothing
/// are passed by: they were made for a change that did not happen, or was taken back by hand.
///
/// # Errors
/// `NothingToUndo` without a backup; `ConfigConflict` where the file is not as Daypass left it.
pub(super) fn way_back(folder: &Path, file: &Path, bytes: Option<&[u8]>) -> Result<Backup> {
    for backup in list(folder, file)?.into_iter().rev() {
        if backup.content()?.as_deref() == bytes {
            continue;
        }
        if bytes.is_some_and(|bytes| hash(bytes) == backup.written) {
            return Ok(backup);
        }
        return Err(changed_since(file, &backup));
    }
    let message = format!(
        "Daypass has made no change to {} that it could take back",
        file.display()
    );
    Err(Error::new(Code::NothingToUndo, message))
}

pub(super) fn changed_since(file: &Path, backup: &Backup) -> Error {
    let message = format!(
        "{} was changed since Daypass wrote it, so nothing was taken back",
        file.display()
    );
    let hint = match backup.existed {
        true => format!(
            "compare it with {} and bring back what you need",
            backup.path.display()
        ),
        false => "there was no such file before; take out what you do not need".to_owned(),
    };
    Error::new(Code::ConfigConflict, message).with_hint(hint)
}

/// Forgets a backup, because it was brought back or its change did not happen.
pub(super) fn forget(backup: &Backup) -> Result<()> {
    files::remove(&backup.path).map_err(|error| failed("remove", &backup.path, error))
}

fn rotate(folder: &Path, file: &Path) -> Result<()> {
    let backups = list(folder, file)?;
    let surplus = backups.len().saturating_sub(KEPT);
    backups[..surplus].iter().try_for_each(forget)
}

/// The backups of a file, oldest first.
fn list(folder: &Path, file: &Path) -> Result<Vec<Backup>> {
    let key = key(file);
    let mut backups = all(folder)?;
    backups.retain(|backup| backup.is_of(&key));
    backups.sort_by(|a, b| a.moment().cmp(&b.moment()));
    Ok(backups)
}

fn all(folder: &Path) -> Result<Vec<Backup>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed("read", folder, error)),
    };
    Ok(entries
        .flatten()
        .filter_map(|entry| Backup::parse(entry.path()))
        .collect())
}

/// Later than every backup in the folder, also where the clock was set back.
fn next_moment(folder: &Path, now: Timestamp) -> Result<String> {
    let stamp = now.strftime("%Y%m%dT%H%M%S%.9fZ").to_string();
    let backups = all(folder)?;
    let latest = backups.iter().map(Backup::moment).max().unwrap_or(("", 0));
    let (stamp, number) = if latest.0 >= stamp.as_str() {
        latest
    } else {
        (stamp.as_str(), 0)
    };
    Ok(format!("{stamp}-{:04}", number + 1))
}

/// A short name for a file, wherever it is.
pub(super) fn key(file: &Path) -> String {
    hash(file.as_os_str().as_encoded_bytes())[..16].to_owned()
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn failed(verb: &str, path: &Path, error: io::Error) -> Error {
    Error::new(
        Code::StorageFailed,
        format!("cannot {verb} {}", path.display()),
    )
    .because(error)
}
