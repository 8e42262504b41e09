//! `doctor`: whether everything that Daypass stands on is as it should be. It needs no settings.

use daypass_core::Result;
use daypass_core::doctor::{self, Check, Verdict};
use daypass_core::host::Host;

use crate::render::{Screen, json};

/// Something does not work.
const BROKEN: u8 = 1;

/// Looks and tells; exit code 1 where something does not work.
///
/// # Errors
/// The output takes nothing more.
pub(crate) async fn run(host: &Host, screen: Screen) -> Result<u8> {
    let checks = doctor::examine(host).await;
    let number = |verdict| checks.iter().filter(|it| it.verdict == verdict).count();
    let failed = number(Verdict::Fail);
    if screen.is_json() {
        screen.document(&json::Doctor::of(&checks))?;
    } else {
        screen.checks(&checks)?;
        screen.say(&summary(&checks, failed, number(Verdict::Warn)));
    }
    Ok(if failed > 0 { BROKEN } else { 0 })
}

fn summary(checks: &[Check], failed: usize, warned: usize) -> String {
    match (failed, warned) {
        (0, 0) => format!("{} checks, all is well", checks.len()),
        _ => format!(
            "{} checks: {failed} not working, {warned} to look at",
            checks.len()
        ),
    }
}
