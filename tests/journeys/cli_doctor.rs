//! The doctor: it tells a machine that is well from one that is not, needs no settings, and sends
//! nothing of the user's.

use serde_json::Value;
use std::fs;
use testkit::desktop::Desktop;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure};

/// The verdicts of a check, in the order of sessions.
fn verdicts(document: &Value, id: &str) -> Vec<String> {
    let checks = document["checks"].as_array().into_iter().flatten();
    let of_id = checks.filter(|it| it["id"] == id);
    of_id
        .map(|it| it["verdict"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// The document, whatever the exit code.
fn examine(scene: &Scene) -> Result<(i32, Value)> {
    let run = scene.daypass.run(&["doctor", "--json"])?;
    Ok((run.code, run.json()?))
}

fn expect(document: &Value, expected: &[(&str, &str)]) -> Result<()> {
    for (id, verdict) in expected {
        let found = verdicts(document, id);
        ensure!(found == [*verdict], "{id} is {found:?} in {document:#}");
    }
    Ok(())
}

#[test]
fn a_sign_in_in_the_keychain_is_seen_and_what_is_wrong_has_a_fix() -> Result<()> {
    let scene = Scene::registered(Storage::Keychain, &[])?;
    let (_, before) = examine(&scene)?;
    expect(
        &before,
        &[
            ("keychain", "pass"),
            ("portal", "pass"),
            ("signed_in", "warn"),
        ],
    )?;
    scene.daypass.sign_in("work")?;
    let (_, after) = examine(&scene)?;
    expect(
        &after,
        &[
            ("settings", "pass"),
            ("signed_in", "pass"),
            ("clock", "pass"),
        ],
    )?;
    let checks = after["checks"].as_array().context("no checks")?;
    ensure!(checks.len() >= 25, "only {} checks", checks.len());
    for check in checks {
        let well = check["verdict"] == "pass";
        ensure!(well == check["fix"].is_null(), "{check}");
    }
    // What the doctor says is kept, and searched with the rest.
    scene.search(&scene.canaries()?)
}

#[test]
fn it_works_with_broken_settings_and_without_a_portal() -> Result<()> {
    let mut scene = Scene::empty(Desktop::bare()?, &[])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    let path = scene.home().config().join("daypass/settings.toml");
    let whole = fs::read_to_string(&path)?;
    fs::write(&path, "sessions = [")?;
    let (code, broken) = examine(&scene)?;
    ensure!(code == 1, "exit code {code}");
    expect(
        &broken,
        &[("settings", "fail"), ("config_readable", "pass")],
    )?;
    fs::write(&path, whole)?;
    scene.portal.stop();
    let (_, document) = examine(&scene)?;
    expect(&document, &[("portal", "fail"), ("signed_in", "pass")])
}

#[test]
fn the_diagnostics_file_is_shown_first_and_names_nobody() -> Result<()> {
    for storage in Storage::BOTH {
        let scene = Scene::signed_in(storage, &["--accounts", "4"])?;
        let target = scene.read_only()?;
        scene
            .daypass
            .run_secretly(&["credentials", &target.target()])?
            .code(0)?;
        scene
            .daypass
            .ok(&["profile", "add", &target.target(), "--name", "mine"])?;
        let canaries = scene.canaries()?;
        ensure!(canaries.count() >= 3, "no secrets are known");
        let path = scene.home().home().join("report.txt");
        let file = path.display().to_string();
        let unasked = ["doctor", "--diagnostics", &file];
        scene.daypass.run(&unasked)?.code(2)?;
        ensure!(!path.exists(), "it was saved unasked");
        let ran = scene
            .daypass
            .run(&["doctor", "--diagnostics", &file, "--yes"])?
            .code(0)?;
        let saved = fs::read_to_string(&path)?;
        ensure!(ran.stdout == saved, "something else was saved than shown");
        ensure!(saved.contains("Checks\n  pass settings"), "{saved}");
        canaries.absent_from("the diagnostics file", &saved)?;
        let home = scene.home().home().display().to_string();
        for personal in [home.as_str(), "daypass-test", &target.account] {
            ensure!(!saved.contains(personal), "{personal} is in {saved}");
        }
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&path)?.permissions().mode() & 0o777;
        ensure!(mode == 0o600, "{mode:o}");
        scene
            .daypass
            .run(&["doctor", "--diagnostics", &file, "--yes"])?
            .code(2)?;
    }
    Ok(())
}
