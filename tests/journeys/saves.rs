//! The config file while it is saved: killed at any call, or with any call failing, it has the old bytes
//! or the new; `cargo xtask soak --only saves` does the same at every call, a thousand times.

use testkit::saves::Saves;
use testkit::{Result, ensure};

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
    ensure!(told.told > 10 && told.survived > 0, "{}", told.line());
    Ok(())
}
