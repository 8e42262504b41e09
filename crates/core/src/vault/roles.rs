//! Role credentials at rest: they lie where the session's tokens lie.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::shared::{self, Key};
use super::tokens::{RoleFile, RoleItem};
use super::{Shelf, Vault, word};
use crate::host::files::{self, Mode};
use crate::host::lock;
use crate::secrets::{RoleCredentials, Storage};
use crate::{Code, Error, Result};

/// Pairs of account id and role.
pub type Assignments = BTreeSet<(String, String)>;

/// The right to fetch the role credentials of one assignment; no other process has it meanwhile.
pub struct RoleTurn(lock::Lock);

impl RoleTurn {
    /// Tells the processes that wait that there is something new.
    pub fn note_success(&self, now: Timestamp) {
        word::leave_success(&self.0, now);
    }

    /// Whether another process has done anything with it since this moment.
    pub fn was_used_since(&self, moment: Timestamp) -> bool {
        word::is_since(&self.0, moment)
    }

    /// Tells the processes that wait why nothing was fetched.
    pub fn note_trouble(&self, error: &Error, now: Timestamp) {
        word::leave(&self.0, error, now);
    }

    /// The trouble that another process had since this moment, if any.
    pub fn trouble_since(&self, moment: Timestamp) -> Option<Error> {
        let message = "another process could not fetch the role credentials just now";
        word::since(&self.0, moment, message)
    }
}

impl Vault {
    /// The right to fetch these role credentials; `None` where another process had it and has come to
    /// an end with it just now: what it fetched rests here then.
    ///
    /// # Errors
    /// As of `under_lock`.
    pub async fn role_turn(
        &self,
        shelf: &Shelf,
        account_id: &str,
        role: &str,
    ) -> Result<Option<RoleTurn>> {
        let name = format!("roles/{}/{account_id}/{role}", shelf.session);
        let lock = lock::take_or_wait(&self.locks(), &name).await?;
        Ok(lock.map(RoleTurn))
    }

    /// The role credentials that rest here, whatever their age.
    ///
    /// # Errors
    /// As of `read`.
    pub async fn read_role(
        &self,
        shelf: &Shelf,
        account_id: &str,
        role: &str,
    ) -> Result<Option<RoleCredentials>> {
        match shelf.storage {
            Storage::Keychain => {
                let mut item = self.role_item(shelf).await?;
                Ok(item
                    .remove(&role_key(account_id, role))
                    .and_then(RoleFile::into_keys))
            }
            Storage::Shared => {
                let key = Key::Name(&shelf.session);
                shared::read_role(&self.host.paths, key, account_id, role)
            }
        }
    }

    /// Keeps role credentials; call it with the right to fetch them. Where the session was moved since
    /// they were asked for, they are not kept, and neither where it was signed out: tells whether anybody
    /// is signed in.
    ///
    /// # Errors
    /// As of `read`.
    pub async fn write_role(
        &self,
        shelf: &Shelf,
        account_id: &str,
        role: &str,
        keys: &RoleCredentials,
    ) -> Result<bool> {
        let _erasers = self.keep_role_writers_out(&shelf.session).await?;
        let moved = self.settled(shelf);
        let signed_in = self.read_at(moved.as_ref().unwrap_or(shelf)).await?;
        if signed_in.is_some() && moved.is_none() {
            self.put_role(shelf, account_id, role, keys).await?;
        }
        Ok(signed_in.is_some())
    }

    async fn put_role(
        &self,
        shelf: &Shelf,
        account_id: &str,
        role: &str,
        keys: &RoleCredentials,
    ) -> Result<()> {
        match shelf.storage {
            Storage::Keychain => {
                let mut item = self.role_item(shelf).await?;
                let now = self.host.clock.now();
                item.retain(|_, file| file.expires_after(now));
                item.insert(role_key(account_id, role), RoleFile::of(keys, account_id));
                self.write_role_item(shelf, &item).await
            }
            Storage::Shared => {
                self.note_role(shelf, account_id, role)?;
                let key = Key::Name(&shelf.session);
                shared::write_role(&self.host.paths, key, account_id, role, keys)
            }
        }
    }

    /// Between a look at the session and a write of role credentials nobody erases or moves them.
    pub(super) async fn keep_role_writers_out(&self, session: &str) -> Result<lock::Lock> {
        lock::take(&self.locks(), &format!("role-writers/{session}")).await
    }

    /// All role credentials that have not ended; `assignments` are those whose files may exist in
    /// the AWS CLI's cache beside the ones that are written down.
    pub(super) async fn all_roles(
        &self,
        shelf: &Shelf,
        assignments: &Assignments,
    ) -> Result<Vec<(String, String, RoleCredentials)>> {
        let known = match shelf.storage {
            Storage::Keychain => {
                let item = self.role_item(shelf).await?;
                let pairs = item.keys().filter_map(|key| key.split_once('/'));
                pairs
                    .map(|(account_id, role)| (account_id.to_owned(), role.to_owned()))
                    .collect()
            }
            Storage::Shared => self.role_files(shelf, assignments),
        };
        let mut found = Vec::new();
        for (account_id, role) in known {
            if let Some(keys) = self.read_role(shelf, &account_id, &role).await?
                && keys.expires_at > self.host.clock.now()
            {
                found.push((account_id, role, keys));
            }
        }
        Ok(found)
    }

    pub(super) async fn write_all_roles(
        &self,
        shelf: &Shelf,
        roles: &[(String, String, RoleCredentials)],
    ) -> Result<()> {
        for (account_id, role, keys) in roles {
            self.put_role(shelf, account_id, role, keys).await?;
        }
        Ok(())
    }

    /// Erases all role credentials of a session, those of the AWS CLI under its mirrors included.
    pub(super) async fn remove_roles(
        &self,
        shelf: &Shelf,
        assignments: &Assignments,
    ) -> Result<()> {
        match shelf.storage {
            Storage::Keychain => self.keychain.remove(&role_item_name(shelf)).await,
            Storage::Shared => {
                let own = shared::read_tokens(&self.host.paths, shelf).await;
                let mirrors = self.mirrors(shelf).ours(own.ok().flatten().as_ref());
                let mirrors = mirrors.unwrap_or_default();
                let keys = mirrors.iter().map(Key::of);
                let keys = keys.chain([Key::Name(&shelf.session)]);
                let assignments = self.role_files(shelf, assignments);
                keys.map(|key| self.remove_role_files(key, &assignments))
                    .fold(Ok(()), Result::and)
            }
        }
    }

    /// Erases single role credentials, by account id and role.
    ///
    /// # Errors
    /// As of `read`.
    pub async fn erase_roles_at(&self, shelf: &Shelf, places: &[(String, String)]) -> Result<()> {
        let _writers = self.keep_role_writers_out(&shelf.session).await?;
        let places = places.iter().cloned().collect();
        match shelf.storage {
            Storage::Shared => self.remove_role_files(Key::Name(&shelf.session), &places),
            Storage::Keychain => {
                let mut item = self.role_item(shelf).await?;
                let before = item.len();
                for (account_id, role) in &places {
                    item.remove(&role_key(account_id, role));
                }
                match item.len() == before {
                    true => Ok(()),
                    false => self.write_role_item(shelf, &item).await,
                }
            }
        }
    }

    pub(super) fn remove_role_files(&self, key: Key<'_>, assignments: &Assignments) -> Result<()> {
        let paths = &self.host.paths;
        let removed = assignments
            .iter()
            .map(|(account_id, role)| shared::remove_role(paths, key, account_id, role));
        removed.fold(Ok(()), Result::and)
    }

    /// Remembers which files of the AWS CLI's cache are to be erased with the session: their names are
    /// digests, which tell nobody.
    fn note_role(&self, shelf: &Shelf, account_id: &str, role: &str) -> Result<()> {
        let mut held = self.held_roles(shelf);
        if !held.insert((account_id.to_owned(), role.to_owned())) {
            return Ok(());
        }
        let path = self.held_roles_file(shelf);
        let json = serde_json::to_vec(&held).unwrap_or_default();
        files::private_folder(path.parent().unwrap_or(&path))
            .and_then(|()| files::replace(&path, &json, Mode::Private))
            .map_err(|error| {
                let message = "which role credentials are held could not be written down";
                Error::new(Code::StorageFailed, message).because(error)
            })
    }

    pub(super) fn role_files(&self, shelf: &Shelf, assignments: &Assignments) -> Assignments {
        assignments
            .union(&self.held_roles(shelf))
            .cloned()
            .collect()
    }

    fn held_roles(&self, shelf: &Shelf) -> Assignments {
        let bytes = files::read(&self.held_roles_file(shelf)).ok().flatten();
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Forgets which files were written; done once they are erased.
    pub(super) fn forget_roles(&self, shelf: &Shelf) {
        let _ = files::remove(&self.held_roles_file(shelf));
    }

    fn held_roles_file(&self, shelf: &Shelf) -> PathBuf {
        let folder = self.host.paths.state.join("held-roles");
        folder.join(format!("{}.json", shelf.session))
    }

    async fn role_item(&self, shelf: &Shelf) -> Result<RoleItem> {
        let bytes = self.keychain.read(&role_item_name(shelf)).await?;
        Ok(bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default())
    }

    async fn write_role_item(&self, shelf: &Shelf, item: &RoleItem) -> Result<()> {
        let json = Zeroizing::new(serde_json::to_vec(item).unwrap_or_default());
        self.keychain.write(&role_item_name(shelf), json).await
    }
}

fn role_key(account_id: &str, role: &str) -> String {
    format!("{account_id}/{role}")
}

fn role_item_name(shelf: &Shelf) -> String {
    format!("{} role credentials", shelf.session)
}
