//! AWS's own token cache and the AWS CLI's cache of role credentials, in the exact form that they
//! and every SDK write; other tools may truncate these files in place at any time.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sha1::{Digest, Sha1};

use super::Shelf;
use super::tokens::{Origin, RoleFile, TokenFile};
use crate::host::Paths;
use crate::host::files::{self, Mode};
use crate::secrets::{RoleCredentials, Tokens};
use crate::{Code, Error, Result};

/// How long another tool may need to write a file that we saw half-written.
const TORN: Duration = Duration::from_millis(100);

fn sha1_hex(text: &str) -> String {
    hex::encode(Sha1::digest(text.as_bytes()))
}

/// The token file of a session name.
pub(super) fn token_file(paths: &Paths, session: &str) -> PathBuf {
    paths.sso_cache.join(format!("{}.json", sha1_hex(session)))
}

/// The AWS CLI's file for an assignment of a named session.
pub(super) fn role_file(paths: &Paths, session: &str, account_id: &str, role: &str) -> PathBuf {
    // Keys in alphabetical order, no spaces: the name is a digest of this very text.
    let key =
        serde_json::json!({"accountId": account_id, "roleName": role, "sessionName": session});
    paths
        .cli_cache
        .join(format!("{}.json", sha1_hex(&key.to_string())))
}

/// The tokens of a session; `None` where there are none, none that can be read, or those of another
/// portal: they are not ours to send anywhere.
pub(super) async fn read_tokens(paths: &Paths, shelf: &Shelf) -> Result<Option<Tokens>> {
    let path = token_file(paths, &shelf.session);
    for last in [false, true] {
        let Some(bytes) = read(&path)?.map(zeroize::Zeroizing::new) else {
            return Ok(None);
        };
        if is_foreign(&bytes, shelf) {
            tracing::warn!(
                session = shelf.session,
                "AWS's cache holds tokens of another portal"
            );
            return Ok(None);
        }
        match TokenFile::read(&bytes) {
            Some(tokens) => return Ok(Some(tokens)),
            None if last => break,
            None => tokio::time::sleep(TORN).await,
        }
    }
    tracing::warn!(
        session = shelf.session,
        "the token file of AWS's cache is not readable; taken as signed out"
    );
    Ok(None)
}

fn is_foreign(bytes: &[u8], shelf: &Shelf) -> bool {
    Origin::read(bytes).is_some_and(|origin| !origin.fits(&shelf.start_url, &shelf.region))
}

/// Refuses where the file is of another portal that uses the same session name.
pub(super) fn check_tokens(paths: &Paths, shelf: &Shelf) -> Result<()> {
    let path = token_file(paths, &shelf.session);
    let bytes = read(&path)?.map(zeroize::Zeroizing::new);
    if !bytes.is_some_and(|bytes| is_foreign(&bytes, shelf)) {
        return Ok(());
    }
    let session = &shelf.session;
    let message = format!(
        "AWS's token cache holds a sign-in of another access portal under the name `{session}`"
    );
    Err(Error::new(Code::ConfigConflict, message)
        .with_hint("add the session again under another name"))
}

pub(super) fn write_tokens(paths: &Paths, shelf: &Shelf, tokens: &Tokens) -> Result<()> {
    check_tokens(paths, shelf)?;
    let file = TokenFile::of(tokens, &shelf.start_url, &shelf.region);
    write(&token_file(paths, &shelf.session), &file.to_json())
}

/// Removes the tokens; those of another portal stay.
pub(super) fn remove_tokens(paths: &Paths, shelf: &Shelf) -> Result<()> {
    match check_tokens(paths, shelf) {
        Err(_) => Ok(()),
        Ok(()) => remove(&token_file(paths, &shelf.session)),
    }
}

/// Room for the next token file, so that a full disk is noticed before a refresh token is spent.
pub(super) fn reserve(paths: &Paths) -> Result<impl Send + use<>> {
    let folder = &paths.sso_cache;
    files::private_folder(folder).map_err(|error| failed("made", folder, error))?;
    files::reserve(folder, 16 * 1024).map_err(|error| failed("written to", folder, error))
}

pub(super) fn read_role(
    paths: &Paths,
    session: &str,
    account_id: &str,
    role: &str,
) -> Result<Option<RoleCredentials>> {
    let bytes = read(&role_file(paths, session, account_id, role))?.map(zeroize::Zeroizing::new);
    let file: Option<RoleFile> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Ok(file.and_then(RoleFile::into_keys))
}

pub(super) fn write_role(
    paths: &Paths,
    session: &str,
    account_id: &str,
    role: &str,
    keys: &RoleCredentials,
) -> Result<()> {
    let json = serde_json::to_vec(&RoleFile::of(keys, account_id)).unwrap_or_default();
    write(
        &role_file(paths, session, account_id, role),
        &zeroize::Zeroizing::new(json),
    )
}

pub(super) fn remove_role(
    paths: &Paths,
    session: &str,
    account_id: &str,
    role: &str,
) -> Result<()> {
    remove(&role_file(paths, session, account_id, role))
}

fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    files::read(path).map_err(|error| failed("read", path, error))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    files::private_folder(folder).map_err(|error| failed("made", folder, error))?;
    files::replace(path, bytes, Mode::Private).map_err(|error| failed("written", path, error))
}

fn remove(path: &Path) -> Result<()> {
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
            name(token_file(&paths, "dev")),
            "34c6fceca75e456f25e7e99531e2425c6c1de443.json"
        );
        assert_eq!(
            name(role_file(&paths, "dev", "111122223333", "ReadOnly")),
            "ff8c4f6af29eaa4289208893d1b769b84f5d0eb8.json"
        );
    }
}
