//! A terminal with credentials, opened from the command line and from the panel: a real xterm on a screen in
//! memory, whose shell says what it has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use testkit::browser::Following;
use testkit::canary::Canaries;
use testkit::desktop::Desktop;
use testkit::processes;
use testkit::real_panel::{key, type_text};
use testkit::scene::{Assignment, Scene, Storage};
use testkit::seat::Seat;
use testkit::waiting::{PATIENCE, until, until_true};
use testkit::{Context, Result, ensure};

/// What an interactive shell runs first: it says what it has, and waits until it may go.
const FIRST: &str = "env > \"$HOME/seen.new\"; mv \"$HOME/seen.new\" \"$HOME/seen\"\n\
    while [ ! -e \"$HOME/over\" ]; do sleep 0.1; done; exit\n";
const KEYS: [(&str, &str); 3] = [
    ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
    ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
    ("AWS_SESSION_TOKEN", "SessionToken"),
];

/// Signed in, on a screen; bash says what it has, and nothing leads to another terminal than xterm.
fn scene(storage: Storage) -> Result<Scene> {
    let desktop = Desktop::with_keyring()?
        .and_screen("900x760x24")?
        .and_browser(Following::Nothing)?;
    let mut scene = Scene::empty(desktop, &["--accounts", "4"])?;
    scene.add_session("work", storage)?;
    scene.daypass.sign_in("work")?;
    scene.daypass.ok(&["list", "--refresh"])?;
    fs::write(scene.home().home().join(".bashrc"), FIRST)?;
    for (name, value) in [
        ("SHELL", "/bin/bash"),
        ("TERMINAL", "/usr/bin/xterm"),
        ("AWS_PROFILE", "another"),
        ("AWS_DEFAULT_PROFILE", "another"),
    ] {
        scene.daypass = scene.daypass.with(name, value);
    }
    Ok(scene)
}

fn file(scene: &Scene, name: &str) -> PathBuf {
    scene.home().home().join(name)
}

/// The environment that the shell in the window says it has.
fn seen(scene: &Scene) -> Result<BTreeMap<String, String>> {
    let text = until(PATIENCE, "a shell in a terminal", || {
        Ok(fs::read_to_string(file(scene, "seen")).ok())
    })?;
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    Ok(pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).collect())
}

/// How many terminals are open in this home.
fn windows(scene: &Scene) -> Result<usize> {
    let lines = command_lines(&processes::living_in(scene.home())?);
    Ok(lines.iter().filter(|it| it.contains("xterm")).count())
}

fn command_lines(ids: &BTreeSet<u32>) -> Vec<String> {
    let line = |id: &u32| fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).replace('\0', " ");
    ids.iter().map(line).map(text).collect()
}

/// Its keys are those that `credentials` prints, nothing leads elsewhere, and no command line and no
/// other file has any of them.
fn is_right(scene: &Scene, wanted: &Assignment) -> Result<()> {
    let shell = seen(scene)?;
    let printed = ["credentials", &wanted.target()];
    let printed = scene.daypass.run_secretly(&printed)?.code(0)?.json()?;
    for (variable, field) in KEYS {
        let has = shell.get(variable).map(String::as_str);
        ensure!(has == printed[field].as_str(), "{variable} is another");
    }
    for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        ensure!(!shell.contains_key(name), "{name} leads elsewhere");
    }
    let home = scene.home().home().display().to_string();
    ensure!(shell.get("PWD") == Some(&home), "{:?}", shell.get("PWD"));
    ensure!(windows(scene)? == 1, "not one window");
    let mut canaries = scene.canaries()?;
    canaries.learn_json(&printed);
    no_command_line_has(scene, wanted, &canaries)?;
    fs::remove_file(file(scene, "seen")).context("a file of the test's own")?;
    scene.search(&canaries)
}

fn no_command_line_has(scene: &Scene, wanted: &Assignment, canaries: &Canaries) -> Result<()> {
    ensure!(canaries.count() > 3, "the keys are not known");
    let lines = command_lines(&processes::living_in(scene.home())?).join("\n");
    let role = format!("--role={}", wanted.role);
    ensure!(lines.contains(&role), "no terminal was looked at: {lines}");
    canaries.absent_from("a command line", &lines)
}

/// Lets the shell go; the window closes with it.
fn close(scene: &Scene) -> Result<()> {
    fs::write(file(scene, "over"), "")?;
    until_true(PATIENCE, "the end of the terminal", || {
        Ok(windows(scene)? == 0)
    })?;
    Ok(fs::remove_file(file(scene, "over"))?)
}

#[test]
fn a_terminal_has_the_keys_and_nothing_else_shows_them() -> Result<()> {
    for storage in Storage::BOTH {
        let scene = scene(storage)?;
        let wanted = scene.read_only()?;
        let ran = scene.daypass.ok(&["terminal", &wanted.target()])?;
        ensure!(ran.stderr.contains("Opened a terminal"), "{}", ran.stderr);
        is_right(&scene, &wanted)?;
        close(&scene)?;
    }
    Ok(())
}

#[test]
fn no_terminal_opens_unasked_signed_out_or_without_a_program() -> Result<()> {
    let mut scene = scene(Storage::Keychain)?;
    let wanted = scene.read_only()?.target();
    let none = |scene: &Scene| -> Result<()> {
        ensure!(windows(scene)? == 0, "a window is there");
        ensure!(!file(scene, "seen").exists(), "a shell was started");
        Ok(())
    };
    let open = ["terminal", wanted.as_str()];
    let usual = scene.daypass.clone();
    for (terminal, words) in [
        ("/bin/false", "/bin/false was started and failed at once"),
        ("/etc/hostname", "/etc/hostname could not be started"),
    ] {
        scene.daypass = usual.clone().with("TERMINAL", terminal);
        let refused = scene.daypass.run(&open)?.code(1)?;
        refused.says_what_and_what_to_do()?.says(words)?;
    }
    scene.daypass = usual.clone().without("TERMINAL").with("PATH", "/nowhere");
    scene
        .daypass
        .run(&open)?
        .code(1)?
        .says("no terminal was found here")?;
    scene.daypass = usual.clone().without("DISPLAY").without("BROWSER");
    scene
        .daypass
        .run(&open)?
        .code(1)?
        .says("there is no screen")?;
    scene.daypass = usual;

    scene.rules("[[rules]]\naccount = \"*\"\nprotected = true\n")?;
    scene.daypass.run(&open)?.code(2)?.says("is protected")?;
    none(&scene)?;
    scene.daypass.ok(&["terminal", &wanted, "--yes"])?;
    seen(&scene)?;
    fs::remove_file(file(&scene, "seen"))?;
    close(&scene)?;

    scene.daypass.ok(&["logout", "work"])?;
    scene
        .daypass
        .run(&["terminal", &wanted, "--yes"])?
        .code(3)?;
    none(&scene)
}

#[test]
fn a_row_of_the_panel_opens_the_terminal_that_the_settings_name() -> Result<()> {
    let desktop = Desktop::with_keyring()?
        .and_screen("900x760x24")?
        .and_browser(Following::Nothing)?
        .and_tray_host()?;
    let names_it = |scene: &Scene| {
        scene.daypass.ok(&["list", "--refresh"])?;
        // Nobody said which shell: it is sh, which reads the file that ENV names.
        let first = file(scene, "first");
        fs::write(&first, FIRST)?;
        let path = scene.home().config().join("daypass/settings.toml");
        let settings = fs::read_to_string(&path)?;
        let env = format!("ENV={}", first.display());
        let line = format!("terminal = [\"/usr/bin/env\", \"{env}\", \"/usr/bin/xterm\", \"-e\"]");
        Ok(fs::write(&path, format!("{line}\n{settings}"))?)
    };
    let clicks = |scene: &Scene| {
        let host = scene.desktop.tray_host()?;
        host.activate(&host.item()?)
    };
    let seat = Seat::take(desktop, &["--accounts", "10"], names_it, clicks)?;
    let wanted = seat.scene.read_only()?;
    let desktop = &seat.scene.desktop;
    let words = format!("{} readonly", wanted.account);
    seat.application.search(&words)?;
    seat.application.wait_until_quiet()?;
    key(desktop, "ctrl+k")?;
    type_text(desktop, "terminal")?;
    key(desktop, "Return")?;
    is_right(&seat.scene, &wanted)?;
    seat.application.says("toast", "Opened a terminal")?;
    close(&seat.scene)
}
