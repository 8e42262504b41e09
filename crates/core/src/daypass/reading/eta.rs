//! The time that the rest of a reading will take, from how fast it went of late.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;

/// How far back the speed is measured, and over how long at the least.
const LATE: Duration = Duration::from_secs(15);
const MEASURABLE: Duration = Duration::from_secs(2);

/// How many were done when, of late.
#[derive(Debug, Default)]
pub(super) struct Eta(VecDeque<(Instant, usize)>);

impl Eta {
    /// So many are done now, of so many; what the rest will take, where that can be told.
    pub(super) fn left(&mut self, done: usize, total: usize) -> Option<SignedDuration> {
        let now = Instant::now();
        self.0.push_back((now, done));
        while self.0.front().is_some_and(|(at, _)| now - *at > LATE) {
            self.0.pop_front();
        }
        let (since, before) = self.0.front()?;
        let (time, steps) = (now - *since, done.checked_sub(*before)?);
        if time < MEASURABLE || steps == 0 {
            return None;
        }
        let rest = total.saturating_sub(done) as f64;
        let seconds = rest * time.as_secs_f64() / steps as f64;
        SignedDuration::try_from_secs_f64(seconds.ceil()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_rest_goes_as_fast_as_the_last_part_went() {
        let mut eta = Eta::default();
        assert_eq!(eta.left(0, 100), None);
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(eta.left(10, 100), Some(SignedDuration::from_secs(90)));
        for done in [20, 30, 40] {
            tokio::time::advance(Duration::from_secs(5)).await;
            eta.left(done, 100);
        }
        assert_eq!(eta.left(40, 100), Some(SignedDuration::from_secs(30)));
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(eta.left(40, 100), None, "nothing moves");
    }
}
