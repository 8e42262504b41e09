//! Reading the file when nobody is half through writing it, and replacing it so that no change of
//! another program is lost.
//!
//! Daypass's own processes wait for each other. Other programs know no lock and mostly truncate
//! the file in place. In the last moment before the file is replaced it is compared with what the
//! change was made on; what such a program wrote to the old file after that is found there, and the
//! change is made again on top of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::error::{Code, Error, Result};
use crate::host::files::{self, Mode};
use crate::host::folders;

use super::strict::{self, Fault};

/// A write in place takes less than this.
const HALF_WRITTEN: Duration = Duration::from_millis(40);
const ATTEMPTS: usize = 8;

/// How long an empty file may be somebody's who has only truncated it yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// A moment: for reading.
    Short,
    /// Some moments: what is read is about to be replaced.
    Long,
}

/// A config file as it was read, with what the strictest reader says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) bytes: Arc<[u8]>,
    pub(super) fault: Option<Fault>,
}

impl Found {
    pub(super) fn of(bytes: Vec<u8>) -> Found {
        Found {
            fault: strict::check(&bytes).err(),
            bytes: bytes.into(),
        }
    }

    fn looks_whole(&self) -> bool {
        !self.bytes.is_empty() && self.fault.is_none()
    }
}

/// The config file; none where it does not exist.
pub(super) fn read(path: &Path, patience: Patience) -> Result<Option<Found>> {
    settled(|| read_once(path), patience)
}

/// The bytes of the credentials file as they are; one that cannot be read shadows nothing.
pub(super) fn read_credentials(path: &Path) -> Option<Vec<u8>> {
    read_once(path).ok().flatten()
}

/// Reads again while the bytes look as if a writer were half through: empty, or broken.
fn settled(
    read: impl Fn() -> Result<Option<Vec<u8>>>,
    patience: Patience,
) -> Result<Option<Found>> {
    let mut found = read()?.map(Found::of);
    for _ in 1..ATTEMPTS {
        if found.as_ref().is_none_or(Found::looks_whole) {
            break;
        }
        thread::sleep(HALF_WRITTEN);
        let again = read()?.map(Found::of);
        let truncated =
            patience == Patience::Long && again.as_ref().is_some_and(|it| it.bytes.is_empty());
        let settled = again == found && !truncated;
        found = again;
        if settled {
            break;
        }
    }
    Ok(found)
}

fn read_once(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::metadata(path) {
        Ok(facts) if !facts.is_file() => Err(not_regular(path)),
        Ok(_) => files::read(path).map_err(|error| unreadable(path, error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, error)),
    }
}

/// The lock that Daypass's processes share; it ends with the value.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "held, never read")] File);

impl Lock {
    pub(super) fn take(folder: &Path) -> Result<Lock> {
        let path = folder.join(".lock");
        let failed = |error: io::Error| {
            let message = format!("cannot lock {}", path.display());
            Error::new(Code::StorageFailed, message).because(error)
        };
        files::private_folder(folder).map_err(failed)?;
        let options = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let file = options.map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(Lock(file))
    }
}

/// Removes what an interrupted replacement has left in the folder of backups; call it with the lock,
/// under which alone such files are made. It is only tidying, so that what cannot be removed stays.
pub(super) fn sweep(folder: &Path) {
    folders::temporaries(folder).iter().for_each(|left| {
        let _ = fs::remove_file(left);
    });
}

/// The old file, kept open to see what others write to it while it is replaced.
#[derive(Debug)]
pub(super) struct Watch(Option<File>);

impl Watch {
    /// Looks at the file that is there now. On Windows an open file cannot be replaced.
    pub(super) fn start(path: &Path) -> Watch {
        Watch(File::open(path).ok().filter(|_| cfg!(unix)))
    }

    /// Whether the file at `path` is the one that was opened, and holds what is known of it.
    pub(super) fn is_current(&self, path: &Path, known: Option<&[u8]>) -> bool {
        let same = match &self.0 {
            Some(file) => is_at(file, path),
            None => cfg!(not(unix)) || known.is_none(),
        };
        same && files::read(path).is_ok_and(|bytes| bytes.as_deref() == known)
    }

    /// What another program has written to the old file since `known` was read, if anything.
    pub(super) fn overtaken(&self, known: Option<&[u8]>) -> Result<Option<Found>> {
        let Some(file) = &self.0 else {
            return Ok(None);
        };
        let bytes = from_start(file).ok();
        if bytes.as_deref() == known || bytes.is_none() {
            return Ok(None);
        }
        let whole = settled(|| from_start(file).map(Some).or(Ok(None)), Patience::Long)?;
        Ok(whole.filter(|it| it.looks_whole() && Some(&*it.bytes) != known))
    }
}

/// Whether that open file is still the one at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |facts: fs::Metadata| (facts.dev(), facts.ino());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(opened), Ok(there)) => identity(opened) == identity(there),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

fn from_start(file: &File) -> io::Result<Vec<u8>> {
    use std::io::Seek;
    let mut bytes = Vec::new();
    let mut file = file;
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Makes the folder of the config file, mode 0700, where there is none; one that is there stays.
pub(super) fn make_folder(path: &Path) -> Result<()> {
    match resolve(path)?.parent() {
        Some(folder) if !folder.exists() => {
            files::private_folder(folder).map_err(|error| not_writable(path, error))
        }
        _ => Ok(()),
    }
}

fn resolve(path: &Path) -> Result<PathBuf> {
    files::resolve(path).map_err(|error| not_writable(path, error))
}

/// Replaces the config file, if in the last moment `unchanged` still holds; whether it did. A new
/// file has mode 0600.
pub(super) fn write(path: &Path, bytes: &[u8], unchanged: impl FnOnce() -> bool) -> Result<bool> {
    refuse_other_names(&resolve(path)?)?;
    files::replace_if(path, bytes, Mode::Keep, unchanged).map_err(|error| not_writable(path, error))
}

/// Removes the file that `path` leads to.
pub(super) fn remove(path: &Path) -> Result<()> {
    files::remove(&resolve(path)?).map_err(|error| not_writable(path, error))
}

/// The file itself, links followed, whether it is there or not: backups are of this.
pub(super) fn real(path: &Path) -> PathBuf {
    let target = files::resolve(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = target
        .parent()
        .and_then(|folder| fs::canonicalize(folder).ok());
    match (folder, target.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => target,
    }
}

/// Replacing would part the file from its other names without a word.
#[cfg(unix)]
fn refuse_other_names(target: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    match fs::metadata(target) {
        Ok(facts) if facts.is_file() && facts.nlink() > 1 => {
            let message = format!("{} has hard links", target.display());
            let hint = "replace the other names by symbolic links, then try again";
            Err(Error::new(Code::ConfigNotWritable, message).with_hint(hint))
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn refuse_other_names(_target: &Path) -> Result<()> {
    Ok(())
}

fn not_regular(path: &Path) -> Error {
    let message = format!("{} is not a regular file", path.display());
    let hint = "point AWS_CONFIG_FILE to a file, or remove what is in its place";
    Error::new(Code::ConfigNotWritable, message).with_hint(hint)
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    let message = format!("cannot read {}", path.display());
    let hint = "make the file readable and writable for you, then try again";
    Error::new(Code::ConfigNotWritable, message)
        .with_hint(hint)
        .because(error)
}

fn not_writable(path: &Path, error: io::Error) -> Error {
    let message = format!("cannot write {}", path.display());
    let hint = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space on the disk",
        _ => "make the file and its folder writable for you, then try again",
    };
    Error::new(Code::ConfigNotWritable, message)
        .with_hint(hint)
        .because(error)
}
