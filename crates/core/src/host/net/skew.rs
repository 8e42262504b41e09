//! How far another clock is ahead of ours, by the `Date` of its answer.

use aws_smithy_runtime_api::http::Headers;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

static DATES: DateTimeParser = DateTimeParser::new();

/// Reads the `Date` of an answer of AWS, to the second: only those carry a request id. The answer
/// left at some moment between `sent_at` and `came_at`; the middle is taken.
pub(super) fn read(
    headers: &Headers,
    sent_at: Timestamp,
    came_at: Timestamp,
) -> Option<SignedDuration> {
    headers.get("x-amzn-requestid")?;
    let theirs = DATES.parse_timestamp(headers.get("date")?).ok()?;
    let way = came_at.duration_since(sent_at).max(SignedDuration::ZERO);
    let middle = sent_at.checked_add(way / 2).ok()?;
    // A date is cut to the second: on average it was half a second later.
    let ahead = theirs.duration_since(middle).as_millis() + 500;
    let seconds = (ahead + ahead.signum() * 500) / 1000;
    Some(SignedDuration::from_secs(i64::try_from(seconds).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&'static str, &'static str)]) -> Headers {
        let mut all = Headers::new();
        for (name, value) in headers {
            all.insert(*name, *value);
        }
        all
    }

    fn seconds(date: &'static str) -> Option<i64> {
        let headers = answer(&[("date", date), ("x-amzn-requestid", "1-2-3")]);
        let sent_at: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let came_at = sent_at + SignedDuration::from_secs(1);
        read(&headers, sent_at, came_at).map(|it| it.as_secs())
    }

    #[test]
    fn clocks_ahead_and_behind() {
        for (date, ahead) in [
            ("Mon, 02 Mar 2026 09:00:00 GMT", Some(0)),
            ("Mon, 02 Mar 2026 12:00:00 GMT", Some(10_800)),
            ("Mon, 02 Mar 2026 06:00:00 GMT", Some(-10_800)),
            ("Mon, 02 Mar 2026 09:00:10 GMT", Some(10)),
            ("Sat, 01 Jan 2000 00:00:00 GMT", Some(-825_757_200)),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(seconds(date), ahead, "{date}");
        }
    }

    #[test]
    fn only_an_answer_of_aws_tells_the_time() {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let stranger = answer(&[("date", "Mon, 02 Mar 2026 12:00:00 GMT")]);
        assert_eq!(read(&stranger, now, now), None);
        let silent = answer(&[("x-amzn-requestid", "1")]);
        assert_eq!(read(&silent, now, now), None);
    }
}
