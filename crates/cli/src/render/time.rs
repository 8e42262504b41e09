//! Moments and spans in words. Deadlines are told roughly far away and exactly when near.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How much is left: `7 h 59 min`, `52 min`, `less than a minute`.
pub(crate) fn left(span: SignedDuration) -> String {
    let minutes = span.as_mins();
    match (minutes / 1_440, minutes / 60, minutes % 60) {
        _ if minutes < 1 => "less than a minute".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, _, _) => "1 day".to_owned(),
        (days, _, _) => format!("{days} days"),
    }
}

/// How long ago: `just now`, `3 min ago`.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    let span = now.duration_since(at);
    match span.as_mins() {
        ..1 => "just now".to_owned(),
        _ => format!("{} ago", left(span)),
    }
}

/// A moment on the user's own clock: `17:40` today, `3 March 17:40` otherwise.
pub(crate) fn end_of(at: Timestamp, now: Timestamp) -> String {
    clock_in(at, now, TimeZone::system())
}

fn clock_in(at: Timestamp, now: Timestamp, zone: TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone));
    match at.date() == now.date() {
        true => at.strftime("%H:%M").to_string(),
        false => at.strftime("%-d %B %H:%M").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        for (seconds, words) in [
            (-5, "less than a minute"),
            (0, "less than a minute"),
            (59, "less than a minute"),
            (60, "1 min"),
            (3_599, "59 min"),
            (3_600, "1 h"),
            (28_740, "7 h 59 min"),
            (86_399, "23 h 59 min"),
            (86_400, "1 day"),
            (90 * 86_400, "90 days"),
        ] {
            assert_eq!(left(SignedDuration::from_secs(seconds)), words, "{seconds}");
        }
    }

    #[test]
    fn moments() {
        let now: Timestamp = "2026-03-02T16:40:00Z".parse().unwrap();
        assert_eq!(ago(now, now), "just now");
        assert_eq!(ago(now - SignedDuration::from_mins(3), now), "3 min ago");
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let clock = |text: &str| clock_in(text.parse().unwrap(), now, zone.clone());
        assert_eq!(clock("2026-03-02T21:05:00Z"), "22:05");
        assert_eq!(clock("2026-03-03T16:40:00Z"), "3 March 17:40");
    }
}
