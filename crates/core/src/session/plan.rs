//! Given a session's tokens and now: renew, wait until, or lapse. Pure; all thresholds are here.

use jiff::{SignedDuration, Timestamp};

use super::estimate::{GRACE, Known};
use crate::secrets::Tokens;

/// A token whose whole life is shorter than this is renewed by its share of life.
const SHORT_LIFE: SignedDuration = SignedDuration::from_mins(60);
/// Renew between this and `LATEST` before the end: ahead of the 15 minutes of AWS's tools.
const EARLIEST: f64 = 25.0 * 60.0;
const LATEST: f64 = 20.0 * 60.0;
/// The share of a short life that is left when it is renewed, and its spread to both sides.
const SHARE: f64 = 0.40;
const SPREAD: f64 = 0.04;
/// An access token with less than this left is not handed to anybody.
pub const USABLE_MARGIN: SignedDuration = SignedDuration::from_secs(10);

/// What is known of a session's tokens at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// When the access token ends.
    pub expires_at: Timestamp,
    /// Whether another can be had without the user.
    pub renewable: bool,
    /// The whole life of the access token, where it is known.
    pub life: Option<SignedDuration>,
    /// When the sign-in itself ends, by the best guess.
    pub ends_at: Option<Timestamp>,
    /// Whether the service cut the token short: it ends with the sign-in.
    pub is_last: bool,
}

impl Facts {
    /// The facts of tokens, and of the sign-in that they are of.
    pub fn of(tokens: &Tokens, now: Timestamp, known: Known) -> Facts {
        let expires_at = tokens.access_token_expires_at;
        // At rest, times are whole seconds.
        let is_this = |end: Timestamp| end.duration_since(expires_at).abs().as_secs() <= 1;
        Facts {
            expires_at,
            renewable: tokens.is_renewable(now),
            life: known.life,
            ends_at: known.ends_at,
            is_last: known.last_token_ends_at.is_some_and(is_this),
        }
    }

    /// Whether the access token can be used now.
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.expires_at.duration_since(now) > USABLE_MARGIN
    }
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Renew now.
    Renew,
    /// Nothing to do before this moment.
    WaitUntil(Timestamp),
    /// The sign-in is over: only the user can help.
    Lapse,
}

/// Decides. `jitter` from 0 to 1 spreads the renewals of several machines.
pub fn plan(facts: Facts, now: Timestamp, jitter: f64) -> Plan {
    let due = renewal_due(facts, jitter);
    match (facts.renewable, facts.is_usable(now)) {
        (true, _) if now >= due => Plan::Renew,
        (true, _) => Plan::WaitUntil(due),
        (false, true) => Plan::WaitUntil(facts.expires_at),
        (false, false) => Plan::Lapse,
    }
}

/// When a renewal is due: 20 to 25 minutes before the end, or at 0.40 of a short life. A token that
/// was cut short is the last one: asked before its end, the service would only give shorter ones.
/// Just after the estimated end of the sign-in, one renewal tells whether it is over.
pub fn renewal_due(facts: Facts, jitter: f64) -> Timestamp {
    let before = |left: SignedDuration| facts.expires_at.checked_sub(left);
    if facts.is_last {
        return facts.expires_at;
    }
    let due = before(left_when_due(facts.life, jitter)).unwrap_or(facts.expires_at);
    let granted_at = before(facts.life.unwrap_or(SHORT_LIFE)).unwrap_or(Timestamp::MIN);
    let probe = facts.ends_at.and_then(|end| end.checked_add(GRACE).ok());
    match probe {
        Some(probe) if probe > granted_at => due.min(probe),
        Some(_) | None => due,
    }
}

/// How much of a token's life is left when it is renewed.
fn left_when_due(life: Option<SignedDuration>, jitter: f64) -> SignedDuration {
    let jitter = jitter.clamp(0.0, 1.0);
    let left = match life {
        Some(life) if life < SHORT_LIFE => {
            life.as_secs_f64() * (SHARE - SPREAD + 2.0 * SPREAD * jitter)
        }
        _ => LATEST + (EARLIEST - LATEST) * jitter,
    };
    SignedDuration::try_from_secs_f64(left).unwrap_or(SignedDuration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-03-02T{text}Z").parse().unwrap()
    }

    fn facts(expires_at: &str, renewable: bool, life_minutes: Option<i64>) -> Facts {
        Facts {
            expires_at: at(expires_at),
            renewable,
            life: life_minutes.map(SignedDuration::from_mins),
            ends_at: None,
            is_last: false,
        }
    }

    #[test]
    fn the_estimated_end_is_looked_at_once() {
        let until = |ends_at: &str| Facts {
            ends_at: Some(at(ends_at)),
            ..facts("10:00:00", true, Some(60))
        };
        for (ends_at, due) in [
            // After the renewal that is due anyway.
            ("09:50:00", "09:40:00"),
            // Before it: that moment tells.
            ("09:30:00", "09:30:30"),
            // This very token was granted after it: it was no end.
            ("08:59:00", "09:40:00"),
        ] {
            assert_eq!(renewal_due(until(ends_at), 0.0), at(due), "{ends_at}");
        }
    }

    #[test]
    fn a_token_that_was_cut_short_is_used_to_its_end() {
        let last = Facts {
            is_last: true,
            ends_at: Some(at("10:00:00")),
            ..facts("10:00:00", true, Some(60))
        };
        assert_eq!(
            plan(last, at("09:59:00"), 0.5),
            Plan::WaitUntil(at("10:00:00"))
        );
        assert_eq!(plan(last, at("10:00:00"), 0.5), Plan::Renew);
    }

    #[test]
    fn situations() {
        for (what, facts, now, jitter, expected) in [
            (
                "fresh",
                facts("10:00:00", true, Some(60)),
                "09:00:00",
                0.0,
                Plan::WaitUntil(at("09:40:00")),
            ),
            (
                "spread",
                facts("10:00:00", true, None),
                "09:00:00",
                1.0,
                Plan::WaitUntil(at("09:35:00")),
            ),
            (
                "due",
                facts("10:00:00", true, Some(60)),
                "09:40:00",
                0.0,
                Plan::Renew,
            ),
            (
                "ended while asleep",
                facts("10:00:00", true, None),
                "15:00:00",
                0.5,
                Plan::Renew,
            ),
            (
                "not renewable",
                facts("10:00:00", false, None),
                "09:59:00",
                0.5,
                Plan::WaitUntil(at("10:00:00")),
            ),
            (
                "over",
                facts("10:00:00", false, None),
                "10:00:00",
                0.5,
                Plan::Lapse,
            ),
            (
                "as good as over",
                facts("10:00:00", false, None),
                "09:59:55",
                0.5,
                Plan::Lapse,
            ),
            (
                "short life",
                facts("10:10:00", true, Some(10)),
                "10:00:00",
                0.5,
                Plan::WaitUntil(at("10:06:00")),
            ),
            (
                "short life, due",
                facts("10:10:00", true, Some(10)),
                "10:06:30",
                0.5,
                Plan::Renew,
            ),
        ] {
            assert_eq!(plan(facts, at(now), jitter), expected, "{what}");
        }
    }

    #[test]
    fn a_token_of_an_hour_is_renewed_before_the_tools_of_aws_would() {
        for step in 0..=100 {
            let due = renewal_due(facts("10:00:00", true, None), f64::from(step) / 100.0);
            let left = at("10:00:00").duration_since(due).as_mins();
            assert!((20..=25).contains(&left), "{left}");
        }
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        for end in [Timestamp::MIN, Timestamp::MAX] {
            for renewable in [true, false] {
                let facts = Facts {
                    expires_at: end,
                    renewable,
                    life: None,
                    ends_at: Some(Timestamp::MAX),
                    is_last: false,
                };
                let _ = plan(facts, at("10:00:00"), 0.5);
            }
        }
    }
}
