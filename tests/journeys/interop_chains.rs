//! AWS's own clients become a chained role through profiles that Daypass wrote; and Daypass through
//! profiles that people wrote.

use serde_json::json;
use std::fs;
use testkit::aws_clients::Client;
use testkit::desktop::Desktop;
use testkit::http;
use testkit::scene::{Scene, Storage};
use testkit::{Result, ensure};

/// What a real organisation's address looks like: AWS's own clients refuse others.
const START_URL: &str = "https://d-0000000000.awsapps.com/start";
const FIRST: &str = "444455556666";
const SECOND: &str = "777788889999";

/// A signed-in scene where `ReadOnly` of one account may become Deploy, and that Audit; and the target.
fn scene(storage: Storage) -> Result<(Scene, String)> {
    let options = ["--accounts", "4", "--start-url", START_URL];
    let scene = Scene::empty(Desktop::with_keyring()?, &options)?;
    scene.add("work", storage, START_URL)?;
    scene.daypass.sign_in("work")?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let base = scene.read_only()?.target();
    let trust = json!({ "roles": [
        { "arn": format!("arn:aws:iam::{FIRST}:role/Deploy"), "trusts": [base] },
        { "arn": format!("arn:aws:iam::{SECOND}:role/Audit"), "trusts": [format!("{FIRST}/Deploy")], "external_id": "sesame" },
    ]});
    scene.portal.tell("roles", &trust)?;
    Ok((scene, base))
}

fn define(scene: &Scene, base: &str) -> Result<()> {
    let deploy = format!("arn:aws:iam::{FIRST}:role/Deploy");
    let audit = format!("arn:aws:iam::{SECOND}:role/Audit");
    let first = [
        "chain",
        "add",
        base,
        "--role-arn",
        &deploy,
        "--name",
        "deploy",
    ];
    scene.daypass.ok(&first)?;
    let second = [
        "chain",
        "add",
        "deploy",
        "--role-arn",
        &audit,
        "--name",
        "audit",
    ];
    let more = [
        "--external-id",
        "sesame",
        "--session-name",
        "jo",
        "--duration",
        "15m",
    ];
    scene
        .daypass
        .ok(&[&second[..], &more[..]].concat())
        .map(drop)
}

fn is_audit(client: Client, profile: &str, scene: &Scene) -> Result<()> {
    let identity = client.caller_identity(profile, scene.daypass.env())?;
    let arn = format!("arn:aws:sts::{SECOND}:assumed-role/Audit/");
    let is_it = identity["Arn"]
        .as_str()
        .is_some_and(|it| it.starts_with(&arn));
    ensure!(
        is_it && identity["Account"] == SECOND,
        "{client:?}: {identity}"
    );
    Ok(())
}

/// Writes the profile `it` of the chained role `audit`.
const PROFILE: [&str; 7] = [
    "profile",
    "add",
    "audit",
    "--name",
    "it",
    "--region",
    "eu-central-1",
];

#[test]
fn the_aws_cli_becomes_the_last_role_of_a_chain() -> Result<()> {
    for (storage, style) in [
        (Storage::Shared, "sso"),
        (Storage::Shared, "process"),
        (Storage::Keychain, "process"),
    ] {
        let (scene, base) = scene(storage)?;
        define(&scene, &base)?;
        scene
            .daypass
            .ok(&[&PROFILE[..], &["--style", style]].concat())?;
        is_audit(Client::CommandLine, "it", &scene)?;
        let written = fs::read_to_string(scene.home().home().join(".aws/config"))?;
        let whole = written
            .contains("external_id = sesame\nrole_session_name = jo\nduration_seconds = 900\n");
        ensure!(whole == (style == "sso"), "{style}: {written}");
        // The same again changes nothing, and each profile is what Daypass calls it.
        scene
            .daypass
            .ok(&[&PROFILE[..], &["--style", style]].concat())?;
        ensure!(
            fs::read_to_string(scene.home().home().join(".aws/config"))? == written,
            "written twice"
        );
        let ran = scene
            .daypass
            .run_secretly(&["credentials", "--profile", "it"])?;
        ran.code(0)?;
        let listed = scene
            .daypass
            .run(&["chain", "list", "--json"])?
            .code(0)?
            .json()?;
        ensure!(
            listed["chains"].as_array().map(Vec::len) == Some(2),
            "twice: {listed}"
        );
        scene.search(&scene.canaries()?)?;
    }
    Ok(())
}

#[test]
fn other_clients_too_through_a_standard_profile() -> Result<()> {
    let (scene, base) = scene(Storage::Shared)?;
    define(&scene, &base)?;
    scene.daypass.ok(&PROFILE)?;
    for client in Client::on_this_machine()? {
        is_audit(client, "it", &scene)?;
    }
    Ok(())
}

#[test]
fn profiles_that_people_wrote_are_rows_of_their_own() -> Result<()> {
    let (scene, base) = scene(Storage::Shared)?;
    let (account, role) = base.split_once('/').unwrap_or_default();
    let config = format!(
        "[sso-session work]\nsso_start_url = {START_URL}\nsso_region = eu-central-1\n\
         sso_registration_scopes = sso:account:access\n\n\
         [profile base]\nsso_session = work\nsso_account_id = {account}\nsso_role_name = {role}\n\
         region = eu-central-1\n\n\
         [profile by-hand]\nrole_arn = arn:aws:iam::{FIRST}:role/Deploy\nsource_profile = base\n\n\
         [profile further]\nrole_arn = arn:aws:iam::{SECOND}:role/Audit\nsource_profile = by-hand\n\
         external_id = sesame\nregion = eu-central-1\n\n\
         [profile hostile]\nrole_arn = arn:aws:iam::{FIRST}:role/Deploy\nsource_profile = base\n\
         external_id = x\n"
    );
    scene.home().write_aws_config(&config)?;
    let settings = scene.home().config().join("daypass/settings.toml");
    let before = fs::read_to_string(&settings)?;
    let listed = scene
        .daypass
        .run(&["chain", "list", "--json"])?
        .code(0)?
        .json()?;
    let names: Vec<_> = listed["chains"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| (it["name"].clone(), it["found"].clone()))
        .collect();
    ensure!(
        names
            == [
                (json!("by-hand"), json!(true)),
                (json!("further"), json!(true))
            ],
        "{listed}"
    );
    ensure!(listed["refused"][0]["profile"] == "hostile", "{listed}");
    let ran = scene
        .daypass
        .run_secretly(&["console", "further", "--print"])?
        .code(0)?;
    let page = http::visit(ran.stdout.trim_end())?.landed.text();
    ensure!(page.contains(SECOND) && page.contains("Audit"), "{page}");
    scene
        .daypass
        .run_secretly(&["credentials", "--profile", "further"])?
        .code(0)?;
    is_audit(Client::CommandLine, "further", &scene)?;
    let ran = scene
        .daypass
        .run(&["chain", "remove", "further"])?
        .code(2)?;
    ensure!(ran.stderr.contains("[profile further]"), "{}", ran.stderr);
    let config_now = fs::read_to_string(scene.home().home().join(".aws/config"))?;
    ensure!(
        config_now == config && fs::read_to_string(&settings)? == before,
        "something was written"
    );
    Ok(())
}
