//! Protected assignments ask before a console opens or a profile is written; nothing else does.

use serde_json::json;
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::http;
use testkit::scene::{Scene, Storage};
use testkit::{Result, ensure};

const PROD: &str = "111122223333/Admin";
const DEV: &str = "444455556666/Admin";

/// Three accounts, two of which are protected by a rule.
fn scene(desktop: Desktop) -> Result<Scene> {
    let scene = Scene::empty(desktop, &[])?;
    let accounts = [
        ("111122223333", "payments-prod"),
        ("444455556666", "payments-dev"),
        ("777788889999", "ledger-prod"),
    ];
    let accounts = accounts.map(|(id, name)| {
        json!({ "id": id, "name": name, "email": "a@example.com", "roles": ["Admin", "ReadOnly"] })
    });
    scene
        .portal
        .tell("accounts", &json!({ "accounts": accounts }))?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let rule = ["label", "rule", "add", "--account", "*-prod"];
    scene
        .daypass
        .ok(&[&rule[..], &["--label", "prod"]].concat())?;
    Ok(scene)
}

#[test]
fn a_protected_console_asks_and_a_script_has_to_say_yes() -> Result<()> {
    let desktop = Desktop::bare()?.and_browser(Following::Redirects)?;
    let scene = scene(desktop)?;
    let daypass = &scene.daypass;
    let links = || scene.asked("GetSigninToken");

    daypass
        .run(&["console", PROD])?
        .code(2)?
        .says_what_and_what_to_do()?
        .says("the console of payments-prod as Admin (prod) is protected")?
        .says("--yes")?;
    let refused = daypass.run(&["console", PROD, "--print", "--json"])?;
    let refused = refused.code(2)?.json()?;
    ensure!(refused["error"]["code"] == "protected", "{refused}");
    let no = daypass.on_terminal(100, "n", &["console", PROD])?.code(2)?;
    let asked = "Open the console of payments-prod (111122223333) as Admin (prod)? [y/N]";
    ensure!(no.stdout.contains(asked), "{}", no.stdout);
    ensure!(no.stdout.contains("nothing was done"), "{}", no.stdout);
    let enter = daypass.on_terminal(100, "", &["console", PROD])?.code(2)?;
    ensure!(
        enter.stdout.contains("nothing was done"),
        "Enter alone is no"
    );
    let opened = scene.desktop.browser()?.opened()?;
    ensure!(opened.is_empty(), "a browser opened");
    ensure!(links()? == 0, "a link was made");

    daypass.on_terminal(100, "y", &["console", PROD])?.code(0)?;
    daypass.ok(&["console", PROD, "--yes"])?;
    daypass.ok(&["console", DEV])?;
    scene.desktop.browser()?.wait_for(3)?;
    let printed = daypass.run_secretly(&["console", PROD, "--print", "--yes"])?;
    let page = http::visit(printed.code(0)?.stdout.trim())?.landed.text();
    ensure!(page.contains("111122223333"), "{page}");
    Ok(())
}

#[test]
fn credentials_never_ask() -> Result<()> {
    let scene = scene(Desktop::bare()?)?;
    scene
        .daypass
        .run_secretly(&["credentials", PROD])?
        .code(0)?;
    let run = ["exec", PROD, "--", "/bin/echo", "ran"];
    let shown = scene.daypass.on_terminal(80, "n", &run)?.code(0)?;
    ensure!(shown.stdout == "ran\n", "{}", shown.stdout);
    Ok(())
}

#[test]
fn whoever_decides_last_decides() -> Result<()> {
    let scene = scene(Desktop::bare()?)?;
    let daypass = &scene.daypass;
    let opens = |target: &str, code: i32| {
        let ran = daypass.run_secretly(&["console", target, "--print"])?;
        ran.code(code).map(drop)
    };
    // A later rule, then a choice for one account, then one for one permission set.
    let read_only = "111122223333/ReadOnly";
    opens(read_only, 2)?;
    daypass.ok(&["label", "rule", "add", "--role", "ReadOnly", "--no-protect"])?;
    opens(read_only, 0)?;
    opens(PROD, 2)?;
    daypass.ok(&["label", "set", "payments-prod", "--no-protect"])?;
    opens(PROD, 0)?;
    daypass.ok(&["label", "set", PROD, "--protect"])?;
    opens(PROD, 2)?;
    opens(read_only, 0)?;
    daypass.ok(&["label", "remove", PROD])?;
    daypass.ok(&["label", "remove", "111122223333"])?;
    opens(PROD, 2)?;
    // What no list knows is protected by its id.
    let id = "000000000042";
    daypass.ok(&["label", "rule", "add", "--account", id, "--protect"])?;
    let unlisted = ["console", "--account", id, "--role", "Admin", "--print"];
    daypass.run(&unlisted)?.code(2).map(drop)
}

#[test]
fn a_profile_asks_once_and_a_sync_asks_once_for_all() -> Result<()> {
    let scene = scene(Desktop::bare()?)?;
    let daypass = &scene.daypass;
    let file = || scene.home().read_aws_config().unwrap_or_default();
    let before = file();

    let add = ["profile", "add", PROD, "--name", "p"];
    let refused = daypass.run(&add)?.code(2)?;
    refused.says("a profile of payments-prod as Admin (prod) is protected")?;
    daypass.on_terminal(100, "no", &add)?.code(2)?;
    let refused = daypass.run(&["profile", "sync"])?.code(2)?;
    refused.says("4 of the new profiles")?.says("--yes")?;
    let no = daypass
        .on_terminal(100, "n", &["profile", "sync"])?
        .code(2)?;
    ensure!(no.stdout.matches("[y/N]").count() == 1, "{}", no.stdout);
    let one = "ledger-prod (777788889999) as ReadOnly";
    ensure!(no.stdout.contains(one), "{}", no.stdout);
    daypass.ok(&["profile", "sync", "--dry-run"])?;
    daypass.ok(&["profile", "add", PROD, "--dry-run"])?;
    ensure!(file() == before, "something was written");

    daypass.on_terminal(100, "y", &add)?.code(0)?;
    // The one that is there is no question any more, three are.
    let some = daypass.run(&["profile", "sync"])?.code(2)?;
    some.says("3 of the new profiles")?;
    daypass
        .on_terminal(100, "yes", &["profile", "sync"])?
        .code(0)?;
    let again = daypass
        .on_terminal(100, "n", &["profile", "sync"])?
        .code(0)?;
    ensure!(!again.stdout.contains("[y/N]"), "{}", again.stdout);
    daypass.ok(&["profile", "sync", "--prune"])?;
    let text = String::from_utf8(file())?;
    let profiles = text.matches("[profile ").count();
    ensure!(profiles == 6, "{profiles} profiles: {text}");
    Ok(())
}
