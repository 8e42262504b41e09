//! A session that changes its name or the place of its secrets: everything moves, nothing is left
//! behind, also where the command is killed on the way.

use std::collections::BTreeSet;
use std::path::Path;
use std::thread;
use std::time::Instant;
use testkit::canary::files_below;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure};

const KILLS: u64 = 200;

/// The token files of AWS's cache, and the role credentials of the AWS CLI's.
fn cache_files(scene: &Scene) -> Result<usize> {
    let roles = scene.home().home().join(".aws/cli/cache");
    let folders = [scene.home().sso_cache(), roles];
    let found: Result<Vec<_>> = folders.iter().map(|it| files_below(it)).collect();
    Ok(found?.iter().map(Vec::len).sum())
}

/// Names of what Daypass keeps in the keychain. A killed command may also leave the item by which it
/// tried whether the keychain takes any, which holds no secret and is removed by the next try.
fn items(scene: &Scene) -> Result<BTreeSet<String>> {
    let items = scene.desktop.keyring()?.items()?;
    let name = |item: &testkit::keyring::Item| item.attributes.get("username").cloned();
    let names = items.iter().filter_map(name);
    Ok(names.filter(|name| name != "write probe").collect())
}

fn both(session: &str) -> BTreeSet<String> {
    [session.to_owned(), format!("{session} role credentials")].into()
}

fn set(scene: &Scene, change: &[&str]) -> Result<String> {
    let words = [&["session", "set", "work"], change].concat();
    Ok(scene.daypass.ok(&words)?.stderr)
}

#[test]
fn role_credentials_move_with_the_storage_and_nothing_is_left_behind() -> Result<()> {
    let scene = Scene::signed_in(Storage::Keychain, &["--accounts", "4"])?;
    let wanted = scene.read_only()?.target();
    let credentials = || {
        let ran = scene.daypass.run_secretly(&["credentials", &wanted])?;
        ran.code(0)?.json()
    };
    let first = credentials()?;
    ensure!(items(&scene)? == both("work"), "{:?}", items(&scene)?);
    for round in 0..3 {
        set(&scene, &["--storage", "shared"])?;
        ensure!(items(&scene)?.is_empty(), "{:?}", items(&scene)?);
        ensure!(
            cache_files(&scene)? == 2,
            "{round}: {}",
            cache_files(&scene)?
        );
        ensure!(credentials()? == first, "{round}: others in the cache");
        set(&scene, &["--storage", "keychain"])?;
        ensure!(items(&scene)? == both("work"), "{:?}", items(&scene)?);
        ensure!(
            cache_files(&scene)? == 0,
            "{round}: {}",
            cache_files(&scene)?
        );
        ensure!(credentials()? == first, "{round}: others in the keychain");
    }
    ensure!(
        scene.asked("GetRoleCredentials")? == 1,
        "they were fetched anew"
    );
    ensure!(
        scene.asked("CreateToken")? == 1,
        "tokens were renewed for nothing"
    );
    let canaries = scene.canaries()?;
    ensure!(
        canaries.count() >= 5,
        "{} secrets are known",
        canaries.count()
    );
    scene.search(&canaries)
}

#[test]
fn a_session_under_another_name_is_the_same_in_the_keychain() -> Result<()> {
    another_name(Storage::Keychain)
}

#[test]
fn a_session_under_another_name_is_the_same_in_the_shared_cache() -> Result<()> {
    another_name(Storage::Shared)
}

fn another_name(storage: Storage) -> Result<()> {
    let scene = Scene::signed_in(storage, &["--accounts", "4"])?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let wanted = scene.read_only()?.target();
    let words = [
        "profile",
        "add",
        &wanted,
        "--name",
        "ro",
        "--region",
        "eu-central-1",
    ];
    scene.daypass.ok(&words)?;
    let credentials = |further: &[&str]| {
        let words = [&["credentials", &wanted][..], further].concat();
        scene.daypass.run_secretly(&words)
    };
    let before = credentials(&[])?.code(0)?.json()?;
    let status = scene.status("work")?;
    let asked = scene.portal.ask("stats")?["requests"].clone();

    let said = set(&scene, &["--name", "acme"])?;
    ensure!(said.contains("`work`") && said.contains(": ro."), "{said}");
    let renamed = scene.status("acme")?;
    for same in [
        "state",
        "storage",
        "signed_in_at",
        "access_token_expires_at",
    ] {
        ensure!(renamed[same] == status[same], "{same}: {renamed}");
    }
    ensure!(
        credentials(&[])?.code(0)?.json()? == before,
        "other role credentials"
    );
    credentials(&["--session", "work"])?.code(1)?;
    let listed = scene.daypass.json(&["list", "--json"])?;
    let rows = listed["assignments"].as_array().context("no rows")?;
    let used = |it: &&serde_json::Value| !it["last_used_at"].is_null();
    ensure!(rows.iter().all(|it| it["session"] == "acme"), "{listed}");
    ensure!(
        rows.iter().filter(used).count() == 1,
        "what was used is forgotten"
    );
    ensure!(
        scene.portal.ask("stats")?["requests"] == asked,
        "the portal was asked"
    );
    nothing_is_called(&scene, "work")?;

    // The profiles of Daypass follow when they are written anew.
    scene
        .daypass
        .ok(&["profile", "sync", "--session", "acme"])?;
    scene
        .daypass
        .ok(&["session", "set", "acme", "--name", "work"])?;
    scene.daypass.ok(&["logout", "work"])?;
    ensure!(scene.canaries()?.count() == 0, "secrets are left");
    Ok(())
}

/// No item of the keychain, and no file of Daypass's own, has the name of before.
fn nothing_is_called(scene: &Scene, name: &str) -> Result<()> {
    let items = items(scene)?;
    ensure!(items.is_disjoint(&both(name)), "{items:?}");
    let root = scene.home().root();
    let own =
        |path: &Path| path.starts_with(root.join("state")) || path.starts_with(root.join("cache"));
    for path in files_below(root)?.iter().filter(|path| own(path)) {
        let is_called_so = path.file_stem().is_some_and(|stem| stem == name);
        ensure!(!is_called_so, "{} is left", path.display());
    }
    Ok(())
}

#[test]
fn two_hundred_kills_leave_the_tokens_where_the_settings_say() -> Result<()> {
    let scene = Scene::signed_in(Storage::Keychain, &["--accounts", "4"])?;
    let wanted = scene.read_only()?.target();
    scene
        .daypass
        .run_secretly(&["credentials", &wanted])?
        .code(0)?;
    let start = Instant::now();
    set(&scene, &["--storage", "shared"])?;
    let mut whole = start.elapsed();
    let mut at = BTreeSet::new();
    let (mut moved, mut broke_off) = (0, 0);
    for kill in 0..KILLS {
        let before = storage(&scene)?;
        let other = if before == "shared" {
            "keychain"
        } else {
            "shared"
        };
        let words = ["session", "set", "work", "--storage", other];
        let running = scene.daypass.start(&words)?;
        // Spread over the whole command, in no order; how long that is depends on what else runs.
        thread::sleep(whole.mul_f64((kill * 77 % KILLS) as f64 / KILLS as f64));
        running.program().signal(rustix::process::Signal::KILL)?;
        let ran = running.finish()?;
        at.insert(ran.code);
        whole = whole.mul_f64(if ran.code == 137 { 1.05 } else { 0.8 });
        let after = storage(&scene)?;
        moved += u64::from(after == other);
        let moves = scene.home().state().join("daypass/moves");
        let open = files_below(&moves)?
            .iter()
            .any(|it| it.extension().is_some_and(|it| it == "json"));
        broke_off += u64::from(open);
        all_is_there(&scene, &after, &wanted)
            .with_context(|| format!("kill {kill}, {before} to {other}"))?;
    }
    ensure!(at.contains(&137), "nothing was killed");
    ensure!(
        moved > KILLS / 20 && broke_off > KILLS / 20,
        "{moved} moved, {broke_off} broke off on the way"
    );
    ensure!(
        scene.asked("GetRoleCredentials")? == 1,
        "role credentials were lost"
    );
    ensure!(scene.asked("CreateToken")? == 1, "tokens were lost");
    Ok(())
}

fn storage(scene: &Scene) -> Result<String> {
    let listed = scene.daypass.json(&["session", "list", "--json"])?;
    let storage = listed["sessions"][0]["storage"].as_str();
    Ok(storage.context("no storage")?.to_owned())
}

/// One look ends what broke off: all is at one place, and nothing at the other.
fn all_is_there(scene: &Scene, storage: &str, wanted: &str) -> Result<()> {
    let status = scene.status("work")?;
    ensure!(
        status["state"] == "active" && status["storage"] == storage,
        "{status}"
    );
    let (items, files) = (items(scene)?, cache_files(scene)?);
    let right = match storage {
        "shared" => items.is_empty() && files == 2,
        _ => items == both("work") && files == 0,
    };
    ensure!(
        right,
        "{items:?} in the keychain, {files} files in the caches"
    );
    let ran = scene.daypass.run_silently(&["credentials", wanted])?;
    ran.code(0).map(drop)
}

#[test]
fn a_rename_that_is_killed_leaves_one_whole_session_in_the_keychain() -> Result<()> {
    kills_of_renames(Storage::Keychain)
}

#[test]
fn a_rename_that_is_killed_leaves_one_whole_session_in_the_shared_cache() -> Result<()> {
    kills_of_renames(Storage::Shared)
}

fn kills_of_renames(storage: Storage) -> Result<()> {
    let scene = Scene::signed_in(storage, &["--accounts", "4"])?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let wanted = scene.read_only()?.target();
    scene
        .daypass
        .run_secretly(&["credentials", &wanted])?
        .code(0)?;
    let start = Instant::now();
    set(&scene, &["--name", "acme"])?;
    let mut whole = start.elapsed();
    let asked = scene.portal.ask("stats")?["requests"].clone();
    let mut renamed = 0;
    for kill in 0..40 {
        let before = only_session(&scene)?;
        let other = if before == "work" { "acme" } else { "work" };
        let words = ["session", "set", &before, "--name", other];
        let running = scene.daypass.start(&words)?;
        thread::sleep(whole.mul_f64(f64::from(kill * 17 % 40) / 40.0));
        running.program().signal(rustix::process::Signal::KILL)?;
        let ran = running.finish()?;
        whole = whole.mul_f64(if ran.code == 137 { 1.1 } else { 0.8 });
        let after = only_session(&scene)?;
        renamed += u32::from(after == other);
        one_whole_session(&scene, &after, &wanted)
            .with_context(|| format!("kill {kill}, {before} to {other}"))?;
    }
    ensure!((2..39).contains(&renamed), "{renamed} of 40 were renamed");
    ensure!(
        scene.portal.ask("stats")?["requests"] == asked,
        "something was lost and fetched anew"
    );
    Ok(())
}

fn only_session(scene: &Scene) -> Result<String> {
    let listed = scene.daypass.json(&["session", "list", "--json"])?;
    let sessions = listed["sessions"].as_array().context("no sessions")?;
    ensure!(sessions.len() == 1, "{listed}");
    Ok(sessions[0]["name"].as_str().context("no name")?.to_owned())
}

fn one_whole_session(scene: &Scene, name: &str, wanted: &str) -> Result<()> {
    let status = scene.status(name)?;
    ensure!(
        status["state"] == "active" && status["signed_in_at"].is_string(),
        "{status}"
    );
    scene
        .daypass
        .run_silently(&["credentials", wanted])?
        .code(0)?;
    let listed = scene.daypass.json(&["list", "--json"])?;
    ensure!(listed["complete"] == true, "the list is lost");
    let (items, files) = (items(scene)?, cache_files(scene)?);
    let right = match status["storage"].as_str() {
        Some("shared") => items.is_empty() && files == 2,
        _ => items == both(name) && files == 0,
    };
    ensure!(
        right,
        "{items:?} in the keychain, {files} files in the caches"
    );
    Ok(())
}
