//! A lock between the processes of one user. The kernel releases it when its holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::files;
use crate::{Code, Error, Result};

/// How long to wait for another process: longer than one renewal with its time-outs.
const PATIENCE: Duration = Duration::from_secs(75);
/// How often to look again.
const PAUSE: Duration = Duration::from_millis(15);

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Waits for the lock of this name in a folder.
///
/// # Errors
/// `StorageFailed` where it cannot be made, or another process holds it for over a minute.
pub async fn take(folder: &Path, name: &str) -> Result<Lock> {
    take_within(folder, name, PATIENCE).await
}

/// The same with a patience of one's own.
///
/// # Errors
/// As of `take`.
pub async fn take_within(folder: &Path, name: &str, patience: Duration) -> Result<Lock> {
    let path = folder.join(format!(
        "{}.lock",
        &hex::encode(Sha256::digest(name.as_bytes()))[..32]
    ));
    let file = open(folder, &path)?;
    let deadline = tokio::time::Instant::now() + patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) if tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(PAUSE).await;
            }
            Err(TryLockError::WouldBlock) => return Err(taken(&path)),
            Err(TryLockError::Error(error)) => return Err(failed(&path, error)),
        }
    }
}

fn open(folder: &Path, path: &PathBuf) -> Result<File> {
    files::private_folder(folder).map_err(|error| failed(folder, error))?;
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|error| failed(path, error))
}

fn taken(path: &Path) -> Error {
    let message = format!(
        "another Daypass process holds the lock {} for too long",
        path.display()
    );
    Error::new(Code::StorageFailed, message).with_hint("end the other process, then try again")
}

fn failed(path: &Path, error: std::io::Error) -> Error {
    Error::new(
        Code::StorageFailed,
        format!("the lock {} cannot be taken", path.display()),
    )
    .because(error)
}
