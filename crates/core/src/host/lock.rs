//! A lock between the processes of one user. The kernel releases it when its holder dies. Its file
//! can carry a word for whoever holds it next.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::files;
use crate::{Code, Error, Result};

/// How long to wait for another process: longer than one renewal with its time-outs.
const PATIENCE: Duration = Duration::from_secs(75);
/// How often to look again at first, and after a while: many wait for short turns, few for long ones.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(15));

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// A longer word is no word of ours.
const LONGEST_WORD: u64 = 4096;

impl Lock {
    /// Leaves a word for the next holder, in the place of an earlier one. It is a courtesy: one that
    /// cannot be left is none.
    pub fn leave_word(&self, word: &str) {
        let written = self.file.set_len(0).and_then(|()| {
            let mut file = &self.file;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(word.as_bytes())
        });
        if let Err(error) = written {
            tracing::debug!(%error, "no word is left in a lock");
        }
    }

    /// The word that an earlier holder left; empty where there is none.
    pub fn word(&self) -> String {
        let mut word = String::new();
        let mut file = &self.file;
        let read = file
            .seek(SeekFrom::Start(0))
            .and_then(|_| file.take(LONGEST_WORD).read_to_string(&mut word));
        read.map(|_| word).unwrap_or_default()
    }
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
    let path = path(folder, name);
    let file = open(folder, &path)?;
    wait(&path, patience, || file.try_lock()).await?;
    Ok(Lock { file })
}

/// Takes the lock where nobody holds it. Else waits until nobody does, and comes back without it: all
/// who wait for the same thing go on at once then.
///
/// # Errors
/// As of `take`.
pub async fn take_or_wait(folder: &Path, name: &str) -> Result<Option<Lock>> {
    let path = path(folder, name);
    let file = open(folder, &path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock { file })),
        Err(TryLockError::Error(error)) => Err(failed(&path, error)),
        Err(TryLockError::WouldBlock) => {
            wait(&path, PATIENCE, || file.try_lock_shared()).await?;
            Ok(None)
        }
    }
}

/// Tries until it works, for so long.
async fn wait(
    path: &Path,
    patience: Duration,
    attempt: impl Fn() -> std::result::Result<(), TryLockError>,
) -> Result<()> {
    let began = tokio::time::Instant::now();
    loop {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if began.elapsed() < patience => {
                tokio::time::sleep(pause(began.elapsed())).await;
            }
            Err(TryLockError::WouldBlock) => return Err(taken(path)),
            Err(TryLockError::Error(error)) => return Err(failed(path, error)),
        }
    }
}

/// An eighth of what was waited so far.
fn pause(waited: Duration) -> Duration {
    (waited / 8).clamp(PAUSES.0, PAUSES.1)
}

/// Takes the lock of this name in a folder, where nobody holds it.
///
/// # Errors
/// `StorageFailed` where it cannot be made.
pub fn attempt(folder: &Path, name: &str) -> Result<Option<Lock>> {
    let path = path(folder, name);
    let file = open(folder, &path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock { file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(&path, error)),
    }
}

fn path(folder: &Path, name: &str) -> PathBuf {
    let digest = hex::encode(Sha256::digest(name.as_bytes()));
    folder.join(format!("{}.lock", &digest[..32]))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_word_is_for_the_next_holder() {
        let folder = tempfile::tempdir().unwrap();
        let first = take(folder.path(), "x").await.unwrap();
        assert_eq!(first.word(), "");
        first.leave_word("a long word");
        first.leave_word("short");
        drop(first);
        let second = take(folder.path(), "x").await.unwrap();
        assert_eq!(second.word(), "short");
        assert!(attempt(folder.path(), "x").unwrap().is_none());
        assert!(attempt(folder.path(), "y").unwrap().is_some());
        let third = take_within(folder.path(), "x", Duration::from_millis(40)).await;
        assert_eq!(third.unwrap_err().code(), Code::StorageFailed);
    }

    #[tokio::test]
    async fn all_who_wait_for_the_same_go_on_at_once_when_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let first = take_or_wait(folder.path(), "x").await.unwrap().unwrap();
        let mut waiting = tokio::task::JoinSet::new();
        let path = folder.path().to_owned();
        for _ in 0..20 {
            let path = path.clone();
            waiting.spawn(async move { take_or_wait(&path, "x").await });
        }
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert!(waiting.try_join_next().is_none());
        drop(first);
        while let Some(came_back) = waiting.join_next().await {
            assert!(came_back.unwrap().unwrap().is_none());
        }
        assert!(take_or_wait(&path, "x").await.unwrap().is_some());
    }
}
