//! Where things are: the repository, the binaries under test, the folder for evidence.

use crate::{Context, Result, ensure};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}

/// The folder of the binaries under test: `DAYPASS_TEST_BIN_DIR`, else the build folder that
/// the running test lies in.
pub fn binaries() -> Result<PathBuf> {
    if let Some(dir) = env::var_os("DAYPASS_TEST_BIN_DIR") {
        return Ok(repository().join(PathBuf::from(dir)));
    }
    let me = env::current_exe().context("asking for the path of the running program")?;
    let here = me
        .parent()
        .context("the running program lies in no folder")?;
    let build = if here.ends_with("deps") {
        here.parent().unwrap_or(here)
    } else {
        here
    };
    Ok(build.to_path_buf())
}

/// The binary under test of that name.
pub fn binary(name: &str) -> Result<PathBuf> {
    let path = binaries()?.join(name);
    ensure!(
        path.is_file(),
        "{} is not there: run `cargo xtask test`, or `cargo build --workspace --bins` first \
         and name its folder in DAYPASS_TEST_BIN_DIR",
        path.display()
    );
    Ok(path)
}

/// An installed program, by its name and the Debian package that brings it.
pub fn tool(name: &str, package: &str) -> Result<PathBuf> {
    [
        "/usr/bin",
        "/usr/local/bin",
        "/bin",
        "/usr/sbin",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/libexec",
    ]
    .iter()
    .map(|folder| Path::new(folder).join(name))
    .find(|path| path.is_file())
    .with_context(|| {
        format!(
            "{name} is missing: install the Debian package {package}, or run `cargo xtask setup`"
        )
    })
}

/// Where pictures and logs are kept: `DAYPASS_ARTIFACTS`, else `target/artifacts`.
pub fn artefacts() -> Result<PathBuf> {
    let named = env::var_os("DAYPASS_ARTIFACTS").map(PathBuf::from);
    let folder = repository().join(named.unwrap_or_else(|| PathBuf::from("target/artifacts")));
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

/// Keeps what a journey measured, as lines of text, in the folder for evidence.
pub fn keep_figures(name: &str, lines: &[String]) -> Result<()> {
    let folder = artefacts()?.join("figures");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let path = folder.join(format!("{name}.txt"));
    fs::write(&path, lines.join("\n") + "\n").with_context(|| format!("writing {}", path.display()))
}

/// What `cargo xtask setup` installs outside of version control: `DAYPASS_TOOLS`, else `target/tools`.
pub fn tools() -> PathBuf {
    let named = env::var_os("DAYPASS_TOOLS").map(PathBuf::from);
    repository().join(named.unwrap_or_else(|| PathBuf::from("target/tools")))
}
