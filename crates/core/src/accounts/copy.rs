//! The copy of the account list on disk: versioned, without secrets, written in one step, with the
//! reading that was under way. One that cannot be read is set aside and made anew.

mod form;
mod form_1;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::SystemTime;

use super::AccountList;
use super::listing::Unfinished;
use crate::host::Host;
use crate::host::files::{self, Mode};
use crate::{Code, Error, Result};

/// How many unreadable copies of a session are kept aside.
const KEPT_ASIDE: usize = 3;

/// What rests on disk of a session's list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Copy {
    /// The list.
    pub list: AccountList,
    /// A reading that has not come to its end, where there is one.
    pub unfinished: Option<Unfinished>,
}

/// Tells one state of a copy from another.
pub type Stamp = Option<(SystemTime, u64)>;

/// The list in the copy of a session; an empty list where there is none.
pub fn load(host: &Host, session: &str, start_url: &str) -> AccountList {
    load_whole(host, session, start_url).list
}

/// The copy of a session; an empty one where there is none, or one of another portal.
pub fn load_whole(host: &Host, session: &str, start_url: &str) -> Copy {
    let path = path(host, session);
    let bytes = match files::read(&path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Copy::default(),
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "the copy of the list cannot be read");
            return Copy::default();
        }
    };
    match form::parse(&bytes) {
        Some((portal, copy)) if portal == start_url => copy,
        Some(_) => Copy::default(),
        None => {
            let aside = files::set_aside(&path, host.clock.now(), KEPT_ASIDE);
            tracing::warn!(path = %path.display(), ?aside, "the copy of the list is unreadable; set aside");
            Copy::default()
        }
    }
}

/// Replaces the copy by a list that is as good as it will be.
///
/// # Errors
/// `StorageFailed`; the list in memory is as good as before.
pub fn save(host: &Host, session: &str, start_url: &str, list: &AccountList) -> Result<()> {
    save_whole(host, session, start_url, list, None)
}

/// Replaces the copy, with the reading that is under way.
///
/// # Errors
/// `StorageFailed`; the list in memory is as good as before.
pub fn save_whole(
    host: &Host,
    session: &str,
    start_url: &str,
    list: &AccountList,
    unfinished: Option<&Unfinished>,
) -> Result<()> {
    let path = path(host, session);
    let bytes = form::print(start_url, list, unfinished);
    files::private_folder(path.parent().unwrap_or(&path))
        .and_then(|()| files::replace(&path, &bytes, Mode::Private))
        .map_err(|error| {
            let message = format!("the copy of the list of `{session}` could not be written");
            Error::new(Code::StorageFailed, message).because(error)
        })
}

/// Which state the copy of a session is in.
pub fn stamp(host: &Host, session: &str) -> Stamp {
    files::stamp(&path(host, session))
}

/// Removes the copy of a session that is removed.
pub fn remove(host: &Host, session: &str) {
    let _ = files::remove(&path(host, session));
}

/// Session names have only characters that are fit for file names.
fn path(host: &Host, session: &str) -> PathBuf {
    let folder = host.paths.cache.join("accounts");
    folder.join(format!("{session}.json"))
}
