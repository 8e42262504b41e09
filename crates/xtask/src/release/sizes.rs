//! How large the programs and the package are, against what docs/budgets.toml allows.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

use super::deb;
use crate::run::repository;
use crate::say;

/// Tells each size; an error where one is beyond its budget.
pub(super) fn check(programs: &Path, folder: &Path) -> Result<()> {
    let budgets = fs::read_to_string(repository().join("docs/budgets.toml"))?;
    let sized = [
        ("daypass", programs.join("daypass")),
        ("daypass-desktop", programs.join("daypass-desktop")),
        ("deb", deb::path(folder)?),
    ];
    let mut broken = Vec::new();
    for (name, path) in sized {
        let bytes = fs::metadata(&path)?.len();
        let most = budget(&budgets, name)?;
        say::line(&format!("{name:16} {bytes:>12} of {most} bytes"));
        if bytes > most {
            broken.push(name);
        }
    }
    match broken.is_empty() {
        true => Ok(()),
        false => bail!(
            "larger than docs/budgets.toml allows: {}",
            broken.join(", ")
        ),
    }
}

/// The number behind a name in the table `[size]`.
fn budget(text: &str, name: &str) -> Result<u64> {
    let table = text.split("[size]").nth(1).context("no table `size`")?;
    let table = table.split("\n[").next().unwrap_or_default();
    let found = table.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == name).then(|| value.replace('_', ""))
    });
    let found = found.with_context(|| format!("no budget for the size of {name}"))?;
    Ok(found.trim().parse()?)
}

#[cfg(test)]
mod tests {
    use super::budget;

    #[test]
    fn a_budget_is_read_from_its_own_table() {
        let text = "[other]\ndeb = 1\n\n# Bytes.\n[size]\ndaypass = 6_000_000\ndeb = 9_000_000\n\n[last]\ndeb = 2\n";
        assert_eq!(budget(text, "deb").ok(), Some(9_000_000));
        assert!(budget(text, "nothing").is_err());
    }
}
