//! What the holder of a lock leaves to those who wait for it: that it did not work, why, and when.

use jiff::Timestamp;

use crate::host::lock::Lock;
use crate::{Code, Error};

/// Leaves the trouble of this moment.
pub(super) fn leave(lock: &Lock, error: &Error, now: Timestamp) {
    lock.leave_word(&format!("{} {}", now.as_millisecond(), error.code().name()));
}

/// The trouble that another holder had since this moment, if any.
pub(super) fn since(lock: &Lock, moment: Timestamp, message: &str) -> Option<Error> {
    let word = lock.word();
    let (at, name) = word.split_once(' ')?;
    let recent = at
        .parse()
        .is_ok_and(|at: i64| at >= moment.as_millisecond());
    let code = Code::ALL.into_iter().find(|code| code.name() == name)?;
    recent.then(|| Error::new(code, message))
}
