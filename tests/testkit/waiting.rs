//! Waiting for something to become true, with a deadline and a plain sentence when it does not.

use crate::{Result, bail};
use std::thread;
use std::time::{Duration, Instant};

/// How long a test waits for something that should take a moment; generous for a loaded machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

const STEP: Duration = Duration::from_millis(25);

/// Asks again and again until there is an answer; after `patience`, fails with what was awaited
/// and the last error.
pub fn until<T>(
    patience: Duration,
    awaited: &str,
    mut ask: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let start = Instant::now();
    loop {
        let answer = ask();
        if let Ok(Some(value)) = answer {
            return Ok(value);
        }
        if start.elapsed() >= patience {
            let reason = answer
                .err()
                .map(|error| format!(": {error:#}"))
                .unwrap_or_default();
            bail!(
                "waited {} s for {awaited} in vain{reason}",
                patience.as_secs()
            );
        }
        thread::sleep(STEP);
    }
}

/// Like [`until`], for a yes or no.
pub fn until_true(
    patience: Duration,
    awaited: &str,
    mut ask: impl FnMut() -> Result<bool>,
) -> Result<()> {
    until(patience, awaited, || Ok(ask()?.then_some(())))
}

/// Holds a condition to be false for the whole of `span`; fails as soon as it is true.
pub fn never_during(
    span: Duration,
    feared: &str,
    mut ask: impl FnMut() -> Result<bool>,
) -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < span {
        if ask()? {
            bail!("{feared}");
        }
        thread::sleep(STEP);
    }
    Ok(())
}
