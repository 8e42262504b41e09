//! What Daypass keeps on a machine outside of the keychain and AWS's folders, and the way to take it
//! away: only names that Daypass gives, whatever else lies beside them. Links are removed, and what they
//! lead to stays.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Paths, files};

/// What a remain is to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemainKind {
    /// The user's choices.
    Settings,
    /// Backups, records of sign-ins, favourites, labels of single rows.
    State,
    /// What can be read again.
    Cache,
    /// What the window keeps for itself.
    Window,
    /// The entry that starts Daypass when the user logs in.
    Login,
}

/// A file or folder that Daypass made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remain {
    /// What it is to the user.
    pub kind: RemainKind,
    /// Where it is.
    pub path: PathBuf,
}

/// The names that Daypass gives in a folder of its own: whole names, and beginnings of names.
struct Names {
    whole: &'static [&'static str],
    beginnings: &'static [&'static str],
}

const CONFIG: Names = Names {
    whole: &[],
    beginnings: &["settings.toml", "settings.schema"],
};
const STATE: Names = Names {
    whole: &["backups", "held-roles", "locks", "mirrors", "moves"],
    beginnings: &["sessions.json", "marks.json", "lately.json", "window.json"],
};
const CACHE: Names = Names {
    whole: &["accounts"],
    beginnings: &["pace.json"],
};

impl Names {
    fn has(&self, name: &str) -> bool {
        self.whole.contains(&name)
            || self.beginnings.iter().any(|it| name.starts_with(it))
            || files::is_temporary(name)
    }
}

/// All that is there.
pub fn all(paths: &Paths) -> Vec<Remain> {
    let folders = [
        (RemainKind::Settings, &paths.config, CONFIG),
        (RemainKind::State, &paths.state, STATE),
        (RemainKind::Cache, &paths.cache, CACHE),
    ];
    let mut found = Vec::new();
    for (kind, folder, names) in folders {
        let ours = entries(folder, &names).into_iter();
        found.extend(ours.map(|path| Remain { kind, path }));
    }
    let window = paths.window.iter().filter(|it| it.is_dir());
    found.extend(window.map(|path| Remain {
        kind: RemainKind::Window,
        path: path.clone(),
    }));
    let login = login_entries(paths).into_iter().filter(|it| is_ours(it));
    found.extend(login.map(|path| Remain {
        kind: RemainKind::Login,
        path,
    }));
    found
}

fn entries(folder: &Path, names: &Names) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let ours = entries.filter(|it| names.has(&it.file_name().to_string_lossy()));
    let mut found: Vec<_> = ours.map(|it| it.path()).collect();
    found.sort();
    found
}

/// Takes these away, and then Daypass's own folders where nothing else is in them; tells which of those
/// stay, because of what others put there.
///
/// # Errors
/// The first of them that cannot be removed; the others are tried all the same.
pub fn remove(paths: &Paths, remains: &[Remain]) -> io::Result<Vec<PathBuf>> {
    let failed: Vec<io::Error> = remains
        .iter()
        .filter_map(|it| remove_one(&it.path).err())
        .collect();
    let folders = [&paths.config, &paths.cache, &paths.state];
    let stays = |folder: &&&PathBuf| fs::remove_dir(folder).is_err() && folder.exists();
    let staying = folders.iter().filter(stays).map(|it| (*it).clone());
    let staying = staying.collect();
    failed.into_iter().next().map_or(Ok(staying), Err)
}

fn remove_one(path: &Path) -> io::Result<()> {
    let gone = match fs::symlink_metadata(path) {
        Ok(about) if about.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match gone {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            let message = format!("{}: {error}", path.display());
            Err(io::Error::new(error.kind(), message))
        }
        _ => Ok(()),
    }
}

/// Where the desktops look for what to start; Windows keeps that in its registry.
fn login_entries(paths: &Paths) -> [PathBuf; 2] {
    [
        paths.home.join(".config/autostart/Daypass.desktop"),
        paths.home.join("Library/LaunchAgents/Daypass.plist"),
    ]
}

/// Somebody else's file may have the name.
fn is_ours(entry: &Path) -> bool {
    fs::read_to_string(entry).is_ok_and(|text| text.contains("daypass-desktop"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        files::replace(path, text.as_bytes(), files::Mode::Private).unwrap();
    }

    #[test]
    fn what_is_ours_goes_and_what_lies_beside_it_stays() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        let ours = [
            paths.config.join("settings.toml"),
            paths.config.join("settings.toml.corrupt-1700000000"),
            paths.config.join(".daypass-settings.toml-abc.tmp"),
            paths.state.join("backups/config-1"),
            paths.state.join("marks.json"),
            paths.cache.join("accounts/work.json"),
            paths.window[0].join("localstorage/x"),
            paths.home.join(".config/autostart/Daypass.desktop"),
        ];
        ours.iter()
            .for_each(|path| put(path, "Exec=/usr/bin/daypass-desktop"));
        let other = paths.state.join("notes.txt");
        put(&other, "mine");
        let found = all(&paths);
        assert_eq!(found.len(), ours.len(), "{found:?}");
        let stays = remove(&paths, &found).unwrap();
        assert!(ours.iter().all(|path| !path.exists()));
        assert!(!paths.config.exists() && !paths.cache.exists());
        assert_eq!(stays, std::slice::from_ref(&paths.state));
        assert_eq!(fs::read_to_string(other).unwrap(), "mine");
        assert!(all(&paths).is_empty());
    }

    #[test]
    fn an_entry_of_somebody_elses_at_login_is_none_of_ours() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        let entry = paths.home.join(".config/autostart/Daypass.desktop");
        put(&entry, "Exec=/usr/bin/other");
        assert!(all(&paths).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_stays() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        let (kept, store) = (folder.path().join("dotfiles/settings.toml"), "store/locks");
        put(&kept, "mine");
        put(&folder.path().join(store).join("x"), "mine");
        fs::create_dir_all(&paths.config).unwrap();
        fs::create_dir_all(&paths.state).unwrap();
        std::os::unix::fs::symlink(&kept, paths.config.join("settings.toml")).unwrap();
        let locks = folder.path().join(store);
        std::os::unix::fs::symlink(&locks, paths.state.join("locks")).unwrap();
        remove(&paths, &all(&paths)).unwrap();
        assert!(kept.exists() && locks.join("x").exists());
        assert!(!paths.config.exists() && !paths.state.exists());
    }
}
