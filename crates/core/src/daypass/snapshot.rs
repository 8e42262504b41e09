//! What is true at one moment, as front ends see it: no secret, nothing that changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::World;
use crate::accounts::Lists;
use crate::accounts::marks::Marks;
use crate::secrets::Storage;
use crate::session::State;
use crate::session::plan::USABLE_MARGIN;
use crate::session::sign_in::Step;
use crate::settings::SessionSettings;
use crate::{Code, Error, portal_url};

/// What is true at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Grows with each change of the sessions.
    pub sessions_revision: u64,
    /// The sessions, in the user's order.
    pub sessions: Vec<SessionStatus>,
    /// Grows with each change of what follows.
    pub accounts_revision: u64,
    /// The accounts of each session.
    pub lists: Lists,
    /// How the reading of each session's list goes, where there is something to say.
    pub readings: BTreeMap<String, Reading>,
    /// Pins and recent uses.
    pub marks: Arc<Marks>,
}

/// One session.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionStatus {
    /// Its name.
    pub name: String,
    /// The portal's start URL.
    pub start_url: String,
    /// The portal's host, internationalised names as punycode.
    pub portal_host: String,
    /// The portal's Region.
    pub region: String,
    /// The partition of that Region; empty where the Region has not the form of one.
    pub partition: &'static str,
    /// Its state.
    pub state: State,
    /// Whether the service could be reached when last tried.
    pub online: bool,
    /// Where its tokens rest.
    pub storage: Storage,
    /// Whether the user chose that.
    pub storage_chosen: bool,
    /// When the user signed in here.
    pub signed_in_at: Option<Timestamp>,
    /// When the access token ends.
    pub access_token_expires_at: Option<Timestamp>,
    /// Whether another access token can be had without the user.
    pub renewable: bool,
    /// When the sign-in itself ends, where that is known or can be guessed.
    pub ends_at: Option<Timestamp>,
    /// Whether that is a guess.
    pub ends_at_is_estimate: bool,
    /// How far a sign-in is that is under way.
    pub sign_in: Option<Step>,
    /// Why the last sign-in or renewal did not work.
    pub failure: Option<Failure>,
    /// Whether the tokens were looked at since Daypass was opened.
    pub looked_at: bool,
}

/// How the reading of a list goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It is under way: accounts done, of all.
    Progress {
        /// Accounts whose permission sets are read.
        done: usize,
        /// All accounts, as far as known.
        total: usize,
    },
    /// It ended early.
    Failed(Failure),
}

/// An error as a value that can be kept and shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The code that front ends act on.
    pub code: Code,
    /// What was attempted, and why it did not work.
    pub message: String,
    /// One thing to do.
    pub hint: String,
}

impl Failure {
    /// Of an error, with its first cause.
    pub fn of(error: &Error) -> Failure {
        let message = match error.causes().first() {
            Some(cause) => format!("{} ({cause})", error.message()),
            None => error.message().to_owned(),
        };
        Failure {
            code: error.code(),
            message,
            hint: error.hint().to_owned(),
        }
    }

    /// The error again.
    pub fn to_error(&self) -> Error {
        Error::new(self.code, self.message.clone()).with_hint(self.hint.clone())
    }
}

impl Snapshot {
    /// The session of this name.
    pub fn session(&self, name: &str) -> Option<&SessionStatus> {
        self.sessions.iter().find(|session| session.name == name)
    }
}

pub(super) fn of(world: &World, now: Timestamp) -> Snapshot {
    Snapshot {
        sessions_revision: world.sessions_revision,
        sessions: world
            .settings
            .sessions
            .iter()
            .map(|it| status(world, it, now))
            .collect(),
        accounts_revision: world.accounts_revision,
        lists: world.lists.clone(),
        readings: world.readings.clone(),
        marks: world.marks.clone(),
    }
}

fn status(world: &World, session: &SessionSettings, now: Timestamp) -> SessionStatus {
    let name = &session.name;
    let seen = world.seen.get(name);
    let tokens = seen.and_then(|seen| seen.tokens);
    let record = world.records.get(name).copied().unwrap_or_default();
    let sign_in = world.steps.get(name).cloned();
    let state = state(world, name, now);
    let signed_in_at = record.signed_in_at.filter(|_| state != State::SignedOut);
    let renewable = tokens.is_some_and(|tokens| tokens.renewable);
    let estimate = signed_in_at
        .zip(session.length)
        .and_then(|(at, length)| at.checked_add(SignedDuration::from_secs(length)).ok());
    let (ends_at, ends_at_is_estimate) = match tokens {
        Some(tokens) if !tokens.renewable => (Some(tokens.expires_at), false),
        Some(_) => (estimate, estimate.is_some()),
        None => (record.ended_at, false),
    };
    SessionStatus {
        name: name.clone(),
        start_url: session.start_url.clone(),
        portal_host: portal_url::parse(&session.start_url)
            .map(|it| it.host)
            .unwrap_or_default(),
        region: session.region.clone(),
        partition: portal_url::partition_of(&session.region).unwrap_or_default(),
        state,
        online: seen.is_none_or(|seen| seen.online),
        storage: session.storage,
        storage_chosen: session.storage_chosen,
        signed_in_at,
        access_token_expires_at: tokens.map(|tokens| tokens.expires_at),
        renewable,
        ends_at,
        ends_at_is_estimate,
        sign_in,
        failure: world.failures.get(name).cloned(),
        looked_at: seen.is_some(),
    }
}

fn state(world: &World, name: &str, now: Timestamp) -> State {
    if world.steps.contains_key(name) {
        return State::SigningIn;
    }
    let ended = world
        .records
        .get(name)
        .is_some_and(|record| record.ended_at.is_some());
    let Some(seen) = world.seen.get(name) else {
        return if ended {
            State::Lapsed
        } else {
            State::SignedOut
        };
    };
    match seen.tokens {
        None if ended => State::Lapsed,
        None => State::SignedOut,
        Some(tokens) => {
            let usable = tokens.expires_at.duration_since(now) > USABLE_MARGIN;
            match (usable, tokens.renewable, seen.online) {
                (false, false, _) => State::Lapsed,
                (_, true, false) => State::Fading,
                _ => State::Active,
            }
        }
    }
}
