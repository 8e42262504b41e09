//! The Debian packages that building and testing stand on, and why each is needed.

use crate::run::{command, on_path, taken};
use crate::{run, say};
use anyhow::{Context, Result, bail};
use std::env;
use std::fs;

/// Package and purpose.
pub(crate) const PACKAGES: &[(&str, &str)] = &[
    ("build-essential", "the linker, and C parts of dependencies"),
    ("pkg-config", "finds the libraries below"),
    ("libwebkit2gtk-4.1-dev", "the web view of the window"),
    ("librsvg2-dev", "icons of the window"),
    (
        "util-linux",
        "setpriv: programs that a test starts end with it",
    ),
    ("python3-venv", "boto3 as a client in the tests"),
    ("xvfb", "a screen in memory"),
    ("webkit2gtk-driver", "the hand on the window in tests"),
    ("dbus-daemon", "a session bus of the tests' own"),
    ("at-spi2-core", "what a screen reader is told"),
    ("dbus-bin", "dbus-send, which proves the tray host"),
    ("gnome-keyring", "a real Secret Service"),
    ("libsecret-tools", "secret-tool, which proves the keyring"),
    (
        "strace",
        "what the command writes, by the word of the kernel",
    ),
    (
        "libnotify-bin",
        "notify-send, which proves the notification server",
    ),
    ("zsh", "a shell that reads what credentials prints"),
    ("fish", "another one"),
    ("xdg-utils", "xdg-open, as on every desktop"),
    ("xterm", "a terminal on the screen"),
    ("imagemagick", "pictures of the screen"),
    ("xdotool", "keys and clicks on the screen"),
    ("xclip", "another program at the clipboard"),
    ("openbox", "a window manager"),
    ("dunst", "notifications as they are drawn"),
    ("xfce4-panel", "a panel with a tray"),
    ("fonts-dejavu-core", "letters on the screen"),
    ("chromium", "the browser of the page's own tests"),
    ("firefox-esr", "a second browser, with profiles of its own"),
];

/// What only some releases of Debian and its kin have: tests that need one say so where it is absent.
const WHERE_KNOWN: &[(&str, &str)] =
    &[("awscli", "Debian's own AWS CLI, an older one, in the tests")];

/// Sees that all of them are there; on a system without dpkg it says what it would look for.
pub(crate) fn ensure_installed() -> Result<()> {
    ensure(PACKAGES)?;
    ensure_where_known()
}

fn ensure_where_known() -> Result<()> {
    if on_path("dpkg-query").is_none() || on_path("apt-cache").is_none() {
        return Ok(());
    }
    let mut known = Vec::new();
    for package in missing(WHERE_KNOWN)? {
        if has_candidate(package.0)? {
            known.push(package);
        } else {
            say::line(&format!(
                "This system has no package {}: tests of it are skipped, and say so.",
                package.0
            ));
        }
    }
    if known.is_empty() {
        return Ok(());
    }
    ensure(&known)
}

fn has_candidate(name: &str) -> Result<bool> {
    let answer = taken(&mut command("apt-cache", ["policy", name]))?;
    let policy = String::from_utf8_lossy(&answer.stdout).into_owned();
    let candidate = policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate: "));
    Ok(candidate.is_some_and(|version| version != "(none)"))
}

/// The same with further ones, that only some chores need.
pub(crate) fn ensure(packages: &[(&'static str, &'static str)]) -> Result<()> {
    if on_path("dpkg-query").is_none() {
        say::line("No dpkg here: this needs the counterparts of these Debian packages:");
        packages
            .iter()
            .for_each(|(name, why)| say::line(&format!("  {name:24} {why}")));
        return Ok(());
    }
    warn_about_other_systems();
    let missing = missing(packages)?;
    if missing.is_empty() {
        say::line(&format!(
            "All {} Debian packages are there.",
            packages.len()
        ));
        return Ok(());
    }
    say::line("These Debian packages are missing and will be installed:");
    missing
        .iter()
        .for_each(|(name, why)| say::line(&format!("  {name:24} {why}")));
    let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
    apt_get(&["update", "--quiet"])?;
    let install = ["install", "--yes", "--quiet", "--no-install-recommends"];
    apt_get(&[&install[..], &names[..]].concat())
}

fn missing(packages: &[(&'static str, &'static str)]) -> Result<Vec<(&'static str, &'static str)>> {
    let names = packages.iter().map(|(name, _)| *name);
    let format = "--showformat=${Package} ${db:Status-Status}\n";
    let mut query = command("dpkg-query", ["--show", format].into_iter().chain(names));
    // It ends with 1 where a package is unknown; what it knows is on its standard output.
    let known = String::from_utf8_lossy(&taken(&mut query)?.stdout).into_owned();
    let installed = |name: &str| {
        known
            .lines()
            .any(|line| line == format!("{name} installed"))
    };
    Ok(packages
        .iter()
        .copied()
        .filter(|(name, _)| !installed(name))
        .collect())
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let apt = on_path("apt-get").context("dpkg is here and apt-get is not")?;
    let mut command = if is_root()? {
        command(apt, arguments)
    } else if let Some(sudo) = on_path("sudo") {
        let kept = "--preserve-env=DEBIAN_FRONTEND";
        let mut command = command(sudo, [kept.as_ref(), apt.as_os_str()]);
        command.args(arguments);
        command
    } else {
        bail!(
            "installing needs root or sudo; as root: apt-get {}",
            arguments.join(" ")
        );
    };
    run::in_view(command.env("DEBIAN_FRONTEND", "noninteractive"))
}

fn is_root() -> Result<bool> {
    let answer = taken(&mut command("id", ["-u"]))?;
    Ok(answer.stdout.trim_ascii() == b"0")
}

fn warn_about_other_systems() {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if release.lines().any(|line| line == "ID=ubuntu") && env::var_os("CI").is_none() {
        say::line(
            "This is Ubuntu, where `chromium` is a stub for a snap that the page's tests cannot \
             start: name another Chromium in DAYPASS_CHROMIUM. Debian 12 is what is tested.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{PACKAGES, WHERE_KNOWN};

    #[test]
    fn no_package_is_named_twice() {
        let all = PACKAGES.iter().chain(WHERE_KNOWN);
        let mut names: Vec<_> = all.map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PACKAGES.len() + WHERE_KNOWN.len());
    }
}
