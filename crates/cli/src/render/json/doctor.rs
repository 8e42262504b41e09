//! The document of `doctor`.

use daypass_core::doctor::{Check, Verdict};
use serde::Serialize;

use super::VERSION;

/// `doctor`.
#[derive(Serialize)]
pub(crate) struct Doctor<'a> {
    version: u32,
    checks: Vec<CheckOf<'a>>,
}

#[derive(Serialize)]
struct CheckOf<'a> {
    id: &'static str,
    title: &'static str,
    verdict: &'static str,
    found: &'a str,
    fix: Option<&'a str>,
}

impl Doctor<'_> {
    pub(crate) fn of(checks: &[Check]) -> Doctor<'_> {
        let checks = checks.iter().map(|it| CheckOf {
            id: it.id,
            title: it.title,
            verdict: match it.verdict {
                Verdict::Pass => "pass",
                Verdict::Warn => "warn",
                Verdict::Fail => "fail",
            },
            found: &it.found,
            fix: it.fix.as_deref(),
        });
        Doctor {
            version: VERSION,
            checks: checks.collect(),
        }
    }
}
