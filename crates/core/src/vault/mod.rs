//! Where secrets rest and who may change them: `read`, and `under_lock` for every change.
//! It never decides whether something is due, and it talks to no service.

mod drawer;
mod held;
mod keychain;
mod mirrors;
mod moving;
mod roles;
mod shared;
#[cfg(test)]
mod tests;
mod tokens;
mod unsaved;
mod word;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::host::{Host, lock};
use crate::secrets::{Storage, Tokens};
use crate::settings::SessionSettings;
use crate::{Code, Result, settings};
use keychain::Keychain;
use mirrors::Mirrors;
use shared::{Content, Key};
use tokens::TokenFile;
use unsaved::Unsaved;

pub use held::{Held, Kept};
pub use mirrors::Mirror;
pub use moving::Move;
pub use roles::{Assignments, RoleTurn};
pub use shared::torn_files;

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
    /// In storage `shared`: the further files that show this sign-in to other tools.
    pub mirrors: Vec<Mirror>,
}

impl Shelf {
    /// A session as the settings name it, without the copies for other tools.
    pub fn of(session: &SessionSettings) -> Shelf {
        Shelf {
            session: session.name.clone(),
            storage: session.storage,
            start_url: session.start_url.clone(),
            region: session.region.clone(),
            mirrors: Vec::new(),
        }
    }

    /// The same session with its secrets at another storage.
    #[must_use]
    pub fn at(&self, storage: Storage) -> Shelf {
        Shelf {
            storage,
            ..self.clone()
        }
    }
}

/// An item that only shows whether the keychain takes any. No session has a space in its name.
const PROBE: &str = "write probe";

/// All secrets of this user's sessions. Clones share the connection to the keychain.
#[derive(Clone)]
pub struct Vault {
    host: Host,
    keychain: Keychain,
    unsaved: Unsaved,
}

impl Vault {
    /// The vault of this host. Nothing is opened before it is needed.
    pub fn new(host: &Host) -> Vault {
        let locks = host.paths.state.join("locks");
        let keychain = Keychain::new(service_name(host), host, locks);
        Vault {
            host: host.clone(),
            keychain,
            unsaved: Unsaved::default(),
        }
    }

    /// The tokens as they are now: the newest, where another tool has renewed one of the copies that
    /// it can see.
    ///
    /// # Errors
    /// The keychain is missing, locked or in trouble; a file cannot be read, or stays half-written.
    pub async fn read(&self, shelf: &Shelf) -> Result<Option<Tokens>> {
        match self.read_at(shelf).await? {
            Some(tokens) => Ok(Some(tokens)),
            // Another process may have moved them since this one read the settings.
            None => match self.settled(shelf) {
                Some(moved) => self.read_at(&moved).await,
                None => Ok(None),
            },
        }
    }

    async fn read_at(&self, shelf: &Shelf) -> Result<Option<Tokens>> {
        match self.read_at_rest(shelf).await {
            Ok(found) => Ok(self.unsaved.or_newer(&shelf.session, found)),
            Err(error) => self.unsaved.of(&shelf.session).map(Some).ok_or(error),
        }
    }

    async fn read_at_rest(&self, shelf: &Shelf) -> Result<Option<Tokens>> {
        match shelf.storage {
            Storage::Keychain => {
                let bytes = self.keychain.read(&shelf.session).await?;
                Ok(bytes.and_then(|bytes| TokenFile::read(&bytes)))
            }
            Storage::Shared => {
                let own = shared::read_tokens(&self.host.paths, shelf).await?;
                own.map(|own| self.mirrors(shelf).newest(own)).transpose()
            }
        }
    }

    /// The shelf by the settings as they are on disk, where they name another storage.
    fn settled(&self, shelf: &Shelf) -> Option<Shelf> {
        let settings = settings::load(&self.host).ok()?;
        let storage = settings.session(&shelf.session).ok()?.storage;
        (storage != shelf.storage).then(|| shelf.at(storage))
    }

    /// Writes renewed tokens that could not be written when they came, if there are any.
    ///
    /// # Errors
    /// As of `read`.
    pub async fn save_unsaved(&self, shelf: &Shelf) -> Result<()> {
        if self.unsaved.of(&shelf.session).is_none() {
            return Ok(());
        }
        let held = self.under_lock(shelf).await?;
        match held.tokens().await? {
            Some(tokens) => held.save(&tokens).await,
            None => Ok(()),
        }
    }

    /// Whether secrets can rest there at all, asked before a sign-in is begun. Only writing shows
    /// that a keychain is unlocked: to a reader a locked one may look empty. Only reading shows that it
    /// holds no two items of this session's name.
    ///
    /// # Errors
    /// As of `read`; `ConfigConflict` where AWS's cache holds another portal's sign-in of this name.
    pub async fn check(&self, shelf: &Shelf) -> Result<()> {
        match shelf.storage {
            Storage::Keychain => {
                let nothing = Zeroizing::new(b"Daypass was here".to_vec());
                self.keychain.write(PROBE, nothing).await?;
                self.keychain.remove(PROBE).await?;
                self.keychain.read(&shelf.session).await.map(drop)
            }
            Storage::Shared => shared::check_tokens(&self.host.paths, shelf),
        }
    }

    /// Removes what the keychain still holds under our name, once all sessions are signed out: items of
    /// sessions that were forgotten while it was locked. How many there were; none where there is no
    /// keychain.
    ///
    /// # Errors
    /// The keychain is locked or in trouble.
    pub async fn remove_strays(&self) -> Result<usize> {
        match self.keychain.remove_all().await {
            Err(error) if error.code() == Code::KeychainMissing => Ok(0),
            answer => answer,
        }
    }

    /// Waits until no other process changes this session's tokens, and keeps them out.
    ///
    /// # Errors
    /// The lock file cannot be made, or is held for over a minute.
    pub async fn under_lock<'a>(&'a self, shelf: &'a Shelf) -> Result<Held<'a>> {
        if let Err(error) = self.settle().await {
            tracing::warn!(
                ?error,
                "a move of secrets that broke off is still not ended"
            );
        }
        let lock = self.lock_tokens(&shelf.session).await?;
        Ok(Held::new(self, shelf, self.settled(shelf), lock))
    }

    async fn lock_tokens(&self, session: &str) -> Result<lock::Lock> {
        lock::take(&self.locks(), &format!("tokens/{session}")).await
    }

    /// Brings the copies that other tools read in line with the newest tokens: files that are
    /// missing, of profiles that are new, or of a renewal that broke off.
    ///
    /// # Errors
    /// As of `read`.
    pub async fn spread(&self, shelf: &Shelf) -> Result<()> {
        if shelf.storage != Storage::Shared || shelf.mirrors.is_empty() {
            return Ok(());
        }
        let lags = |tokens: &Option<Tokens>| match tokens {
            Some(tokens) => self.mirrors(shelf).lag(tokens),
            None => Ok(false),
        };
        if !lags(&self.read_at(shelf).await?)? {
            return Ok(());
        }
        let held = self.under_lock(shelf).await?;
        match held.tokens().await? {
            Some(tokens) => held.save(&tokens).await,
            None => Ok(()),
        }
    }

    /// The tokens in one further file of AWS's cache, whosever they are.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read_mirror(&self, shelf: &Shelf, mirror: &Mirror) -> Result<Option<Tokens>> {
        let content = shared::content(&self.host.paths, shelf, Key::of(mirror))?;
        Ok(match content {
            Content::Tokens(tokens) => Some(tokens),
            Content::Absent | Content::Torn | Content::Useless | Content::Foreign => None,
        })
    }

    /// Whether AWS's cache has no file of this session name.
    pub fn is_free(&self, session: &str) -> bool {
        !shared::token_file(&self.host.paths, Key::Name(session)).exists()
    }

    fn mirrors<'a>(&'a self, shelf: &'a Shelf) -> Mirrors<'a> {
        Mirrors::of(&self.host.paths, shelf, self.host.clock.now())
    }

    fn locks(&self) -> std::path::PathBuf {
        self.host.paths.state.join("locks")
    }
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
