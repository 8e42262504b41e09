//! Wakes for what happens outside: folders whose files change, and the addresses of this machine.
//! Where the system tells nothing, nothing wakes: whoever waits also looks by time.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use if_watch::tokio::IfWatcher;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

/// Changes that come one after the other are one.
const SETTLE: Duration = Duration::from_millis(150);
/// An address of a moment, as of a bridge that a container makes, is not waited for.
const SETTLE_ADDRESSES: Duration = Duration::from_secs(1);

/// Folders that are watched. One that is missing is not made: it may never be wanted here.
pub struct Folders {
    changes: mpsc::Receiver<()>,
    watcher: Option<RecommendedWatcher>,
    wanted: Vec<PathBuf>,
    /// What is watched for them: a folder itself, or the nearest one above it that is there.
    watched: BTreeSet<PathBuf>,
    /// Whether a folder was removed since.
    lost: Arc<AtomicBool>,
}

impl Folders {
    /// Watches these folders.
    pub fn watch(folders: &[&PathBuf]) -> Folders {
        let wanted: Vec<PathBuf> = folders.iter().map(|it| (*it).clone()).collect();
        let (sender, changes) = mpsc::channel(1);
        let of = wanted.clone();
        let lost = Arc::new(AtomicBool::new(false));
        let is_lost = lost.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            // A folder that goes takes its watch along, also where another comes in its place.
            if event.kind.is_remove() && event.paths.iter().any(|path| of.contains(path)) {
                is_lost.store(true, Ordering::Relaxed);
            }
            if tells(&event, &of) {
                // One that is waiting already is enough.
                let _ = sender.try_send(());
            }
        });
        let watcher = watcher.inspect_err(|error| tracing::info!(%error, "no folder is watched"));
        let mut folders = Folders {
            changes,
            watcher: watcher.ok(),
            wanted,
            watched: BTreeSet::new(),
            lost,
        };
        folders.follow();
        folders
    }

    /// Waits until a file in one of the folders was written, replaced or removed.
    pub async fn changed(&mut self) {
        match self.changes.recv().await {
            Some(()) => tokio::time::sleep(SETTLE).await,
            None => std::future::pending().await,
        }
        while self.changes.try_recv().is_ok() {}
    }

    /// Watches folders that came since, and lets go of those above them. Call it before each wait: a
    /// wait that is broken off for something else loses nothing then.
    pub fn follow(&mut self) {
        if self.lost.swap(false, Ordering::Relaxed) {
            self.watched.clear();
        }
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        let now: BTreeSet<PathBuf> = self.wanted.iter().filter_map(|it| nearest(it)).collect();
        for gone in self.watched.difference(&now) {
            // A folder that was removed is let go already.
            let _ = watcher.unwatch(gone);
        }
        for new in now.difference(&self.watched) {
            if let Err(error) = watcher.watch(new, RecursiveMode::NonRecursive) {
                tracing::info!(%error, folder = %new.display(), "a folder is not watched");
            }
        }
        self.watched = now;
    }
}

/// A folder itself where it is there, else the nearest one above it.
fn nearest(folder: &Path) -> Option<PathBuf> {
    let there = folder.ancestors().find(|it| it.is_dir());
    there.map(Path::to_path_buf)
}

/// Whether something changed in a wanted folder, or on the way to it. Our own temporary files and
/// locks come and go with each write.
fn tells(event: &notify::Event, wanted: &[PathBuf]) -> bool {
    let changes = match event.kind {
        EventKind::Access(_) => false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    };
    let telling = |path: &PathBuf| {
        let ours = path
            .extension()
            .is_some_and(|it| it == "tmp" || it == "lock");
        let concerns =
            |folder: &PathBuf| path.parent() == Some(folder.as_path()) || folder.starts_with(path);
        !ours && wanted.iter().any(concerns)
    };
    changes && event.paths.iter().any(telling)
}

/// The addresses of this machine.
pub struct Addresses(Option<IfWatcher>);

impl Addresses {
    /// Watches them.
    pub fn watch() -> Addresses {
        let watcher = IfWatcher::new();
        Addresses(
            watcher
                .inspect_err(|error| tracing::info!(%error, "the network is not watched"))
                .ok(),
        )
    }

    /// Waits until an address came or went.
    pub async fn changed(&mut self) {
        let Some(watcher) = &mut self.0 else {
            return std::future::pending().await;
        };
        loop {
            let change = std::future::poll_fn(|context| watcher.poll_if_event(context)).await;
            match change {
                Ok(event) if is_beyond_this_machine(&event) => break,
                Ok(_) => {}
                Err(error) => {
                    tracing::info!(%error, "the network is no longer watched");
                    self.0 = None;
                    return std::future::pending().await;
                }
            }
        }
        tokio::time::sleep(SETTLE_ADDRESSES).await;
    }
}

fn is_beyond_this_machine(event: &if_watch::IfEvent) -> bool {
    let (if_watch::IfEvent::Up(net) | if_watch::IfEvent::Down(net)) = event;
    !net.addr().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::files;

    async fn is_told(folders: &mut Folders) -> bool {
        folders.follow();
        let told = tokio::time::timeout(Duration::from_secs(1), folders.changed());
        told.await.is_ok()
    }

    #[tokio::test]
    async fn what_other_programs_write_and_remove_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let cache = folder.path().join("sso/cache");
        let mut folders = Folders::watch(&[&cache]);
        assert!(!cache.exists(), "nothing is made by looking");
        std::fs::create_dir(folder.path().join("elsewhere")).unwrap();
        assert!(!is_told(&mut folders).await, "another folder");
        files::private_folder(&cache).unwrap();
        assert!(is_told(&mut folders).await, "the folder itself");
        while is_told(&mut folders).await {}
        let file = cache.join("a.json");
        files::replace(&file, b"{}", files::Mode::Private).unwrap();
        assert!(is_told(&mut folders).await, "a file that came");
        std::fs::remove_file(&file).unwrap();
        assert!(is_told(&mut folders).await, "a file that went");
        let mut lock = std::fs::OpenOptions::new();
        lock.write(true).create_new(true);
        lock.open(cache.join("x.lock")).unwrap();
        assert!(!is_told(&mut folders).await, "a lock is nobody's concern");
    }
}
