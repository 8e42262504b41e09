//! The demonstration that a person drives: their own screen, tray, notifications and browser;
//! everything that Daypass keeps is in a home that is thrown away afterwards.

use crate::organisations::{Approval, Organisations};
use crate::say;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use testkit::cli::Daypass;
use testkit::home::{Home, make_private};
use testkit::places::binary;
use testkit::{Context, Result};

/// Variables that say where a program keeps its things: thrown away for Daypass, given back to
/// the browser.
const PLACES: &[&str] = &[
    "HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
    "BROWSER",
    "TMPDIR",
];

/// Runs until the person quits.
pub(crate) fn hand_over() -> Result<()> {
    let home = Home::make()?;
    let organisations = Organisations::start(&home, Approval::ByAPerson)?;
    let env = environment(&home, &organisations)?;
    // Not the keychain: that one is the person's own.
    let daypass = Daypass::with_env(&home, env.clone().into_iter().collect())?;
    for words in organisations.registrations("shared") {
        daypass.ok(&words)?;
    }
    introduce(&home, &organisations);
    let mut application = Command::new(binary("daypass-desktop")?);
    application.env_clear().envs(env);
    let status = application.status().context("starting the application")?;
    say(&format!(
        "Daypass has ended ({status}); the home of the demonstration is gone now."
    ));
    Ok(())
}

fn introduce(home: &Home, organisations: &Organisations) {
    say("");
    say("Daypass is starting: look into your tray, or at the window where you have no tray.");
    say("Two organisations are registered, and you are signed in to neither yet:");
    say(&format!(
        "  harbourline  {}",
        organisations.harbourline.start_url()
    ));
    say(&format!(
        "  tessera      {}",
        organisations.tessera.start_url()
    ));
    say("Choose Sign in: a page opens in your own browser, and you are the one who approves.");
    say(&format!(
        "All that it keeps is below {}, and goes when you quit Daypass.",
        home.root().display()
    ));
    say("");
}

/// The person's environment with the places exchanged, so that screen, bus and theme stay theirs.
fn environment(home: &Home, organisations: &Organisations) -> Result<BTreeMap<String, String>> {
    let aws = |name: &str| name.starts_with("AWS_") || name.starts_with("DAYPASS_");
    let mut env: BTreeMap<String, String> = env::vars().filter(|(name, _)| !aws(name)).collect();
    let own_runtime = env.get("XDG_RUNTIME_DIR").cloned();
    env.extend(
        home.env()
            .into_iter()
            .filter(|(name, _)| PLACES.contains(&name.as_str())),
    );
    // The sockets of the screen, of sound and of the session bus are there.
    env.extend(own_runtime.map(|folder| ("XDG_RUNTIME_DIR".to_owned(), folder)));
    env.extend(keep_x_authority());
    env.insert("BROWSER".to_owned(), own_browser(home)?);
    env.extend(organisations.env());
    Ok(env)
}

/// Without `XAUTHORITY`, X looks for its key in the home that was just exchanged.
fn keep_x_authority() -> Option<(String, String)> {
    let named = env::var("XAUTHORITY").ok();
    let usual = || {
        Some(
            Path::new(&env::var_os("HOME")?)
                .join(".Xauthority")
                .display()
                .to_string(),
        )
    };
    Some(("XAUTHORITY".to_owned(), named.or_else(usual)?))
}

/// A program that opens an address in the person's own browser with the person's own places: a
/// browser started in the thrown-away home would be a stranger's.
fn own_browser(home: &Home) -> Result<String> {
    let script = home.root().join("own-browser");
    let mut text = String::from("#!/bin/sh\nunset BROWSER\n");
    for name in PLACES {
        match env::var(name) {
            Ok(value) => text.push_str(&format!("export {name}={}\n", quoted(&value))),
            Err(_) => text.push_str(&format!("unset {name}\n")),
        }
    }
    text.push_str("exec /usr/bin/xdg-open \"$1\"\n");
    fs::write(&script, text).context("writing the way to the browser")?;
    make_executable(&script)?;
    make_default(home, &script)?;
    Ok(script.display().to_string())
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "'\\''"))
}

fn make_executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).context("making it executable")
}

fn make_default(home: &Home, script: &Path) -> Result<()> {
    const ENTRY: &str = "own-browser.desktop";
    let applications = home.data().join("applications");
    make_private(&applications)?;
    let kinds = ["x-scheme-handler/http", "x-scheme-handler/https"];
    let entry = format!(
        "[Desktop Entry]\nType=Application\nName=Your browser\nExec={} %u\nMimeType={};\n",
        script.display(),
        kinds.join(";")
    );
    fs::write(applications.join(ENTRY), entry)?;
    let lines: String = kinds
        .iter()
        .map(|kind| format!("{kind}={ENTRY}\n"))
        .collect();
    let list = format!("[Default Applications]\n{lines}");
    fs::write(home.config().join("mimeapps.list"), list).context("naming the browser")
}
