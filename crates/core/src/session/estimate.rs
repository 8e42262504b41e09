//! When a sign-in ends, as far as it can be known: the service never says. It is learned from what
//! the user said, from earlier ends, and from a last token with a shortened life. Pure.

use jiff::{SignedDuration, Timestamp};

use super::record::{Record, client_of};
use crate::secrets::Tokens;

/// So long after its estimated end, a sign-in that is granted another token has outlived it.
pub const GRACE: SignedDuration = SignedDuration::from_secs(30);
/// How many earlier lengths are kept.
const KEPT: usize = 5;
/// An end that was noticed later than this after the last grant teaches nothing: the machine slept.
const LONGEST_GAP: i64 = 2 * 60 * 60;
/// The life that AWS gives an access token, in seconds.
const USUAL_LIFE: f64 = 3600.0;
/// A token with less than this share of the usual life was cut short by the end of the sign-in.
const CUT_SHORT: f64 = 0.9;
/// Lengths that organisations choose, in seconds; the first that fits an observation is taken.
const USUAL_STEPS: [i64; 4] = [4 * 3600, 3600, 1800, 900];

/// What a plan needs to know of a sign-in beside its tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The whole life of the access tokens.
    pub life: Option<SignedDuration>,
    /// When the sign-in ends, by the best guess.
    pub ends_at: Option<Timestamp>,
    /// The end of a token that was cut short.
    pub last_token_ends_at: Option<Timestamp>,
}

/// What is known of a sign-in. `set` is the length that the user gave, in seconds.
pub fn known(record: &Record, set: Option<i64>) -> Known {
    Known {
        life: record.life(),
        ends_at: end(record, set),
        last_token_ends_at: record.last_token_ends_at,
    }
}

/// The end of a sign-in by the best guess; `None` where nothing is known. `set` is the
/// length that the user gave, in seconds.
pub fn end(record: &Record, set: Option<i64>) -> Option<Timestamp> {
    if let Some(end) = record.last_token_ends_at {
        return Some(end);
    }
    if record.outlived || record.began_before {
        return None;
    }
    let length = set.or_else(|| usual_length(&record.lengths))?;
    let length = SignedDuration::from_secs(length);
    record
        .signed_in_at
        .and_then(|at| at.checked_add(length).ok())
}

/// The length that earlier sign-ins had most often, in seconds; the latest where several did.
pub fn usual_length(lengths: &[i64]) -> Option<i64> {
    let count = |length: i64| lengths.iter().filter(|it| **it == length).count();
    lengths.iter().copied().max_by_key(|length| count(*length))
}

impl Record {
    /// A sign-in began.
    pub fn begins(&mut self, tokens: &Tokens, now: Timestamp) {
        *self = Record {
            signed_in_at: Some(now),
            token_life: Some(life(tokens, now)),
            granted_at: Some(now),
            client: client_of(tokens),
            lengths: std::mem::take(&mut self.lengths),
            user: self.user.take(),
            user_before: self.user_before.take(),
            clock_ahead: self.clock_ahead,
            ..Record::default()
        };
    }

    /// Another tool's sign-in was found. Unless its token is fresh, it began some time before, and its
    /// token's whole life is not known.
    pub fn is_adopted(&mut self, tokens: &Tokens, now: Timestamp) {
        self.begins(tokens, now);
        let fresh = life(tokens, now) as f64 >= USUAL_LIFE * CUT_SHORT;
        if !fresh {
            (self.began_before, self.token_life) = (true, None);
        }
    }

    /// The user signed out: what was learned stays.
    pub fn is_signed_out(&mut self) {
        *self = Record {
            lengths: std::mem::take(&mut self.lengths),
            user: self.user.take(),
            clock_ahead: self.clock_ahead,
            ..Record::default()
        };
    }

    /// The service granted another token. `set` is the length that the user gave, in seconds.
    pub fn is_granted(&mut self, tokens: &Tokens, now: Timestamp, set: Option<i64>) {
        let ends_at = end(self, set);
        let life = life(tokens, now);
        let usual = self.token_life.unwrap_or(life).max(life);
        let cut_short = (life as f64) < usual as f64 * CUT_SHORT;
        self.last_token_ends_at = cut_short.then_some(tokens.access_token_expires_at);
        self.outlived |= !cut_short && ends_at.is_some_and(|end| now.duration_since(end) >= GRACE);
        self.token_life = Some(usual);
        self.granted_at = Some(now);
    }

    /// The service refused another token: the sign-in is over.
    pub fn is_refused(&mut self, now: Timestamp) {
        self.ended_at = self.ended_at.or(Some(now));
        if let Some(length) = self.observed(now) {
            self.lengths.push(length);
            let surplus = self.lengths.len().saturating_sub(KEPT);
            self.lengths.drain(..surplus);
        }
    }

    /// The length of the sign-in that ends now, where it can be told well enough: the roundest
    /// between the last grant and now.
    fn observed(&self, now: Timestamp) -> Option<i64> {
        let (began, granted) = (self.signed_in_at?, self.granted_at?);
        if self.began_before {
            return None;
        }
        let at_least = granted.duration_since(began).as_secs();
        let length_until = |end: Timestamp| {
            let at_most = end.duration_since(began).as_secs();
            let tells = at_least > 0 && at_most >= at_least && at_most - at_least <= LONGEST_GAP;
            tells.then_some(at_most)
        };
        match self.last_token_ends_at.filter(|end| *end <= now) {
            // The last token may have been granted in the very last second.
            Some(end) => length_until(end).map(to_the_minute),
            None => length_until(now).map(|at_most| roundest(at_least, at_most)),
        }
    }
}

/// Times of different clocks differ by a second or two.
fn to_the_minute(seconds: i64) -> i64 {
    (seconds + 30) / 60 * 60
}

/// The roundest length above `at_least` and up to `at_most`.
fn roundest(at_least: i64, at_most: i64) -> i64 {
    let fitting = USUAL_STEPS.iter().map(|step| at_most / step * step);
    fitting
        .into_iter()
        .find(|length| *length > at_least)
        .unwrap_or(at_most)
}

fn life(tokens: &Tokens, now: Timestamp) -> i64 {
    tokens.access_token_expires_at.duration_since(now).as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secret;

    fn at(minutes: i64) -> Timestamp {
        let start: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        start + SignedDuration::from_mins(minutes)
    }

    fn token_until(minutes: i64) -> Tokens {
        Tokens {
            access_token: Secret::new("aoa-EXAMPLE"),
            access_token_expires_at: at(minutes),
            refresh_token: Some(Secret::new("aor-EXAMPLE")),
            registration: None,
        }
    }

    /// A sign-in at 0 with grants at the given minutes, each for an hour but not beyond `clip`.
    fn lived(grants: &[i64], clip: Option<i64>) -> Record {
        let mut record = Record::default();
        record.begins(&token_until(60), at(0));
        for grant in grants {
            let end = (grant + 60).min(clip.unwrap_or(i64::MAX));
            record.is_granted(&token_until(end), at(*grant), None);
        }
        record
    }

    #[test]
    fn an_end_teaches_the_length() {
        for (grants, clip, refused_at, learned) in [
            (&[437, 475][..], None, 511, Some(480)),
            (&[690], None, 728, Some(720)),
            // Noticed hours later, on waking: it may have ended at any time between.
            (&[37, 75], None, 540, None),
            // The last token was cut short: its end is the end.
            (&[437, 475], Some(495), 496, Some(495)),
            // The very last second was granted.
            (&[437, 475, 495], Some(495), 495, Some(495)),
            // Nothing granted since the sign-in: any length up to now would fit.
            (&[], None, 35, None),
            (&[100], None, 137, Some(120)),
        ] {
            let mut record = lived(grants, clip);
            record.is_refused(at(refused_at));
            let learned: Vec<_> = learned
                .map(|minutes: i64| minutes * 60)
                .into_iter()
                .collect();
            assert_eq!(record.lengths, learned, "{grants:?} {clip:?} {refused_at}");
            assert_eq!(record.ended_at, Some(at(refused_at)));
        }
    }

    #[test]
    fn the_estimate_comes_from_the_best_that_is_known() {
        let mut record = lived(&[37], None);
        assert_eq!(end(&record, None), None);
        assert_eq!(end(&record, Some(8 * 3600)), Some(at(480)));
        record.lengths = vec![12 * 3600, 8 * 3600, 12 * 3600];
        assert_eq!(end(&record, None), Some(at(720)));
        record.last_token_ends_at = Some(at(70));
        assert_eq!(end(&record, Some(8 * 3600)), Some(at(70)));
        assert_eq!(usual_length(&[3600, 7200]), Some(7200));
    }

    #[test]
    fn a_sign_in_that_outlives_its_estimate_has_none_until_the_next() {
        let mut record = lived(&[450], None);
        record.is_granted(&token_until(541), at(481), Some(8 * 3600));
        assert!(record.outlived);
        assert_eq!(end(&record, Some(8 * 3600)), None);
        record.begins(&token_until(660), at(600));
        assert_eq!(end(&record, Some(8 * 3600)), Some(at(1080)));
    }

    #[test]
    fn a_sign_in_that_was_found_halfway_teaches_and_tells_nothing() {
        for (left, begin_is_known) in [(60, true), (55, true), (20, false), (480, true)] {
            let mut record = Record {
                lengths: vec![8 * 3600],
                ..Record::default()
            };
            record.is_adopted(&token_until(left), at(0));
            assert_eq!(end(&record, None).is_some(), begin_is_known, "{left}");
            assert_eq!(record.token_life.is_some(), begin_is_known, "{left}");
            record.is_granted(&token_until(75), at(15), None);
            record.is_refused(at(60));
            assert_eq!(record.lengths.len() == 2, begin_is_known, "{left}");
        }
    }

    #[test]
    fn nonsense_from_the_service_does_not_panic() {
        for end in [Timestamp::MIN, Timestamp::MAX, at(0)] {
            let mut record = Record::default();
            let tokens = Tokens {
                access_token_expires_at: end,
                ..token_until(0)
            };
            record.begins(&tokens, at(0));
            record.is_granted(&tokens, at(1), Some(i64::MAX));
            record.is_refused(at(2));
            let _ = super::end(&record, Some(i64::MAX));
        }
    }
}
