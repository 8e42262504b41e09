//! A chore as a list of steps: each is announced and timed, the first failure ends it.

use crate::say;
use anyhow::{Context, Result};
use std::time::{Duration, Instant};

/// The steps taken so far.
pub(crate) struct Steps {
    chore: &'static str,
    taken: Vec<(String, Duration)>,
}

impl Steps {
    /// None yet.
    pub(crate) fn of(chore: &'static str) -> Self {
        Self {
            chore,
            taken: Vec::new(),
        }
    }

    /// Takes one step; its error names it.
    pub(crate) fn take(&mut self, name: &str, step: impl FnOnce() -> Result<()>) -> Result<()> {
        say::heading(name);
        let start = Instant::now();
        step().with_context(|| format!("{}: the step `{name}` did not succeed", self.chore))?;
        say::done(name, start.elapsed());
        self.taken.push((name.to_owned(), start.elapsed()));
        Ok(())
    }

    /// The summary at the end.
    pub(crate) fn summary(&self) {
        say::heading(&format!("{}: all of it succeeded", self.chore));
        for (name, took) in &self.taken {
            say::line(&format!("{:>12}  {name}", say::span(*took)));
        }
        let whole = self.taken.iter().map(|(_, took)| *took).sum();
        say::line(&format!("{:>12}  in all", say::span(whole)));
    }
}
