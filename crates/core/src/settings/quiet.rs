//! Quiet hours: spans of the day, on all days or some, in which nothing is told. Pure.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// The minutes of a day.
const DAY: i64 = 24 * 60;
/// There are no more spans than this.
const MOST: usize = 20;
const DAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];

/// When nothing is told, by the user's own clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quiet(Vec<Span>);

/// From a minute of the day to another, the next day's where that is not later.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Span {
    /// As indexes of `DAYS`, first and last; all days where nothing is said.
    days: Option<(usize, usize)>,
    from: i64,
    until: i64,
}

impl Quiet {
    /// Reads spans such as `22:00-07:00` and `Mon-Fri 09:00-12:00`; `None` where one does not fit.
    pub fn of_spans<'a>(spans: impl Iterator<Item = &'a str>) -> Option<Quiet> {
        let spans: Option<Vec<Span>> = spans.map(Span::read).collect();
        spans.filter(|it| it.len() <= MOST).map(Quiet)
    }

    /// As they are written.
    pub fn spans(&self) -> Vec<String> {
        self.0.iter().map(Span::written).collect()
    }

    /// Until when it is quiet, where it is now; spans that meet are one.
    pub fn until(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut until = self.end_of_one(now, zone)?;
        // Spans of all days could go round for ever: a week is as good as that.
        let latest = now.checked_add(SignedDuration::from_hours(7 * 24)).ok()?;
        while let Some(later) = self.end_of_one(until, zone).filter(|it| *it > until) {
            until = later;
            if until >= latest {
                return Some(latest);
            }
        }
        Some(until)
    }

    fn end_of_one(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        self.0.iter().filter_map(|it| it.end(at, zone)).max()
    }
}

impl Span {
    fn read(text: &str) -> Option<Span> {
        let (days, times) = match text.trim().rsplit_once(' ') {
            Some((days, times)) => (Some(read_days(days.trim())?), times),
            None => (None, text.trim()),
        };
        let (from, until) = times.split_once('-')?;
        let (from, until) = (read_time(from)?, read_time(until)?);
        (from < DAY && from != until).then_some(Span { days, from, until })
    }

    fn written(&self) -> String {
        let time = |it: i64| format!("{:02}:{:02}", it / 60, it % 60);
        let times = format!("{}-{}", time(self.from), time(self.until));
        match self.days {
            None => times,
            Some((first, last)) if first == last => format!("{} {times}", DAYS[first].0),
            Some((first, last)) => format!("{}-{} {times}", DAYS[first].0, DAYS[last].0),
        }
    }

    /// When it ends, where it is now in it: it may have begun today or yesterday.
    fn end(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let today = at.to_zoned(zone.clone()).date();
        let yesterday = today.yesterday().ok()?;
        [today, yesterday].into_iter().find_map(|day| {
            let moment = |minutes: i64| {
                let date = day.checked_add((minutes / DAY).days()).ok()?;
                let (hour, minute) = ((minutes % DAY) / 60, minutes % 60);
                let time = date.at(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0);
                Some(zone.to_ambiguous_zoned(time).compatible().ok()?.timestamp())
            };
            let until = match self.until > self.from {
                true => self.until,
                false => self.until + DAY,
            };
            let (from, until) = (moment(self.from)?, moment(until)?);
            (self.is_on(day.weekday()) && from <= at && at < until).then_some(until)
        })
    }

    fn is_on(&self, day: Weekday) -> bool {
        let at = DAYS.iter().position(|(_, it)| *it == day);
        self.days.is_none_or(|(first, last)| {
            at.is_some_and(|at| match first <= last {
                true => (first..=last).contains(&at),
                false => at >= first || at <= last,
            })
        })
    }
}

fn read_days(text: &str) -> Option<(usize, usize)> {
    let day = |text: &str| DAYS.iter().position(|(name, _)| *name == text.trim());
    match text.split_once('-') {
        Some((first, last)) => Some((day(first)?, day(last)?)),
        None => day(text).map(|it| (it, it)),
    }
}

/// Minutes of the day; 24:00 is its end.
fn read_time(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits =
        |it: &str, many: usize| it.len() == many && it.bytes().all(|it| it.is_ascii_digit());
    if !(digits(hour, 2) || digits(hour, 1)) || !digits(minute, 2) {
        return None;
    }
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= DAY).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet(spans: &[&str]) -> Quiet {
        Quiet::of_spans(spans.iter().copied()).unwrap()
    }

    fn check(spans: &[&str], now: &str, until: Option<&str>) {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let at = |text: &str| {
            let time: jiff::civil::DateTime = text.parse().unwrap();
            zone.to_ambiguous_zoned(time)
                .compatible()
                .unwrap()
                .timestamp()
        };
        let found = quiet(spans).until(at(now), &zone);
        assert_eq!(found, until.map(at), "{spans:?} at {now}");
    }

    #[test]
    fn nights_days_and_spans_that_meet() {
        let night = &["22:00-07:00"][..];
        // 2026-03-02 is a Monday.
        check(night, "2026-03-02T21:59:59", None);
        check(night, "2026-03-02T22:00:00", Some("2026-03-03T07:00:00"));
        check(night, "2026-03-03T06:59:59", Some("2026-03-03T07:00:00"));
        check(night, "2026-03-03T07:00:00", None);
        let week = &["Mon-Fri 18:00-24:00", "Mon-Fri 00:00-08:00"][..];
        check(week, "2026-03-02T19:00:00", Some("2026-03-03T08:00:00"));
        check(week, "2026-03-06T19:00:00", Some("2026-03-07T00:00:00"));
        check(week, "2026-03-07T07:00:00", None);
        // The night of a Friday is Friday's, also after midnight.
        check(
            &["Fri 22:00-09:00"],
            "2026-03-07T08:00:00",
            Some("2026-03-07T09:00:00"),
        );
        check(&["Fri 22:00-09:00"], "2026-03-06T08:00:00", None);
        check(
            &["Sat-Mon 10:00-11:00"],
            "2026-03-02T10:30:00",
            Some("2026-03-02T11:00:00"),
        );
        check(&[], "2026-03-02T10:30:00", None);
        // The clocks go forward in this night: it is an hour shorter, and ends at seven all the same.
        check(night, "2026-03-28T23:00:00", Some("2026-03-29T07:00:00"));
        check(
            &["00:00-24:00"],
            "2026-03-02T10:00:00",
            Some("2026-03-09T10:00:00"),
        );
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in [
            "",
            "22:00",
            "22-07",
            "22:00-22:00",
            "24:00-07:00",
            "25:00-07:00",
            "22:60-07:00",
            "Moon 22:00-07:00",
            "Mon-Tue-Wed 22:00-07:00",
            "22:00-07:00-08:00",
            "2:0-3:00",
            "+2:00-03:00",
            "22:00-24:01",
        ] {
            assert_eq!(Quiet::of_spans([text].into_iter()), None, "{text}");
        }
        assert_eq!(quiet(&["9:00-10:30"]).spans(), ["09:00-10:30"]);
        assert!(Quiet::of_spans(["01:00-02:00"; 21].into_iter()).is_none());
    }
}
