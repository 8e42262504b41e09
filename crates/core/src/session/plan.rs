//! Given a session's tokens and now: renew, wait until, or lapse. Pure; all thresholds are here.

use jiff::{SignedDuration, Timestamp};

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
}

impl Facts {
    /// The facts of tokens; `life` is the whole life of such a token, as far as it was seen.
    pub fn of(tokens: &Tokens, now: Timestamp, life: Option<SignedDuration>) -> Facts {
        Facts {
            expires_at: tokens.access_token_expires_at,
            renewable: tokens.is_renewable(now),
            life,
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
    let plan = match (facts.renewable, facts.is_usable(now)) {
        (true, _) if now >= due => Plan::Renew,
        (true, _) => Plan::WaitUntil(due),
        (false, true) => Plan::WaitUntil(facts.expires_at),
        (false, false) => Plan::Lapse,
    };
    tracing::debug!(
        expires_at = %facts.expires_at, renewable = facts.renewable, %due, %now, ?plan,
        "renewal decision"
    );
    plan
}

/// When a renewal is due: 20 to 25 minutes before the end, or at 0.40 of a short life.
pub fn renewal_due(facts: Facts, jitter: f64) -> Timestamp {
    let jitter = jitter.clamp(0.0, 1.0);
    let left = match facts.life {
        Some(life) if life < SHORT_LIFE => {
            life.as_secs_f64() * (SHARE - SPREAD + 2.0 * SPREAD * jitter)
        }
        _ => LATEST + (EARLIEST - LATEST) * jitter,
    };
    let left = SignedDuration::try_from_secs_f64(left).unwrap_or(SignedDuration::ZERO);
    facts
        .expires_at
        .checked_sub(left)
        .unwrap_or(facts.expires_at)
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
        }
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
                };
                let _ = plan(facts, at("10:00:00"), 0.5);
            }
        }
    }
}
