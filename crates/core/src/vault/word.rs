//! What the holder of a lock leaves to those who wait for it: whether it worked, why not, and when.

use jiff::Timestamp;

use crate::host::lock::Lock;
use crate::{Code, Error};

/// What stands in the place of a trouble's name where there was none.
const DONE: &str = "done";

/// Leaves the trouble of this moment.
pub(super) fn leave(lock: &Lock, error: &Error, now: Timestamp) {
    put(lock, error.code().name(), now);
}

/// Leaves that all went well.
pub(super) fn leave_success(lock: &Lock, now: Timestamp) {
    put(lock, DONE, now);
}

fn put(lock: &Lock, word: &str, now: Timestamp) {
    lock.leave_word(&format!("{} {word}", now.as_millisecond()));
}

/// Whether another holder has left anything since this moment.
pub(super) fn is_since(lock: &Lock, moment: Timestamp) -> bool {
    let word = lock.word();
    let at = word.split_once(' ').and_then(|(at, _)| at.parse().ok());
    at.is_some_and(|at: i64| at >= moment.as_millisecond())
}

/// The trouble that another holder had since this moment, if any.
pub(super) fn since(lock: &Lock, moment: Timestamp, message: &str) -> Option<Error> {
    let word = lock.word();
    let (_, name) = word.split_once(' ')?;
    let code = Code::ALL.into_iter().find(|code| code.name() == name)?;
    is_since(lock, moment).then(|| Error::new(code, message))
}
