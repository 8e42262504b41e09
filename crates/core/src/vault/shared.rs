//! AWS's own token cache and the AWS CLI's cache of role credentials, in the exact form that they
//! and every SDK write; other tools may truncate these files in place at any time.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sha1::{Digest, Sha1};

use super::tokens::{Origin, RoleFile, TokenFile};
use super::{Mirror, Shelf};
use crate::host::Paths;
use crate::host::files::{self, Mode};
use crate::host::folders;
use crate::secrets::{RoleCredentials, Tokens};
use crate::{Code, Error, Result};

/// How long another tool may need to write a file that we saw half-written.
const TORN: Duration = Duration::from_millis(100);

/// What the name of a file in AWS's caches is computed from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key<'a> {
    /// The name of an `[sso-session]`.
    Name(&'a str),
    /// The start URL of an older profile, byte for byte.
    Address(&'a str),
}

impl<'a> Key<'a> {
    pub(super) fn of(mirror: &'a Mirror) -> Key<'a> {
        match mirror {
            Mirror::Name(name) => Key::Name(name),
            Mirror::Address(address) => Key::Address(address),
        }
    }

    fn text(self) -> &'a str {
        match self {
            Key::Name(text) | Key::Address(text) => text,
        }
    }
}

/// What a token file holds.
pub(super) enum Content {
    /// There is no file.
    Absent,
    /// A file that is half-written: its writer has not ended, or died.
    Torn,
    /// A whole document without a token that can be used.
    Useless,
    /// The sign-in of another portal: not ours to send anywhere, change or erase.
    Foreign,
    /// Tokens that can be of this portal.
    Tokens(Tokens),
}

fn sha1_hex(text: &str) -> String {
    hex::encode(Sha1::digest(text.as_bytes()))
}

/// The token file of a session name, or of the address of older profiles.
pub(super) fn token_file(paths: &Paths, key: Key<'_>) -> PathBuf {
    paths
        .sso_cache
        .join(format!("{}.json", sha1_hex(key.text())))
}

/// The AWS CLI's file for an assignment.
pub(super) fn role_file(paths: &Paths, key: Key<'_>, account_id: &str, role: &str) -> PathBuf {
    let (kind, text) = match key {
        Key::Name(text) => ("sessionName", text),
        Key::Address(text) => ("startUrl", text),
    };
    // Keys in alphabetical order, no spaces: the name is a digest of this very text.
    let key = serde_json::json!({"accountId": account_id, "roleName": role, kind: text});
    paths
        .cli_cache
        .join(format!("{}.json", sha1_hex(&key.to_string())))
}

/// Whether these are the bytes of a whole document: every beginning of one that is not all of it
/// breaks JSON's rules.
fn is_whole(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

/// The files of AWS's token cache that are half-written.
pub fn torn_files(paths: &Paths) -> Vec<PathBuf> {
    let mut files = folders::named(&paths.sso_cache, |name| name.ends_with(".json"));
    files.retain(|path| {
        let bytes = files::read(path)
            .ok()
            .flatten()
            .map(zeroize::Zeroizing::new);
        bytes.is_some_and(|bytes| !is_whole(&bytes))
    });
    files
}

/// What a token file holds at this moment.
pub(super) fn content(paths: &Paths, shelf: &Shelf, key: Key<'_>) -> Result<Content> {
    let bytes = read(&token_file(paths, key))?.map(zeroize::Zeroizing::new);
    let Some(bytes) = bytes else {
        return Ok(Content::Absent);
    };
    if !is_whole(&bytes) {
        return Ok(Content::Torn);
    }
    if is_foreign(&bytes, shelf) {
        return Ok(Content::Foreign);
    }
    Ok(TokenFile::read(&bytes).map_or(Content::Useless, Content::Tokens))
}

/// The tokens under the session's own name; `None` where there are none, or those of another portal.
///
/// # Errors
/// A file that stays half-written says nothing about the sign-in: a later look decides.
pub(super) async fn read_tokens(paths: &Paths, shelf: &Shelf) -> Result<Option<Tokens>> {
    let session = &shelf.session;
    for last in [false, true] {
        match content(paths, shelf, Key::Name(session))? {
            Content::Absent => return Ok(None),
            Content::Tokens(tokens) => return Ok(Some(tokens)),
            Content::Foreign => {
                tracing::warn!(session, "AWS's cache holds tokens of another portal");
                return Ok(None);
            }
            Content::Useless => {
                tracing::warn!(session, "the token file of AWS's cache holds no token");
                return Ok(None);
            }
            Content::Torn if last => break,
            Content::Torn => tokio::time::sleep(TORN).await,
        }
    }
    Err(torn(session))
}

fn torn(session: &str) -> Error {
    let message = format!(
        "the token file of `{session}` in AWS's cache is half-written: another tool is writing it, \
         or broke off; nothing is known to have ended"
    );
    let hint = format!("wait a moment; if it stays so, sign in with `daypass login {session}`");
    Error::new(Code::StorageFailed, message).with_hint(hint)
}

fn is_foreign(bytes: &[u8], shelf: &Shelf) -> bool {
    Origin::read(bytes).is_some_and(|origin| !origin.fits(&shelf.start_url, &shelf.region))
}

/// Refuses where the file is of another portal that uses the same session name.
pub(super) fn check_tokens(paths: &Paths, shelf: &Shelf) -> Result<()> {
    let session = &shelf.session;
    if !matches!(content(paths, shelf, Key::Name(session))?, Content::Foreign) {
        return Ok(());
    }
    let message = format!(
        "AWS's token cache holds a sign-in of another access portal under the name `{session}`: the \
         AWS tools know one file for each session name"
    );
    let hint = format!("take another name: `daypass session set {session} --name NEW`");
    Err(Error::new(Code::ConfigConflict, message).with_hint(hint))
}

/// Writes the tokens under the session's own name.
pub(super) fn write_tokens(paths: &Paths, shelf: &Shelf, tokens: &Tokens) -> Result<()> {
    check_tokens(paths, shelf)?;
    let file = TokenFile::of(tokens, &shelf.start_url, &shelf.region);
    write(
        &token_file(paths, Key::Name(&shelf.session)),
        &file.to_json(),
    )
}

/// Writes the tokens where a profile of another kind looks for them. Nobody renews those of an older
/// profile, so they get no more than they can use.
pub(super) fn write_mirror(
    paths: &Paths,
    shelf: &Shelf,
    mirror: &Mirror,
    tokens: &Tokens,
) -> Result<()> {
    let file = match mirror {
        Mirror::Name(_) => TokenFile::of(tokens, &shelf.start_url, &shelf.region),
        Mirror::Address(address) => TokenFile::of(tokens, address, &shelf.region).unrenewable(),
    };
    write(&token_file(paths, Key::of(mirror)), &file.to_json())
}

/// Removes the tokens under the session's own name; those of another portal stay.
pub(super) fn remove_tokens(paths: &Paths, shelf: &Shelf) -> Result<()> {
    match check_tokens(paths, shelf) {
        Err(_) => Ok(()),
        Ok(()) => remove(&token_file(paths, Key::Name(&shelf.session))),
    }
}

/// Removes a mirror; whose it is was looked at before.
pub(super) fn remove_mirror(paths: &Paths, mirror: &Mirror) -> Result<()> {
    remove(&token_file(paths, Key::of(mirror)))
}

/// Room for the next token file, so that a full disk is noticed before a refresh token is spent.
pub(super) fn reserve(paths: &Paths, shelf: &Shelf) -> Result<impl Send + use<>> {
    let folder = &paths.sso_cache;
    files::private_folder(folder).map_err(|error| failed("made", folder, error))?;
    let path = token_file(paths, Key::Name(&shelf.session));
    files::reserve(&path, 16 * 1024).map_err(|error| failed("written to", folder, error))
}

pub(super) fn read_role(
    paths: &Paths,
    key: Key<'_>,
    account_id: &str,
    role: &str,
) -> Result<Option<RoleCredentials>> {
    let bytes = read(&role_file(paths, key, account_id, role))?.map(zeroize::Zeroizing::new);
    let file: Option<RoleFile> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Ok(file.and_then(RoleFile::into_keys))
}

pub(super) fn write_role(
    paths: &Paths,
    key: Key<'_>,
    account_id: &str,
    role: &str,
    keys: &RoleCredentials,
) -> Result<()> {
    let json = serde_json::to_vec(&RoleFile::of(keys, account_id)).unwrap_or_default();
    write(
        &role_file(paths, key, account_id, role),
        &zeroize::Zeroizing::new(json),
    )
}

pub(super) fn remove_role(paths: &Paths, key: Key<'_>, account_id: &str, role: &str) -> Result<()> {
    remove(&role_file(paths, key, account_id, role))
}

fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    files::read(path).map_err(|error| failed("read", path, error))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    files::private_folder(folder).map_err(|error| failed("made", folder, error))?;
    files::tidy(path);
    files::replace(path, bytes, Mode::Private).map_err(|error| failed("written", path, error))
}

fn remove(path: &Path) -> Result<()> {
    // A writer that died may have left the same secrets beside it.
    files::tidy(path);
    files::remove(path).map_err(|error| failed("removed", path, error))
}

fn failed(what: &str, path: &Path, error: std::io::Error) -> Error {
    Error::new(
        Code::StorageFailed,
        format!("{} could not be {what}", path.display()),
    )
    .because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_the_aws_tools_compute() {
        let paths = Paths::below(Path::new("/h"));
        let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(
            name(token_file(&paths, Key::Name("dev"))),
            "34c6fceca75e456f25e7e99531e2425c6c1de443.json"
        );
        let address = Key::Address("https://d-0000000000.awsapps.com/start");
        assert_eq!(
            name(token_file(&paths, address)),
            "b51e627ec5d75dab0c56e37911d5b31610f612e0.json"
        );
        let role = |key| name(role_file(&paths, key, "111122223333", "ReadOnly"));
        assert_eq!(
            role(Key::Name("dev")),
            "ff8c4f6af29eaa4289208893d1b769b84f5d0eb8.json"
        );
        assert_eq!(
            role(address),
            "3047e5d9e8f92d6dc6cb46a9ea0aaba235dc0819.json"
        );
    }
}
