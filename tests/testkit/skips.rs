//! What a machine lacks is said by name, past the harness, which keeps what passing tests print.

use std::io::{Write, stderr};

/// Says that something was not tested here, and why.
pub fn skipped(what: &str, why: &str) {
    // Where nobody listens there is nobody to tell.
    let _ = writeln!(stderr(), "SKIPPED {what}: {why}");
}
