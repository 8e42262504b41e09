//! The slice of the listings: how the reading of each session's accounts goes.

use daypass_core::accounts::{self, diff};

use daypass_core::daypass as core;
use jiff::SignedDuration;
use serde::Serialize;
use ts_rs::TS;

use super::{Assignment, Failure, Millis};

#[derive(Clone, Serialize, TS)]
pub(crate) struct Progress {
    #[ts(type = "number")]
    done: usize,
    #[ts(type = "number")]
    total: usize,
    /// The time to go; null while nobody knows.
    #[ts(type = "number | null")]
    left_ms: Option<i64>,
}

impl Progress {
    fn of(done: usize, total: usize, left: Option<SignedDuration>) -> Progress {
        let left_ms = left.map(|left| i64::try_from(left.as_millis()).unwrap_or(i64::MAX));
        Progress {
            done,
            total,
            left_ms,
        }
    }
}

/// What a whole reading changed against the one before.
#[derive(Clone, Serialize, TS)]
pub(crate) struct ListDiff {
    at: Millis,
    #[ts(type = "number")]
    accounts_added: usize,
    #[ts(type = "number")]
    accounts_removed: usize,
    #[ts(type = "number")]
    assignments_added: usize,
    #[ts(type = "number")]
    assignments_removed: usize,
    /// Some names of accounts that it is about, at most three.
    samples: Vec<String>,
}

impl From<&diff::ListDiff> for ListDiff {
    fn from(it: &diff::ListDiff) -> ListDiff {
        ListDiff {
            at: it.at.into(),
            accounts_added: it.accounts_added,
            accounts_removed: it.accounts_removed,
            assignments_added: it.assignments_added,
            assignments_removed: it.assignments_removed,
            samples: it.samples.clone(),
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Listing {
    session: String,
    updated_at: Option<Millis>,
    complete: bool,
    /// Present while the list is being read.
    progress: Option<Progress>,
    failure: Option<Failure>,
    /// Accounts whose permission sets could not be read.
    #[ts(type = "number")]
    failed: usize,
    diff: Option<ListDiff>,
}

impl Listing {
    fn of(session: &str, snapshot: &core::Snapshot) -> Listing {
        let none = accounts::AccountList::default();
        let list = snapshot.lists.get(session).map_or(&none, |list| list);
        let (progress, failure) = match snapshot.readings.get(session) {
            None => (None, None),
            Some(core::Reading::Progress { done, total, left }) => {
                (Some(Progress::of(*done, *total, *left)), None)
            }
            Some(core::Reading::Failed(failure)) => (None, Some(Failure::from(failure))),
        };
        Listing {
            session: session.to_owned(),
            updated_at: list.updated_at.map(Millis::from),
            complete: list.complete,
            progress,
            failure,
            failed: list.failed(),
            diff: snapshot.diffs.get(session).map(ListDiff::from),
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Listings {
    #[ts(type = "number")]
    revision: u64,
    listings: Vec<Listing>,
}

impl Listings {
    pub(crate) fn of(snapshot: &core::Snapshot) -> Listings {
        let names = snapshot.sessions.iter().map(|it| &it.name);
        Listings {
            revision: Listings::revision(snapshot),
            listings: names.map(|name| Listing::of(name, snapshot)).collect(),
        }
    }

    /// Grows with the readings, and with the lists that they are about.
    pub(crate) fn revision(snapshot: &core::Snapshot) -> u64 {
        snapshot.listings_revision + snapshot.accounts_revision
    }
}

/// What asking the access portal anew brought to light.
#[derive(Clone, Serialize, TS)]
pub(crate) struct AccessChange {
    added: Vec<Assignment>,
    removed: Vec<Assignment>,
}

impl From<diff::AccessChange> for AccessChange {
    fn from(change: diff::AccessChange) -> AccessChange {
        let all = |these: Vec<accounts::Assignment>| these.iter().map(Assignment::from).collect();
        AccessChange {
            added: all(change.added),
            removed: all(change.removed),
        }
    }
}
