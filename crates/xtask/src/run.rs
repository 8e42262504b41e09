//! Programs that the chores run, and the folders that they run in.

use anyhow::{Context, Result, ensure};
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The folder that cargo builds in: the one that this very program lies in.
pub(crate) fn build_folder() -> Result<PathBuf> {
    let me = env::current_exe().context("asking for the path of this program")?;
    Ok(me
        .parent()
        .context("this program lies in no folder")?
        .to_path_buf())
}

/// Where AWS's own clients are kept, outside of version control.
pub(crate) fn tools() -> PathBuf {
    let named = env::var_os("DAYPASS_TOOLS").map(PathBuf::from);
    repository().join(named.unwrap_or_else(|| PathBuf::from("target/tools")))
}

/// A command in the root of the repository.
pub(crate) fn command<I, S>(program: impl AsRef<OsStr>, arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(repository())
        .stdin(Stdio::null());
    command
}

/// Cargo, with the words of one line.
pub(crate) fn cargo(words: &str) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = command(cargo, words.split_whitespace());
    // Set by the outer cargo for this package alone; the inner one works them out afresh.
    for name in [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PKG_NAME",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs to the end with the output in view.
pub(crate) fn in_view(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command
        .status()
        .with_context(|| format!("starting `{shown}`"))?;
    ensure!(status.success(), "`{shown}` ended with {status}");
    Ok(())
}

/// Runs to the end and takes the output.
pub(crate) fn taken(command: &mut Command) -> Result<Output> {
    let shown = shown(command);
    command
        .output()
        .with_context(|| format!("starting `{shown}`"))
}

/// The first of these that exists as a file in the folders of `PATH`.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
