//! The vault on a folder of its own: what lies in which file after which step.

mod interleavings;
mod mirrors;
mod moves;

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use super::{Mirror, Shelf, Vault, shared, shared::Key, tokens::TokenFile};
use crate::host::files::{self, Mode};
use crate::host::{Clock, Env, Host};
use crate::secrets::{Registration, RoleCredentials, Secret, Storage, Tokens};

pub(super) const URL: &str = "https://d-0000000000.awsapps.com/start";

/// A vault whose keychain nobody answers; `shared` needs none.
pub(super) struct Room {
    _folder: tempfile::TempDir,
    pub(super) host: Host,
    pub(super) vault: Vault,
    pub(super) clock: Clock,
}

pub(super) fn room() -> Room {
    // Thousands of small files are synced here: in memory, where the system has a place for that.
    let memory = std::path::Path::new("/dev/shm");
    let folder = tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir());
    let folder = folder.unwrap();
    let clock = Clock::fake("2030-01-01T09:00:00Z".parse().unwrap());
    let env = Env::table::<String, String>([]);
    let host = Host::fake(folder.path(), env, clock.clone());
    let vault = Vault::new(&host);
    Room {
        _folder: folder,
        host,
        vault,
        clock,
    }
}

pub(super) fn shelf(session: &str, mirrors: &[Mirror]) -> Shelf {
    Shelf {
        session: session.into(),
        storage: Storage::Shared,
        start_url: URL.into(),
        region: "eu-central-1".into(),
        mirrors: mirrors.to_vec(),
    }
}

pub(super) fn named(name: &str) -> Mirror {
    Mirror::Name(name.into())
}

pub(super) fn address(text: &str) -> Mirror {
    Mirror::Address(text.into())
}

impl Room {
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tokens of a client, good for so many minutes.
    pub(super) fn tokens(&self, client: &str, access: &str, minutes: i64) -> Tokens {
        Tokens {
            access_token: Secret::new(access),
            access_token_expires_at: self.now() + SignedDuration::from_mins(minutes),
            refresh_token: Some(Secret::new(format!("refresh of {access}"))),
            registration: Some(Registration {
                client_id: client.into(),
                client_secret: Secret::new("secret"),
                expires_at: self.now() + SignedDuration::from_hours(24 * 90),
            }),
        }
    }

    pub(super) fn file(&self, mirror: &Mirror) -> PathBuf {
        shared::token_file(&self.host.paths, Key::of(mirror))
    }

    /// As another tool writes it.
    pub(super) fn foreign(&self, mirror: &Mirror, tokens: &Tokens) {
        let json = TokenFile::of(tokens, URL, "eu-central-1").to_json();
        self.bytes(mirror, &json);
    }

    pub(super) fn bytes(&self, mirror: &Mirror, bytes: &[u8]) {
        let path = self.file(mirror);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        files::replace(&path, bytes, Mode::Private).unwrap();
    }

    /// The access token that a file shows; empty where there is none.
    pub(super) fn shows(&self, mirror: &Mirror) -> String {
        self.field(mirror, "accessToken")
    }

    pub(super) fn field(&self, mirror: &Mirror, name: &str) -> String {
        let bytes = files::read(&self.file(mirror)).unwrap().unwrap_or_default();
        let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
        json[name].as_str().unwrap_or_default().to_owned()
    }

    pub(super) async fn save(&self, shelf: &Shelf, tokens: &Tokens) {
        let held = self.vault.under_lock(shelf).await.unwrap();
        held.save(tokens).await.unwrap();
    }

    pub(super) async fn erase(&self, shelf: &Shelf) {
        let held = self.vault.under_lock(shelf).await.unwrap();
        let roles = [("111122223333".to_owned(), "ReadOnly".to_owned())];
        held.erase(&roles.into()).await.unwrap();
    }

    pub(super) async fn read(&self, shelf: &Shelf) -> Option<String> {
        let tokens = self.vault.read(shelf).await.unwrap();
        tokens.map(|it| it.access_token.expose().to_owned())
    }

    pub(super) fn keys(&self, id: &str) -> RoleCredentials {
        RoleCredentials {
            access_key_id: id.into(),
            secret_access_key: Secret::new("secret"),
            session_token: Secret::new("token"),
            expires_at: self.now() + SignedDuration::from_mins(50),
        }
    }
}
