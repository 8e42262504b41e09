//! What Daypass remembers of each sign-in beside its tokens: nothing secret, and nothing that the
//! token files of other tools could hold.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::host::files::{self, Mode};
use crate::host::{Host, lock};
use crate::{Code, Error, Result};

/// What is remembered of one session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Record {
    /// When the user last signed in here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in_at: Option<Timestamp>,
    /// When the service ended the sign-in; gone with the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// The whole life of the access tokens, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_life: Option<i64>,
}

impl Record {
    /// The whole life of the access tokens.
    pub fn life(&self) -> Option<SignedDuration> {
        self.token_life.map(SignedDuration::from_secs)
    }
}

/// The records of all sessions, by name.
pub type Records = BTreeMap<String, Record>;

/// Reads the records; what cannot be read is forgotten, since nothing depends on it.
pub fn load(host: &Host) -> Records {
    let bytes = files::read(&path(host)).ok().flatten();
    bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Changes the records in one step, after reading them again under a lock.
///
/// # Errors
/// `StorageFailed`.
pub async fn update(host: &Host, change: impl FnOnce(&mut Records)) -> Result<Records> {
    let _lock = lock::take(&host.paths.state.join("locks"), "records").await?;
    let old = load(host);
    let mut new = old.clone();
    change(&mut new);
    if new != old {
        let json = serde_json::to_vec_pretty(&new).unwrap_or_default();
        files::private_folder(&host.paths.state)
            .and_then(|()| files::replace(&path(host), &json, Mode::Private))
            .map_err(|error| {
                let message = "what Daypass remembers of sign-ins could not be written";
                Error::new(Code::StorageFailed, message).because(error)
            })?;
    }
    Ok(new)
}

fn path(host: &Host) -> std::path::PathBuf {
    host.paths.state.join("sessions.json")
}
