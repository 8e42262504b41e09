//! Each session's portal and sign-in: is it reached, is its clock ours, does the sign-in stand?

use jiff::Timestamp;

use super::{Check, Subject};
use crate::host::Host;
use crate::portal::Endpoints;
use crate::secrets::Tokens;
use crate::settings::{SessionSettings, Settings};
use crate::vault::{Shelf, Vault};
use crate::{Code, Result};

const PORTAL: Subject = Subject("portal", "The portal");
const CLOCK: Subject = Subject("clock", "The clock");
const SIGNED_IN: Subject = Subject("signed_in", "The sign-in");

/// Beyond this, in seconds, the user is told.
const SKEW: i64 = 120;

pub(super) async fn look(host: &Host, settings: &Settings) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut skew = None;
    for session in &settings.sessions {
        checks.push(portal(host, session).await);
        checks.push(signed_in(host, session).await);
        skew = skew.or_else(|| {
            let ends = Endpoints::find(host, &session.start_url, &session.region).ok()?;
            ends.skew(host)
        });
    }
    checks.push(clock(skew.map(|it| it.as_secs())));
    checks
}

async fn portal(host: &Host, session: &SessionSettings) -> Check {
    let name = &session.name;
    match reach(host, session).await {
        Ok(()) => PORTAL.pass(format!("session `{name}`: it answers")),
        Err(error) => PORTAL.fail(
            format!("session `{name}`: {}", super::sentence(&error)),
            error.hint(),
        ),
    }
}

/// Any answer of the service will do; nothing of the user's is sent.
async fn reach(host: &Host, session: &SessionSettings) -> Result<()> {
    let ends = Endpoints::find(host, &session.start_url, &session.region)?;
    ends.reach(host).await
}

async fn signed_in(host: &Host, session: &SessionSettings) -> Check {
    let name = &session.name;
    match Vault::new(host).read(&Shelf::of(session)).await {
        Ok(tokens) => match stands(tokens.as_ref(), host.clock.now()) {
            Some(found) => SIGNED_IN.pass(format!("session `{name}`: {found}")),
            None => SIGNED_IN.warn(
                format!("session `{name}` is signed out"),
                format!("run `daypass login {name}`"),
            ),
        },
        Err(error) if error.code() == Code::KeychainLocked => SIGNED_IN.warn(
            format!("session `{name}`: {}", super::sentence(&error)),
            error.hint(),
        ),
        Err(error) => SIGNED_IN.fail(
            format!("session `{name}`: {}", super::sentence(&error)),
            error.hint(),
        ),
    }
}

fn stands(tokens: Option<&Tokens>, now: Timestamp) -> Option<&'static str> {
    let tokens = tokens?;
    match (
        tokens.access_token_expires_at > now,
        tokens.is_renewable(now),
    ) {
        (true, true) => Some("signed in, and renewed by itself"),
        (true, false) => Some("signed in, until its token ends"),
        (false, true) => Some("signed in; it is renewed at its next use"),
        (false, false) => None,
    }
}

fn clock(ahead: Option<i64>) -> Check {
    let fix = "set the clock by the network: sign-ins and certificates go by it";
    match ahead {
        None => CLOCK.pass("no portal answered that it could be compared with"),
        Some(ahead) if ahead.abs() <= SKEW => CLOCK.pass("right, by the portal's"),
        Some(ahead) if ahead > 0 => {
            CLOCK.warn(format!("{} minutes late, by the portal's", ahead / 60), fix)
        }
        Some(ahead) => CLOCK.warn(
            format!("{} minutes ahead, by the portal's", -ahead / 60),
            fix,
        ),
    }
}
