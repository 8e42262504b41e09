//! Assignments whose credentials are served on this machine; what leads there stays outside.

use daypass_core::daypass as core;
use jiff::SignedDuration;
use serde::Serialize;
use ts_rs::TS;

use super::{Assignment, Failure, Millis};

/// An assignment whose credentials are served on this machine.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Served {
    assignment: Assignment,
    /// When it stops by itself.
    until: Millis,
    /// Why there is nothing to hand out at the moment.
    failure: Option<Failure>,
}

impl From<&core::Served> for Served {
    fn from(served: &core::Served) -> Served {
        Served {
            assignment: (&served.assignment).into(),
            until: served.until.into(),
            failure: served.failure.as_ref().map(Failure::from),
        }
    }
}

/// A length of time as the page gives it.
pub(crate) fn span(seconds: i32) -> SignedDuration {
    SignedDuration::from_secs(seconds.into())
}
