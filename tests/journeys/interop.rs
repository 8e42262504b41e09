//! AWS's own clients reach `GetCallerIdentity` through profiles that Daypass wrote, with no login
//! of their own, also once the access token has expired.

use std::thread;
use std::time::Duration;
use testkit::aws_clients::Client;
use testkit::desktop::Desktop;
use testkit::scene::{Assignment, Scene, Storage};
use testkit::{Result, ensure};

/// What a real organisation's address looks like: AWS's own clients refuse others.
const START_URL: &str = "https://d-0000000000.awsapps.com/start";

/// A signed-in scene at a start URL as AWS has them, and a profile of that style.
fn scene(storage: Storage, style: &str, options: &[&str]) -> Result<(Scene, Assignment)> {
    let own = ["--accounts", "4", "--start-url", START_URL];
    let scene = Scene::empty(Desktop::with_keyring()?, &[&own[..], options].concat())?;
    scene.add("work", storage, START_URL)?;
    scene.daypass.sign_in("work")?;
    let wanted = scene.read_only()?;
    let target = wanted.target();
    let words = [
        "profile",
        "add",
        &target,
        "--name",
        "it",
        "--region",
        "eu-central-1",
    ];
    scene
        .daypass
        .ok(&[&words[..], &["--style", style]].concat())?;
    Ok((scene, wanted))
}

fn all_reach_sts(scene: &Scene, wanted: &Assignment) -> Result<()> {
    for client in Client::ALL {
        reaches_sts(client, scene, wanted)?;
    }
    Ok(())
}

fn reaches_sts(client: Client, scene: &Scene, wanted: &Assignment) -> Result<()> {
    let identity = client.caller_identity("it", scene.daypass.env())?;
    ensure!(
        identity["Account"] == wanted.account.as_str(),
        "{client:?}: {identity}"
    );
    let arn = identity["Arn"].as_str().unwrap_or_default();
    ensure!(
        arn.contains("assumed-role") && arn.contains(&wanted.role),
        "{client:?}: {arn}"
    );
    Ok(())
}

#[test]
fn through_a_standard_profile() -> Result<()> {
    let (scene, wanted) = scene(Storage::Shared, "sso", &[])?;
    all_reach_sts(&scene, &wanted)?;
    scene.search(&scene.canaries()?)
}

#[test]
fn through_a_profile_that_daypass_serves_from_the_keychain() -> Result<()> {
    let (scene, wanted) = scene(Storage::Keychain, "process", &[])?;
    all_reach_sts(&scene, &wanted)?;
    scene.search(&scene.canaries()?)
}

#[test]
fn through_a_profile_that_daypass_serves_from_the_shared_cache() -> Result<()> {
    let (scene, wanted) = scene(Storage::Shared, "process", &[])?;
    all_reach_sts(&scene, &wanted)
}

/// Lives of seconds: what was handed out before is over when a client comes.
const SHORT: [&str; 4] = ["--token-ttl", "3", "--role-ttl", "3"];
const OVER: Duration = Duration::from_millis(3_500);

#[test]
fn each_client_goes_on_after_the_access_token_has_expired() -> Result<()> {
    for (storage, style) in [(Storage::Shared, "sso"), (Storage::Keychain, "process")] {
        for client in Client::ALL {
            let (scene, wanted) = scene(storage, style, &SHORT)?;
            // From here on lives are long enough for a client that looks 15 minutes ahead.
            let long = serde_json::json!({ "token_ttl": 3600, "role_ttl": 3600 });
            scene.portal.tell("set", &long)?;
            thread::sleep(OVER);
            reaches_sts(client, &scene, &wanted)?;
            ensure!(
                scene.status("work")?["state"] == "active",
                "{client:?} ended the sign-in"
            );
            scene.daypass.ok(&["list", "--refresh"])?;
        }
    }
    Ok(())
}
