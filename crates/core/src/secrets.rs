//! What is secret, as types that cannot speak: no Display, no Serialize, no Clone, and a Debug
//! that shows nothing. Where it rests is a word here, and a matter of the vault.

use std::fmt;

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::{Code, Error, Result};

/// A secret text, wiped when it is dropped.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(Zeroizing::new(text.into()))
    }

    /// The text itself, for the one place that has to send or store it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A second copy, said out loud: each one is one more place to wipe.
    #[must_use]
    pub fn duplicate(&self) -> Secret {
        Secret::new(self.expose())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        use subtle::ConstantTimeEq;
        self.expose()
            .as_bytes()
            .ct_eq(other.expose().as_bytes())
            .into()
    }
}

/// The OAuth artefacts of one session.
#[derive(Debug)]
pub struct Tokens {
    /// Opens the portal API.
    pub access_token: Secret,
    /// When the access token ends, by the service's word.
    pub access_token_expires_at: Timestamp,
    /// Gets the next access token; absent for sign-ins that cannot be renewed.
    pub refresh_token: Option<Secret>,
    /// The client that the refresh token belongs to.
    pub registration: Option<Registration>,
}

/// A registered client; a refresh token works only with the one that obtained it.
#[derive(Debug)]
pub struct Registration {
    /// The client's name at the service.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
    /// When the registration ends.
    pub expires_at: Timestamp,
}

/// The keys of one assignment.
#[derive(Debug)]
pub struct RoleCredentials {
    /// The public half.
    pub access_key_id: String,
    /// The secret half.
    pub secret_access_key: Secret,
    /// The token that goes with both.
    pub session_token: Secret,
    /// When they end.
    pub expires_at: Timestamp,
}

impl Tokens {
    /// Whether another access token can be had without the user.
    pub fn is_renewable(&self, now: Timestamp) -> bool {
        self.refresh_token.is_some()
            && self
                .registration
                .as_ref()
                .is_some_and(|registration| registration.expires_at > now)
    }
}

impl Tokens {
    /// A second copy.
    #[must_use]
    pub fn duplicate(&self) -> Tokens {
        Tokens {
            access_token: self.access_token.duplicate(),
            access_token_expires_at: self.access_token_expires_at,
            refresh_token: self.refresh_token.as_ref().map(Secret::duplicate),
            registration: self.registration.as_ref().map(Registration::duplicate),
        }
    }
}

impl Registration {
    /// A second copy.
    #[must_use]
    pub fn duplicate(&self) -> Registration {
        Registration {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.duplicate(),
            expires_at: self.expires_at,
        }
    }
}

impl RoleCredentials {
    /// A second copy.
    #[must_use]
    pub fn duplicate(&self) -> RoleCredentials {
        RoleCredentials {
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.duplicate(),
            session_token: self.session_token.duplicate(),
            expires_at: self.expires_at,
        }
    }
}

/// Where a session's secrets rest; the only record of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Storage {
    /// The OS keychain; nothing secret touches a disk file.
    #[default]
    Keychain,
    /// AWS's own caches, shared with the AWS CLI and every SDK.
    Shared,
}

impl Storage {
    /// As users write it: `keychain` or `shared`.
    pub fn name(self) -> &'static str {
        match self {
            Storage::Keychain => "keychain",
            Storage::Shared => "shared",
        }
    }
}

impl std::str::FromStr for Storage {
    type Err = Error;

    fn from_str(text: &str) -> Result<Storage> {
        match text {
            "keychain" => Ok(Storage::Keychain),
            "shared" => Ok(Storage::Shared),
            _ => Err(Error::new(
                Code::Usage,
                "a storage is `keychain` or `shared`",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Does not compile where the type has the trait: two answers fit then.
    macro_rules! lacks {
        ($type:ty: $($lacked:path),+) => {$({
            trait Answer<Which> {
                fn there_is_one_answer() {}
            }
            struct WithTheTrait;
            impl<T: ?Sized> Answer<()> for T {}
            impl<T: ?Sized + $lacked> Answer<WithTheTrait> for T {}
            <$type as Answer<_>>::there_is_one_answer();
        })+};
    }

    macro_rules! speaks_to_nobody {
        ($($type:ty),+) => {$(
            lacks!($type: std::fmt::Display, std::string::ToString, std::error::Error, Clone, Copy);
            lacks!($type: serde::Serialize, std::hash::Hash, AsRef<str>, AsRef<[u8]>);
            lacks!($type: std::ops::Deref, std::borrow::Borrow<str>, Into<String>, PartialEq<str>);
        )+};
    }

    /// That it compiles is the test.
    #[test]
    fn a_secret_cannot_be_shown_stored_or_copied_by_accident() {
        speaks_to_nobody!(Secret, Tokens, Registration, RoleCredentials);
    }

    #[test]
    fn looking_at_it_shows_nothing() {
        let secret = || Secret::new("CANARY-aor-EXAMPLE");
        let at = Timestamp::UNIX_EPOCH;
        let tokens = Tokens {
            access_token: secret(),
            access_token_expires_at: at,
            refresh_token: Some(secret()),
            registration: Some(Registration {
                client_id: "public".into(),
                client_secret: secret(),
                expires_at: at,
            }),
        };
        let keys = RoleCredentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: secret(),
            session_token: secret(),
            expires_at: at,
        };
        let shown = format!("{tokens:?} {tokens:#?} {keys:?} {keys:#?} {:?}", secret());
        assert!(
            shown.contains("Secret") && !shown.contains("CANARY"),
            "{shown}"
        );
    }
}
