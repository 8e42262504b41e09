//! The command line from nothing to a list of accounts: add, sign in, status, list, sign out.

use serde_json::Value;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use testkit::desktop::Desktop;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure, http, waiting};

#[test]
fn a_session_in_the_keychain_is_signed_in_listed_and_signed_out() -> Result<()> {
    from_nothing_to_a_list(Storage::Keychain)
}

#[test]
fn a_session_in_the_shared_cache_is_signed_in_listed_and_signed_out() -> Result<()> {
    from_nothing_to_a_list(Storage::Shared)
}

fn from_nothing_to_a_list(storage: Storage) -> Result<()> {
    let scene = Scene::registered(storage, &["--accounts", "40"])?;
    let status = scene.status("work")?;
    ensure!(
        status["state"] == "signed_out" && status["storage"] == storage.word(),
        "{status}"
    );

    scene.daypass.sign_in("work")?;
    let status = scene.status("work")?;
    ensure!(
        status["state"] == "active" && status["renewable"] == true,
        "{status}"
    );
    ensure!(
        status["region"] == "eu-central-1" && status["partition"] == "aws",
        "{status}"
    );
    ensure!(is_utc(&status["access_token_expires_at"]), "{status}");
    ensure!(
        status["ends_at"].is_null(),
        "the service never says when a sign-in ends: {status}"
    );
    lists_what_the_portal_has(&scene)?;

    let canaries = scene.canaries()?;
    ensure!(
        canaries.count() >= 3,
        "the tokens are not where `status` says"
    );
    scene.search(&canaries)?;
    if storage == Storage::Keychain {
        let folder = scene.home().sso_cache();
        ensure!(
            !folder.exists(),
            "{} was made although nothing is shared",
            folder.display()
        );
    }

    scene.daypass.ok(&["logout", "work"])?;
    ensure!(
        scene.status("work")?["state"] == "signed_out",
        "still signed in"
    );
    nothing_is_left(&scene)
}

fn lists_what_the_portal_has(scene: &Scene) -> Result<()> {
    let document = scene.daypass.json(&["list", "--json", "--refresh"])?;
    ensure!(
        document["version"] == 1 && document["complete"] == true,
        "{document}"
    );
    let listed = pairs(&document)?;
    let expected: BTreeSet<_> = scene.accounts()?.iter().flat_map(assignments).collect();
    ensure!(
        listed == expected,
        "{} listed, {} there",
        listed.len(),
        expected.len()
    );
    ensure!(
        listed
            .iter()
            .map(|(id, _)| id)
            .collect::<BTreeSet<_>>()
            .len()
            == 40,
        "40 accounts"
    );

    // A second time from the copy on disk, without the portal.
    let before = scene.portal.ask("stats")?["requests"].clone();
    ensure!(
        pairs(&scene.daypass.json(&["list", "--json"])?)? == expected,
        "another copy"
    );
    ensure!(
        scene.portal.ask("stats")?["requests"] == before,
        "the portal was asked again"
    );
    Ok(())
}

fn pairs(list: &Value) -> Result<BTreeSet<(String, String)>> {
    let rows = list["assignments"].as_array().context("no assignments")?;
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    Ok(rows
        .iter()
        .map(|row| (text(row, "account_id"), text(row, "role")))
        .collect())
}

fn assignments(account: &Value) -> Vec<(String, String)> {
    let id = account["id"].as_str().unwrap_or_default();
    let roles = account["roles"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    roles.map(|role| (id.to_owned(), role.to_owned())).collect()
}

fn is_utc(time: &Value) -> bool {
    time.as_str()
        .is_some_and(|text| text.ends_with('Z') && text.contains('T'))
}

fn nothing_is_left(scene: &Scene) -> Result<()> {
    let left = scene.canaries()?;
    ensure!(
        left.count() == 0,
        "{} secrets are left after signing out",
        left.count()
    );
    let state = scene.portal.ask("state")?;
    let sessions = state["sessions"].as_array().into_iter().flatten();
    let live = sessions.filter(|session| session["live"] == true).count();
    ensure!(
        live == 0,
        "the portal still has {live} live sign-ins: {state}"
    );
    Ok(())
}

#[test]
fn the_shared_cache_has_the_names_and_modes_of_awss_own_tools() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "2"])?;
    // SHA-1 of the session's name `work`, as the AWS CLI and every SDK work it out.
    let folder = scene.home().sso_cache();
    let path = folder.join("e274eeff768c6396088ec6eb091f4bf4d47ab1e0.json");
    let token: Value = serde_json::from_slice(&std::fs::read(&path).context("no token file")?)?;
    for key in [
        "accessToken",
        "expiresAt",
        "refreshToken",
        "clientId",
        "clientSecret",
    ] {
        ensure!(token[key].is_string(), "{key} is missing");
    }
    ensure!(
        is_utc(&token["registrationExpiresAt"]) && is_utc(&token["expiresAt"]),
        "times"
    );
    ensure!(
        token["startUrl"] == scene.portal.start_url(),
        "another start URL"
    );
    ensure!(token["region"] == "eu-central-1", "another Region");
    let mode = |path: &std::path::Path| -> Result<u32> {
        Ok(std::fs::metadata(path)?.permissions().mode() & 0o777)
    };
    ensure!(
        mode(&path)? == 0o600,
        "the file is open to others: {:o}",
        mode(&path)?
    );
    ensure!(
        mode(&folder)? == 0o700,
        "the folder is open to others: {:o}",
        mode(&folder)?
    );
    Ok(())
}

#[test]
fn signing_in_prints_the_address_alone_on_the_first_line_and_listens_on_loopback() -> Result<()> {
    let scene = Scene::registered(Storage::Shared, &["--accounts", "2"])?;
    let mut login = scene.daypass.start(&["login", "work", "--no-browser"])?;
    let address = login.first_line()?;
    ensure!(
        address.starts_with(&format!("{}/", scene.portal.base())),
        "{address}"
    );
    ensure!(
        http::query(&address, "code_challenge_method").as_deref() == Some("S256"),
        "{address}"
    );
    let redirect = http::query(&address, "redirect_uri").context("no redirect_uri")?;
    ensure!(redirect.starts_with("http://127.0.0.1:"), "{redirect}");

    // A page that guesses the port, without the state, does not end the sign-in.
    let foreign = http::get(&format!("{redirect}?code=guessed&state=guessed"))?;
    ensure!(
        foreign.status >= 400,
        "a foreign redirect was answered with {}",
        foreign.status
    );
    let visit = http::visit(&address)?;
    ensure!(visit.landed.status == 200, "{}", visit.landed.text());
    let ran = login.finish()?.code(0)?;
    ensure!(
        ran.stdout.lines().next() == Some(address.as_str()),
        "{}",
        ran.stdout
    );
    ensure!(
        http::get(&redirect).is_err(),
        "the listener outlived the sign-in"
    );
    Ok(())
}

#[test]
fn signing_in_again_is_quick_unless_forced() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "2"])?;
    let before = scene.portal.ask("state")?["sessions"]
        .as_array()
        .map(Vec::len);
    scene.daypass.ok(&["login", "work", "--no-browser"])?;
    let after = scene.portal.ask("state")?["sessions"]
        .as_array()
        .map(Vec::len);
    ensure!(before == after, "a valid sign-in was done again");

    let mut login = scene
        .daypass
        .start(&["login", "work", "--no-browser", "--force"])?;
    http::visit(&login.first_line()?)?;
    login.finish()?.code(0)?;
    let forced = scene.portal.ask("state")?["sessions"]
        .as_array()
        .map(Vec::len);
    ensure!(forced > after, "--force did not sign in afresh");
    Ok(())
}

#[test]
fn a_device_code_signs_in_without_a_browser_of_ones_own() -> Result<()> {
    let scene = Scene::registered(
        Storage::Shared,
        &["--accounts", "2", "--device-interval", "1"],
    )?;
    let mut login = scene
        .daypass
        .start(&["login", "work", "--device", "--no-browser"])?;
    let address = login.first_line()?;
    let code = http::query(&address, "user_code").context("the address lacks the code")?;
    waiting::until_true(waiting::PATIENCE, "the code on standard error", || {
        Ok(login.talk()?.contains(&code))
    })?;
    http::visit(&address)?;
    login.finish()?.code(0)?;
    ensure!(scene.status("work")?["state"] == "active", "not signed in");
    Ok(())
}

#[test]
fn a_sign_in_that_nobody_approves_gives_up() -> Result<()> {
    let scene = Scene::registered(Storage::Shared, &["--accounts", "2"])?;
    let mut login = scene
        .daypass
        .start(&["login", "work", "--no-browser", "--timeout", "2s"])?;
    login.first_line()?;
    let ran = login.finish()?.code(1)?.says("hint: ")?;
    ensure!(
        ran.took >= Duration::from_secs(2),
        "it gave up after {:?}",
        ran.took
    );
    ensure!(
        scene.status("work")?["state"] == "signed_out",
        "signed in by nobody"
    );
    Ok(())
}

#[test]
fn an_interrupted_sign_in_leaves_nothing_behind() -> Result<()> {
    let scene = Scene::registered(Storage::Keychain, &["--accounts", "2"])?;
    let mut login = scene.daypass.start(&["login", "work", "--no-browser"])?;
    let redirect = http::query(&login.first_line()?, "redirect_uri").context("no redirect")?;
    login.program().signal(rustix::process::Signal::INT)?;
    login.finish()?.code(130)?;
    ensure!(
        http::get(&redirect).is_err(),
        "the listener outlived the command"
    );
    ensure!(
        scene.status("work")?["state"] == "signed_out",
        "signed in by nobody"
    );
    Ok(())
}

#[test]
fn sessions_are_added_listed_and_removed() -> Result<()> {
    let scene = Scene::empty(Desktop::bare()?, &["--accounts", "2"])?;
    scene.add_session("work", Storage::Shared)?;
    scene.add_session("other", Storage::Shared)?;
    let again = [
        "session",
        "add",
        "work",
        "--start-url",
        scene.portal.start_url(),
    ];
    let again = [
        &again[..],
        &["--region", "eu-central-1", "--allow-custom-portal"],
    ]
    .concat();
    scene
        .daypass
        .run(&again)?
        .code(1)?
        .says_what_and_what_to_do()?;

    let listed = scene.daypass.ok(&["session", "list"])?.stdout;
    ensure!(
        listed.contains("work") && listed.contains("other"),
        "{listed}"
    );
    scene.daypass.ok(&["session", "remove", "other"])?;
    let listed = scene.daypass.ok(&["session", "list"])?.stdout;
    ensure!(!listed.contains("other"), "{listed}");
    scene
        .daypass
        .run(&["session", "remove", "other"])?
        .code(1)?
        .says_what_and_what_to_do()?;
    Ok(())
}

#[test]
fn an_address_outside_of_aws_needs_a_word_of_its_own() -> Result<()> {
    let scene = Scene::empty(Desktop::bare()?, &["--accounts", "1"])?;
    let other = "https://127.0.0.1:9/start";
    for address in [other, scene.portal.start_url()] {
        let words = [
            "session",
            "add",
            "x",
            "--start-url",
            address,
            "--region",
            "eu-central-1",
        ];
        scene
            .daypass
            .run(&words)?
            .code(2)?
            .says_what_and_what_to_do()?;
    }
    ensure!(
        scene.portal.ask("stats")?["requests"] == 0,
        "the portal was contacted"
    );
    Ok(())
}

#[test]
fn status_tells_by_its_exit_code_that_a_sign_in_is_needed() -> Result<()> {
    let scene = Scene::registered(Storage::Shared, &["--accounts", "2"])?;
    scene.daypass.run(&["status", "work"])?.code(3)?;
    scene.daypass.sign_in("work")?;
    scene.daypass.run(&["status", "work"])?.code(0)?;
    scene.portal.tell("revoke", &serde_json::json!({}))?;
    scene.portal.expire_access_tokens()?;
    // The refusal is only known once the portal is asked.
    scene.daypass.run(&["list", "--refresh"])?.code(3)?;
    scene.daypass.run(&["status", "work"])?.code(3)?;
    Ok(())
}

#[test]
fn words_narrow_the_list() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "40"])?;
    let wanted = scene.read_only()?;
    let narrowed = scene.daypass.json(&["list", &wanted.account, "--json"])?;
    let rows = pairs(&narrowed)?;
    ensure!(
        rows.iter().all(|(id, _)| *id == wanted.account) && !rows.is_empty(),
        "{rows:?}"
    );
    Ok(())
}

/// What turns the direction of writing, or shows nothing.
const UNSEEN: [char; 10] = [
    '\u{200b}', '\u{200f}', '\u{202d}', '\u{202e}', '\u{2028}', '\u{2029}', '\u{2066}', '\u{2067}',
    '\u{61c}', '\u{feff}',
];

#[test]
fn hostile_names_reach_the_terminal_without_their_control_characters() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "53", "--hostile"])?;
    let printed = scene.daypass.ok(&["list", "--refresh"])?.stdout;
    let naughty = printed
        .chars()
        .find(|letter| (letter.is_control() && *letter != '\n') || UNSEEN.contains(letter));
    ensure!(naughty.is_none(), "{naughty:?} reached the terminal");
    scene.daypass.json(&["list", "--json"])?;
    Ok(())
}
