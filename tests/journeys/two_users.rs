//! Two users at one portal, each with a session of their own: nothing of one serves the other.

use serde_json::{Value, json};
use testkit::aws_clients::Client;
use testkit::desktop::Desktop;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure};

#[test]
fn two_users_at_one_portal_stay_apart_in_the_keychain() -> Result<()> {
    two_users([Storage::Keychain, Storage::Keychain])
}

#[test]
fn two_users_at_one_portal_stay_apart_in_the_shared_cache() -> Result<()> {
    two_users([Storage::Shared, Storage::Shared])
}

#[test]
fn two_users_at_one_portal_stay_apart_in_both() -> Result<()> {
    two_users([Storage::Keychain, Storage::Shared])
}

/// The accounts that the portal gives to whoever asks: the simulator has one list at a time.
fn organisation(accounts: &[&str]) -> Value {
    let account = |id: &&str| json!({"id": id, "name": format!("of {id}"), "roles": ["ReadOnly"]});
    json!({ "accounts": accounts.iter().map(account).collect::<Vec<_>>() })
}

const USERS: [(&str, &str); 2] = [("ana", "111111111111"), ("ben", "222222222222")];

fn two_users(storages: [Storage; 2]) -> Result<()> {
    let scene = Scene::empty(Desktop::with_keyring()?, &[])?;
    // A profile of the older kind, and a session of a third name, at the same portal.
    let url = scene.portal.start_url().to_owned();
    scene.home().write_aws_config(format!(
        "[profile old]\nsso_start_url = {url}\nsso_region = eu-central-1\n\
         sso_account_id = 111111111111\nsso_role_name = ReadOnly\nregion = eu-central-1\n\n\
         [sso-session third]\nsso_start_url = {url}\nsso_region = eu-central-1\n"
    ))?;
    for ((user, account), storage) in USERS.into_iter().zip(storages) {
        scene.add_session(user, storage)?;
        scene.portal.tell("set", &json!({ "user": user }))?;
        scene.portal.tell("accounts", &organisation(&[account]))?;
        scene.daypass.sign_in(user)?;
        scene
            .daypass
            .ok(&["list", "--refresh", "--session", user])?;
        scene.daypass.run_secretly(&keys(user, account))?.code(0)?;
        let words = [
            "profile",
            "add",
            "--account",
            "111111111111",
            "--role",
            "ReadOnly",
        ];
        let further = [
            "--session",
            user,
            "--name",
            user,
            "--region",
            "eu-central-1",
        ];
        scene.daypass.ok(&[&words[..], &further[..]].concat())?;
    }
    each_has_their_own(&scene)?;
    let shared = USERS
        .iter()
        .zip(storages)
        .find(|(_, it)| *it == Storage::Shared);
    if let Some(((user, _), _)) = shared {
        let arn = identity(&scene, "old")?;
        ensure!(
            arn.ends_with(&format!("/{user}")),
            "the older profile is {arn}"
        );
    }
    // Everything renewed: still their own.
    let renewals = scene.asked("CreateToken")?;
    scene.portal.expire_access_tokens()?;
    for (user, account) in USERS {
        scene.portal.tell("accounts", &organisation(&[account]))?;
        scene
            .daypass
            .ok(&["list", "--refresh", "--session", user])?;
    }
    ensure!(
        scene.asked("CreateToken")? == renewals + 2,
        "nothing was renewed"
    );
    each_has_their_own(&scene)?;
    one_signs_out(&scene)
}

fn keys<'a>(user: &'a str, account: &'a str) -> [&'a str; 7] {
    [
        "credentials",
        "--session",
        user,
        "--account",
        account,
        "--role",
        "ReadOnly",
    ]
}

fn each_has_their_own(scene: &Scene) -> Result<()> {
    scene
        .portal
        .tell("accounts", &organisation(&["111111111111", "222222222222"]))?;
    let mut seen = Vec::new();
    for (user, account) in USERS {
        let listed = scene.daypass.json(&["list", "--session", user, "--json"])?;
        let rows = listed["assignments"].as_array().context("no rows")?;
        ensure!(
            rows.len() == 1 && rows[0]["account_id"] == account,
            "{user}: {listed}"
        );
        // The same assignment for both: two users have two sets of keys.
        let ran = scene.daypass.run_secretly(&keys(user, "111111111111"))?;
        seen.push(ran.code(0)?.json()?["AccessKeyId"].clone());
        let arn = identity(scene, user)?;
        ensure!(arn.ends_with(&format!("/{user}")), "{user} is {arn}");
    }
    ensure!(seen[0] != seen[1], "{seen:?}");
    Ok(())
}

/// Who the portal gave keys to, by the word of AWS's own client.
fn identity(scene: &Scene, profile: &str) -> Result<String> {
    let identity = Client::CommandLine.caller_identity(profile, scene.daypass.env())?;
    Ok(identity["Arn"].as_str().unwrap_or_default().to_owned())
}

fn one_signs_out(scene: &Scene) -> Result<()> {
    let before = scene.canaries()?.count();
    scene.daypass.ok(&["logout", "ana"])?;
    ensure!(
        scene.status("ana")?["state"] == "signed_out",
        "ana is signed in"
    );
    ensure!(
        scene.status("ben")?["state"] == "active",
        "ben is signed out"
    );
    let requests = scene.asked("GetRoleCredentials")?;
    let ran = scene.daypass.run_secretly(&keys("ben", "222222222222"))?;
    ran.code(0)?;
    ensure!(
        scene.asked("GetRoleCredentials")? == requests,
        "ben's role credentials went"
    );
    scene.daypass.run(&keys("ana", "111111111111"))?.code(3)?;
    if scene.status("ana")?["storage"] == "shared" {
        ensure!(
            identity(scene, "old").is_err(),
            "the older profile became somebody else's"
        );
    }
    ensure!(scene.canaries()?.count() < before, "nothing of ana's went");
    scene.daypass.ok(&["logout", "ben"])?;
    ensure!(scene.canaries()?.count() == 0, "secrets are left");
    Ok(())
}
