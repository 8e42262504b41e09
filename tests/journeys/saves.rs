//! The config file while it is saved: killed at any call, or with any call failing, it has the old bytes
//! or the new; `cargo xtask soak --only saves` does the same at every call, a thousand times.

use testkit::places::keep_figures;
use testkit::saves::Saves;
use testkit::{Result, editors, ensure};

#[test]
fn killed_at_any_call_the_config_file_has_the_old_bytes_or_the_new() -> Result<()> {
    let mut saves = Saves::prepare()?;
    saves.kill(30)?;
    let told = saves.told();
    // It was killed before and after the replacement.
    ensure!(
        told.kills == 30 && (1..30).contains(&told.new_after_kill),
        "{}",
        told.line()
    );
    ensure!(told.strays > 0, "{}", told.line());
    Ok(())
}

#[test]
fn whatever_call_fails_the_error_is_shown_and_the_old_bytes_are_there() -> Result<()> {
    let mut saves = Saves::prepare()?;
    saves.fail(40)?;
    let told = saves.told();
    ensure!(told.told > 5 && told.survived > 0, "{}", told.line());
    Ok(())
}

/// So many edits of each process in a usual run; `DAYPASS_TEST_INPUTS` of them in a recorded one.
fn edits_of_each() -> usize {
    let asked = std::env::var("DAYPASS_TEST_INPUTS");
    asked
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(20)
}

#[test]
fn eight_processes_and_a_tool_that_truncates_lose_nothing_of_one_another() -> Result<()> {
    let each = edits_of_each();
    let edits = editors::run(each, "250")?;
    keep_figures("edits", &[edits.line()])?;
    ensure!(edits.failed.is_empty(), "{}", edits.line());
    let lost = edits.ours_lost.len() + edits.theirs_lost.len();
    ensure!(lost == 0, "{}", edits.line());
    ensure!(
        edits.ours == 8 * each && edits.theirs > 5,
        "{}",
        edits.line()
    );
    Ok(())
}
