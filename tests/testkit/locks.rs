//! The locks between processes of Daypass, seen from outside: which process holds which, by the
//! kernel's own list.

use crate::home::Home;
use crate::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::fs::{self, File, TryLockError};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

/// One lock file.
#[derive(Clone, Debug)]
pub struct Lock {
    path: PathBuf,
}

/// The folder of the lock files.
pub fn folder(home: &Home) -> PathBuf {
    home.state().join("daypass/locks")
}

impl Lock {
    /// The lock that is held while a session's tokens are changed.
    pub fn of_tokens(home: &Home, session: &str) -> Self {
        let digest = hex::encode(Sha256::digest(format!("tokens/{session}")));
        Self {
            path: folder(home).join(format!("{}.lock", &digest[..32])),
        }
    }

    /// The process that holds it; none where nobody does.
    pub fn holder(&self) -> Result<Option<u32>> {
        let Ok(metadata) = fs::metadata(&self.path) else {
            return Ok(None);
        };
        let inode = format!(":{}", metadata.ino());
        let list = fs::read_to_string("/proc/locks").context("reading the kernel's list")?;
        let holds = list.lines().filter_map(|line| {
            let words: Vec<_> = line.split_whitespace().collect();
            // A process that waits stands behind `->`; ours never wait in the kernel.
            let ours = words.get(5)?.ends_with(&inode) && words.get(1) == Some(&"FLOCK");
            ours.then(|| words.get(4)?.parse().ok()).flatten()
        });
        Ok(holds.into_iter().next())
    }
}

/// Holds every lock of that home to be free.
pub fn all_free(home: &Home) -> Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder(home)).context("there are no locks")? {
        let path = entry?.path();
        let file = File::open(&path)?;
        let taken = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
        ensure!(!taken, "{} is still held", path.display());
        count += 1;
    }
    Ok(count)
}
