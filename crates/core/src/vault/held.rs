//! The right to change one session's tokens, and every change that is made of them.

use std::borrow::Cow;

use jiff::Timestamp;

use super::roles::Assignments;
use super::tokens::TokenFile;
use super::{Shelf, Vault, shared, word};
use crate::host::lock;
use crate::secrets::{Storage, Tokens};
use crate::{Error, Result};

/// What became of renewed tokens.
#[derive(Debug)]
pub enum Kept {
    /// They are kept.
    Ours,
    /// A tool without our lock has put these there meanwhile, which come after them.
    Theirs(Tokens),
    /// The session was signed out meanwhile.
    SignedOut,
}

/// The right to change one session's tokens; no other process has it meanwhile.
pub struct Held<'a> {
    vault: &'a Vault,
    shelf: Cow<'a, Shelf>,
    lock: lock::Lock,
}

impl<'a> Held<'a> {
    pub(super) fn new(
        vault: &'a Vault,
        shelf: &'a Shelf,
        moved: Option<Shelf>,
        lock: lock::Lock,
    ) -> Held<'a> {
        Held {
            vault,
            shelf: moved.map_or(Cow::Borrowed(shelf), Cow::Owned),
            lock,
        }
    }

    /// The tokens as they are now, read again under the lock.
    ///
    /// # Errors
    /// As of `Vault::read`.
    pub async fn tokens(&self) -> Result<Option<Tokens>> {
        self.vault.read_at(&self.shelf).await
    }

    /// Keeps new tokens.
    ///
    /// # Errors
    /// As of `Vault::read`.
    pub async fn save(&self, tokens: &Tokens) -> Result<()> {
        self.vault.write_tokens(&self.shelf, tokens).await
    }

    /// Keeps tokens that the spent ones were renewed to, unless a tool without our lock has put others
    /// there since the spent ones were read, or has signed out.
    ///
    /// # Errors
    /// As of `Vault::read`.
    pub async fn keep_renewed(&self, renewed: &Tokens, spent: &Tokens) -> Result<Kept> {
        match self.tokens().await {
            Ok(None) if self.shelf.storage == Storage::Shared => return Ok(Kept::SignedOut),
            Ok(Some(found))
                if found.access_token != spent.access_token
                    && self.vault.mirrors(&self.shelf).comes_after(&found, renewed) =>
            {
                return Ok(Kept::Theirs(found));
            }
            // What cannot be read, or stays half-written, is replaced by what is known to be good.
            Ok(_) | Err(_) => {}
        }
        let saved = self.save(renewed).await;
        if saved.is_err() {
            self.vault.unsaved.hold(&self.shelf.session, renewed);
        }
        saved.map(|()| Kept::Ours)
    }

    /// Makes sure that new tokens could be kept, before the old ones are spent; hold the result until
    /// they are.
    ///
    /// # Errors
    /// As of `Vault::read`.
    pub async fn reserve(&self) -> Result<impl Send + use<>> {
        match self.shelf.storage {
            Storage::Keychain => self.vault.check(&self.shelf).await.map(|()| None),
            Storage::Shared => shared::reserve(&self.vault.host.paths, &self.shelf).map(Some),
        }
    }

    /// Tells the processes that wait for this lock why a renewal did not work.
    pub fn note_trouble(&self, error: &Error, now: Timestamp) {
        word::leave(&self.lock, error, now);
    }

    /// The trouble that another process had with a renewal since this moment, if any.
    pub fn trouble_since(&self, moment: Timestamp) -> Option<Error> {
        let message = "another process could not renew the sign-in just now";
        word::since(&self.lock, moment, message)
    }

    /// Erases the tokens; role credentials last until their own end.
    ///
    /// # Errors
    /// As of `Vault::read`.
    pub async fn erase_tokens(&self) -> Result<()> {
        self.vault.remove_tokens(&self.shelf).await
    }

    /// Erases all role credentials of the session: whoever signs in next may be somebody else.
    /// `assignments` are those whose files may exist in the AWS CLI's cache.
    ///
    /// # Errors
    /// As of `Vault::read`; what can be erased is erased all the same.
    pub async fn erase_roles(&self, assignments: &Assignments) -> Result<()> {
        let _writers = self
            .vault
            .keep_role_writers_out(&self.shelf.session)
            .await?;
        self.vault.remove_roles(&self.shelf, assignments).await
    }

    /// Erases the tokens and all role credentials of the session. `assignments` are those whose
    /// files may exist in the AWS CLI's cache.
    ///
    /// # Errors
    /// As of `Vault::read`; what can be erased is erased all the same.
    pub async fn erase(&self, assignments: &Assignments) -> Result<()> {
        let _writers = self
            .vault
            .keep_role_writers_out(&self.shelf.session)
            .await?;
        self.vault.remove_all(&self.shelf, assignments).await
    }
}

impl Vault {
    /// Every file of AWS's cache that may have the tokens gets them, the session's own first: it is
    /// the one that counts.
    pub(super) async fn write_tokens(&self, shelf: &Shelf, tokens: &Tokens) -> Result<()> {
        match shelf.storage {
            Storage::Keychain => {
                let json = TokenFile::of(tokens, &shelf.start_url, &shelf.region).to_json();
                self.keychain.write(&shelf.session, json).await?;
            }
            Storage::Shared => {
                let mirrors = self.mirrors(shelf);
                let noted = mirrors.note(tokens);
                shared::write_tokens(&self.host.paths, shelf, tokens)?;
                // Without a note of whose they are, copies would be strangers to us.
                if let Err(error) = noted.and_then(|()| mirrors.write(tokens)) {
                    tracing::warn!(?error, session = shelf.session, "a copy is not up to date");
                }
            }
        }
        self.unsaved.forget(&shelf.session);
        Ok(())
    }

    pub(super) async fn remove_tokens(&self, shelf: &Shelf) -> Result<()> {
        self.unsaved.forget(&shelf.session);
        match shelf.storage {
            Storage::Keychain => self.keychain.remove(&shelf.session).await,
            Storage::Shared => {
                let own = shared::read_tokens(&self.host.paths, shelf).await;
                let mirrors = self.mirrors(shelf).remove(own.ok().flatten().as_ref());
                // The session's own file is the last: until it is gone, the erasing can be repeated.
                mirrors.and(shared::remove_tokens(&self.host.paths, shelf))
            }
        }
    }

    pub(super) async fn remove_all(&self, shelf: &Shelf, assignments: &Assignments) -> Result<()> {
        // Role credentials first: which of them are ours is told by the tokens.
        let roles = self.remove_roles(shelf, assignments).await;
        let erased = self.remove_tokens(shelf).await.and(roles);
        if erased.is_ok() && shelf.storage == Storage::Shared {
            self.mirrors(shelf).forget();
            self.forget_roles(shelf);
        }
        erased
    }
}
