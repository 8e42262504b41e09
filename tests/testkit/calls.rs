//! Many calls of one command at once, as a build that runs a tool fifty times makes them.

use crate::cli::Daypass;
use crate::{Result, bail};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

/// What such calls took, the quickest first.
#[derive(Clone, Debug)]
pub struct Calls {
    took: Vec<Duration>,
    /// What each of them printed; it is the same for all.
    pub printed: String,
}

/// Starts so many at once; fails unless each ends with 0 and all print the same.
pub fn at_once(daypass: &Daypass, count: usize, words: &[&str]) -> Result<Calls> {
    let line = Barrier::new(count);
    let call = || {
        line.wait();
        daypass.run_silently(words)?.code(0)
    };
    let mut took = Vec::with_capacity(count);
    let mut printed: Option<String> = None;
    thread::scope(|scope| {
        let callers: Vec<_> = (0..count).map(|_| scope.spawn(call)).collect();
        for caller in callers {
            let Ok(ran) = caller.join() else {
                bail!("a caller broke off");
            };
            let ran = ran?;
            if printed.as_ref().is_some_and(|it| *it != ran.stdout) {
                bail!("two callers got different answers");
            }
            took.push(ran.took);
            printed = Some(ran.stdout);
        }
        Ok(())
    })?;
    took.sort();
    Ok(Calls {
        took,
        printed: printed.unwrap_or_default(),
    })
}

impl Calls {
    /// The time within which so many of a hundred ended.
    pub fn within(&self, percent: usize) -> Duration {
        let at = (self.took.len() * percent).div_ceil(100).saturating_sub(1);
        self.took.get(at).copied().unwrap_or_default()
    }

    /// The figures, as a person reads them.
    pub fn line(&self) -> String {
        format!(
            "{} at once: half within {} ms, 19 of 20 within {} ms, the last after {} ms",
            self.took.len(),
            self.within(50).as_millis(),
            self.within(95).as_millis(),
            self.within(100).as_millis()
        )
    }
}
