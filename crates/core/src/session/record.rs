//! What Daypass remembers of each sign-in beside its tokens: nothing secret, and nothing that the
//! token files of other tools could hold.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Stage;
use crate::host::files::{self, Mode};
use crate::host::{Host, lock};
use crate::secrets::Tokens;
use crate::{Code, Error, Result};

/// What is remembered of one session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Record {
    /// When the user last signed in here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_in_at: Option<Timestamp>,
    /// When the service ended the sign-in; gone with the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Whether the sign-in was found here, and began at some time before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub began_before: bool,
    /// Tells the client of this sign-in from others; a digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The whole life of the access tokens, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_life: Option<i64>,
    /// When the service last granted a token of this sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_at: Option<Timestamp>,
    /// The end of a token that was granted for less than its whole life: the service grants none
    /// beyond the end of the sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_token_ends_at: Option<Timestamp>,
    /// Whether this sign-in outlived its estimated end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub outlived: bool,
    /// How long earlier sign-ins lasted, in seconds, the latest last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lengths: Vec<i64>,
    /// What the user was last told of this sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
    /// Whether AWS was asked who this sign-in is of.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub identified: bool,
    /// Who is signed in, as AWS names them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Who was signed in before, where that is another and the user has not taken note of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_before: Option<String>,
    /// How far the portal's clock is ahead of this machine's, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_ahead: Option<i64>,
}

/// What was told of which sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Told {
    /// The sign-in, by its begin.
    pub signed_in_at: Option<Timestamp>,
    /// The stage.
    pub stage: Stage,
}

impl Record {
    /// The whole life of the access tokens.
    pub fn life(&self) -> Option<SignedDuration> {
        self.token_life.map(SignedDuration::from_secs)
    }

    /// Whether these tokens were made for another client than this sign-in, where both are known.
    pub fn is_of_another_client(&self, tokens: &Tokens) -> bool {
        let theirs = client_of(tokens);
        theirs.is_some() && self.client.is_some() && theirs != self.client
    }

    /// AWS says who is signed in.
    pub fn is_of(&mut self, user: String) {
        self.identified = true;
        let before = self.user.replace(user);
        if before.is_some() && before != self.user {
            self.user_before = before;
        }
    }
}

/// The records of all sessions, by name.
pub type Records = BTreeMap<String, Record>;

/// Tells the client that tokens were made for from others.
pub(super) fn client_of(tokens: &Tokens) -> Option<String> {
    let client = &tokens.registration.as_ref()?.client_id;
    Some(hex::encode(&Sha256::digest(client.as_bytes())[..8]))
}

/// Reads the records; what cannot be read is forgotten, since nothing depends on it.
pub fn load(host: &Host) -> Records {
    files::read(&path(host))
        .ok()
        .flatten()
        .map(|bytes| interpret(&bytes))
        .unwrap_or_default()
}

/// Each record by itself: one that another version wrote does not cost the others.
fn interpret(bytes: &[u8]) -> Records {
    let all: BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(bytes).unwrap_or_default();
    let read = |(name, value)| Some((name, serde_json::from_value(value).ok()?));
    all.into_iter().filter_map(read).collect()
}

/// Changes the records in one step, after reading them again under a lock.
///
/// # Errors
/// `StorageFailed`.
pub async fn update(host: &Host, change: impl FnOnce(&mut Records)) -> Result<Records> {
    let _lock = lock::take(&host.paths.state.join("locks"), "records").await?;
    let old = files::read(&path(host)).map_err(|error| {
        let message = "what Daypass remembers of sign-ins could not be read";
        Error::new(Code::StorageFailed, message).because(error)
    })?;
    let old = interpret(&old.unwrap_or_default());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_kept_as_words() {
        let told = Told {
            signed_in_at: None,
            stage: Stage::EndsSoon,
        };
        let json = serde_json::to_string(&told).unwrap();
        assert_eq!(json, r#"{"signed_in_at":null,"stage":"ends_soon"}"#);
    }

    #[test]
    fn another_user_is_noticed_and_the_same_one_is_not() {
        let mut record = Record::default();
        for (user, before) in [
            ("jo", None),
            ("jo", None),
            ("wei", Some("jo")),
            // Still the same: nobody has taken note of it.
            ("wei", Some("jo")),
            ("jo", Some("wei")),
        ] {
            record.is_of(user.into());
            assert_eq!(record.user_before.as_deref(), before, "{user}");
        }
    }
}
