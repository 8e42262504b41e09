//! Tells the time: the system's, or one that a test sets.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A wall clock. Clones share the time.
#[derive(Clone, Debug)]
pub struct Clock(Option<Arc<Mutex<Timestamp>>>);

impl Clock {
    /// The system's clock.
    pub fn real() -> Clock {
        Clock(None)
    }

    /// A clock that stands still until it is set.
    pub fn fake(now: Timestamp) -> Clock {
        Clock(Some(Arc::new(Mutex::new(now))))
    }

    /// The time now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the system"
    )]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            None => Timestamp::now(),
            Some(fake) => *fake.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Where the user's clock stands; a fake one stands at UTC.
    pub fn zone(&self) -> TimeZone {
        match &self.0 {
            None => TimeZone::system(),
            Some(_) => TimeZone::UTC,
        }
    }

    /// Sets a fake clock; a real one stays as it is.
    pub fn set(&self, now: Timestamp) {
        if let Some(fake) = &self.0 {
            *fake.lock().unwrap_or_else(PoisonError::into_inner) = now;
        }
    }
}
