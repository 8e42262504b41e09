//! AWS's own clients reach `GetCallerIdentity` through profiles that Daypass wrote, with no login
//! of their own, also once the access token has expired.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;
use testkit::aws_clients::{Client, aws, names_by_javascript};
use testkit::botocore::Botocore;
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
    for client in Client::on_this_machine()? {
        reaches_sts(client, scene, wanted)?;
    }
    Ok(())
}

fn reaches_sts(client: Client, scene: &Scene, wanted: &Assignment) -> Result<()> {
    identity(client, "it", scene, wanted)
}

fn identity(client: Client, profile: &str, scene: &Scene, wanted: &Assignment) -> Result<()> {
    let identity = client.caller_identity(profile, scene.daypass.env())?;
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

/// A sign-in under the name `work`; a profile of the older kind and one of another session name, none
/// of which Daypass wrote, at the same portal.
fn beside_other_profiles(options: &[&str]) -> Result<(Scene, Assignment)> {
    let own = [
        "--accounts",
        "4",
        "--start-url",
        START_URL,
        "--reuse-revokes",
    ];
    let scene = Scene::empty(Desktop::with_keyring()?, &[&own[..], options].concat())?;
    let wanted = scene.read_only()?;
    let rest = format!(
        "sso_account_id = {}\nsso_role_name = ReadOnly\nregion = eu-central-1\n\n",
        wanted.account
    );
    scene.home().write_aws_config(format!(
        "[profile old]\nsso_start_url = {START_URL}/#/\nsso_region = eu-central-1\n{rest}\
         [profile named]\nsso_session = other\n{rest}\
         [sso-session other]\nsso_start_url = {START_URL}/\nsso_region = eu-central-1\n\
         sso_registration_scopes = sso:account:access\n"
    ))?;
    scene.add("work", Storage::Shared, START_URL)?;
    scene.daypass.sign_in("work")?;
    Ok((scene, wanted))
}

#[test]
fn profiles_of_other_kinds_at_the_portal_need_no_login() -> Result<()> {
    let (scene, wanted) = beside_other_profiles(&[])?;
    for client in Client::on_this_machine()? {
        for profile in ["old", "named"] {
            identity(client, profile, &scene, &wanted)?;
        }
    }
    ensure!(
        scene.asked("CreateToken")? == 1,
        "somebody signed in or renewed"
    );
    scene.search(&scene.canaries()?)
}

#[test]
fn what_a_client_renews_under_another_name_daypass_goes_on_with() -> Result<()> {
    for client in Client::on_this_machine()? {
        let (scene, wanted) = beside_other_profiles(&SHORT)?;
        let long = serde_json::json!({ "token_ttl": 3600, "role_ttl": 3600 });
        scene.portal.tell("set", &long)?;
        thread::sleep(OVER);
        identity(client, "named", &scene, &wanted)?;
        let renewals = scene.asked("CreateToken")?;
        ensure!(renewals == 2, "{client:?} did not renew: {renewals}");
        ensure!(scene.status("work")?["state"] == "active", "{client:?}");
        scene.portal.expire_access_tokens()?;
        scene.daypass.ok(&["list", "--refresh"])?;
        // A spent refresh token would have ended the sign-in here.
        ensure!(scene.asked("CreateToken")? == 3, "{client:?}");
        identity(client, "named", &scene, &wanted)?;
        identity(client, "old", &scene, &wanted)?;
    }
    Ok(())
}

/// Lives of seconds: what was handed out before is over when a client comes.
const SHORT: [&str; 4] = ["--token-ttl", "3", "--role-ttl", "3"];
const OVER: Duration = Duration::from_millis(3_500);

#[test]
fn each_client_goes_on_after_the_access_token_has_expired() -> Result<()> {
    for (storage, style) in [(Storage::Shared, "sso"), (Storage::Keychain, "process")] {
        for client in Client::on_this_machine()? {
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

/// Names of all sorts: other scripts, brackets, hashes, line breaks, nothing at all, the same twice.
const HOSTILE: [&str; 5] = ["--accounts", "60", "--roles", "3", "--hostile"];
const TEMPLATE: &str = "{account_name|keep|replace:prod=P}.{role|keep}";

#[test]
fn each_hostile_assignment_has_a_profile_that_every_client_reads() -> Result<()> {
    for (storage, style) in [(Storage::Shared, "sso"), (Storage::Keychain, "process")] {
        let options = [&HOSTILE[..], &["--start-url", START_URL]].concat();
        let scene = Scene::empty(Desktop::with_keyring()?, &options)?;
        scene.add("work", storage, START_URL)?;
        scene.daypass.sign_in("work")?;
        scene.daypass.ok(&["list", "--refresh"])?;
        let words = [
            "profile",
            "sync",
            "--template",
            TEMPLATE,
            "--region",
            "eu-central-1",
            "--json",
        ];
        let changed = scene.daypass.json(&words)?;
        let changes = changed["changes"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let of = |action: &str| {
            let changes = changes.iter().filter(|it| it["action"] == action);
            changes
                .filter_map(|it| it["profile"].as_str().map(ToOwned::to_owned))
                .collect::<Vec<_>>()
        };
        let (added, skipped) = (of("added"), of("skipped"));
        let all = scene.daypass.json(&["list", "--all", "--json"])?;
        let all = all["assignments"].as_array().map_or(0, Vec::len);
        ensure!(
            all > 60 && added.len() + skipped.len() == all,
            "{} and {skipped:?} of {all}",
            added.len()
        );
        let wanted: BTreeSet<String> = added.iter().cloned().collect();
        ensure!(wanted.len() == added.len(), "two have one name");
        everyone_reads(&scene, &wanted)?;
        let profiles = scene.daypass.json(&["profile", "list", "--json"])?;
        let profiles = profiles["profiles"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        for profile in profiles.iter().step_by(profiles.len() / 3) {
            let text = |key: &str| profile[key].as_str().unwrap_or_default().to_owned();
            let own = Assignment {
                account: text("account_id"),
                name: String::new(),
                role: text("role"),
            };
            for client in Client::on_this_machine()? {
                identity(client, &text("profile"), &scene, &own)
                    .map_err(|error| error.context(format!("{style}: {profile}")))?;
            }
        }
    }
    Ok(())
}

/// The AWS CLI, botocore and the SDK for JavaScript list the same names, no more and no fewer.
fn everyone_reads(scene: &Scene, wanted: &BTreeSet<String>) -> Result<()> {
    let cli = aws(&["configure", "list-profiles"], scene.daypass.env())?;
    let cli: BTreeSet<String> = cli.lines().map(ToOwned::to_owned).collect();
    ensure!(
        cli == *wanted,
        "the AWS CLI: {:?}",
        cli.symmetric_difference(wanted)
    );
    let read = Botocore::start()?.read(&scene.home().read_aws_config()?)?;
    let python: BTreeSet<String> = read["profiles"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    ensure!(
        python == *wanted,
        "botocore: {:?}",
        python.symmetric_difference(wanted)
    );
    let javascript: BTreeSet<String> = names_by_javascript(scene.daypass.env())?
        .into_iter()
        .collect();
    ensure!(
        javascript == *wanted,
        "JavaScript: {:?}",
        javascript.symmetric_difference(wanted)
    );
    Ok(())
}
