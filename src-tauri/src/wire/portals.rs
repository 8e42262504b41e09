//! Access portals that become sessions: an address that is read, a session to add or change, and
//! those that the AWS config file knows.

use daypass_core::daypass as core;
use daypass_core::portal_url::PortalUrl;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Failure, Storage};

#[derive(Clone, Serialize, TS)]
pub(crate) struct PortalCheck {
    start_url: String,
    host: String,
    region: Option<String>,
    partition: Option<String>,
    /// True for an address outside the AWS host list: the user has to allow it.
    custom: bool,
    suggested_name: String,
}

impl From<PortalUrl> for PortalCheck {
    fn from(portal: PortalUrl) -> PortalCheck {
        PortalCheck {
            suggested_name: portal.suggested_name(),
            start_url: portal.start_url,
            host: portal.host,
            region: portal.region,
            partition: portal.partition.map(str::to_owned),
            custom: portal.custom,
        }
    }
}

#[derive(Clone, Deserialize, TS)]
pub(crate) struct NewSession {
    name: String,
    start_url: String,
    region: Option<String>,
    /// Null: the keychain, until the first CLI profile asks.
    storage: Option<Storage>,
    allow_custom_portal: bool,
}

impl From<NewSession> for core::NewSession {
    fn from(new: NewSession) -> core::NewSession {
        core::NewSession {
            name: new.name,
            start_url: new.start_url,
            region: new.region,
            storage: new.storage.map(Into::into),
            length: None,
            allow_custom_portal: new.allow_custom_portal,
        }
    }
}

/// What to change about a session; what is null stays as it is.
#[derive(Clone, Deserialize, TS)]
pub(crate) struct SessionChange {
    /// Where its tokens rest from now on; they move.
    storage: Option<Storage>,
    /// How long a sign-in lasts; 0: as long as earlier ones did.
    length_seconds: Option<u32>,
    /// In which browser it signs in.
    sign_in_browser: Option<String>,
    /// In which browser its consoles open.
    console_browser: Option<String>,
}

impl SessionChange {
    /// What the page says; it brings no command of its own.
    pub(crate) fn of_page(self, core: &core::Daypass) -> daypass_core::Result<core::SessionChange> {
        let named = |it: Option<String>| it.map(|it| core.browser_named(&it)).transpose();
        let length = self.length_seconds.map(i64::from);
        Ok(core::SessionChange {
            storage: self.storage.map(Into::into),
            length: length.map(jiff::SignedDuration::from_secs),
            sign_in_browser: named(self.sign_in_browser)?,
            console_browser: named(self.console_browser)?,
            console_via: None,
        })
    }
}

/// A session that the AWS config file knows.
#[derive(Clone, Serialize, TS)]
pub(crate) struct FoundSession {
    /// Its name there; for older profiles, which have none, one that is free.
    name: String,
    start_url: String,
    region: String,
    /// True where it is found in profiles of the older kind.
    legacy: bool,
    /// True where AWS's cache holds a live sign-in for it, which can be taken over.
    signed_in: bool,
    /// True where it is a session of Daypass already.
    registered: bool,
    /// True for an address outside the AWS host list: the user has to allow it.
    custom: bool,
    /// Why it cannot be brought in.
    problem: Option<String>,
}

impl From<core::FoundSession> for FoundSession {
    fn from(found: core::FoundSession) -> FoundSession {
        FoundSession {
            name: found.name,
            start_url: found.start_url,
            region: found.region,
            legacy: found.legacy,
            signed_in: found.signed_in,
            registered: found.registered,
            custom: found.custom,
            problem: found.problem,
        }
    }
}

/// What became of one session that was to be brought in.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Imported {
    name: String,
    outcome: Outcome,
}

#[derive(Clone, Serialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(crate) enum Outcome {
    Added {
        storage: Storage,
        /// True where a sign-in of AWS's tools was taken over, so that none is needed.
        signed_in: bool,
    },
    /// It was registered before; nothing was changed.
    Kept,
    Refused {
        failure: Failure,
    },
}

impl From<core::Imported> for Imported {
    fn from(imported: core::Imported) -> Imported {
        Imported {
            name: imported.name,
            outcome: match imported.outcome {
                core::Outcome::Added { storage, signed_in } => Outcome::Added {
                    storage: storage.into(),
                    signed_in,
                },
                core::Outcome::Kept => Outcome::Kept,
                core::Outcome::Refused(error) => Outcome::Refused {
                    failure: error.into(),
                },
            },
        }
    }
}
