//! The request budget of the portal API: a token bucket.

use std::time::Instant;

/// A bucket that fills at the allowed rate. It runs on the machine's steady clock, so that
/// a test that moves the portal's clock does not fill it.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    level: Option<(f64, Instant)>,
}

impl Bucket {
    /// Takes one request out, at `rate` per second with `burst` at once; false where the
    /// bucket is empty.
    pub(crate) fn take(&mut self, now: Instant, rate: f64, burst: f64) -> bool {
        let (level, filled_at) = self.level.unwrap_or((burst, now));
        let grown = level + now.saturating_duration_since(filled_at).as_secs_f64() * rate;
        let level = grown.min(burst);
        let allowed = level >= 1.0;
        self.level = Some((if allowed { level - 1.0 } else { level }, now));
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_passes_and_then_the_rate_holds() {
        let (mut bucket, start) = (Bucket::default(), Instant::now());
        let mut at = |ms| bucket.take(start + Duration::from_millis(ms), 10.0, 3.0);
        assert_eq!([at(0), at(0), at(0), at(0)], [true, true, true, false]);
        assert_eq!([at(50), at(150), at(160)], [false, true, false]);
        assert_eq!(
            [at(9000), at(9000), at(9000), at(9000)],
            [true, true, true, false]
        );
    }
}
