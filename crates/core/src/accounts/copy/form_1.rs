//! The form of the copy, version 1: read where an earlier Daypass wrote it, and never written.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Copy, form};
use crate::accounts::{Account, AccountList, Roles};

#[derive(Deserialize)]
struct File {
    start_url: String,
    updated_at: Option<Timestamp>,
    complete: bool,
    accounts: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    name: Option<String>,
    email: Option<String>,
    /// Absent where they were never read.
    roles: Option<Vec<String>>,
}

/// The copy in these bytes and the start URL of its portal; `None` where they are no copy.
pub(super) fn parse(bytes: &[u8]) -> Option<(String, Copy)> {
    let file: File = serde_json::from_slice(bytes).ok()?;
    let accounts = file.accounts.into_iter().map(|entry| Account {
        id: entry.id,
        name: entry.name,
        email: entry.email,
        roles: entry.roles.map_or(Roles::Unread, Roles::Read),
    });
    let list = form::made_sound(AccountList {
        accounts: accounts.collect(),
        updated_at: file.updated_at,
        complete: file.complete,
    });
    let copy = Copy {
        list,
        unfinished: None,
    };
    Some((file.start_url, copy))
}
