//! Where secrets rest and who may change them: `read`, and `under_lock` for every change.
//! It never decides whether something is due, and it talks to no service.

mod keychain;
mod shared;
mod tokens;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::host::files::{self, Mode};
use crate::host::{Host, lock};
use crate::secrets::{RoleCredentials, Storage, Tokens};
use crate::{Code, Error, Result};
use keychain::Keychain;
use tokens::{RoleFile, RoleItem, TokenFile};

/// What names a session to the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// The session's name.
    pub session: String,
    /// Where its secrets rest.
    pub storage: Storage,
    /// For the token file, which other tools read.
    pub start_url: String,
    /// For the token file, which other tools read.
    pub region: String,
}

/// An item that only shows whether the keychain takes any. No session has a space in its name.
const PROBE: &str = "write probe";

/// All secrets of this user's sessions. Clones share the connection to the keychain.
#[derive(Clone)]
pub struct Vault {
    host: Host,
    keychain: Keychain,
}

/// The right to change one session's tokens; no other process has it meanwhile.
pub struct Held<'a> {
    vault: &'a Vault,
    shelf: &'a Shelf,
    _lock: lock::Lock,
}

impl Vault {
    /// The vault of this host. Nothing is opened before it is needed.
    pub fn new(host: &Host) -> Vault {
        let locks = host.paths.state.join("locks");
        let keychain = Keychain::new(service_name(host), host.keychain_patience, locks);
        Vault {
            host: host.clone(),
            keychain,
        }
    }

    /// The tokens as they are now.
    ///
    /// # Errors
    /// The keychain is missing, locked or in trouble; a file cannot be read.
    pub async fn read(&self, shelf: &Shelf) -> Result<Option<Tokens>> {
        match shelf.storage {
            Storage::Keychain => {
                let bytes = self.keychain.read(&shelf.session).await?;
                Ok(bytes.and_then(|bytes| TokenFile::read(&bytes)))
            }
            Storage::Shared => shared::read_tokens(&self.host.paths, shelf).await,
        }
    }

    /// Whether secrets can rest there at all, asked before a sign-in is begun. Only writing shows
    /// that a keychain is unlocked: to a reader a locked one may look empty.
    ///
    /// # Errors
    /// As of `read`.
    pub async fn check(&self, shelf: &Shelf) -> Result<()> {
        match shelf.storage {
            Storage::Keychain => {
                let nothing = Zeroizing::new(b"Daypass was here".to_vec());
                self.keychain.write(PROBE, nothing).await?;
                self.keychain.remove(PROBE).await
            }
            Storage::Shared => shared::check_tokens(&self.host.paths, shelf),
        }
    }

    /// Waits until no other process changes this session's tokens, and keeps them out.
    ///
    /// # Errors
    /// The lock file cannot be made, or is held for over a minute.
    pub async fn under_lock<'a>(&'a self, shelf: &'a Shelf) -> Result<Held<'a>> {
        let lock = lock::take(&self.locks(), &format!("tokens/{}", shelf.session)).await?;
        Ok(Held {
            vault: self,
            shelf,
            _lock: lock,
        })
    }

    /// Waits until no other process fetches these role credentials; hold the result while fetching.
    ///
    /// # Errors
    /// As of `under_lock`.
    pub async fn under_role_lock(
        &self,
        shelf: &Shelf,
        account_id: &str,
        role: &str,
    ) -> Result<impl Send + use<>> {
        // One keychain item holds all of a session, so all of it is locked; files are apart.
        let name = match shelf.storage {
            Storage::Keychain => format!("roles/{}", shelf.session),
            Storage::Shared => format!("roles/{}/{account_id}/{role}", shelf.session),
        };
        lock::take(&self.locks(), &name).await
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
                shared::read_role(&self.host.paths, &shelf.session, account_id, role)
            }
        }
    }

    /// Keeps role credentials; call it under the role lock.
    ///
    /// # Errors
    /// As of `read`.
    pub async fn write_role(
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
                let json = Zeroizing::new(serde_json::to_vec(&item).unwrap_or_default());
                self.keychain.write(&role_item_name(shelf), json).await
            }
            Storage::Shared => {
                self.note_role(shelf, account_id, role).await?;
                shared::write_role(&self.host.paths, &shelf.session, account_id, role, keys)
            }
        }
    }

    /// Remembers which files of the AWS CLI's cache are to be erased with the session: their names are
    /// digests, which tell nobody.
    async fn note_role(&self, shelf: &Shelf, account_id: &str, role: &str) -> Result<()> {
        let _lock = lock::take(&self.locks(), "held-roles").await?;
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

    fn held_roles(&self, shelf: &Shelf) -> BTreeSet<(String, String)> {
        let bytes = files::read(&self.held_roles_file(shelf)).ok().flatten();
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    fn held_roles_file(&self, shelf: &Shelf) -> std::path::PathBuf {
        self.host
            .paths
            .state
            .join("held-roles")
            .join(format!("{}.json", shelf.session))
    }

    async fn role_item(&self, shelf: &Shelf) -> Result<RoleItem> {
        let bytes = self.keychain.read(&role_item_name(shelf)).await?;
        Ok(bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default())
    }

    fn locks(&self) -> std::path::PathBuf {
        self.host.paths.state.join("locks")
    }
}

impl Held<'_> {
    /// The tokens as they are now, read again under the lock.
    ///
    /// # Errors
    /// As of `Vault::read`.
    pub async fn tokens(&self) -> Result<Option<Tokens>> {
        self.vault.read(self.shelf).await
    }

    /// Keeps new tokens.
    ///
    /// # Errors
    /// As of `Vault::read`.
    pub async fn save(&self, tokens: &Tokens) -> Result<()> {
        self.save_elsewhere(self.shelf, tokens).await
    }

    /// Keeps tokens at another place of the same session, on their way there.
    ///
    /// # Errors
    /// As of `Vault::read`.
    pub async fn save_elsewhere(&self, shelf: &Shelf, tokens: &Tokens) -> Result<()> {
        match shelf.storage {
            Storage::Keychain => {
                let json = TokenFile::of(tokens, &shelf.start_url, &shelf.region).to_json();
                self.vault.keychain.write(&shelf.session, json).await
            }
            Storage::Shared => shared::write_tokens(&self.vault.host.paths, shelf, tokens),
        }
    }

    /// Takes tokens away again from another place of the same session.
    ///
    /// # Errors
    /// As of `Vault::read`.
    pub async fn erase_elsewhere(&self, shelf: &Shelf) -> Result<()> {
        match shelf.storage {
            Storage::Keychain => self.vault.keychain.remove(&shelf.session).await,
            Storage::Shared => shared::remove_tokens(&self.vault.host.paths, shelf),
        }
    }

    /// Makes sure that new tokens could be kept, before the old ones are spent; hold the result until
    /// they are.
    ///
    /// # Errors
    /// As of `Vault::read`.
    pub async fn reserve(&self) -> Result<impl Send + use<>> {
        match self.shelf.storage {
            Storage::Keychain => self.vault.check(self.shelf).await.map(|()| None),
            Storage::Shared => shared::reserve(&self.vault.host.paths).map(Some),
        }
    }

    /// Erases the tokens; role credentials last until their own end.
    ///
    /// # Errors
    /// As of `Vault::read`.
    pub async fn erase_tokens(&self) -> Result<()> {
        self.erase_elsewhere(self.shelf).await
    }

    /// Erases the tokens and all role credentials of the session. `assignments` are the pairs of
    /// account id and role whose files may exist in the AWS CLI's cache.
    ///
    /// # Errors
    /// As of `Vault::read`; what can be erased is erased all the same.
    pub async fn erase(&self, assignments: &BTreeSet<(String, String)>) -> Result<()> {
        let session = &self.shelf.session;
        let tokens = self.erase_tokens().await;
        match self.shelf.storage {
            Storage::Keychain => tokens.and(
                self.vault
                    .keychain
                    .remove(&role_item_name(self.shelf))
                    .await,
            ),
            Storage::Shared => {
                let paths = &self.vault.host.paths;
                let held = self.vault.held_roles(self.shelf);
                let roles = assignments.union(&held).map(|(account_id, role)| {
                    shared::remove_role(paths, session, account_id, role)
                });
                let erased = roles.fold(tokens, |so_far, next| so_far.and(next));
                if erased.is_ok() {
                    let _ = files::remove(&self.vault.held_roles_file(self.shelf));
                }
                erased
            }
        }
    }
}

fn role_key(account_id: &str, role: &str) -> String {
    format!("{account_id}/{role}")
}

fn role_item_name(shelf: &Shelf) -> String {
    format!("{} role credentials", shelf.session)
}

/// A second set of settings has a second set of keychain items: two sessions of one name stay apart.
fn service_name(host: &Host) -> String {
    match host.env.get("DAYPASS_CONFIG_DIR") {
        None => "Daypass".into(),
        Some(folder) => {
            format!(
                "Daypass {}",
                &hex::encode(Sha256::digest(folder.as_bytes()))[..12]
            )
        }
    }
}
