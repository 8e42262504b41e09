//! Uninstalling: what is listed goes with all its secrets, and nothing of anybody else's changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use testkit::application::start_alone;
use testkit::canary::files_below;
use testkit::desktop::Desktop;
use testkit::real_panel::has_window;
use testkit::scene::{Scene, Storage};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, ensure};

const FOREIGN: &str = "# mine\r\n[default]\r\nregion = eu-west-1\r\n\r\n[profile old]\r\ns3 =\r\n  addressing_style = path";

#[test]
fn nothing_is_left_of_a_sign_in_in_the_keychain() -> Result<()> {
    goes(Storage::Keychain)
}

#[test]
fn nothing_is_left_of_a_sign_in_in_awss_cache() -> Result<()> {
    goes(Storage::Shared)
}

fn goes(storage: Storage) -> Result<()> {
    let scene = lived_in(storage)?;
    let canaries = scene.canaries()?;
    ensure!(canaries.count() >= 5, "{} are known", canaries.count());
    let foreign = foreign(&scene)?;
    shows_and_asks(&scene)?;

    let gone = scene
        .daypass
        .json(&["uninstall", "--purge", "--yes", "--json"])?;
    ensure!(gone["removed"] == true && gone["version"] == 1, "{gone}");
    ensure!(gone["pending"] == serde_json::json!([]), "{gone}");
    ensure!(scene.asked("Logout")? >= 1, "the portal was not told");
    ensure!(
        scene.canaries()?.count() <= 1,
        "secrets are left where they rest"
    );
    canaries.search(scene.home(), &[])?;
    unchanged(&foreign)?;
    let config = String::from_utf8(scene.home().read_aws_config()?)?;
    ensure!(config.starts_with(FOREIGN), "{config}");
    ensure!(!config.contains("daypass: managed"), "{config}");
    ensure!(
        config.contains("[profile mine]"),
        "it was to be kept: {config}"
    );
    let own = own_files(&scene)?;
    ensure!(own.is_empty(), "{own:?} are left");
    let left = scene.desktop.keyring()?.items()?;
    let labels: Vec<_> = left.iter().map(|it| it.label.as_str()).collect();
    ensure!(labels == ["of another program"], "{labels:?} are left");

    let again = scene
        .daypass
        .run(&["uninstall", "--purge", "--yes"])?
        .code(0)?;
    ensure!(again.stderr.contains("removed"), "{}", again.stderr);
    Ok(())
}

/// A home in which everything was done that leaves something.
fn lived_in(storage: Storage) -> Result<Scene> {
    let scene = Scene::registered(storage, &["--accounts", "6"])?;
    let home = scene.home().home();
    scene.home().write_aws_config(FOREIGN)?;
    fs::write(home.join(".aws/credentials"), "[default]\n")?;
    scene.add_session("gone", storage)?;
    for session in ["work", "gone"] {
        scene.daypass.sign_in(session)?;
    }
    scene.daypass.ok(&["list", "--refresh"])?;
    let wanted = scene.read_only()?;
    let target = wanted.target();
    let in_work = |words: &[&str]| {
        let words = [words, &["--session", "work"]].concat();
        scene.daypass.run_secretly(&words)?.code(0).map(drop)
    };
    in_work(&["credentials", &target])?;
    in_work(&["profile", "add", &target, "--name", "mine"])?;
    in_work(&["label", "set", &wanted.account, "--alias", "favourite"])?;
    in_work(&["console", &target, "--print"])?;
    login_entry(&home, "Daypass.desktop", "Exec=/usr/bin/daypass-desktop")?;
    login_entry(&home, "Other.desktop", "Exec=/usr/bin/other")?;
    another_programs_secret(&scene)?;
    // What is half-known: a session that somebody took out of the settings by hand.
    if storage == Storage::Keychain {
        forget_by_hand(&scene, "gone")?;
    }
    Ok(scene)
}

fn login_entry(home: &Path, name: &str, text: &str) -> Result<()> {
    let folder = home.join(".config/autostart");
    fs::create_dir_all(&folder)?;
    Ok(fs::write(
        folder.join(name),
        format!("[Desktop Entry]\n{text}\n"),
    )?)
}

fn another_programs_secret(scene: &Scene) -> Result<()> {
    let words = ["store", "--label=of another program", "service", "other"];
    let mut store = Command::new("/usr/bin/secret-tool")
        .args(words)
        .env_clear()
        .envs(scene.daypass.env().iter().cloned())
        .stdin(Stdio::piped())
        .spawn()?;
    use std::io::Write;
    let mut stdin = store.stdin.take().context("no input")?;
    stdin.write_all(b"somebody else's secret")?;
    drop(stdin);
    ensure!(store.wait()?.success(), "secret-tool failed");
    Ok(())
}

fn forget_by_hand(scene: &Scene, session: &str) -> Result<()> {
    let path = scene.home().config().join("daypass/settings.toml");
    let text = fs::read_to_string(&path)?;
    let parts: Vec<&str> = text.split("[sessions.").collect();
    let named = format!("{session}]");
    let kept: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|it| !it.starts_with(&named))
        .collect();
    ensure!(kept.len() + 1 == parts.len(), "{text}");
    Ok(fs::write(&path, kept.join("[sessions."))?)
}

/// What is listed is what goes; until somebody agrees nothing is touched.
fn shows_and_asks(scene: &Scene) -> Result<()> {
    let before = files(&scene.home().home())?;
    let listed = scene.daypass.json(&["uninstall", "--json"])?;
    ensure!(listed["removed"] == false, "{listed}");
    for kind in ["settings", "state", "cache", "login"] {
        let remains = listed["remains"].as_array().context("no remains")?;
        ensure!(
            remains.iter().any(|it| it["kind"] == kind),
            "no {kind} in {listed}"
        );
    }
    ensure!(listed["profiles"][0]["profile"] == "mine", "{listed}");
    let told = scene.daypass.ok(&["uninstall"])?;
    ensure!(told.stderr.contains("What stays"), "{}", told.stderr);
    let dry = scene.daypass.ok(&["uninstall", "--purge", "--dry-run"])?;
    ensure!(dry.stderr.contains("dry run"), "{}", dry.stderr);
    let refused = scene.daypass.run(&["uninstall", "--purge"])?.code(2)?;
    refused.says_what_and_what_to_do()?;
    ensure!(files(&scene.home().home())? == before, "something changed");
    Ok(())
}

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn files(folder: &Path) -> Result<Files> {
    let all = files_below(folder)?.into_iter();
    // Locks are taken for a look too.
    let all = all.filter(|it| !it.to_string_lossy().contains("/locks/"));
    all.map(|it| Ok((it.clone(), fs::read(&it)?))).collect()
}

/// Puts files of others where Daypass's own are, and remembers them with those that were there.
fn foreign(scene: &Scene) -> Result<Files> {
    let home = scene.home().home();
    let others = [
        home.join(".aws/credentials"),
        home.join(".config/autostart/Other.desktop"),
        home.join(".aws/sso/cache/of-another-tool.json"),
        home.join(".aws/cli/cache/of-another-tool.json"),
    ];
    for path in &others[2..] {
        fs::create_dir_all(path.parent().context("no folder")?)?;
        fs::write(path, "{\"startUrl\": \"https://other.awsapps.com/start\"}")?;
    }
    others
        .iter()
        .map(|it| Ok((it.clone(), fs::read(it)?)))
        .collect()
}

fn unchanged(foreign: &Files) -> Result<()> {
    for (path, bytes) in foreign {
        let now = fs::read(path).with_context(|| path.display().to_string())?;
        ensure!(now == *bytes, "{} changed", path.display());
    }
    Ok(())
}

/// Everything in the folders that Daypass calls its own.
fn own_files(scene: &Scene) -> Result<Vec<PathBuf>> {
    let home = scene.home();
    let mut found = Vec::new();
    for folder in [home.config(), home.cache(), home.state()] {
        found.extend(files_below(&folder.join("daypass"))?);
        if folder.join("daypass").exists() {
            found.push(folder.join("daypass"));
        }
    }
    Ok(found)
}

#[test]
fn profiles_go_too_where_that_is_wanted_and_a_stopped_portal_is_told_of() -> Result<()> {
    let mut scene = Scene::signed_in(Storage::Shared, &["--accounts", "4"])?;
    scene.home().write_aws_config(FOREIGN)?;
    let target = scene.read_only()?.target();
    scene.daypass.ok(&["list", "--refresh"])?;
    scene
        .daypass
        .ok(&["profile", "add", &target, "--name", "mine"])?;
    scene.portal.stop();
    let words = ["uninstall", "--purge", "--profiles", "remove", "--yes"];
    let gone = scene.daypass.run(&words)?.code(0)?;
    ensure!(gone.stderr.contains("pending"), "{}", gone.stderr);
    ensure!(
        scene.home().read_aws_config()? == FOREIGN.as_bytes(),
        "the config file is not as it was"
    );
    ensure!(own_files(&scene)?.is_empty(), "files are left");
    Ok(())
}

/// What the web view keeps for itself, in the three folders where a system may have it keep things.
fn kept_by_the_window(scene: &Scene) -> Result<Vec<PathBuf>> {
    let home = scene.home();
    let mut found = Vec::new();
    for folder in [home.data(), home.cache(), home.config()] {
        found.extend(files_below(&folder.join("app.daypass.desktop"))?);
    }
    Ok(found)
}

#[test]
fn while_the_application_runs_nothing_goes_and_afterwards_its_window_data_too() -> Result<()> {
    let scene = Scene::empty(Desktop::full()?, &["--accounts", "4"])?;
    scene.add_session("work", Storage::Keychain)?;
    scene.daypass.sign_in("work")?;
    let mut application = start_alone(&scene.desktop, &scene.portal.env())?;
    let host = scene.desktop.tray_host()?;
    let item = host.item()?;
    host.activate(&item)?;
    until_true(PATIENCE, "the panel", || {
        has_window(&scene.desktop, "Daypass")
    })?;
    until_true(PATIENCE, "data of the window", || {
        Ok(!kept_by_the_window(&scene)?.is_empty())
    })?;
    let canaries = scene.canaries()?;
    // The list that the panel asks for is written meanwhile.
    let mut before = own_files(&scene)?;
    until_true(PATIENCE, "files that rest", || {
        std::thread::sleep(std::time::Duration::from_secs(1));
        let now = own_files(&scene)?;
        Ok(std::mem::replace(&mut before, now.clone()) == now)
    })?;
    let words = ["uninstall", "--purge", "--yes"];
    let refused = scene.daypass.run(&words)?.code(1)?;
    refused
        .says_what_and_what_to_do()?
        .says("nothing was removed: the desktop application runs")?
        .says("quit it from its menu")?;
    let after = own_files(&scene)?;
    let gone = before.iter().find(|it| !after.contains(it));
    ensure!(gone.is_none(), "{gone:?} went");
    ensure!(scene.status("work")?["state"] == "active", "signed out");
    ensure!(scene.asked("Logout")? == 0, "the portal was told");

    host.choose(&item, "Quit Daypass")?;
    ensure!(application.wait(PATIENCE)?.success(), "it did not end well");
    ensure!(
        !kept_by_the_window(&scene)?.is_empty(),
        "it went with the window"
    );
    scene.daypass.run(&words)?.code(0)?;
    let kept = kept_by_the_window(&scene)?;
    ensure!(kept.is_empty(), "{kept:?} are left");
    ensure!(own_files(&scene)?.is_empty(), "files are left");
    canaries.search(scene.home(), &[])
}

#[test]
fn a_keychain_that_is_locked_keeps_the_files_so_that_it_can_be_tried_again() -> Result<()> {
    let scene = Scene::signed_in(Storage::Keychain, &["--accounts", "4"])?;
    scene.desktop.keyring()?.lock()?;
    let words = ["uninstall", "--purge", "--yes"];
    scene
        .daypass
        .run(&words)?
        .code(6)?
        .says_what_and_what_to_do()?;
    let settings = scene.home().config().join("daypass/settings.toml");
    ensure!(settings.exists(), "the session is forgotten");
    Ok(())
}
