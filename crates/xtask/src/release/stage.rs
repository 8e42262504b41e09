//! The tree of files that a package installs, each with the mode that it has there.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

use super::pages;
use crate::run::{command, in_view, repository, taken};

/// The application's name for the desktop.
pub(super) const APPLICATION: &str = "app.daypass.desktop";
/// The version of the workspace.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where each size of the icon comes from.
const ICONS: &[(&str, &str)] = &[
    ("32x32", "32x32.png"),
    ("128x128", "128x128.png"),
    ("256x256", "128x128@2x.png"),
];

/// Shells, where each looks for completions, and what the file is called there.
const SHELLS: &[(&str, &str)] = &[
    ("bash", "usr/share/bash-completion/completions/daypass"),
    ("zsh", "usr/share/zsh/vendor-completions/_daypass"),
    ("fish", "usr/share/fish/vendor_completions.d/daypass.fish"),
    ("elvish", "usr/share/elvish/lib/daypass.elv"),
    ("powershell", "usr/share/daypass/completions/daypass.ps1"),
];

/// Fills an empty tree.
pub(super) fn fill(programs: &Path, stage: &Path) -> Result<()> {
    if stage.exists() {
        fs::remove_dir_all(stage).context("emptying the tree of the last release")?;
    }
    for program in ["daypass", "daypass-desktop"] {
        let target = stage.join("usr/bin").join(program);
        copy(&programs.join(program), &target, 0o755)?;
    }
    for (size, file) in ICONS {
        let place = format!("usr/share/icons/hicolor/{size}/apps/{APPLICATION}.png");
        copy(
            &repository().join("icons").join(file),
            &stage.join(place),
            0o644,
        )?;
    }
    let entry = format!("usr/share/applications/{APPLICATION}.desktop");
    write(&stage.join(entry), &asset("app.daypass.desktop.desktop")?)?;
    let about = format!("usr/share/metainfo/{APPLICATION}.metainfo.xml");
    write(
        &stage.join(about),
        &asset("app.daypass.desktop.metainfo.xml")?,
    )?;
    let daypass = programs.join("daypass");
    for (shell, place) in SHELLS {
        let script = said(&daypass, &["completions", shell])?;
        write(&stage.join(place), &script)?;
    }
    pages::write(&daypass, &stage.join("usr/share/man/man1"))?;
    write(
        &stage.join("usr/share/lintian/overrides/daypass"),
        OVERRIDES,
    )?;
    documents(&stage.join("usr/share/doc/daypass"))
}

/// What lintian is told, and why.
const OVERRIDES: &str = "# It is no package of Debian's archive, where a first upload closes a request.\n\
                         daypass: initial-upload-closes-no-bugs\n";

fn documents(folder: &Path) -> Result<()> {
    let mit = fs::read_to_string(repository().join("LICENSE-MIT"))?;
    let paragraph: Vec<String> = mit.lines().map(indented).collect();
    let copyright = asset("copyright")?.replace("@MIT@", &paragraph.join("\n"));
    write(&folder.join("copyright"), &copyright)?;
    let log = fs::read_to_string(repository().join("CHANGELOG.md"))?;
    zipped(&folder.join("changelog"), &log)?;
    let entry = format!(
        "daypass ({VERSION}-1) unstable; urgency=medium\n\n  * Release {VERSION}; changelog.gz tells \
         what it brings.\n\n -- The Daypass authors <authors@daypass.app>  {}\n",
        date("+%a, %d %b %Y %H:%M:%S +0000")?
    );
    zipped(&folder.join("changelog.Debian"), &entry)
}

/// As the text of a licence stands in a copyright file.
fn indented(line: &str) -> String {
    match line.trim().is_empty() {
        true => " .".to_owned(),
        false => format!(" {}", line.trim_end()),
    }
}

/// A file of `assets`, with the version and the day in it.
pub(super) fn asset(name: &str) -> Result<String> {
    let path = repository().join("crates/xtask/assets").join(name);
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    Ok(text
        .replace("@VERSION@", VERSION)
        .replace("@DATE@", &date("+%Y-%m-%d")?))
}

/// The day of the last commit, so that two builds of it are the same.
fn date(format: &str) -> Result<String> {
    let seconds = taken(&mut command("git", ["log", "-1", "--format=%ct"]))?;
    let seconds = String::from_utf8_lossy(&seconds.stdout).trim().to_owned();
    let at = format!(
        "--date=@{}",
        if seconds.is_empty() { "0" } else { &seconds }
    );
    let said = taken(command("date", ["--utc", &at, format]).env("LC_ALL", "C"))?;
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

/// What a program prints.
pub(super) fn said(program: &Path, words: &[&str]) -> Result<String> {
    let output = taken(&mut command(program, words))?;
    anyhow::ensure!(
        output.status.success(),
        "`daypass {}` failed",
        words.join(" ")
    );
    Ok(String::from_utf8(output.stdout)?)
}

fn copy(from: &Path, to: &Path, mode: u32) -> Result<()> {
    fs::create_dir_all(to.parent().context("no folder")?)?;
    fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    set_mode(to, mode)
}

/// A file that everybody may read.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().context("no folder")?)?;
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    set_mode(path, 0o644)
}

/// The same, compressed as Debian asks for it: without a name or time inside.
pub(super) fn zipped(path: &Path, text: &str) -> Result<()> {
    write(path, text)?;
    in_view(command("gzip", ["-9n", "--force"]).arg(path))
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(mode))?)
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) -> Result<()> {
    Ok(())
}
