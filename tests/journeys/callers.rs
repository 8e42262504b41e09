//! `credential_process` as builds call it: fifty at once, with nothing held and with everything.

use std::io::Write;
use std::thread;
use std::time::Duration;
use testkit::browser::Following;
use testkit::calls::{Calls, at_once};
use testkit::desktop::Desktop;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure};

const CALLERS: usize = 50;
/// A token of such a life is over when the callers come.
const SHORT: [&str; 6] = [
    "--accounts",
    "4",
    "--token-ttl",
    "3",
    "--rotation",
    "rotate",
];
const OVER: Duration = Duration::from_millis(3_500);

/// A scene in whose vault no role credentials are, and no access token that is still good; the portal
/// takes 200 ms for each answer, and forgives no refresh token that is spent twice.
fn cold(storage: Storage) -> Result<Scene> {
    let desktop = Desktop::with_keyring()?.and_browser(Following::Nothing)?;
    let scene = Scene::empty(desktop, &[&SHORT[..], &["--reuse-revokes"]].concat())?;
    scene.add_session("work", storage)?;
    scene.daypass.sign_in("work")?;
    let long = serde_json::json!({ "token_ttl": 3600, "role_ttl": 3600, "latency_ms": 200 });
    scene.portal.tell("set", &long)?;
    thread::sleep(OVER);
    Ok(scene)
}

/// As a profile of the style `process` calls it.
fn words(scene: &Scene) -> Result<Vec<String>> {
    let wanted = scene.read_only()?;
    let words = ["credentials", "--session", "work", "--account"];
    let words = words.map(ToOwned::to_owned).to_vec();
    let rest = [wanted.account, "--role".to_owned(), wanted.role];
    Ok([words, rest.to_vec()].concat())
}

fn fifty(scene: &Scene, words: &[String]) -> Result<Calls> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    at_once(&scene.daypass, CALLERS, &words)
}

fn tell(what: &str, storage: Storage, calls: &Calls) {
    let line = format!("{what}, storage {}: {}", storage.word(), calls.line());
    // Figures are for whoever looks; nothing depends on them.
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[test]
fn fifty_at_once_from_a_cold_vault_cost_one_refresh_and_one_request() -> Result<()> {
    for storage in Storage::BOTH {
        let scene = cold(storage)?;
        let words = words(&scene)?;
        let renewed = scene.asked("CreateToken")?;
        let calls = fifty(&scene, &words).with_context(|| format!("{storage:?}"))?;
        tell("nothing held", storage, &calls);
        let keys: serde_json::Value = serde_json::from_str(&calls.printed)?;
        ensure!(keys["Version"] == 1, "no document: {storage:?}");
        let asked = scene.asked("GetRoleCredentials")?;
        ensure!(asked == 1, "{storage:?}: {asked} requests for credentials");
        let renewals = scene.asked("CreateToken")? - renewed;
        ensure!(renewals == 1, "{storage:?}: {renewals} renewals");

        let before = scene.portal.ask("stats")?["requests"].clone();
        let again = fifty(&scene, &words).with_context(|| format!("{storage:?}, held"))?;
        tell("held", storage, &again);
        ensure!(again.printed == calls.printed, "other credentials");
        let after = scene.portal.ask("stats")?["requests"].clone();
        ensure!(before == after, "{storage:?}: the portal was asked");
        let opened = scene.desktop.browser()?.asked()?;
        ensure!(opened.is_empty(), "a browser was sent to {opened:?}");
        let mut canaries = scene.canaries()?;
        canaries.learn_json(&keys);
        scene.search(&canaries)?;
    }
    Ok(())
}

#[test]
fn with_held_credentials_one_item_is_read_and_nothing_is_sent() -> Result<()> {
    let scene = Scene::signed_in(Storage::Keychain, &["--accounts", "4"])?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let words = words(&scene)?;
    scene.daypass.run_secretly(&words)?.code(0)?;
    let watch = scene.desktop.bus()?.watch_secrets()?;
    scene.daypass.run_secretly(&words)?.code(0)?;
    let calls = watch.taken();
    let needed = ["OpenSession", "SearchItems", "GetSecret"];
    ensure!(calls == needed, "the keychain was asked for {calls:?}");
    Ok(())
}

#[test]
fn with_held_credentials_one_file_with_a_secret_is_read_and_nothing_is_sent() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "4"])?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let words = words(&scene)?;
    scene.daypass.run_secretly(&words)?.code(0)?;
    let trace = scene.home().root().join("opened");
    let strace = testkit::places::tool("strace", "strace")?;
    let before = [
        strace.display().to_string(),
        "--follow-forks".to_owned(),
        "-e".to_owned(),
        "trace=openat,socket,connect,clone3,clone".to_owned(),
        format!("--output={}", trace.display()),
    ];
    let watched = scene.daypass.clone().after(before.to_vec());
    watched.run_secretly(&words)?.code(0)?;
    let text = std::fs::read_to_string(&trace)?;
    let home = scene.home().root().display().to_string();
    let opened: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("openat(") && line.contains(&home) && !line.contains("ENOENT"))
        .collect();
    let secret = |line: &&&str| line.contains("/.aws/");
    let secrets = opened.iter().filter(secret).count();
    ensure!(secrets == 1, "{secrets} files of AWS's caches: {opened:#?}");
    ensure!(!text.contains("AF_INET"), "a socket to the network: {text}");
    let lists = opened.iter().filter(|line| line.contains("/accounts/"));
    ensure!(lists.count() == 0, "the list was read: {opened:#?}");
    Ok(())
}
