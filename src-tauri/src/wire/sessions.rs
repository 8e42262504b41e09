//! The slice of the sessions: their state, clocks, notices and sign-ins under way.

use daypass_core::daypass as core;
use daypass_core::notice;
use daypass_core::session::State;
use daypass_core::session::sign_in::Step;
use serde::Serialize;
use ts_rs::TS;

use super::served::Served;
use super::settings::Appearance;
use super::{Failure, Millis, Storage};

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SessionState {
    SignedOut,
    SigningIn,
    Active,
    Fading,
    Lapsed,
}

impl From<State> for SessionState {
    fn from(state: State) -> SessionState {
        match state {
            State::SignedOut => SessionState::SignedOut,
            State::SigningIn => SessionState::SigningIn,
            State::Active => SessionState::Active,
            State::Fading => SessionState::Fading,
            State::Lapsed => SessionState::Lapsed,
        }
    }
}

#[derive(Clone, Serialize, TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(crate) enum SignInStep {
    Starting,
    Browser {
        opened: bool,
        started_at: Millis,
        gives_up_at: Millis,
    },
    Device {
        user_code: String,
        page: String,
        reason: String,
        started_at: Millis,
        gives_up_at: Millis,
    },
    Finishing,
}

impl From<&Step> for SignInStep {
    fn from(step: &Step) -> SignInStep {
        match step {
            Step::Starting => SignInStep::Starting,
            Step::Browser {
                address: _,
                opened,
                started_at,
                gives_up_at,
            } => SignInStep::Browser {
                opened: *opened,
                started_at: (*started_at).into(),
                gives_up_at: (*gives_up_at).into(),
            },
            Step::Device {
                user_code,
                page,
                complete_page: _,
                reason,
                started_at,
                gives_up_at,
            } => SignInStep::Device {
                user_code: user_code.clone(),
                page: page.to_string(),
                reason: (*reason).to_owned(),
                started_at: (*started_at).into(),
                gives_up_at: (*gives_up_at).into(),
            },
            Step::Finishing => SignInStep::Finishing,
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Session {
    name: String,
    start_url: String,
    /// The host of the access portal, internationalised names as punycode.
    portal_host: String,
    region: String,
    partition: String,
    state: SessionState,
    /// False while the service cannot be reached.
    online: bool,
    storage: Storage,
    /// True once the user has chosen, by a first CLI profile or a flag, where the tokens rest.
    storage_chosen: bool,
    signed_in_at: Option<Millis>,
    access_token_expires_at: Option<Millis>,
    renewable: bool,
    ends_at: Option<Millis>,
    ends_at_is_estimate: bool,
    /// How long a sign-in lasts, where the user said so.
    length_seconds: Option<i32>,
    /// How long sign-ins lasted so far, where ends were seen.
    usual_length_seconds: Option<i32>,
    /// What stands to be told: that the sign-in ends soon, or has ended.
    notice: Option<Notice>,
    /// Who is signed in, as AWS names them.
    user: Option<String>,
    /// Who was signed in before, where that is another and nobody has taken note of it.
    user_before: Option<String>,
    /// How far the portal's clock is ahead, in seconds, where that is over two minutes.
    clock_ahead_seconds: Option<i32>,
    sign_in: Option<SignInStep>,
    /// Why the last sign-in did not work; gone with the next one.
    failure: Option<Failure>,
    /// Why the sign-in cannot be looked after at the moment; it is kept.
    trouble: Option<Failure>,
    /// When that is tried again.
    retry_at: Option<Millis>,
}

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    EndsSoon,
    EndsVerySoon,
    Ended,
}

impl From<notice::Stage> for Stage {
    fn from(stage: notice::Stage) -> Stage {
        match stage {
            notice::Stage::EndsSoon => Stage::EndsSoon,
            notice::Stage::EndsVerySoon => Stage::EndsVerySoon,
            notice::Stage::Ended => Stage::Ended,
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Notice {
    stage: Stage,
    ends_at: Option<Millis>,
    is_estimate: bool,
    /// The user has put it off.
    snoozed: bool,
}

impl Notice {
    fn of(notice: &notice::Notice, snoozed: bool) -> Notice {
        Notice {
            stage: notice.stage.into(),
            ends_at: notice.ends_at.map(Millis::from),
            is_estimate: notice.is_estimate,
            snoozed,
        }
    }
}

/// Lengths are hours; one that does not fit is nonsense and cut.
fn seconds(length: jiff::SignedDuration) -> i32 {
    i32::try_from(length.as_secs()).unwrap_or(i32::MAX)
}

impl From<&core::SessionStatus> for Session {
    fn from(status: &core::SessionStatus) -> Session {
        Session {
            name: status.name.clone(),
            start_url: status.start_url.clone(),
            portal_host: status.portal_host.clone(),
            region: status.region.clone(),
            partition: status.partition.to_owned(),
            state: status.state.into(),
            online: status.online,
            storage: status.storage.into(),
            storage_chosen: status.storage_chosen,
            signed_in_at: status.signed_in_at.map(Millis::from),
            access_token_expires_at: status.access_token_expires_at.map(Millis::from),
            renewable: status.renewable,
            ends_at: status.ends_at.map(Millis::from),
            ends_at_is_estimate: status.ends_at_is_estimate,
            length_seconds: status.length.map(seconds),
            usual_length_seconds: status.usual_length.map(seconds),
            notice: status
                .notice
                .as_ref()
                .map(|it| Notice::of(it, status.snoozed)),
            user: status.user.clone(),
            user_before: status.user_before.clone(),
            clock_ahead_seconds: status.clock_ahead.map(seconds),
            sign_in: status.sign_in.as_ref().map(SignInStep::from),
            failure: status.failure.as_ref().map(Failure::from),
            trouble: status.trouble.as_ref().map(Failure::from),
            retry_at: status.retry_at.map(Millis::from),
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Sessions {
    #[ts(type = "number")]
    revision: u64,
    sessions: Vec<Session>,
    /// Until when no notification is shown.
    muted_until: Option<Millis>,
    /// Until when it is quiet, by the hours that the user chose.
    quiet_until: Option<Millis>,
    appearance: Appearance,
    /// The Region of new profiles, where the settings say one.
    profile_region: Option<String>,
    /// How their names are built, where the settings say it.
    profile_template: Option<String>,
    /// Why the user's settings cannot be read: those that were read last are in force, or none.
    settings_failure: Option<Failure>,
    /// What is served on this machine.
    served: Vec<Served>,
}

impl Sessions {
    pub(crate) fn of(snapshot: &core::Snapshot) -> Sessions {
        Sessions {
            revision: snapshot.sessions_revision,
            sessions: snapshot.sessions.iter().map(Session::from).collect(),
            muted_until: snapshot.muted_until.map(Millis::from),
            quiet_until: snapshot.quiet_until.map(Millis::from),
            appearance: Appearance::of(snapshot),
            profile_region: snapshot.profile_region.clone(),
            profile_template: snapshot.profile_template.clone(),
            settings_failure: snapshot.settings_failure.as_ref().map(Failure::from),
            served: snapshot.served.iter().map(Served::from).collect(),
        }
    }
}
