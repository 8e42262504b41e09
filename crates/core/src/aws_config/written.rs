//! Which keys of a profile stand as Daypass wrote them, so that what a hand has changed since is kept.
//!
//! Beside the backups lies one file for each config file, to which marks are only added: each is the
//! beginning of a hash of an assignment, a key and a value, so that the file tells nobody anything. A
//! mark that was lost makes a key count as changed by hand, which keeps it.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::error::{Code, Error, Result};
use crate::host::files::{self, Mode};

use super::profile::Assigned;

/// Beyond this the older half is forgotten: some hundred thousand keys.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// One key of one profile, with a value or whatever its value.
pub(super) type Mark = u64;

/// Marks of all that Daypass has written into one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written(Arc<HashSet<Mark>>);

impl Written {
    /// No file is no marks; one that cannot be read neither.
    pub(super) fn load(folder: &Path, file: &Path) -> Written {
        let text = fs::read_to_string(place(folder, file)).unwrap_or_default();
        let marks = text.lines().filter(|line| line.len() == 16);
        let marks = marks.filter_map(|line| Mark::from_str_radix(line, 16).ok());
        Written(Arc::new(marks.collect()))
    }

    /// Whether a key is as Daypass left it: of this value, or taken out by nobody.
    pub(super) fn has(&self, assigned: &Assigned, key: &str, value: Option<&str>) -> bool {
        self.0.contains(&mark(assigned, key, value))
    }
}

/// The mark of a key that has this value; without one, of the key alone.
pub(super) fn mark(assigned: &Assigned, key: &str, value: Option<&str>) -> Mark {
    let Assigned {
        session,
        account_id,
        role,
    } = assigned;
    let mut hash = Sha256::new();
    for part in [session, account_id, role, key].into_iter().chain(value) {
        hash.update(part);
        hash.update([0]);
    }
    let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(hash.finalize());
    Mark::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// Adds marks; call it with the lock, and before the file itself is written.
pub(super) fn note(folder: &Path, file: &Path, marks: &[Mark]) -> Result<()> {
    if marks.is_empty() {
        return Ok(());
    }
    let path = place(folder, file);
    let lines: String = marks.iter().map(|mark| format!("{mark:016x}\n")).collect();
    shorten(&path)
        .and_then(|()| append(&path, &lines))
        .map_err(|error| {
            let message = format!("cannot write {}", path.display());
            Error::new(Code::StorageFailed, message).because(error)
        })
}

fn append(path: &Path, lines: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // A line that was broken off does not spoil the next.
    options
        .open(path)?
        .write_all(format!("\n{lines}").as_bytes())
}

fn shorten(path: &Path) -> io::Result<()> {
    if files::stamp(path).is_none_or(|(_, length)| length < MOST_BYTES) {
        return Ok(());
    }
    let bytes = files::read(path)?.unwrap_or_default();
    files::replace(path, &bytes[bytes.len() / 2..], Mode::Private)
}

fn place(folder: &Path, file: &Path) -> PathBuf {
    folder.join(format!("{}.written", super::backup::key(file)))
}
