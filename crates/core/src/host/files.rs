//! Whole files: read with a clear error, replaced so that a reader sees the old bytes or the new.
//! Nothing here truncates a file in place.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::folders;

/// How a replaced file ends up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Mode 0600, whatever was there before: the file may hold secrets.
    Private,
    /// The mode and owner of the file that is replaced; 0600 where there was none.
    Keep,
}

/// The bytes of a file, or `None` where it does not exist.
///
/// # Errors
/// Whatever the system says, except that the file is missing.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The bytes of a file that nobody but an administrator could have written, or `None` where there is
/// none: it, and every folder on the way to it, belongs to `administrator` or root and takes nothing
/// from others. Links count by what they lead to.
///
/// # Errors
/// Why it is not trusted, or whatever the system says.
#[cfg(unix)]
pub fn read_trusted(path: &Path, administrator: u32, largest: u64) -> io::Result<Option<Vec<u8>>> {
    use std::os::unix::fs::MetadataExt;
    const STICKY: u32 = 0o1000;
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    for part in target.ancestors() {
        let about = fs::metadata(part)?;
        let is_theirs = about.uid() == administrator || (about.uid() == 0 && part != target);
        // In a folder such as /tmp others can add files, but not replace this one.
        let is_shut = about.mode() & 0o022 == 0 || (about.is_dir() && about.mode() & STICKY != 0);
        if !is_theirs || !is_shut {
            let reason = format!("others than an administrator can change {}", part.display());
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
        }
    }
    let about = fs::metadata(&target)?;
    if !about.is_file() || about.len() > largest {
        return Err(io::Error::other("it is not a regular file of a fair size"));
    }
    read(&target)
}

/// Who could have written a file is not told here without calls that are not safe: none is trusted.
///
/// # Errors
/// Always, where there is one.
#[cfg(not(unix))]
pub fn read_trusted(
    path: &Path,
    _administrator: u32,
    _largest: u64,
) -> io::Result<Option<Vec<u8>>> {
    match path.exists() {
        true => Err(io::Error::other(
            "who can change it is not known on this system",
        )),
        false => Ok(None),
    }
}

/// The user that this process runs as.
#[cfg(unix)]
pub(super) fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Here users have no numbers.
#[cfg(not(unix))]
pub(super) fn own_user() -> u32 {
    0
}

/// What tells that a file has changed: when it was written, and how long it is. `None` where there is
/// no file.
pub fn stamp(path: &Path) -> Option<(std::time::SystemTime, u64)> {
    let facts = fs::metadata(path).ok()?;
    Some((facts.modified().ok()?, facts.len()))
}

/// The file that `path` names in the end: links are followed, also one that dangles.
///
/// # Errors
/// A chain of more than 40 links, or a link that cannot be read.
pub fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("/")).join(target),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::NotFound
                ) =>
            {
                return Ok(path);
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("too many links"))
}

/// Replaces a file in one step: new bytes beside the resolved target, synced, renamed over it.
///
/// # Errors
/// Whatever the system says; the old bytes are then intact.
pub fn replace(path: &Path, bytes: &[u8], mode: Mode) -> io::Result<()> {
    replace_if(path, bytes, mode, || true).map(drop)
}

/// The same, if in the last moment `unchanged` still holds; whether it did.
///
/// # Errors
/// As for [`replace`].
pub fn replace_if(
    path: &Path,
    bytes: &[u8],
    mode: Mode,
    unchanged: impl FnOnce() -> bool,
) -> io::Result<bool> {
    let target = resolve(path)?;
    let folder = target
        .parent()
        .ok_or_else(|| io::Error::other("the path has no folder"))?;
    let old = fs::metadata(&target).ok();
    refuse_read_only(old.as_ref())?;
    let mut temporary = temporary_for(&target)?;
    temporary.write_all(bytes)?;
    if mode == Mode::Keep
        && let Some(old) = &old
    {
        keep_identity(temporary.as_file(), old)?;
    }
    temporary.as_file().sync_all()?;
    if !unchanged() {
        return Ok(false);
    }
    temporary.persist(&target).map_err(|error| error.error)?;
    sync_folder(folder);
    Ok(true)
}

/// Makes a folder and its parents, mode 0700, and tightens one that is wider.
///
/// # Errors
/// Whatever the system says.
pub fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    tighten(path, 0o700)
}

/// Makes sure that a file of this size could be written there, and keeps the room until it is dropped.
///
/// # Errors
/// Whatever the system says.
pub fn reserve(path: &Path, bytes: usize) -> io::Result<impl Send + use<>> {
    let mut room = temporary_for(path)?;
    room.write_all(&vec![0; bytes])?;
    room.as_file().sync_all()?;
    Ok(room)
}

/// Removes what replacements of this file have left that broke off. Only for who alone may write it.
pub fn tidy(path: &Path) {
    let target = resolve(path).unwrap_or(path.to_path_buf());
    let prefix = prefix_for(&target);
    let is_left = |name: &str| name.starts_with(&prefix) && name.ends_with(LEFT);
    let folder = target.parent().unwrap_or(Path::new(""));
    for left in folders::named(folder, is_left) {
        // It is only tidying: what cannot be removed stays.
        let _ = fs::remove_file(left);
    }
}

/// Puts a file that cannot be understood aside as `NAME.corrupt-SECONDS`, and keeps the newest few of
/// those; returns where it is now, or `None` where it stays.
pub fn set_aside(path: &Path, now: jiff::Timestamp, keep: usize) -> Option<PathBuf> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let prefix = format!("{name}.corrupt-");
    let aside = path.with_file_name(format!("{prefix}{}", now.as_second()));
    fs::rename(path, &aside).ok()?;
    let entries = fs::read_dir(path.parent()?).ok()?.flatten();
    let named = entries.filter(|it| it.file_name().to_string_lossy().starts_with(&prefix));
    let mut old: Vec<_> = named.map(|it| it.path()).collect();
    // Seconds of our time have the same number of digits.
    old.sort();
    for path in old.iter().rev().skip(keep) {
        let _ = fs::remove_file(path);
    }
    Some(aside)
}

/// Removes a file, and where it is a link also what it leads to; one that is not there is fine.
///
/// # Errors
/// Whatever the system says, except that the file is missing.
pub fn remove(path: &Path) -> io::Result<()> {
    let gone = |path: &Path| match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    let target = resolve(path)?;
    gone(&target).and_then(|()| if target == path { Ok(()) } else { gone(path) })
}

/// A rename would get past a read-only mark that the user has set on the file: honour it.
fn refuse_read_only(old: Option<&fs::Metadata>) -> io::Result<()> {
    match old {
        Some(old) if old.permissions().readonly() => Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the file is marked read-only",
        )),
        Some(old) if !old.is_file() => Err(io::Error::other("it is not a regular file")),
        _ => Ok(()),
    }
}

/// The end of the names of files that are still being written.
const LEFT: &str = ".tmp";
/// Their beginning.
const OURS: &str = ".daypass-";

/// Whether a name is one that a replacement of some file gives while it writes.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with(OURS) && name.ends_with(LEFT)
}

/// On Unix mode 0600 from the start; on Windows the access list of the folder is inherited.
fn temporary_for(target: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = target
        .parent()
        .ok_or_else(|| io::Error::other("the path has no folder"))?;
    tempfile::Builder::new()
        .prefix(&prefix_for(target))
        .suffix(LEFT)
        .tempfile_in(folder)
}

fn prefix_for(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let short: String = name.chars().take(48).collect();
    format!("{OURS}{short}-")
}

#[cfg(unix)]
fn keep_identity(file: &File, old: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let ours = file.metadata()?;
    if (ours.uid(), ours.gid()) != (old.uid(), old.gid()) {
        std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()))?;
    }
    file.set_permissions(old.permissions())
}

#[cfg(not(unix))]
fn keep_identity(_file: &File, _old: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn tighten(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let old = fs::metadata(path)?.permissions();
    if old.mode() & 0o777 & !mode != 0 {
        fs::set_permissions(path, Permissions::from_mode(mode))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn tighten(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// Some file systems cannot sync a folder; the rename has happened all the same.
#[cfg(unix)]
fn sync_folder(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) {}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path)
            .expect("the file is there")
            .permissions()
            .mode()
            & 0o777
    }

    #[test]
    fn a_new_file_is_private_and_an_old_one_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        replace(&path, b"one", Mode::Keep).unwrap();
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        replace(&path, b"two", Mode::Keep).unwrap();
        assert_eq!(
            (read(&path).unwrap().unwrap().as_slice(), mode(&path)),
            (&b"two"[..], 0o644)
        );
        replace(&path, b"three", Mode::Private).unwrap();
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn links_survive_also_chained_relative_and_dangling_ones() {
        let folder = tempfile::tempdir().unwrap();
        let (link, second, target) = (
            folder.path().join("a"),
            folder.path().join("b"),
            folder.path().join("real"),
        );
        symlink("b", &link).unwrap();
        symlink("real", &second).unwrap();
        replace(&link, b"x", Mode::Keep).unwrap();
        assert!(link.is_symlink() && second.is_symlink());
        assert_eq!(fs::read(target).unwrap(), b"x");
    }

    #[test]
    fn what_a_broken_off_replacement_left_is_tidied_away_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        replace(&path("a.json"), b"whole", Mode::Private).unwrap();
        let (left, room) = (temporary_for(&path("a.json")), reserve(&path("a.json"), 9));
        std::mem::forget((left.unwrap(), room.unwrap()));
        let other = temporary_for(&path("b.json")).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
        tidy(&path("a.json"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        assert!(other.path().exists() && path("a.json").exists());
    }

    #[test]
    fn a_read_only_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        replace(&path, b"old", Mode::Keep).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
        let error = replace(&path, b"new", Mode::Keep).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "no temporary file is left"
        );
    }
}
