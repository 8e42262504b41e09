//! When to look at a session again. Deadlines are wall-clock and looked at every 30 seconds, so a
//! laptop that slept is right within seconds of its resume. It only reckons; others sleep and look.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Why there is a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// It was due.
    Time,
    /// The machine slept, or its clock was set.
    Resumed,
    /// The machine has another address than before.
    Network,
    /// Files changed that other programs write.
    Files,
    /// The user asked to try at once.
    Asked,
}

/// After a sleep or on a new network, all machines of an office would ask at once.
const GATHERING: f64 = 6.0;
/// A clock that went this much further than the nap was long shows a sleep.
const SLIP: SignedDuration = SignedDuration::from_secs(10);

/// What is remembered of one session between two looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Care {
    /// From 0 to 1, spreads the renewals of several machines.
    pub jitter: f64,
    /// Failures in a row.
    pub failures: u32,
    /// Nothing is sent before this.
    pub not_before: Timestamp,
    /// Since when there are no tokens.
    pub empty_since: Option<Timestamp>,
}

/// Whoever is refused by the service erases the tokens first and writes down why a moment later.
const EXPLANATION: SignedDuration = SignedDuration::from_secs(5);

impl Care {
    /// For a session that was not looked at yet.
    pub fn new(jitter: f64) -> Care {
        Care {
            jitter,
            failures: 0,
            not_before: Timestamp::MIN,
            empty_since: None,
        }
    }

    /// There are no tokens: whether that is so for long enough to be what it looks like.
    pub fn stays_empty(&mut self, now: Timestamp) -> bool {
        let since = *self.empty_since.get_or_insert(now);
        now.duration_since(since) >= EXPLANATION
    }

    /// Takes in why there is a look: with a new network, waiting for the end of a back-off is in vain.
    pub fn wake(&mut self, wake: Wake, now: Timestamp, jitter: f64) {
        match wake {
            Wake::Time | Wake::Files => {}
            Wake::Asked => self.not_before = Timestamp::MIN,
            Wake::Resumed | Wake::Network => {
                let spread = SignedDuration::try_from_secs_f64(GATHERING * jitter.clamp(0.0, 1.0));
                let soon = now.checked_add(spread.unwrap_or_default()).unwrap_or(now);
                // A clock that was set back leaves a moment that is far ahead.
                let waits = self.failures > 0 || wake == Wake::Resumed;
                if waits {
                    self.not_before = soon;
                }
            }
        }
    }

    /// The look went well.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// The look did not; says when the next one is due.
    pub fn failed(&mut self, now: Timestamp, jitter: f64) -> Timestamp {
        self.failures = self.failures.saturating_add(1);
        self.not_before = back_off(now, self.failures, jitter);
        self.not_before
    }
}

/// Feels whether the clock went on as the naps did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pulse {
    expected: Timestamp,
}

impl Pulse {
    /// Starts now.
    pub fn at(now: Timestamp) -> Pulse {
        Pulse { expected: now }
    }

    /// A rest begins.
    pub fn rest(&mut self, now: Timestamp, rest: Duration) {
        let rest = SignedDuration::try_from(rest).unwrap_or_default();
        self.expected = now.checked_add(rest).unwrap_or(now);
    }

    /// A rest is over, for this reason as far as its owner knows; `Resumed` where the clock is much
    /// further than it could be, or was set back by more than a rest.
    pub fn feel(&self, wake: Wake, now: Timestamp) -> Wake {
        let late = now.duration_since(self.expected);
        let longest = SignedDuration::try_from(LONGEST_NAP).unwrap_or_default() + SLIP;
        if late > SLIP || late < -longest {
            tracing::info!(
                late_s = late.as_secs(),
                "the machine slept or its clock was set"
            );
            return Wake::Resumed;
        }
        wake
    }
}

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
    fn a_sleep_and_a_clock_that_is_set_are_felt() {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let mut pulse = Pulse::at(now);
        pulse.rest(now, Duration::from_secs(30));
        for (ahead, wake) in [
            (30, Wake::Time),
            (38, Wake::Time),
            // Woken early by something else.
            (1, Wake::Time),
            (9 * 3600, Wake::Resumed),
            (-3600, Wake::Resumed),
        ] {
            let then = now + SignedDuration::from_secs(ahead);
            assert_eq!(pulse.feel(Wake::Time, then), wake, "{ahead}");
        }
    }

    #[test]
    fn a_new_network_ends_a_back_off_within_seconds() {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let mut care = Care::new(0.5);
        for _ in 1..9 {
            care.failed(now, 0.5);
        }
        assert!(care.not_before.duration_since(now).as_secs() >= 200);
        let mut woken = care.clone();
        woken.wake(Wake::Files, now, 1.0);
        assert_eq!(woken, care, "a file says nothing about the network");
        let mut asked = care.clone();
        asked.wake(Wake::Asked, now, 1.0);
        assert!(asked.not_before <= now, "at once");
        woken.wake(Wake::Network, now, 1.0);
        assert!(woken.not_before.duration_since(now).as_secs() <= 6);
        let mut calm = Care::new(0.5);
        calm.wake(Wake::Network, now, 1.0);
        assert_eq!(calm.not_before, Timestamp::MIN, "nothing waits");
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
