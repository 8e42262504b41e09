//! The copy of the account list on disk: versioned, without secrets, written in one step.
//! One that cannot be read is set aside and made anew.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Account, AccountList, Roles};
use crate::host::Host;
use crate::host::files::{self, Mode};
use crate::{Code, Error, Result};

const VERSION: u32 = 1;

#[derive(Deserialize, Serialize)]
struct File {
    version: u32,
    /// The portal that it is of: a session of the same name at another portal does not get it.
    start_url: String,
    updated_at: Option<Timestamp>,
    complete: bool,
    accounts: Vec<Entry>,
}

#[derive(Deserialize, Serialize)]
struct Entry {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Absent where they were never read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
}

/// The copy of a session's list; an empty list where there is none.
pub fn load(host: &Host, session: &str, start_url: &str) -> AccountList {
    let path = path(host, session);
    let Ok(Some(bytes)) = files::read(&path) else {
        return AccountList::default();
    };
    match serde_json::from_slice::<File>(&bytes) {
        Ok(file) if file.version == VERSION && file.start_url == start_url => file.into_list(),
        Ok(file) if file.version <= VERSION => AccountList::default(),
        _ => {
            let aside =
                path.with_extension(format!("json.corrupt-{}", host.clock.now().as_second()));
            tracing::warn!(path = %path.display(), aside = %aside.display(), "the copy is unreadable; set aside");
            let _ = std::fs::rename(&path, aside);
            AccountList::default()
        }
    }
}

/// Replaces the copy.
///
/// # Errors
/// `StorageFailed`; the list in memory is as good as before.
pub fn save(host: &Host, session: &str, start_url: &str, list: &AccountList) -> Result<()> {
    let path = path(host, session);
    let json = serde_json::to_vec(&File::of(start_url, list)).unwrap_or_default();
    files::private_folder(path.parent().unwrap_or(&path))
        .and_then(|()| files::replace(&path, &json, Mode::Private))
        .map_err(|error| {
            let message = format!("the copy of the list of `{session}` could not be written");
            Error::new(Code::StorageFailed, message).because(error)
        })
}

/// Removes the copy of a session that is removed.
pub fn remove(host: &Host, session: &str) {
    let _ = files::remove(&path(host, session));
}

/// Session names have only characters that are fit for file names.
fn path(host: &Host, session: &str) -> PathBuf {
    host.paths
        .cache
        .join("accounts")
        .join(format!("{session}.json"))
}

impl File {
    fn of(start_url: &str, list: &AccountList) -> File {
        let entries = list.accounts.iter().map(|account| Entry {
            id: account.id.clone(),
            name: account.name.clone(),
            email: account.email.clone(),
            roles: match &account.roles {
                Roles::Unread => None,
                Roles::Read(roles) | Roles::Failed(roles) => Some(roles.clone()),
            },
        });
        File {
            version: VERSION,
            start_url: start_url.to_owned(),
            updated_at: list.updated_at,
            complete: list.complete,
            accounts: entries.collect(),
        }
    }

    fn into_list(self) -> AccountList {
        let accounts = self.accounts.into_iter().map(|entry| Account {
            id: entry.id,
            name: entry.name,
            email: entry.email,
            roles: entry.roles.map_or(Roles::Unread, Roles::Read),
        });
        AccountList {
            accounts: accounts.collect(),
            updated_at: self.updated_at,
            complete: self.complete,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Clock, Env};

    fn host(folder: &std::path::Path) -> Host {
        Host::fake(folder, Env::table::<String, String>([]), Clock::real())
    }

    fn list() -> AccountList {
        let account = |id: &str, name: Option<&str>, roles| Account {
            id: id.into(),
            name: name.map(Into::into),
            email: None,
            roles,
        };
        AccountList {
            accounts: vec![
                account(
                    "000000000001",
                    Some("<b>a\u{202e}"),
                    Roles::Read(vec!["ReadOnly".into()]),
                ),
                account("000000000002", None, Roles::Unread),
            ],
            updated_at: Some("2026-03-02T09:00:00Z".parse().unwrap()),
            complete: false,
        }
    }

    #[test]
    fn what_is_saved_is_loaded_for_the_same_portal_only() {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path());
        save(&host, "work", "https://a", &list()).unwrap();
        assert_eq!(load(&host, "work", "https://a"), list());
        assert_eq!(load(&host, "work", "https://b"), AccountList::default());
        assert_eq!(load(&host, "other", "https://a"), AccountList::default());
    }

    #[test]
    fn a_corrupt_copy_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path());
        save(&host, "work", "https://a", &list()).unwrap();
        std::fs::rename(path(&host, "work"), folder.path().join("whole")).unwrap();
        let torn = &std::fs::read(folder.path().join("whole")).unwrap()[..40];
        files::replace(&path(&host, "work"), torn, Mode::Private).unwrap();
        assert_eq!(load(&host, "work", "https://a"), AccountList::default());
        let kept: Vec<_> = std::fs::read_dir(host.paths.cache.join("accounts"))
            .unwrap()
            .collect();
        assert_eq!(kept.len(), 1, "the bytes are kept aside");
        save(&host, "work", "https://a", &list()).unwrap();
        assert_eq!(load(&host, "work", "https://a"), list());
    }
}
