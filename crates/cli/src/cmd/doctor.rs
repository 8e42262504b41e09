//! `doctor`: whether everything that Daypass stands on is as it should be. It needs no settings.

use std::path::Path;

use daypass_core::doctor::{self, Check, Verdict};
use daypass_core::host::Host;
use daypass_core::{Code, Error, Result};

use crate::args::Doctor;
use crate::render::{Screen, json};

/// Something does not work.
const BROKEN: u8 = 1;

/// Looks and tells; exit code 1 where something does not work.
///
/// # Errors
/// The output takes nothing more.
pub(crate) async fn run(host: &Host, screen: Screen, words: Doctor, yes: bool) -> Result<u8> {
    if let Some(file) = words.diagnostics {
        return diagnostics(host, screen, file.as_deref(), yes).await;
    }
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

/// Shows the whole text, and saves exactly that where somebody agrees.
async fn diagnostics(host: &Host, screen: Screen, file: Option<&Path>, yes: bool) -> Result<u8> {
    let text = doctor::diagnostics(host).await;
    screen.data(text.as_bytes())?;
    let Some(file) = file else { return Ok(0) };
    if !yes && !screen.can_ask() {
        let message = "nothing was saved: nobody could be asked";
        let error = Error::new(Code::Usage, message);
        return Err(error.with_hint("read what is printed, then say --yes"));
    }
    let question = format!("Save this as {}?", file.display());
    if !yes && !screen.ask(&[question])? {
        screen.say("Nothing was saved.");
        return Ok(0);
    }
    doctor::save(
        &std::path::absolute(file).unwrap_or(file.to_path_buf()),
        &text,
    )?;
    screen.say(&format!("{} is saved; nothing was sent.", file.display()));
    Ok(0)
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
