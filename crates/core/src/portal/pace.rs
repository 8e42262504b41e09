//! The request budget of one portal: polite at first, faster while nothing is refused, half after a
//! refusal, and then just under the limit that showed. Every request takes its turn here; nothing is
//! polled, and nothing waits in a queue that has lost its sense meanwhile.

pub mod learned;
mod rate;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

pub use rate::Learned;
use rate::Rate;

/// The budget. Clones are the same budget.
#[derive(Clone, Debug)]
pub struct Pace(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    /// A request has ended: somebody may go who had no room.
    ended: Notify,
}

#[derive(Debug)]
struct State {
    rate: Rate,
    under_way: usize,
}

/// A turn: one request. It tells how it went; dropped untold, it says nothing about the budget.
#[derive(Debug)]
pub struct Turn {
    pace: Pace,
    sent_at: Instant,
    waited: bool,
}

/// Whether a request may go, and if not, what for it waits.
enum Look {
    Go(Turn),
    At(Instant),
    Full,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace::new(None)
    }
}

impl Pace {
    /// A polite budget, or one that starts with what was learned earlier.
    pub fn new(learned: Option<Learned>) -> Pace {
        let state = State {
            rate: Rate::new(learned),
            under_way: 0,
        };
        Pace(Arc::new(Inner {
            state: Mutex::new(state),
            ended: Notify::new(),
        }))
    }

    /// The rate now, in requests a second.
    pub fn per_second(&self) -> f64 {
        self.state().rate.per_second()
    }

    /// What is worth remembering.
    pub fn learned(&self) -> Learned {
        self.state().rate.learned()
    }

    /// How often requests were refused in a row.
    pub fn refusals_in_a_row(&self) -> u32 {
        self.state().rate.streak()
    }

    /// How long nothing was granted because of refusals; a pause that was asked for counts to its end.
    pub fn refused_for(&self) -> Duration {
        self.state().rate.refused_for(Instant::now())
    }

    /// Waits for a turn within the budget. Nothing is lost where the waiting is given up.
    pub async fn turn(&self) -> Turn {
        let mut waited = false;
        loop {
            let ended = self.0.ended.notified();
            tokio::pin!(ended);
            ended.as_mut().enable();
            match self.look(waited) {
                Look::Go(turn) => return turn,
                Look::Full => ended.await,
                Look::At(at) => {
                    waited = true;
                    tokio::time::sleep_until(at).await;
                }
            }
        }
    }

    /// A turn ahead of all others, for what somebody waits for: the budget is charged and nobody asked.
    /// Only a pause that the service wants is kept.
    pub async fn urgent_turn(&self) -> Turn {
        let now = Instant::now();
        let at = self.state().rate.not_before(now);
        tokio::time::sleep_until(at).await;
        self.begin(&mut self.state(), false)
    }

    fn look(&self, waited: bool) -> Look {
        let mut state = self.state();
        if !state.rate.has_room(state.under_way) {
            return Look::Full;
        }
        let now = Instant::now();
        match state.rate.earliest(now) {
            at if at > now => Look::At(at),
            _ => Look::Go(self.begin(&mut state, waited)),
        }
    }

    fn begin(&self, state: &mut State, waited: bool) -> Turn {
        let now = Instant::now();
        state.rate.goes(now);
        state.under_way += 1;
        Turn {
            pace: self.clone(),
            sent_at: now,
            waited,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// The request was answered.
    pub fn was_granted(self) {
        let (sent_at, waited) = (self.sent_at, self.waited);
        self.pace.state().rate.was_granted(sent_at, waited);
    }

    /// The request was refused for being one too many; `pause` is what the service asked for.
    pub fn was_refused(self, pause: Option<Duration>) {
        let now = Instant::now();
        let mut state = self.pace.state();
        state.rate.was_refused(self.sent_at, pause, now);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.pace.state().under_way -= 1;
        self.pace.0.ended.notify_waiters();
    }
}
