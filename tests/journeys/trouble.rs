//! Trouble on the way, each kind by its name; none of them ends a sign-in.

use std::time::Duration;

use serde_json::json;
use testkit::cli::Daypass;
use testkit::impostor::{Impostor, Trick};
use testkit::scene::{Scene, Storage};
use testkit::{Result, ensure, http};

const ENDPOINTS: [&str; 2] = ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"];

fn led_to(scene: &Scene, base: &str) -> Daypass {
    let daypass = scene.daypass.clone();
    ENDPOINTS
        .iter()
        .fold(daypass, |daypass, name| daypass.with(name, base))
}

/// What a command says where AWS cannot be reached; the sign-in stays.
fn refused(scene: &Scene, daypass: &Daypass, exit: i32, code: &str) -> Result<()> {
    let ran = daypass.run(&["list", "--refresh", "--json"])?;
    let document = ran.code(exit)?.json()?;
    ensure!(document["error"]["code"] == code, "not {code}: {document}");
    let state = scene.status("work")?["state"].clone();
    ensure!(
        state == "active" || state == "fading",
        "{code} made it {state}"
    );
    Ok(())
}

const KINDS: [(Trick, i32, &str); 10] = [
    (Trick::Redirect, 5, "captive_portal"),
    (Trick::Page, 5, "captive_portal"),
    (Trick::NetworkSignIn, 5, "captive_portal"),
    (Trick::Filter, 5, "captive_portal"),
    (Trick::WantsPassword, 5, "proxy_failed"),
    (Trick::HalfJson, 5, "offline"),
    (Trick::Reset, 5, "offline"),
    (Trick::Down, 5, "portal_down"),
    (Trick::Throttled, 8, "throttled"),
    (Trick::Strange401, 5, "offline"),
];

#[test]
fn trouble_with_the_portal_has_a_name_and_ends_no_sign_in() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "2"])?;
    every_kind(&scene)
}

#[test]
fn trouble_with_a_renewal_has_a_name_and_ends_no_sign_in() -> Result<()> {
    // Tokens of ten seconds are never handed out again: each command has to renew first.
    let options = ["--accounts", "2", "--token-ttl", "10"];
    let scene = Scene::signed_in(Storage::Keychain, &options)?;
    every_kind(&scene)
}

fn every_kind(scene: &Scene) -> Result<()> {
    let impostor = Impostor::start(Trick::Page)?;
    let astray = led_to(scene, &impostor.base());
    for (trick, exit, code) in KINDS {
        impostor.play(trick);
        let before = impostor.asked();
        refused(scene, &astray, exit, code)?;
        let requests = impostor.asked() - before;
        ensure!(
            (1..=7).contains(&requests),
            "{trick:?}: {requests} requests"
        );
    }
    // A port that nobody listens on, and a name that no resolver can know.
    let nowhere = format!("http://{}.invalid", "x".repeat(64));
    for base in ["http://127.0.0.1:9", &nowhere] {
        refused(scene, &led_to(scene, base), 5, "offline")?;
    }
    scene.daypass.ok(&["list", "--refresh"]).map(drop)
}

#[test]
fn a_service_that_hangs_is_not_waited_for_for_ever() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "2"])?;
    let impostor = Impostor::start(Trick::Hang)?;
    let astray = led_to(&scene, &impostor.base());
    let ran = astray.run(&["list", "--refresh", "--json"])?.code(5)?;
    ensure!(ran.took < Duration::from_secs(25), "it took {:?}", ran.took);
    let document = ran.json()?;
    ensure!(document["error"]["code"] == "offline", "{document}");
    ensure!(scene.status("work")?["state"] == "active", "signed out");
    Ok(())
}

#[test]
fn signing_out_behind_a_captive_portal_says_that_the_portal_was_not_told() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "2"])?;
    let impostor = Impostor::start(Trick::Page)?;
    let ran = led_to(&scene, &impostor.base()).run(&["logout", "work"])?;
    ran.says("could not be told")?;
    ensure!(scene.asked("Logout")? == 0, "it was told");
    Ok(())
}

#[test]
fn a_registration_that_has_ended_is_not_called_an_ended_sign_in() -> Result<()> {
    let options = ["--accounts", "2", "--token-ttl", "10"];
    let scene = Scene::signed_in(Storage::Shared, &options)?;
    let clients = json!({ "what": "clients" });
    scene.portal.tell("expire", &clients)?;
    let ran = scene.daypass.run(&["list", "--refresh", "--json"])?;
    let document = ran.code(3)?.json()?;
    ensure!(
        document["error"]["code"] == "registration_expired",
        "{document}"
    );
    scene.daypass.sign_in("work")?;
    ensure!(scene.status("work")?["state"] == "active", "not signed in");
    Ok(())
}

#[test]
fn a_clock_that_is_wrong_by_hours_ends_nothing_and_keeps_nothing_too_long() -> Result<()> {
    for storage in Storage::BOTH {
        let scene = Scene::registered(storage, &["--accounts", "2"])?;
        let wanted = scene.read_only()?;
        let named = ["--account", &wanted.account, "--role", &wanted.role];
        let words = [&["credentials"][..], &named[..]].concat();
        for hours in [-3_i64, -1, 0, 1, 3] {
            let told =
                |role_ttl: u64| json!({ "clock_offset_s": hours * 3600, "role_ttl": role_ttl });
            // Keys for an hour serve again; keys for ten minutes are never left to run out.
            for (role_ttl, fetched) in [(3600, 1), (600, 3)] {
                scene.portal.tell("set", &told(role_ttl))?;
                force_sign_in(&scene)?;
                let before = scene.asked("GetRoleCredentials")?;
                for _ in 0..3 {
                    scene.daypass.run_secretly(&words)?.code(0)?;
                }
                let asked = scene.asked("GetRoleCredentials")? - before;
                ensure!(
                    asked == fetched,
                    "{hours} h, keys for {role_ttl} s: fetched {asked} times, not {fetched}"
                );
                ensure!(scene.status("work")?["state"] == "active", "{hours} h");
            }
        }
    }
    Ok(())
}

fn force_sign_in(scene: &Scene) -> Result<()> {
    let words = ["login", "work", "--no-browser", "--force"];
    let mut login = scene.daypass.start(&words)?;
    http::visit(&login.first_line()?)?;
    login.finish()?.code(0).map(drop)
}
