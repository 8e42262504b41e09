//! Debian's own Chromium and Firefox with two profiles each: found without a change to any file of
//! theirs, and a console opens in the profile that was asked for.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use testkit::desktop::Desktop;
use testkit::processes;
use testkit::programs::command;
use testkit::scene::{Assignment, Scene, Storage};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, ensure};

/// Chromium as root takes no sandbox, and here it may speak to nobody but this machine. Debian's start
/// script reads such choices from a folder, which is replaced for what runs below this.
const CHROMIUM: &str = "mount --bind \"$DAYPASS_TEST_FLAGS\" /etc/chromium.d && exec \"$@\"";
const FLAGS: &str = "CHROMIUM_FLAGS=\"$CHROMIUM_FLAGS --no-sandbox --no-first-run --disable-gpu \
    --password-store=basic --proxy-server=127.0.0.1:9\"\n";
/// The same for Firefox.
const PREFERENCES: &str = "user_pref(\"network.proxy.type\", 1);\n\
    user_pref(\"network.proxy.http\", \"127.0.0.1\");\nuser_pref(\"network.proxy.http_port\", 9);\n\
    user_pref(\"network.proxy.ssl\", \"127.0.0.1\");\nuser_pref(\"network.proxy.ssl_port\", 9);\n\
    user_pref(\"browser.shell.checkDefaultBrowser\", false);\n";

#[test]
fn a_console_opens_in_the_chosen_profile_of_a_real_browser() -> Result<()> {
    let desktop = Desktop::with_keyring()?.and_screen("1000x700x24")?;
    let mut scene = Scene::empty(desktop, &["--accounts", "3"])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    let flags = scene.home().root().join("chromium.d");
    fs::create_dir_all(&flags)?;
    fs::write(flags.join("tests"), FLAGS)?;
    let flags = flags.to_string_lossy().into_owned();
    if fs::metadata("/proc/self")?.uid() == 0 {
        let words = ["--mount", "sh", "-c", CHROMIUM, "sh"];
        scene.daypass = scene
            .daypass
            .with("DAYPASS_TEST_FLAGS", &flags)
            .below("unshare", &words);
    }

    make_chromium_profiles(&scene)?;
    make_firefox_profiles(&scene)?;
    let before = bytes_below(&scene.home().home())?;
    let found = scene.daypass.json(&["browsers", "--json"])?;
    ensure!(
        bytes_below(&scene.home().home())? == before,
        "a file of a browser has changed"
    );
    ensure!(profiles(&found, "chromium") == ["Mara", "Work"], "{found}");
    ensure!(profiles(&found, "firefox") == ["mara", "Work"], "{found}");

    let wanted = scene.read_only()?;
    let chromium = scene.home().config().join("chromium");
    let (mara, work) = (chromium.join("Default"), chromium.join("Profile 1"));
    opens_in(&scene, &wanted, "chromium:Work", (&work, &mara))?;
    let firefox = scene.home().home().join(".mozilla/firefox");
    let (mara, work) = (firefox.join("mara.test"), firefox.join("work.test"));
    opens_in(&scene, &wanted, "firefox:Work", (&work, &mara))
}

/// The page's address stands in the chosen profile's history, and not in the other's.
fn opens_in(
    scene: &Scene,
    wanted: &Assignment,
    browser: &str,
    (chosen, other): (&Path, &Path),
) -> Result<()> {
    let before = processes::living_in(scene.home())?;
    let (target, shown) = (wanted.target(), wanted.account.as_str());
    scene
        .daypass
        .ok(&["console", &target, "--browser", browser, "--yes"])?;
    let mark = b"/_console?session=";
    let opened = until_true(PATIENCE * 3, &format!("{shown} in {browser}"), || {
        holds(chosen, mark)
    });
    let landed_elsewhere = holds(other, mark)?;
    end(scene, &before)?;
    opened?;
    ensure!(
        !landed_elsewhere,
        "{browser}: it opened in the other profile too"
    );
    let page = scene.portal.ask("log")?.to_string();
    ensure!(
        page.contains(&format!("{}/{}", wanted.account, wanted.role)),
        "no console of {shown}"
    );
    Ok(())
}

fn profiles<'a>(found: &'a Value, browser: &str) -> Vec<&'a str> {
    let browsers = found["browsers"].as_array().into_iter().flatten();
    let one = browsers.into_iter().find(|it| it["name"] == browser);
    let profiles = one
        .and_then(|it| it["profiles"].as_array())
        .into_iter()
        .flatten();
    profiles.filter_map(|it| it["name"].as_str()).collect()
}

/// As Chromium itself writes them.
fn make_chromium_profiles(scene: &Scene) -> Result<()> {
    let folder = scene.home().config().join("chromium");
    for profile in ["Default", "Profile 1"] {
        fs::create_dir_all(folder.join(profile))?;
    }
    let state = serde_json::json!({"profile": {"info_cache": {
        "Default": {"name": "Mara", "is_using_default_name": false},
        "Profile 1": {"name": "Work", "is_using_default_name": false},
    }, "last_used": "Default", "profiles_order": ["Default", "Profile 1"]}});
    Ok(fs::write(folder.join("Local State"), state.to_string())?)
}

/// By Firefox itself.
fn make_firefox_profiles(scene: &Scene) -> Result<()> {
    let folder = scene.home().home().join(".mozilla/firefox");
    for name in ["mara", "Work"] {
        let place = folder.join(format!("{}.test", name.to_lowercase()));
        fs::create_dir_all(&place)?;
        let create = format!("{name} {}", place.display());
        let mut firefox: Command = command(Path::new("/usr/bin/firefox-esr"));
        firefox
            .envs(scene.desktop.env())
            .args(["--headless", "-CreateProfile", &create]);
        let made = firefox.output().context("running firefox-esr")?;
        ensure!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        fs::write(place.join("user.js"), PREFERENCES)?;
    }
    Ok(())
}

/// Ends what the test's browsers left running, by their ids.
fn end(scene: &Scene, before: &std::collections::BTreeSet<u32>) -> Result<()> {
    until_true(PATIENCE, "the end of the browser", || {
        let living = processes::living_in(scene.home())?;
        let ours: Vec<String> = living.difference(before).map(u32::to_string).collect();
        if !ours.is_empty() {
            let _ = command(Path::new("/bin/kill")).args(&ours).output()?;
        }
        Ok(ours.is_empty())
    })
}

fn holds(folder: &Path, mark: &[u8]) -> Result<bool> {
    for name in [
        "History",
        "History-journal",
        "places.sqlite",
        "places.sqlite-wal",
    ] {
        let bytes = fs::read(folder.join(name)).unwrap_or_default();
        if bytes.windows(mark.len()).any(|it| it == mark) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Every file of the browsers below, with what is in it.
fn bytes_below(home: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let (mut found, mut folders) = (
        BTreeMap::new(),
        vec![home.join(".mozilla"), home.join(".config")],
    );
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match entry.file_type()?.is_dir() {
                true => folders.push(path),
                false => drop(found.insert(path.clone(), fs::read(&path).unwrap_or_default())),
            }
        }
    }
    Ok(found)
}
