//! The chores of the page, which npm runs in `ui/`.

use crate::run::{command, in_view, repository};
use anyhow::{Context, Result, ensure};
use std::fs;

/// Runs one script of `ui/package.json`.
pub(crate) fn script(name: &str) -> Result<()> {
    let folder = repository().join("ui");
    let manifest =
        fs::read_to_string(folder.join("package.json")).context("reading ui/package.json")?;
    ensure!(
        manifest.contains(&format!("\"{name}\":")),
        "ui/package.json has no script `{name}`"
    );
    in_view(command("npm", ["run", "--silent", name]).current_dir(folder))
}
