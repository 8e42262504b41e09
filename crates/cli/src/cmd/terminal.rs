//! `terminal`: opens the user's own terminal, with role credentials in the environment of its shell.

use daypass_core::Result;

use super::Run;
use crate::args::Terminal;

pub(super) async fn run(run: &Run, words: Terminal) -> Result<u8> {
    let assignment = run.assignment(&words.whose).await?;
    let consent = run.consent(&assignment, "Open a terminal with the credentials of")?;
    run.daypass.open_terminal(&assignment, consent).await?;
    let named = run.named(&assignment);
    run.screen.say(&format!("Opened a terminal for {named}."));
    Ok(0)
}
