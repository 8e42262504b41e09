//! How fast a portal may be asked: the figures behind the budget, from what was granted and refused.
//! It only reckons; nothing here waits.

use std::time::Duration;

use tokio::time::Instant;

/// Requests a second at the start, and at the least.
const START: f64 = 8.0;
const LEAST: f64 = 0.5;
/// Figures that somebody else wrote down count up to here.
const MOST: f64 = 2_000.0;
/// Requests under way at once: at the start, and at the most.
const WINDOW_START: f64 = 4.0;
const WINDOW_MOST: f64 = 16.0;
/// How much wider the window gets with each answer.
const WIDENING: f64 = 0.25;
/// While no limit is known: how much faster with each answer, which makes it e times a second.
const FAST: f64 = 1.0;
/// On the way back to a known limit: the share of it that each answer gives back.
const BACK: f64 = 1.0 / 8.0;
/// Beyond that: how much faster with each answer, which makes it a hundredth a second.
const FEELING: f64 = 0.01;
/// The share of a known limit to settle at, and the one from which on it was no limit.
const SETTLED: f64 = 0.97;
const NO_LIMIT: f64 = 1.25;
/// A rate that is so close above what was measured is a witness of the limit too, to this share.
const CLOSE: f64 = 1.4;
const WITNESSED: f64 = 0.92;
/// What is measured over less than this says nothing about a limit.
const MEASURABLE: Duration = Duration::from_secs(2);
/// A pause between two requests after which nothing is being measured any more.
const IDLE: Duration = Duration::from_secs(3);
/// The pause after a refusal, doubled with each that follows, up to the longest.
const PAUSE: Duration = Duration::from_millis(250);
const DOUBLINGS: u32 = 6;
/// Nobody is believed who asks for a longer pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(15);
/// How far a request that came late may be made up for.
const SLACK: Duration = Duration::from_millis(25);

/// What is worth remembering of a portal for another day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learned {
    /// Requests a second.
    pub per_second: f64,
    /// Whether more were refused; otherwise more were never tried.
    pub is_limit: bool,
}

/// The rate of one portal.
#[derive(Debug)]
pub(super) struct Rate {
    per_second: f64,
    /// Where refusals set in, as far as known.
    limit: Option<f64>,
    window: f64,
    /// When the next request may go, by the rate.
    next: Option<Instant>,
    /// No request goes before this.
    not_before: Option<Instant>,
    slowed_at: Option<Instant>,
    /// Refusals in a row, and since when.
    streak: u32,
    refused_since: Option<Instant>,
    /// Since which refusal requests are counted, how many were granted, and when the last one went.
    since: Option<Instant>,
    granted: u32,
    last: Option<Instant>,
}

impl Rate {
    /// Polite, or with what was learned of this portal earlier.
    pub(super) fn new(learned: Option<Learned>) -> Rate {
        let is_limit = learned.is_some_and(|it| it.is_limit);
        // Less than the polite start is no gain; more than this nobody can have learned.
        let learned = learned.map(|it| it.per_second);
        let learned = learned.filter(|it| it.is_finite() && *it > START);
        let learned = learned.map(|it| it.min(MOST));
        Rate {
            per_second: learned.map_or(START, |it| it * SETTLED),
            limit: learned.filter(|_| is_limit),
            window: learned.map_or(WINDOW_START, |it| {
                (it / 2.0).clamp(WINDOW_START, WINDOW_MOST)
            }),
            next: None,
            not_before: None,
            slowed_at: None,
            streak: 0,
            refused_since: None,
            since: None,
            granted: 0,
            last: None,
        }
    }

    pub(super) fn per_second(&self) -> f64 {
        self.per_second
    }

    /// What is worth remembering for another day: the limit, or how fast it went without one.
    pub(super) fn learned(&self) -> Learned {
        Learned {
            per_second: self.limit.unwrap_or(self.per_second),
            is_limit: self.limit.is_some(),
        }
    }

    /// Whether one more request may be under way. After a refusal one alone tries the ground.
    pub(super) fn has_room(&self, under_way: usize) -> bool {
        let most = if self.streak > 0 {
            1.0
        } else {
            self.window.floor()
        };
        (under_way as f64) < most
    }

    /// When the next request may go.
    pub(super) fn earliest(&self, now: Instant) -> Instant {
        let next = self.next.map_or(now, |next| next.max(now));
        next.max(self.not_before(now))
    }

    /// The end of the pause that a refusal asked for.
    pub(super) fn not_before(&self, now: Instant) -> Instant {
        self.not_before.map_or(now, |end| end.max(now))
    }

    /// A request goes now.
    pub(super) fn goes(&mut self, now: Instant) {
        if self.last.is_none_or(|last| now - last > IDLE) {
            self.since = None;
        }
        self.last = Some(now);
        let made_up = now.checked_sub(SLACK).unwrap_or(now);
        let next = self.next.map_or(now, |next| next.max(made_up));
        self.next = Some(next + Duration::from_secs_f64(1.0 / self.per_second));
    }

    /// A request was granted. `waited`: the rate held it back, and not the window.
    pub(super) fn was_granted(&mut self, sent_at: Instant, waited: bool) {
        self.granted += 1;
        if self.slowed_at.is_none_or(|at| sent_at > at) {
            (self.streak, self.refused_since) = (0, None);
        }
        self.window = (self.window + WIDENING).min(WINDOW_MOST);
        if waited {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let Some(limit) = self.limit else {
            self.per_second = (self.per_second + FAST).min(MOST);
            return;
        };
        let settled = limit * SETTLED;
        if self.per_second < settled {
            self.per_second = (self.per_second + limit * BACK).min(settled);
        } else {
            self.per_second = (self.per_second + FEELING).min(MOST);
        }
        if self.per_second > limit * NO_LIMIT {
            // What was granted meanwhile was less than might have been.
            (self.limit, self.since) = (None, None);
        }
    }

    /// A request was refused for being one too many. Those that were under way with it count as one.
    pub(super) fn was_refused(&mut self, sent_at: Instant, asked: Option<Duration>, now: Instant) {
        let pause = asked.map(|it| it.min(LONGEST_PAUSE));
        if self.slowed_at.is_none_or(|at| sent_at > at) {
            self.slow_down(now);
            self.streak += 1;
            self.refused_since = self.refused_since.or(Some(now));
            let own = PAUSE * 2_u32.pow((self.streak - 1).min(DOUBLINGS));
            self.not_before = Some(now + pause.unwrap_or(own));
        } else if let Some(pause) = pause {
            self.not_before = self.not_before.max(Some(now + pause));
        }
    }

    fn slow_down(&mut self, now: Instant) {
        self.window = (self.window / 2.0).max(WINDOW_START);
        self.slowed_at = Some(now);
        if self.streak > 0 {
            // Where nothing is granted at all, it is not the rate: what is known of the limit holds.
            self.per_second = (self.per_second / 2.0).max(LEAST);
            return;
        }
        let time = self.since.map(|since| now - since);
        let limit = self.shown_by(time);
        self.limit = Some(limit);
        self.per_second = (limit / 2.0).max(LEAST);
        if time.is_none_or(|time| time >= MEASURABLE) {
            (self.since, self.granted) = (Some(now), 0);
        }
    }

    /// The limit that a refusal shows. What was granted from one refusal to the next is the limit
    /// itself, however much may come at once: nothing is left over at either. Where little may, and
    /// a pause was thus lost, the rate at which it was refused is the better witness.
    fn shown_by(&self, time: Option<Duration>) -> f64 {
        let rate = self.per_second;
        let measurable = time.filter(|time| *time >= MEASURABLE);
        let limit = match measurable.map(|time| f64::from(self.granted) / time.as_secs_f64()) {
            Some(measured) if rate > measured * CLOSE => measured,
            Some(measured) => measured.max(rate * WITNESSED),
            None => rate,
        };
        limit.min(rate).max(LEAST)
    }

    /// How often it was refused in a row.
    pub(super) fn streak(&self) -> u32 {
        self.streak
    }

    /// How long nothing has been granted because of refusals, the pause that was asked for included.
    pub(super) fn refused_for(&self, now: Instant) -> Duration {
        self.refused_since
            .map_or(Duration::ZERO, |since| self.not_before(now) - since)
    }
}
