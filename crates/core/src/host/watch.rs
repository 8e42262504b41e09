//! Wakes for what happens outside: folders whose files change, and the addresses of this machine.
//! Where the system tells nothing, nothing wakes: whoever waits also looks by time.

use std::path::{Path, PathBuf};
use std::time::Duration;

use if_watch::tokio::IfWatcher;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

use super::files;

/// Changes that come one after the other are one.
const SETTLE: Duration = Duration::from_millis(150);
/// An address of a moment, as of a bridge that a container makes, is not waited for.
const SETTLE_ADDRESSES: Duration = Duration::from_secs(1);

/// Folders that are watched.
pub struct Folders {
    changes: mpsc::Receiver<()>,
    _watcher: Option<RecommendedWatcher>,
}

impl Folders {
    /// Watches these folders, and makes those that are missing.
    pub fn watch(folders: &[&PathBuf]) -> Folders {
        let (sender, changes) = mpsc::channel(1);
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| tells(&event)) {
                // One that is waiting already is enough.
                let _ = sender.try_send(());
            }
        });
        let watcher = watcher.inspect_err(|error| tracing::info!(%error, "no folder is watched"));
        let mut watcher = watcher.ok();
        if let Some(watcher) = &mut watcher {
            folders.iter().for_each(|folder| add(watcher, folder));
        }
        Folders {
            changes,
            _watcher: watcher,
        }
    }

    /// Waits until a file in one of the folders was written, replaced or removed.
    pub async fn changed(&mut self) {
        match self.changes.recv().await {
            Some(()) => tokio::time::sleep(SETTLE).await,
            None => std::future::pending().await,
        }
        while self.changes.try_recv().is_ok() {}
    }
}

fn add(watcher: &mut RecommendedWatcher, folder: &Path) {
    let watched = files::private_folder(folder)
        .map_err(notify::Error::io)
        .and_then(|()| watcher.watch(folder, RecursiveMode::NonRecursive));
    if let Err(error) = watched {
        tracing::info!(%error, folder = %folder.display(), "a folder is not watched");
    }
}

/// Whether somebody else may care: our own temporary files come and go with each write.
fn tells(event: &notify::Event) -> bool {
    let changes = match event.kind {
        EventKind::Access(_) => false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    };
    let telling = |path: &PathBuf| {
        path.extension()
            .is_none_or(|it| it != "tmp" && it != "lock")
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

    async fn is_told(folders: &mut Folders) -> bool {
        let told = tokio::time::timeout(Duration::from_secs(2), folders.changed());
        told.await.is_ok()
    }

    #[tokio::test]
    async fn what_other_programs_write_and_remove_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let cache = folder.path().join("sso/cache");
        let mut folders = Folders::watch(&[&cache]);
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
