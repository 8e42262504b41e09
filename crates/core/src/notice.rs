//! What deserves telling: that a sign-in ends soon, and that it has ended. Pure; success is silent.

use jiff::{SignedDuration, Timestamp};

pub use crate::session::Stage;
use crate::session::State;

/// When warnings come before the end of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warnings {
    /// The first one.
    pub first: Option<SignedDuration>,
    /// The last one.
    pub last: Option<SignedDuration>,
}

impl Default for Warnings {
    fn default() -> Warnings {
        Warnings {
            first: Some(SignedDuration::from_mins(15)),
            last: Some(SignedDuration::from_mins(5)),
        }
    }
}

impl Warnings {
    /// From when a sign-in counts as one that ends soon, also where nobody is warned of it.
    pub fn window(&self) -> SignedDuration {
        let earliest = self.first.or(self.last);
        earliest.unwrap_or(SignedDuration::from_mins(15))
    }
}

/// Whoever puts the end of a sign-in off is reminded after this.
pub const SNOOZE: SignedDuration = SignedDuration::from_mins(30);

/// Something worth telling the user of one session. It stands until it is no longer true.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    /// The session.
    pub session: String,
    /// How near the end is.
    pub stage: Stage,
    /// When it ends or ended, where that is known or can be guessed.
    pub ends_at: Option<Timestamp>,
    /// Whether that is a guess.
    pub is_estimate: bool,
}

impl Notice {
    /// How many minutes are left, rounded up; `None` where no end is known or it has passed.
    pub fn minutes_left(&self, now: Timestamp) -> Option<i64> {
        let left = self.ends_at?.duration_since(now).as_secs();
        (left > 0).then(|| (left + 59) / 60)
    }
}

/// What the clocks of a sign-in say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// What being signed in means now.
    pub state: State,
    /// When the sign-in began, where it is known.
    pub began_at: Option<Timestamp>,
    /// When it ends or ended, where that is known or can be guessed.
    pub ends_at: Option<Timestamp>,
}

/// The stage that a sign-in has reached; `None` while there is nothing to tell.
pub fn stage(clocks: Clocks, warnings: Warnings, now: Timestamp) -> Option<Stage> {
    match clocks.state {
        State::Lapsed => Some(Stage::Ended),
        State::SignedOut | State::SigningIn => None,
        State::Active | State::Fading => nearing(clocks, warnings, now),
    }
}

fn nearing(clocks: Clocks, warnings: Warnings, now: Timestamp) -> Option<Stage> {
    let ends_at = clocks.ends_at?;
    let left = ends_at.duration_since(now);
    // Past its end it is being looked into: another stage, or no end at all, comes of it.
    if left.is_negative() {
        return None;
    }
    let whole = clocks.began_at.map(|at| ends_at.duration_since(at));
    // A sign-in that is hardly longer than the warning would begin with it.
    let counts = |warning: Option<SignedDuration>| {
        warning.is_some_and(|warning| {
            left <= warning && whole.is_none_or(|whole| whole >= warning + warning)
        })
    };
    if counts(warnings.last) {
        Some(Stage::EndsVerySoon)
    } else if counts(warnings.first) {
        Some(Stage::EndsSoon)
    } else {
        None
    }
}

/// What to tell now: what stands, unless this stage or a later one of the same sign-in was told.
pub fn between(told: Option<Stage>, standing: Option<&Notice>) -> Option<Notice> {
    standing
        .filter(|notice| told.is_none_or(|told| told < notice.stage))
        .cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        let start: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        start + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn stages_of_a_sign_in() {
        use Stage::{Ended, EndsSoon, EndsVerySoon};
        use State::{Active, Fading, Lapsed, SignedOut, SigningIn};
        for (state, began_at, ends_at, now, expected) in [
            (Active, Some(0), Some(480), 464, None),
            (Active, Some(0), Some(480), 465, Some(EndsSoon)),
            (Fading, Some(0), Some(480), 470, Some(EndsSoon)),
            (Active, Some(0), Some(480), 475, Some(EndsVerySoon)),
            (Active, Some(0), Some(480), 480, Some(EndsVerySoon)),
            (Active, Some(0), Some(480), 481, None),
            (Active, Some(0), None, 479, None),
            (Active, None, Some(480), 470, Some(EndsSoon)),
            // A sign-in of twenty minutes has one warning, one of eight minutes none.
            (Active, Some(0), Some(20), 10, None),
            (Active, Some(0), Some(20), 16, Some(EndsVerySoon)),
            (Active, Some(0), Some(8), 4, None),
            (Lapsed, Some(0), Some(480), 481, Some(Ended)),
            (Lapsed, None, None, 481, Some(Ended)),
            (SignedOut, Some(0), Some(480), 470, None),
            (SigningIn, Some(0), Some(480), 470, None),
        ] {
            let clocks = Clocks {
                state,
                began_at: began_at.map(at),
                ends_at: ends_at.map(at),
            };
            assert_eq!(
                stage(clocks, Warnings::default(), at(now)),
                expected,
                "{clocks:?} at {now}"
            );
        }
    }

    #[test]
    fn warnings_come_when_the_user_wants_them() {
        use Stage::{Ended, EndsSoon, EndsVerySoon};
        let minutes = |it: i64| Some(SignedDuration::from_mins(it));
        let clocks = |state| Clocks {
            state,
            began_at: Some(at(0)),
            ends_at: Some(at(480)),
        };
        for (first, last, now, expected) in [
            (minutes(60), minutes(30), 419, None),
            (minutes(60), minutes(30), 420, Some(EndsSoon)),
            (minutes(60), minutes(30), 450, Some(EndsVerySoon)),
            (None, minutes(10), 469, None),
            (None, minutes(10), 470, Some(EndsVerySoon)),
            (None, None, 480, None),
        ] {
            let warnings = Warnings { first, last };
            let stage = stage(clocks(State::Active), warnings, at(now));
            assert_eq!(stage, expected, "{warnings:?} at {now}");
        }
        let never = Warnings {
            first: None,
            last: None,
        };
        assert_eq!(stage(clocks(State::Lapsed), never, at(481)), Some(Ended));
        assert_eq!(never.window().as_mins(), 15);
        let early = Warnings {
            first: minutes(60),
            last: minutes(30),
        };
        assert_eq!(early.window().as_mins(), 60);
    }

    #[test]
    fn minutes_are_rounded_up_and_never_none_left() {
        for (seconds, minutes) in [
            (300, Some(5)),
            (299, Some(5)),
            (61, Some(2)),
            (1, Some(1)),
            (0, None),
            (-60, None),
        ] {
            let notice = Notice {
                session: "work".into(),
                stage: Stage::EndsVerySoon,
                ends_at: Some(at(0) + SignedDuration::from_secs(seconds)),
                is_estimate: false,
            };
            assert_eq!(notice.minutes_left(at(0)), minutes, "{seconds}");
        }
    }

    #[test]
    fn each_stage_is_told_once() {
        use Stage::{Ended, EndsSoon, EndsVerySoon};
        let notice = |stage| Notice {
            session: "work".into(),
            stage,
            ends_at: None,
            is_estimate: false,
        };
        for (told, standing, tells) in [
            (None, None, false),
            (None, Some(EndsSoon), true),
            (None, Some(Ended), true),
            (Some(EndsSoon), Some(EndsSoon), false),
            (Some(EndsSoon), Some(EndsVerySoon), true),
            (Some(EndsVerySoon), Some(EndsSoon), false),
            (Some(EndsVerySoon), Some(Ended), true),
            (Some(Ended), Some(Ended), false),
            (Some(Ended), None, false),
        ] {
            let standing = standing.map(notice);
            assert_eq!(
                between(told, standing.as_ref()),
                standing.filter(|_| tells),
                "{told:?}"
            );
        }
    }
}
