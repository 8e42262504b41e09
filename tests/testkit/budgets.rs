//! The budgets of docs/budgets.toml, held by the programs that measure: ratios within one run, and bytes.

use crate::places::repository;
use crate::{Context, Result, bail};
use std::fs;
use std::io::Write;

/// One table of the file, and what was found beyond it.
#[derive(Debug)]
pub struct Budgets {
    table: String,
    name: &'static str,
    broken: Vec<String>,
}

impl Budgets {
    /// The table of that name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn of(name: &'static str) -> Result<Self> {
        let text = fs::read_to_string(repository().join("docs/budgets.toml"))?;
        Ok(Self {
            table: table(&text, name)?.to_owned(),
            name,
            broken: Vec::new(),
        })
    }

    /// Tells how a figure stands to its budget, and remembers one that is beyond it.
    ///
    /// # Errors
    /// Where the budget is not in the table.
    pub fn hold(&mut self, key: &str, found: f64) -> Result<()> {
        let most = number(&self.table, key)
            .with_context(|| format!("no budget `{key}` in [{}]", self.name))?;
        let within = found <= most;
        // Whoever does not want to read any more still gets the exit code.
        let _ = writeln!(
            std::io::stdout(),
            "  budget {key}: {found:.2} of at most {most}{}",
            if within { "" } else { ", BROKEN" }
        );
        if !within {
            self.broken.push(key.to_owned());
        }
        Ok(())
    }

    /// An error where a budget is broken.
    ///
    /// # Errors
    /// Names them.
    pub fn finish(self) -> Result<()> {
        match self.broken.is_empty() {
            true => Ok(()),
            false => bail!(
                "beyond [{}] of docs/budgets.toml: {}",
                self.name,
                self.broken.join(", ")
            ),
        }
    }
}

fn table<'a>(text: &'a str, name: &str) -> Result<&'a str> {
    let begin = format!("[{name}]\n");
    let (_, behind) = text
        .split_once(&begin)
        .with_context(|| format!("no table [{name}] in docs/budgets.toml"))?;
    Ok(behind.split("\n[").next().unwrap_or_default())
}

fn number(table: &str, key: &str) -> Option<f64> {
    let pairs = table.lines().filter_map(|line| line.split_once('='));
    let mut found = pairs.filter(|(name, _)| name.trim() == key);
    let (_, value) = found.next()?;
    value.trim().replace('_', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_its_budget_fails_and_the_rest_does_not() {
        let budgets = || Budgets {
            table: table("[a]\nx = 9\n[b]\n# why\nx = 2.5\ny = 1_000\n\n[c]\n", "b")
                .unwrap()
                .to_owned(),
            name: "b",
            broken: Vec::new(),
        };
        let mut held = budgets();
        held.hold("x", 2.5).unwrap();
        held.hold("y", 999.0).unwrap();
        assert!(held.hold("z", 0.0).is_err());
        held.finish().unwrap();
        let mut broken = budgets();
        broken.hold("x", 2.6).unwrap();
        assert!(broken.finish().is_err());
    }

    #[test]
    fn every_bench_has_its_table() {
        for name in [
            "profiles",
            "credentials",
            "search",
            "sync",
            "tools",
            "desktop",
            "day",
        ] {
            Budgets::of(name).unwrap();
        }
    }
}
