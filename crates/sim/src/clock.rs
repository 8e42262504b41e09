//! The simulator's own time: the machine's clock, plus an offset that tests may set.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Wall clock with a settable offset. All times in the simulator are milliseconds since 1970.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Clock {
    offset_s: i64,
}

impl Clock {
    /// A clock that is `offset_s` seconds ahead of the machine's (negative: behind).
    pub(crate) fn ahead_by(offset_s: i64) -> Self {
        Self { offset_s }
    }

    /// Milliseconds since 1970.
    pub(crate) fn now_ms(self) -> i64 {
        let since = machine_now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        i64::try_from(since.as_millis())
            .unwrap_or(i64::MAX)
            .saturating_add(self.offset_s * 1000)
    }

    /// Seconds since 1970.
    pub(crate) fn now_s(self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    /// Now in the form of the HTTP `Date` header.
    pub(crate) fn http_date(self) -> String {
        timestamp(self.now_ms())
            .strftime("%a, %d %b %Y %H:%M:%S GMT")
            .to_string()
    }
}

/// A time in milliseconds as RFC 3339 in UTC with milliseconds and `Z`.
pub(crate) fn rfc3339(ms: i64) -> String {
    timestamp(ms).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

fn timestamp(ms: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the simulator reads the time"
)]
fn machine_now() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_printed_as_the_protocols_want_them() {
        assert_eq!(rfc3339(1_735_689_600_000), "2025-01-01T00:00:00.000Z");
        let ahead = Clock::ahead_by(3600).now_s() - Clock::default().now_s();
        assert!((3599..=3601).contains(&ahead));
        assert!(Clock::default().http_date().ends_with(" GMT"));
    }
}
