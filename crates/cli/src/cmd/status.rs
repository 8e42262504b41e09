//! `status`: the sessions, where their tokens are, and their clocks.

use daypass_core::Result;
use daypass_core::daypass::SessionStatus;
use daypass_core::session::State;
use jiff::Timestamp;

use super::{Run, session};
use crate::args::Status;
use crate::render::{Cell, Table, Tone, end_of, json, left};

/// A session needs the user.
const SIGN_IN_NEEDED: u8 = 3;

pub(super) async fn run(run: &Run, words: Status) -> Result<u8> {
    if let Some(name) = &words.session {
        run.daypass.only_session(Some(name))?;
    }
    let wanted = |it: &&SessionStatus| words.session.as_ref().is_none_or(|name| *name == it.name);
    let mut blind = None;
    for session in run.daypass.snapshot().sessions.iter().filter(wanted) {
        if let Err(error) = run.daypass.look(&session.name).await {
            run.screen.warn(&error);
            blind = blind.or(Some(error.code().exit_code()));
        }
    }
    let snapshot = run.daypass.snapshot();
    let sessions: Vec<_> = snapshot.sessions.iter().filter(wanted).collect();
    if run.screen.is_json() {
        run.screen.document(&json::Status::of(&sessions))?;
    } else if sessions.is_empty() {
        run.screen.say(session::NONE);
    } else {
        run.screen.table(&table(&sessions, run.host.clock.now()))?;
    }
    let needed = sessions.iter().any(|it| !it.state.is_usable());
    Ok(blind.unwrap_or(if needed { SIGN_IN_NEEDED } else { 0 }))
}

fn table(sessions: &[&SessionStatus], now: Timestamp) -> Table {
    let mut table = Table::new(&[
        "SESSION",
        "STATE",
        "ACCESS TOKEN",
        "SIGN-IN",
        "STORAGE",
        "USER",
        "PORTAL~",
    ]);
    for session in sessions {
        table.row(vec![
            Cell::new(&session.name),
            state(session.state),
            Cell::new(&access_token(session, now)),
            Cell::new(&sign_in(session, now)),
            Cell::new(session.storage.name()),
            Cell::new(session.user.as_deref().unwrap_or("-")),
            Cell::toned(&session.portal_host, Tone::Aside),
        ]);
    }
    table
}

fn state(state: State) -> Cell {
    match state {
        State::SignedOut => Cell::toned("signed out", Tone::Aside),
        State::SigningIn => Cell::new("signing in"),
        State::Active => Cell::toned("active", Tone::Good),
        State::Fading => Cell::toned("fading", Tone::Caution),
        State::Lapsed => Cell::toned("lapsed", Tone::Bad),
    }
}

/// The access token's clock; a renewable one is nothing that the user has to watch.
fn access_token(session: &SessionStatus, now: Timestamp) -> String {
    let Some(ends) = session.access_token_expires_at else {
        return "-".to_owned();
    };
    let span = ends.duration_since(now);
    match (span.is_positive(), session.renewable) {
        (true, true) => format!("{} left, renews", left(span)),
        (true, false) => format!("{} left", left(span)),
        (false, true) => "renews at the next use".to_owned(),
        (false, false) => "ended".to_owned(),
    }
}

/// The clock of the sign-in itself, which the service does not tell.
fn sign_in(session: &SessionStatus, now: Timestamp) -> String {
    match (session.ends_at, session.ends_at_is_estimate) {
        (Some(at), _) if at <= now && !session.state.is_usable() => {
            format!("ended at {}", end_of(at, now))
        }
        (Some(at), true) => format!("usually ends around {}", end_of(at, now)),
        (Some(at), false) => format!("ends at {}", end_of(at, now)),
        (None, _) => match session.signed_in_at {
            Some(at) => format!("since {}", end_of(at, now)),
            None => "-".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(state: State) -> SessionStatus {
        SessionStatus {
            name: "work".into(),
            start_url: "https://a.awsapps.com/start".into(),
            portal_host: "a.awsapps.com".into(),
            region: "eu-central-1".into(),
            partition: "aws",
            state,
            online: true,
            looked_at: true,
            ..SessionStatus::default()
        }
    }

    #[test]
    fn the_two_clocks_are_told_apart() {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let in_minutes = |minutes| Some(now + jiff::SignedDuration::from_mins(minutes));
        let out = session(State::SignedOut);
        assert_eq!(
            (access_token(&out, now), sign_in(&out, now)),
            ("-".into(), "-".into())
        );
        let mut active = session(State::Active);
        active.access_token_expires_at = in_minutes(52);
        assert_eq!(access_token(&active, now), "52 min left");
        active.renewable = true;
        assert_eq!(access_token(&active, now), "52 min left, renews");
        active.ends_at = in_minutes(1);
        active.ends_at_is_estimate = true;
        assert!(sign_in(&active, now).starts_with("usually ends around "));
        active.ends_at_is_estimate = false;
        assert!(sign_in(&active, now).starts_with("ends at "));
        active.access_token_expires_at = in_minutes(-1);
        assert_eq!(access_token(&active, now), "renews at the next use");
    }
}
