//! One sign-in for Daypass and AWS's own tools: a sign-in that a real `aws sso login` made is taken
//! over, tokens that Daypass made are used and renewed by each tool, and Daypass goes on with those.

use serde_json::json;
use testkit::aws_clients::{Client, aws};
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::ledger::Ledger;
use testkit::scene::{Scene, Storage};
use testkit::{Result, ensure};

/// What a real organisation's address looks like: AWS's own clients refuse others.
const START_URL: &str = "https://d-0000000000.awsapps.com/start";

/// A config file that `aws configure sso` could have written, and the session at Daypass; nobody is
/// signed in.
fn scene(options: &[&str]) -> Result<Scene> {
    let desktop = Desktop::with_keyring()?.and_browser(Following::Redirects)?;
    let own = ["--accounts", "4", "--start-url", START_URL];
    let strict = ["--reuse-revokes", "--rotation", "rotate"];
    let mut scene = Scene::empty(desktop, &[&own[..], &strict[..], options].concat())?;
    scene.add("work", Storage::Shared, START_URL)?;
    let wanted = scene.read_only()?;
    let config = format!(
        "[profile it]\nsso_session = work\nsso_account_id = {}\nsso_role_name = {}\n\
         region = eu-central-1\n[sso-session work]\nsso_region = eu-central-1\n\
         sso_start_url = {START_URL}\nsso_registration_scopes = sso:account:access\n",
        wanted.account, wanted.role
    );
    scene.home().write_aws_config(config)?;
    let browser = scene
        .desktop
        .browser()?
        .as_one_word(scene.home())?
        .display()
        .to_string();
    scene.daypass = scene.daypass.clone().with("BROWSER", &browser);
    Ok(scene)
}

fn ledger(scene: &Scene) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    ledger.read(&scene.portal)?;
    Ok(ledger)
}

/// Daypass works with the tokens that are there, and renews them once more, without a sign-in.
fn daypass_goes_on(scene: &Scene) -> Result<()> {
    let status = scene.status("work")?;
    ensure!(
        status["state"] == "active" && status["renewable"] == true,
        "{status}"
    );
    scene.daypass.ok(&["list", "--refresh"])?;
    let before = ledger(scene)?;
    scene.portal.expire_access_tokens()?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let after = ledger(scene)?;
    ensure!(
        after.renewals().count() == before.renewals().count() + 1
            && after.refusals().count() == before.refusals().count(),
        "{:?}",
        after.exchanges()
    );
    ensure!(
        scene.status("work")?["state"] == "active",
        "the sign-in was lost"
    );
    Ok(())
}

#[test]
fn a_sign_in_by_the_aws_cli_is_adopted_and_its_sign_out_is_seen() -> Result<()> {
    for flow in [&[][..], &["--use-device-code"][..]] {
        let scene = scene(&["--device-interval", "1"])?;
        scene.daypass.run(&["status", "work"])?.code(3)?;
        let login = [&["sso", "login", "--sso-session", "work"][..], flow].concat();
        aws(&login, scene.daypass.env())?;
        daypass_goes_on(&scene)?;
        let wanted = scene.read_only()?.target();
        scene
            .daypass
            .run_secretly(&["credentials", &wanted])?
            .code(0)?;
        ensure!(
            ledger(&scene)?.renewals().count() == 1,
            "one renewal was asked for"
        );
        let canaries = scene.canaries()?;
        scene.search(&canaries)?;
        // What Daypass renewed serves the AWS CLI, which signs out of it.
        Client::CommandLine.caller_identity("it", scene.daypass.env())?;
        aws(&["sso", "logout"], scene.daypass.env())?;
        ensure!(
            scene.status("work")?["state"] == "signed_out",
            "Daypass does not see the sign-out"
        );
        let sessions = scene.portal.ask("state")?["sessions"].clone();
        ensure!(sessions[0]["live"] == false, "{sessions}");
        scene.daypass.run(&["list", "--refresh"])?.code(3)?;
    }
    Ok(())
}

#[test]
fn a_sign_in_by_the_aws_cli_takes_the_place_of_daypasss_own() -> Result<()> {
    let scene = scene(&[])?;
    scene.daypass.sign_in("work")?;
    let before = scene.status("work")?;
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    aws(
        &["sso", "login", "--sso-session", "work"],
        scene.daypass.env(),
    )?;
    let after = scene.status("work")?;
    ensure!(
        before["access_token_expires_at"] != after["access_token_expires_at"],
        "the same token: {after}"
    );
    daypass_goes_on(&scene)?;
    let sessions = scene.portal.ask("state")?["sessions"].clone();
    ensure!(sessions.as_array().map(Vec::len) == Some(2), "{sessions}");
    scene.search(&scene.canaries()?)
}

#[test]
fn each_of_awss_clients_renews_what_daypass_made_and_daypass_goes_on_with_it() -> Result<()> {
    for client in Client::on_this_machine()? {
        // Four minutes: each of them renews by then, at its first use; the SDK for Go once it is over.
        let life = if client == Client::Go { "2" } else { "240" };
        let scene = scene(&["--token-ttl", life])?;
        scene.daypass.sign_in("work")?;
        scene.portal.tell("set", &json!({ "token_ttl": 3600 }))?;
        if client == Client::Go {
            std::thread::sleep(std::time::Duration::from_millis(2_500));
        }
        let identity = client.caller_identity("it", scene.daypass.env())?;
        ensure!(
            identity["Account"] == scene.read_only()?.account.as_str(),
            "{client:?}: {identity}"
        );
        let ledger = ledger(&scene)?;
        let renewed: Vec<_> = ledger.renewals().map(|one| one.program.clone()).collect();
        let theirs = renewed
            .first()
            .is_some_and(|program| program.to_lowercase().starts_with(client.agent()));
        ensure!(
            renewed.len() == 1 && theirs && ledger.refusals().count() == 0,
            "{client:?}: {:?}",
            ledger.exchanges()
        );
        daypass_goes_on(&scene)?;
        // And once more the other way: the client works with what Daypass renewed.
        client.caller_identity("it", scene.daypass.env())?;
        scene.search(&scene.canaries()?)?;
    }
    Ok(())
}
