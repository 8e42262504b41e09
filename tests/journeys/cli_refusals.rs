//! What can go wrong, and the exit code by which a script tells one from the other.

use serde_json::json;
use std::time::Duration;
use testkit::desktop::Desktop;
use testkit::http;
use testkit::portal::Portal;
use testkit::scene::{Scene, Storage};
use testkit::{Result, ensure};

#[test]
fn without_a_keychain_signing_in_is_refused_with_the_other_choice() -> Result<()> {
    let nowhere = Scene::empty(Desktop::bare()?, &["--accounts", "2"])?;
    let no_service = Scene::empty(Desktop::bare()?.and_bus()?, &["--accounts", "2"])?;
    let locked = Desktop::bare()?.and_bus()?.and_locked_keyring()?;
    for scene in [
        nowhere,
        no_service,
        Scene::empty(locked, &["--accounts", "2"])?,
    ] {
        scene.add_session("work", Storage::Keychain)?;
        let ran = scene.daypass.run(&["login", "work", "--no-browser"])?;
        ensure!(
            ran.took < Duration::from_secs(5),
            "it took {:?} to say so",
            ran.took
        );
        ensure!(
            ran.stdout.is_empty(),
            "it sent the user to a browser for nothing"
        );
        ran.code(6)?
            .says_what_and_what_to_do()?
            .says("--storage shared")?;
        ensure!(
            !scene.home().sso_cache().exists(),
            "it fell back to the shared cache"
        );
    }
    Ok(())
}

#[test]
fn without_a_network_the_sign_in_is_kept() -> Result<()> {
    let mut scene = Scene::signed_in(Storage::Shared, &["--accounts", "4"])?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let wanted = scene.read_only()?;
    scene.portal.stop();
    let target = wanted.target();
    let verbs: [&[&str]; 4] = [
        &["list", "--refresh"],
        &["credentials", &target],
        &["console", &target, "--print"],
        &["login", "work", "--no-browser", "--force"],
    ];
    for verb in verbs {
        scene
            .daypass
            .run(verb)?
            .code(5)?
            .says_what_and_what_to_do()?;
    }
    scene.daypass.ok(&["list"])?;
    ensure!(
        scene.status("work")?["state"] == "active",
        "signed out for lack of a network"
    );
    Ok(())
}

#[test]
fn signing_out_works_without_a_network() -> Result<()> {
    let mut scene = Scene::signed_in(Storage::Shared, &["--accounts", "4"])?;
    scene.portal.stop();
    let ran = scene.daypass.run(&["logout", "work"])?;
    ensure!(
        !ran.stderr.is_empty(),
        "nothing was said about the portal's own part"
    );
    ensure!(scene.canaries()?.count() == 0, "tokens are left");
    ensure!(
        scene.status("work")?["state"] == "signed_out",
        "still signed in"
    );
    Ok(())
}

#[test]
fn a_wrong_region_is_said_to_be_one() -> Result<()> {
    let scene = Scene::registered(Storage::Shared, &["--accounts", "2", "--wrong-region"])?;
    let mut login = scene
        .daypass
        .start(&["login", "work", "--no-browser", "--timeout", "10s"])?;
    if let Ok(address) = login.first_line() {
        http::visit(&address)?;
    }
    login.finish()?.code(5)?.says("Region")?;
    let device = ["login", "work", "--device", "--no-browser"];
    scene.daypass.run(&device)?.code(5)?.says("Region")?;
    Ok(())
}

#[test]
fn a_denied_approval_is_not_a_sign_in() -> Result<()> {
    let desktop = Desktop::bare()?;
    let portal = Portal::start(desktop.home(), &["--browser", "deny", "--accounts", "2"])?;
    let daypass = testkit::cli::Daypass::on(&desktop)?.at(&portal);
    let scene = Scene {
        daypass,
        portal,
        desktop,
    };
    scene.add_session("work", Storage::Shared)?;
    let flows: [&[&str]; 2] = [
        &["login", "work", "--no-browser"],
        &["login", "work", "--device", "--no-browser"],
    ];
    for flow in flows {
        let mut login = scene.daypass.start(flow)?;
        http::visit(&login.first_line()?)?;
        login.finish()?.code(4)?.says("hint: ")?;
        ensure!(
            scene.status("work")?["state"] == "signed_out",
            "signed in against a denial"
        );
    }
    Ok(())
}

#[test]
fn an_account_that_is_not_there_is_not_found() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "4"])?;
    let verbs: [&[&str]; 3] = [
        &["console", "999999999999/ReadOnly", "--print"],
        &["credentials", "999999999999/ReadOnly"],
        &["profile", "add", "999999999999/ReadOnly"],
    ];
    for verb in verbs {
        scene
            .daypass
            .run(verb)?
            .code(1)?
            .says_what_and_what_to_do()?;
    }
    let role = format!("{}/NoSuchRole", scene.read_only()?.account);
    scene
        .daypass
        .run(&["credentials", &role])?
        .code(1)?
        .says_what_and_what_to_do()?;
    Ok(())
}

#[test]
fn a_role_that_was_taken_away_is_not_permitted() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "4"])?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let wanted = scene.read_only()?;
    let taken =
        json!({ "account_id": wanted.account, "role_name": wanted.role, "assigned": false });
    scene.portal.tell("assign", &taken)?;
    let named = [
        "credentials",
        "--account",
        &wanted.account,
        "--role",
        &wanted.role,
    ];
    scene
        .daypass
        .run(&named)?
        .code(4)?
        .says_what_and_what_to_do()?;
    Ok(())
}

#[test]
fn several_sessions_that_fit_need_a_name() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "4"])?;
    scene.add_session("second", Storage::Shared)?;
    scene.daypass.sign_in("second")?;
    let wanted = scene.read_only()?;
    let named = [
        "credentials",
        "--account",
        &wanted.account,
        "--role",
        &wanted.role,
    ];
    scene
        .daypass
        .run(&named)?
        .code(2)?
        .says_what_and_what_to_do()?
        .says("--session")?;
    scene
        .daypass
        .run(&["login", "--no-browser"])?
        .code(2)?
        .says_what_and_what_to_do()?;
    let chosen = [&named[..], &["--session", "second"]].concat();
    scene.daypass.run_secretly(&chosen)?.code(0)?;
    Ok(())
}

#[test]
fn words_that_fit_several_assignments_list_them() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let ran = scene
        .daypass
        .run(&["console", "readonly", "--print"])?
        .code(2)?;
    ensure!(
        ran.stderr.matches("ReadOnly").count() > 1,
        "no candidates: {}",
        ran.stderr
    );
    Ok(())
}

#[test]
fn a_throttled_portal_is_told_apart_from_a_broken_one() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "4"])?;
    let wanted = scene.read_only()?.target();
    for (fault, code) in [
        ("429", 8),
        ("5xx", 5),
        ("reset", 5),
        ("nonjson", 5),
        ("truncated", 5),
    ] {
        scene.portal.tell(
            "set",
            &json!({ "faults": [format!("{fault}@/federation/credentials")] }),
        )?;
        scene
            .daypass
            .run(&["credentials", &wanted])?
            .code(code)?
            .says_what_and_what_to_do()?;
        scene.portal.tell("fault", &json!({ "clear": true }))?;
    }
    scene
        .daypass
        .run_secretly(&["credentials", &wanted])?
        .code(0)?;
    Ok(())
}

#[test]
fn an_error_is_a_document_where_json_is_asked_for() -> Result<()> {
    let scene = Scene::registered(Storage::Shared, &["--accounts", "2"])?;
    let words = [
        "console",
        "--account",
        "000000000000",
        "--role",
        "X",
        "--print",
        "--json",
    ];
    let ran = scene.daypass.run(&words)?.code(3)?;
    let document = ran.json()?;
    ensure!(document["version"] == 1, "{document}");
    ensure!(document["error"]["code"] == "sign_in_needed", "{document}");
    for key in ["message", "hint"] {
        ensure!(
            document["error"][key]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{document}"
        );
    }
    Ok(())
}

#[test]
fn words_that_mean_nothing_are_a_matter_of_usage() -> Result<()> {
    let scene = Scene::empty(Desktop::bare()?, &["--accounts", "1"])?;
    let attempts: [&[&str]; 4] = [
        &["no-such-verb"],
        &["login", "--no-such-flag"],
        &["credentials"],
        &["session", "add", "x", "--start-url", "not an address"],
    ];
    for words in attempts {
        scene.daypass.run(words)?.code(2)?;
    }
    scene
        .daypass
        .run(&["login", "nobody"])?
        .code(1)?
        .says_what_and_what_to_do()?;
    Ok(())
}
