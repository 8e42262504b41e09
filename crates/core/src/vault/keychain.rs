//! The OS keychain behind a deadline: some stores wait for a dialog that nobody sees.
//! Its errors may carry what was stored, so none of them is passed on as it is.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keyring_core::Error as Refusal;
use keyring_core::api::CredentialStore;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::drawer::Drawer;
use crate::host::{Clock, Host, lock};
use crate::{Code, Error, Result};

/// How many queues of our own processes there are: each call is several turns of three programs, which
/// many at once do quicker than one after the other, and too many at once so slowly that the keychain
/// looks as if it waited for its owner.
const QUEUES: u32 = 8;
/// How long to stand in one.
const QUEUE: Duration = Duration::from_secs(10);
/// How long a call may keep the others waiting: a keychain that is alive answers in less.
const SILENCE: Duration = Duration::from_secs(2);
/// Whose patience is longer waits for its own answer, also where others got none.
const LONG_PATIENCE: Duration = Duration::from_secs(5);

type Store = Arc<CredentialStore>;

/// The keychain of the user. Clones share the connection.
#[derive(Clone)]
pub(super) struct Keychain {
    /// The name under which our items stand.
    service: Arc<str>,
    patience: Duration,
    clock: Clock,
    locks: PathBuf,
    store: Arc<Mutex<Option<Store>>>,
}

impl Keychain {
    /// The keychain of a host, with our items under the name of `service`.
    pub(super) fn new(service: String, host: &Host, locks: PathBuf) -> Keychain {
        Keychain {
            service: service.into(),
            patience: host.keychain_patience,
            clock: host.clock.clone(),
            locks,
            store: Arc::default(),
        }
    }

    /// The item's bytes; `None` where there is no such item.
    pub(super) async fn read(&self, item: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.ask(item, |drawer, item| drawer.read(item)).await
    }

    pub(super) async fn write(&self, item: &str, bytes: Zeroizing<Vec<u8>>) -> Result<()> {
        self.ask(item, move |drawer, item| drawer.write(item, &bytes))
            .await
    }

    /// Removes an item; one that is not there is fine.
    pub(super) async fn remove(&self, item: &str) -> Result<()> {
        self.ask(item, |drawer, item| drawer.remove(item)).await
    }

    /// Removes every item of ours that the keychain finds; how many there were.
    pub(super) async fn remove_all(&self) -> Result<usize> {
        self.ask("", |drawer, _| drawer.remove_all()).await
    }

    /// On a thread of its own: a call that hangs is left behind, and the program can still end.
    async fn ask<T, F>(&self, item: &str, act: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Drawer, &str) -> std::result::Result<T, Refusal> + Send + 'static,
    {
        let turn = self.turn().await?;
        let deadline = Instant::now() + self.patience;
        let (answer, mut answered) = tokio::sync::oneshot::channel();
        let (keychain, item) = (self.clone(), item.to_owned());
        std::thread::spawn(move || answer.send(keychain.with_drawer(&item, act)).ok());
        let silence = SILENCE.min(self.patience);
        let answer = match tokio::time::timeout(silence, &mut answered).await {
            Err(_) => {
                self.tell_the_queue(turn);
                tokio::time::timeout_at(deadline, answered).await
            }
            answer => {
                forget_silence(turn.as_ref());
                answer
            }
        };
        match answer {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(Error::new(
                Code::KeychainFailed,
                "the keychain call broke off",
            )),
            Err(_) => Err(silent()),
        }
    }

    /// One call at a time for all our processes in a queue. Where the one before us got no answer, we
    /// get none either.
    async fn turn(&self) -> Result<Option<lock::Lock>> {
        let began = self.clock.now();
        // Without a place for locks there is no queue.
        let Ok(turn) = lock::take_within(&self.locks, &queue(), QUEUE).await else {
            return Ok(None);
        };
        let word = turn.word();
        let fell_silent = word
            .parse()
            .is_ok_and(|at: i64| at >= began.as_millisecond());
        if fell_silent && self.patience < LONG_PATIENCE {
            return Err(silent());
        }
        Ok(Some(turn))
    }

    /// Lets those behind us go, with the word that there is no answer.
    fn tell_the_queue(&self, turn: Option<lock::Lock>) {
        if let Some(turn) = turn {
            turn.leave_word(&self.clock.now().as_millisecond().to_string());
        }
    }

    fn with_drawer<T>(
        &self,
        item: &str,
        act: impl FnOnce(&Drawer, &str) -> std::result::Result<T, Refusal>,
    ) -> Result<T> {
        let drawer = Drawer::new(self.connected()?, self.service.clone());
        act(&drawer, item).map_err(|refusal| {
            // The service may have gone away: the next call connects anew.
            *self.store.lock().unwrap_or_else(PoisonError::into_inner) = None;
            explain(&refusal)
        })
    }

    /// Connects at each call until it worked: a service that starts later is found.
    fn connected(&self) -> Result<Store> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        match &*store {
            Some(store) => Ok(store.clone()),
            None => {
                let new = connect()?;
                *store = Some(new.clone());
                Ok(new)
            }
        }
    }
}

/// Numbers of processes that begin one after the other spread over all queues.
fn queue() -> String {
    format!("keychain/{}", std::process::id() % QUEUES)
}

/// There was an answer: those behind us can have one too.
fn forget_silence(turn: Option<&lock::Lock>) {
    if let Some(turn) = turn.filter(|turn| !turn.word().is_empty()) {
        turn.leave_word("");
    }
}

fn silent() -> Error {
    let message = "the keychain did not answer in time; it may wait for you to unlock it";
    Error::new(Code::KeychainLocked, message)
}

fn connect() -> Result<Store> {
    #[cfg(target_os = "linux")]
    let made = zbus_secret_service_keyring_store::Store::new();
    #[cfg(target_os = "macos")]
    let made = apple_native_keyring_store::keychain::Store::new();
    #[cfg(windows)]
    let made = windows_native_keyring_store::Store::new();
    match made {
        Ok(store) => Ok(store),
        Err(_) => Err(Error::new(
            Code::KeychainMissing,
            "no keychain could be reached",
        )),
    }
}

/// Our own words for a refusal: the original may quote what was stored.
fn explain(refusal: &Refusal) -> Error {
    match refusal {
        Refusal::NoStorageAccess(_) => Error::new(Code::KeychainLocked, "the keychain is locked"),
        Refusal::NoDefaultStore => {
            Error::new(Code::KeychainMissing, "no keychain could be reached")
        }
        Refusal::Ambiguous(_) => Error::new(
            Code::KeychainFailed,
            "the keychain holds several items of the same name for Daypass",
        ),
        Refusal::BadEncoding(_) | Refusal::BadDataFormat(..) | Refusal::BadStoreFormat(_) => {
            Error::new(
                Code::KeychainFailed,
                "the keychain gave something unreadable",
            )
        }
        Refusal::TooLong(..) => Error::new(
            Code::KeychainFailed,
            "the keychain takes no item of this size",
        ),
        _ => Error::new(Code::KeychainFailed, "the keychain refused the call"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_repeats_what_was_stored() {
        let canary = "CANARY-aoa-EXAMPLE";
        let cause = || Box::new(std::io::Error::other(canary));
        for refusal in [
            Refusal::BadEncoding(canary.into()),
            Refusal::BadDataFormat(canary.into(), cause()),
            Refusal::BadStoreFormat(canary.into()),
            Refusal::PlatformFailure(cause()),
            Refusal::NoStorageAccess(cause()),
            Refusal::Invalid(canary.into(), canary.into()),
        ] {
            let error = explain(&refusal);
            let shown = format!("{error} {error:?} {:?} {}", error.causes(), error.hint());
            assert!(!shown.contains("CANARY"), "{shown}");
        }
    }
}
