//! The request budget of one portal: polite at first, faster while nothing is refused, half after a
//! refusal. Every request asks for its turn here; nothing is polled.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// Requests a second at the start, at the least and at the most.
const START: f64 = 8.0;
const LEAST: f64 = 1.0;
const MOST: f64 = 200.0;
/// How many requests may be under way at once.
const IN_FLIGHT: usize = 16;
/// How much the rate grows with each request that was not refused.
const GROWTH: f64 = 0.4;
/// How long one refusal counts for those that were under way with it.
const ONE_REFUSAL: Duration = Duration::from_millis(500);

/// The budget.
#[derive(Debug)]
pub struct Pace {
    in_flight: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    per_second: f64,
    next: Option<Instant>,
    refused_at: Option<Instant>,
    ceiling: f64,
}

/// A turn; drop it when the answer is there.
pub struct Turn<'a> {
    _place: Option<SemaphorePermit<'a>>,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace::starting_at(START)
    }
}

impl Pace {
    /// A budget that starts with a rate learned earlier, in requests a second.
    pub fn starting_at(per_second: f64) -> Pace {
        let per_second = per_second.clamp(LEAST, MOST);
        let state = State {
            per_second,
            next: None,
            refused_at: None,
            ceiling: MOST,
        };
        Pace {
            in_flight: Semaphore::new(IN_FLIGHT),
            state: Mutex::new(state),
        }
    }

    /// The rate now, in requests a second.
    pub fn per_second(&self) -> f64 {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .per_second
    }

    /// Waits for a turn.
    pub async fn turn(&self) -> Turn<'_> {
        let place = self.in_flight.acquire().await.ok();
        let at = self.reserve();
        tokio::time::sleep_until(at).await;
        Turn { _place: place }
    }

    /// A request was answered.
    pub fn went_well(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let near = state.per_second >= state.ceiling * 0.8;
        // Close to where the last refusal came, feel the way.
        let growth = if near { GROWTH / 20.0 } else { GROWTH };
        state.per_second = (state.per_second + growth).min(MOST);
    }

    /// A request was refused for being one too many; wait at least so long before the next.
    pub fn was_refused(&self, wait: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if state.refused_at.is_none_or(|at| now - at > ONE_REFUSAL) {
            state.ceiling = state.per_second;
            state.per_second = (state.per_second / 2.0).max(LEAST);
            state.refused_at = Some(now);
        }
        let earliest = now + wait;
        state.next = Some(state.next.map_or(earliest, |next| next.max(earliest)));
    }

    fn reserve(&self) -> Instant {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let at = state.next.map_or(now, |next| next.max(now));
        state.next = Some(at + Duration::from_secs_f64(1.0 / state.per_second));
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_grows_while_nothing_is_refused_and_halves_once_a_refusal() {
        let pace = Pace::default();
        for _ in 0..10 {
            drop(pace.turn().await);
            pace.went_well();
        }
        assert!(pace.per_second() > START + 3.0, "{}", pace.per_second());
        let before = pace.per_second();
        pace.was_refused(Duration::ZERO);
        pace.was_refused(Duration::ZERO);
        assert!(
            (pace.per_second() - before / 2.0).abs() < 0.01,
            "several at once count as one"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn turns_come_no_faster_than_the_rate() {
        let pace = Pace::starting_at(10.0);
        let start = Instant::now();
        for _ in 0..21 {
            drop(pace.turn().await);
        }
        assert_eq!((Instant::now() - start).as_millis() / 100, 20);
        pace.was_refused(Duration::from_secs(3));
        drop(pace.turn().await);
        assert!(Instant::now() - start >= Duration::from_secs(5));
    }
}
