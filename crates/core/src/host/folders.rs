//! Looks into folders and changes nothing there: who may see them, what lies in them, what space is left.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::files;

/// A file that is still being written is younger, in seconds.
const UNFINISHED: i64 = 60;

/// The files of a folder whose names fit, in their order; none where it cannot be read.
pub fn named(folder: &Path, fits: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let fitting = entries.filter(|it| fits(&it.file_name().to_string_lossy()));
    let mut found: Vec<_> = fitting.map(|it| it.path()).collect();
    found.sort();
    found
}

/// The files of a folder that replacements of ours are writing, or left when they broke off.
pub fn temporaries(folder: &Path) -> Vec<PathBuf> {
    named(folder, files::is_temporary)
}

/// Those of them that are too old to be still written.
pub fn unfinished(folder: &Path, now: Timestamp) -> Vec<PathBuf> {
    let is_old = |path: &PathBuf| {
        let changed = fs::symlink_metadata(path).and_then(|about| about.modified());
        let changed = changed.ok().and_then(|it| Timestamp::try_from(it).ok());
        changed.is_some_and(|it| now.as_second() - it.as_second() > UNFINISHED)
    };
    let mut left = temporaries(folder);
    left.retain(is_old);
    left
}

/// Whether users beside the owner may look into a file or folder; `false` where there is none.
#[cfg(unix)]
pub fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

/// Here folders inherit who may see them from the user's profile.
#[cfg(not(unix))]
pub fn is_open_to_others(_path: &Path) -> bool {
    false
}

/// Why a file could not be replaced by a new version; `None` where nothing speaks against it. Links
/// are followed.
pub fn why_not_replaceable(path: &Path) -> Option<String> {
    let Ok(target) = files::resolve(path) else {
        return Some(format!("{} is a link that leads nowhere", path.display()));
    };
    match fs::metadata(&target) {
        Ok(about) if !about.is_file() => {
            return Some(format!("{} is not a regular file", target.display()));
        }
        Ok(about) if about.permissions().readonly() => {
            return Some(format!("{} is marked read-only", target.display()));
        }
        _ => {}
    }
    let folder = target.ancestors().skip(1).find(|it| it.exists())?;
    let shut = !takes_files(folder);
    shut.then(|| format!("no file can be made in {}", folder.display()))
}

#[cfg(unix)]
fn takes_files(folder: &Path) -> bool {
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
fn takes_files(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|about| !about.permissions().readonly())
}

/// The bytes that are free for this user where a path is, or will be; `None` where that is not known.
#[cfg(unix)]
pub fn free_space(path: &Path) -> Option<u64> {
    let existing = path.ancestors().find(|it| it.exists())?;
    let about = rustix::fs::statvfs(existing).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize))
}

/// The bytes that are free for this user; not asked on this system.
#[cfg(not(unix))]
pub fn free_space(_path: &Path) -> Option<u64> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_broke_off_is_found_once_it_is_old() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join(".daypass-config-abc123.tmp");
        fs::File::create_new(&left).unwrap();
        fs::File::create_new(folder.path().join("config")).unwrap();
        let now = Timestamp::try_from(fs::metadata(&left).unwrap().modified().unwrap()).unwrap();
        let later = now + jiff::SignedDuration::from_secs(UNFINISHED + 2);
        assert!(unfinished(folder.path(), now).is_empty());
        assert_eq!(unfinished(folder.path(), later), [left]);
    }

    #[test]
    fn a_folder_that_others_may_list_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let set = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode));
        set(0o700).unwrap();
        assert!(!is_open_to_others(folder.path()));
        set(0o750).unwrap();
        assert!(is_open_to_others(folder.path()));
        assert!(!is_open_to_others(&folder.path().join("nothing")));
    }

    #[test]
    fn what_is_read_only_or_no_file_cannot_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        assert_eq!(why_not_replaceable(&file), None);
        fs::File::create_new(&file).unwrap();
        assert_eq!(why_not_replaceable(&file), None);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(why_not_replaceable(&file).unwrap().ends_with("read-only"));
        let reason = why_not_replaceable(folder.path()).unwrap();
        assert!(reason.ends_with("not a regular file"), "{reason}");
    }

    #[test]
    fn space_is_known_of_what_is_not_there_yet() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_space(&folder.path().join("a/b")).is_some_and(|free| free > 0));
    }
}
