//! What is true at one moment, as front ends see it: no secret, nothing that changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::serving::Open;
use super::{SeenTokens, World};
use crate::accounts::chains::Chained;
use crate::accounts::diff::ListDiff;
use crate::accounts::labels::Looks;
use crate::accounts::marks::Marks;
use crate::accounts::{Assignment, Lists};
use crate::notice::{self, Clocks, Notice, Warnings};
use crate::secrets::Storage;
use crate::session::plan::USABLE_MARGIN;
use crate::session::record::Record;
use crate::session::sign_in::Step;
use crate::session::{State, estimate};
use crate::settings::{Hotkey, Language, SessionSettings, Settings, Theme};
use crate::{Code, Error, portal_url};

/// A clock that is off by less is nothing to trouble anybody with.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(2);

/// What is true at one moment; by default nothing is known.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Grows with each change of the sessions.
    pub sessions_revision: u64,
    /// The sessions, in the user's order.
    pub sessions: Vec<SessionStatus>,
    /// Until when no notification is shown.
    pub muted_until: Option<Timestamp>,
    /// Until when it is quiet, by the hours that the user chose; what still stands then is told then.
    pub quiet_until: Option<Timestamp>,
    /// The colours of the panel.
    pub theme: Theme,
    /// Its language.
    pub language: Language,
    /// The keys that bring it up.
    pub hotkey: Option<Hotkey>,
    /// The Region of new profiles, where the settings say one.
    pub profile_region: Option<String>,
    /// How their names are built, where the settings say it.
    pub profile_template: Option<String>,
    /// Why the user's settings cannot be read: those that were read last are in force, or none.
    pub settings_failure: Option<Failure>,
    /// The assignments whose credentials are served on this machine.
    pub served: Vec<Served>,
    /// Grows with each change of `readings`, `diffs` and `unsaved`.
    pub listings_revision: u64,
    /// How the reading of each session's list goes, where there is something to say.
    pub readings: BTreeMap<String, Reading>,
    /// What the last whole reading of a session changed; absent after a first one, and where nothing
    /// changed.
    pub diffs: BTreeMap<String, ListDiff>,
    /// Why the copy of a session's list could not be written: what is shown is lost with this process.
    pub unsaved: BTreeMap<String, Failure>,
    /// Grows with each change of what follows.
    pub accounts_revision: u64,
    /// The accounts of each session, chained roles among their permission sets.
    pub lists: Lists,
    /// The chained roles, with what is known of their ways.
    pub chained: Arc<[Chained]>,
    /// Pins and recent uses.
    pub marks: Arc<Marks>,
    /// Aliases, labels and guards.
    pub looks: Arc<Looks>,
}

/// One session; by default one that is signed out, with its tokens in the keychain.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// How long a sign-in lasts, where the user said so.
    pub length: Option<SignedDuration>,
    /// How long sign-ins lasted so far, where ends were seen.
    pub usual_length: Option<SignedDuration>,
    /// What stands to be told of it.
    pub notice: Option<Notice>,
    /// Whether the user put that off.
    pub snoozed: bool,
    /// Who is signed in, as AWS names them, where that is known.
    pub user: Option<String>,
    /// Who was signed in before, where that is another and nobody has taken note of it.
    pub user_before: Option<String>,
    /// How far the portal's clock is ahead of this machine's, where that is far enough to matter.
    pub clock_ahead: Option<SignedDuration>,
    /// How far a sign-in is that is under way.
    pub sign_in: Option<Step>,
    /// Why the last sign-in did not work.
    pub failure: Option<Failure>,
    /// Why the sign-in cannot be looked after at the moment.
    pub trouble: Option<Failure>,
    /// When that is tried again.
    pub retry_at: Option<Timestamp>,
    /// Whether the tokens were looked at since Daypass was opened.
    pub looked_at: bool,
}

/// An assignment whose credentials a local endpoint of this process hands out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The assignment.
    pub assignment: Assignment,
    /// When it stops by itself.
    pub until: Timestamp,
    /// Why there is nothing to hand out at the moment.
    pub failure: Option<Failure>,
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
        /// The time that the rest will take; `None` while that cannot be told.
        left: Option<SignedDuration>,
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

pub(super) fn of(world: &World, now: Timestamp, zone: &TimeZone) -> Snapshot {
    let choices = &world.settings.choices;
    Snapshot {
        sessions_revision: world.sessions_revision,
        sessions: world
            .settings
            .sessions
            .iter()
            .map(|it| status(world, it, now))
            .collect(),
        served: world.served.values().map(Open::shown).collect(),
        muted_until: world.settings.muted_until.filter(|until| *until > now),
        quiet_until: choices
            .quiet
            .as_ref()
            .and_then(|quiet| quiet.until(now, zone)),
        theme: choices.theme.unwrap_or_default(),
        language: choices.language.clone().unwrap_or_default(),
        hotkey: choices.hotkey.clone(),
        profile_region: (choices.region.as_ref()).map(|it| it.as_str().to_owned()),
        profile_template: (choices.template.as_ref()).map(|it| it.as_str().to_owned()),
        settings_failure: world.settings_failure.clone(),
        listings_revision: world.listings_revision,
        readings: world.readings.clone(),
        diffs: world.diffs.clone(),
        unsaved: world.unsaved.clone(),
        accounts_revision: world.accounts_revision,
        lists: world.rows.lists.clone(),
        chained: world.rows.chained.clone(),
        marks: world.marks.clone(),
        looks: world.looks.clone(),
    }
}

fn status(world: &World, session: &SessionSettings, now: Timestamp) -> SessionStatus {
    let name = &session.name;
    let seen = world.seen.get(name);
    let tokens = seen.and_then(|seen| seen.tokens);
    let record = world.records.get(name).cloned().unwrap_or_default();
    let (whole, warnings) = (end(tokens, &record, session), warnings_of(&world.settings));
    let state = state(world, name, &record, (whole, warnings.window()), now);
    let end = end(tokens, &record, session).filter(|_| state != State::SignedOut);
    let (ends_at, ends_at_is_estimate) = (end.map(|it| it.0), end.is_some_and(|it| it.1));
    let signed_in_at = record.signed_in_at.filter(|_| state != State::SignedOut);
    let clocks = Clocks {
        state,
        began_at: signed_in_at,
        ends_at,
    };
    let looked_at = seen.is_some();
    let notice = notice::stage(clocks, warnings, now).filter(|_| looked_at);
    let portal = portal_url::parse(&session.start_url);
    SessionStatus {
        name: name.clone(),
        start_url: session.start_url.clone(),
        portal_host: portal.map(|it| it.host).unwrap_or_default(),
        region: session.region.clone(),
        partition: portal_url::partition_of(&session.region).unwrap_or_default(),
        state,
        online: seen.is_none_or(|seen| seen.online),
        storage: session.storage,
        storage_chosen: session.storage_chosen,
        signed_in_at,
        access_token_expires_at: tokens.map(|tokens| tokens.expires_at),
        renewable: tokens.is_some_and(|tokens| tokens.renewable),
        ends_at,
        ends_at_is_estimate,
        length: session.length.map(SignedDuration::from_secs),
        usual_length: estimate::usual_length(&record.lengths).map(SignedDuration::from_secs),
        notice: notice.map(|stage| Notice {
            session: name.clone(),
            stage,
            ends_at,
            is_estimate: ends_at_is_estimate,
        }),
        snoozed: world.snoozed.get(name).is_some_and(|until| *until > now),
        user: record.user,
        user_before: record.user_before,
        clock_ahead: record
            .clock_ahead
            .map(SignedDuration::from_secs)
            .filter(|ahead| ahead.abs() > CLOCK_TOLERANCE),
        sign_in: world.steps.get(name).cloned(),
        failure: world.failures.get(name).cloned(),
        trouble: world.troubles.get(name).map(|it| it.failure.clone()),
        retry_at: world.troubles.get(name).and_then(|it| it.retry_at),
        looked_at,
    }
}

/// When warnings come, as the settings say it.
pub(super) fn warnings_of(settings: &Settings) -> Warnings {
    let warnings = settings.warnings();
    Warnings {
        first: warnings.first.map(SignedDuration::from_mins),
        last: warnings.last.map(SignedDuration::from_mins),
    }
}

/// The end of the sign-in, and whether it is a guess.
fn end(
    tokens: Option<SeenTokens>,
    record: &Record,
    session: &SessionSettings,
) -> Option<(Timestamp, bool)> {
    match tokens {
        Some(tokens) if !tokens.renewable => Some((tokens.expires_at, false)),
        Some(_) => estimate::end(record, session.length).map(|end| (end, true)),
        None => record.ended_at.map(|end| (end, false)),
    }
}

fn state(
    world: &World,
    name: &str,
    record: &Record,
    (end, window): (Option<(Timestamp, bool)>, SignedDuration),
    now: Timestamp,
) -> State {
    if world.steps.contains_key(name) {
        return State::SigningIn;
    }
    let seen = world.seen.get(name).copied();
    // What could not be looked at is not gone.
    let unseen = seen.is_none() && record.signed_in_at.is_some() && record.ended_at.is_none();
    match seen.and_then(|seen| seen.tokens) {
        None if unseen && world.troubles.contains_key(name) => State::Fading,
        None if record.ended_at.is_some() => State::Lapsed,
        None => State::SignedOut,
        Some(tokens) => {
            let usable = tokens.expires_at.duration_since(now) > USABLE_MARGIN;
            let online = seen.is_none_or(|seen| seen.online);
            let nearing = end.is_some_and(|(end, _)| end.duration_since(now) <= window);
            match (usable, tokens.renewable) {
                (false, false) => State::Lapsed,
                (_, true) if !online => State::Fading,
                _ if nearing => State::Fading,
                _ => State::Active,
            }
        }
    }
}
