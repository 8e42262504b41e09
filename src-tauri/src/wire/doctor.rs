//! What the doctor found.

use daypass_core::doctor;
use serde::Serialize;
use ts_rs::TS;

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Pass,
    Warn,
    Fail,
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Check {
    title: &'static str,
    verdict: Verdict,
    /// Hostile input may be quoted in it.
    found: String,
    fix: Option<String>,
}

impl From<doctor::Check> for Check {
    fn from(it: doctor::Check) -> Check {
        Check {
            title: it.title,
            verdict: match it.verdict {
                doctor::Verdict::Pass => Verdict::Pass,
                doctor::Verdict::Warn => Verdict::Warn,
                doctor::Verdict::Fail => Verdict::Fail,
            },
            found: it.found,
            fix: it.fix,
        }
    }
}
