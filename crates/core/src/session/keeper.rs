//! When to look at a session again. Deadlines are wall-clock and looked at every 30 seconds, so a
//! laptop that slept is right within seconds of its resume.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The longest nap: after it, the wall clock is asked again whatever the plan said.
pub const LONGEST_NAP: Duration = Duration::from_secs(30);
/// The shortest, so that a clock set back cannot make it spin.
const SHORTEST_NAP: Duration = Duration::from_millis(500);
/// After the first failure; each further one doubles it.
const FIRST_BACK_OFF: i64 = 5;
/// The longest back-off, in seconds.
const LONGEST_BACK_OFF: i64 = 300;

/// How long to sleep before looking again at a moment to come.
pub fn nap(now: Timestamp, until: Timestamp) -> Duration {
    let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    left.clamp(SHORTEST_NAP, LONGEST_NAP)
}

/// When to try again after so many failures in a row; `jitter` from 0 to 1.
pub fn back_off(now: Timestamp, failures: u32, jitter: f64) -> Timestamp {
    let doubled = FIRST_BACK_OFF << failures.saturating_sub(1).min(8);
    let seconds = doubled.min(LONGEST_BACK_OFF) as f64 * (0.75 + 0.5 * jitter.clamp(0.0, 1.0));
    let wait = SignedDuration::try_from_secs_f64(seconds)
        .unwrap_or(SignedDuration::from_secs(LONGEST_BACK_OFF));
    now.checked_add(wait).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn naps_are_short_and_never_none() {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        for (ahead, nap_ms) in [(-3600_i64, 500), (0, 500), (10, 10_000), (3600, 30_000)] {
            let until = now + SignedDuration::from_secs(ahead);
            assert_eq!(nap(now, until).as_millis(), nap_ms, "{ahead}");
        }
    }

    #[test]
    fn failures_are_repeated_ever_more_seldom() {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        for (failures, seconds) in [(1, 5), (2, 10), (3, 20), (6, 160), (7, 300), (500, 300)] {
            assert_eq!(
                back_off(now, failures, 0.5).duration_since(now).as_secs(),
                seconds,
                "{failures}"
            );
        }
    }
}
