//! The command line opens consoles: the printed address, and the way through a browser.

use std::fs;
use testkit::browser::Following;
use testkit::canary::CommandLines;
use testkit::desktop::Desktop;
use testkit::http::{self, Visit};
use testkit::places::binary;
use testkit::scene::{Assignment, Scene, Storage};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, ensure};

/// The name of the parameter that makes a federation link a secret.
const SECRET_PART: &str = "SigninToken=";

fn landed(visit: &Visit, assignment: &Assignment, destination: &str) -> Result<()> {
    let page = visit.landed.text();
    ensure!(
        visit.landed.status == 200,
        "{}: {page}",
        visit.landed.status
    );
    shows(&page, assignment, destination)
}

fn shows(page: &str, assignment: &Assignment, destination: &str) -> Result<()> {
    ensure!(
        page.contains(&assignment.account),
        "another account: {page}"
    );
    ensure!(page.contains(&assignment.role), "another role: {page}");
    ensure!(page.contains(destination), "another destination: {page}");
    Ok(())
}

#[test]
fn a_printed_address_opens_the_console_of_that_assignment() -> Result<()> {
    for storage in Storage::BOTH {
        let scene = Scene::signed_in(storage, &["--accounts", "40"])?;
        let wanted = scene.read_only()?;
        let ran = scene
            .daypass
            .run_secretly(&["console", &wanted.target(), "--print"])?
            .code(0)?;
        let address = ran.stdout.trim_end();
        ensure!(!address.contains('\n'), "more than an address: {address}");
        ensure!(
            address.starts_with(&format!("{}/federation?", scene.portal.base())),
            "{address}"
        );
        landed(&http::visit(address)?, &wanted, "console.aws.amazon.com")?;

        let mut canaries = scene.canaries()?;
        canaries.learn(&http::query(address, "SigninToken").unwrap_or_default());
        scene.search(&canaries)?;
    }
    Ok(())
}

#[test]
fn places_regions_and_accounts_by_name_are_understood() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    let wanted = scene.read_only()?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let by_name = format!("{}/{}", wanted.name, wanted.role);
    let words = [
        "console",
        &by_name,
        "--destination",
        "s3",
        "--region",
        "us-west-2",
        "--print",
    ];
    let ran = scene.daypass.run_secretly(&words)?.code(0)?;
    landed(
        &http::visit(ran.stdout.trim())?,
        &wanted,
        "us-west-2.console.aws.amazon.com/s3",
    )?;

    let given = [
        "console",
        "--account",
        &wanted.account,
        "--role",
        &wanted.role,
    ];
    let ran = scene
        .daypass
        .run_secretly(&[&given[..], &["--print", "--json"]].concat())?;
    let document = ran.code(0)?.json()?;
    ensure!(
        document["version"] == 1 && document["via"] == "federation",
        "no document"
    );
    ensure!(
        document["expires_at"].is_string(),
        "an address without an end"
    );
    landed(
        &http::visit(document["url"].as_str().unwrap_or_default())?,
        &wanted,
        "console",
    )
}

#[test]
fn the_browser_gets_a_one_use_address_and_no_command_line_holds_the_secret() -> Result<()> {
    let desktop = Desktop::with_keyring()?.and_browser(Following::Redirects)?;
    let scene = Scene::empty(desktop, &["--accounts", "12"])?;
    scene.add_session("work", Storage::Keychain)?;
    scene.daypass.ok(&["login", "work"])?;
    let sign_in = scene.desktop.browser()?.wait_for(1)?;
    ensure!(
        sign_in.status == 200,
        "the sign-in ended at {}: {}",
        sign_in.landed,
        sign_in.page
    );

    let wanted = scene.read_only()?;
    let watch = CommandLines::watch(SECRET_PART);
    scene.daypass.ok(&["console", &wanted.target()])?;
    let opened = scene.desktop.browser()?.wait_for(2)?;
    watch.clean()?;
    ensure!(
        opened.asked.starts_with("http://127.0.0.1:"),
        "{}",
        opened.asked
    );
    ensure!(!opened.asked.contains(SECRET_PART), "{}", opened.asked);
    ensure!(
        !opened.asked.starts_with(scene.portal.base()),
        "not by a redirect: {}",
        opened.asked
    );
    shows(&opened.page, &wanted, "console.aws.amazon.com")?;

    // The second use finds nothing: 410 while the listener is there, no listener afterwards.
    if let Ok(again) = http::get(&opened.asked) {
        ensure!(
            again.status == 410,
            "a second use was answered with {}",
            again.status
        );
    }
    scene.search(&scene.canaries()?)
}

/// What is asked for, and what the console's address has to hold.
const PLACES: [(&str, &str); 5] = [
    (
        "",
        "https://eu-central-1.console.aws.amazon.com/console/home?region=eu-central-1",
    ),
    (
        "logs",
        "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:log-groups",
    ),
    (
        "arn:aws:s3:::bucket/a b&c=d.txt",
        "https://eu-central-1.console.aws.amazon.com/s3/object/bucket?region=eu-central-1&prefix=a%20b%26c%3Dd.txt",
    ),
    (
        "https://111122223333-ab12cd34.eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:",
        "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:",
    ),
    ("iam", "https://console.aws.amazon.com/iamv2/home"),
];

#[test]
fn a_hundred_consoles_in_a_row_are_each_the_right_one() -> Result<()> {
    let desktop = Desktop::with_keyring()?.and_browser(Following::Redirects)?;
    let scene = Scene::empty(desktop, &["--accounts", "100"])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.ok(&["login", "work"])?;
    let browser = scene.desktop.browser()?;
    browser.wait_for(1)?;
    let assignments = scene.one_of_each_account()?;
    ensure!(assignments.len() == 100, "{} accounts", assignments.len());
    for (at, wanted) in assignments.iter().enumerate() {
        let (place, address) = PLACES[at % PLACES.len()];
        let given = [
            "--account",
            &wanted.account,
            "--role",
            &wanted.role,
            "--destination",
            place,
        ];
        scene
            .daypass
            .ok(&[&["console", "--yes"][..], &given[..]].concat())?;
        let opened = browser.wait_for(at + 2)?;
        // As the page shows it: encoded exactly once on its way, and whole.
        shows(
            &opened.page,
            wanted,
            &format!(">{}<", address.replace('&', "&amp;")),
        )?;
    }
    scene.search(&scene.canaries()?)
}

#[test]
fn a_signed_out_session_opens_no_console_and_no_browser() -> Result<()> {
    let desktop = Desktop::with_keyring()?.and_browser(Following::Redirects)?;
    let scene = Scene::empty(desktop, &["--accounts", "12"])?;
    scene.add_session("work", Storage::Shared)?;
    let wanted = scene.read_only()?;
    let named = ["--account", &wanted.account, "--role", &wanted.role];
    for verb in [&["console"][..], &["credentials"][..]] {
        let ran = scene.daypass.run(&[verb, &named[..]].concat())?;
        ran.code(3)?.says_what_and_what_to_do()?;
    }
    let exec = [
        "exec",
        "--account",
        &wanted.account,
        "--role",
        &wanted.role,
        "--",
        "true",
    ];
    scene
        .daypass
        .run(&exec)?
        .code(3)?
        .says_what_and_what_to_do()?;
    ensure!(
        scene.desktop.browser()?.asked()?.is_empty(),
        "a browser was opened"
    );
    Ok(())
}

/// A browser of its own for each who may decide: the stand-in, with a record that says whose it is.
fn browser_of(scene: &Scene, who: &str) -> Result<(String, std::path::PathBuf)> {
    let record = scene.home().root().join(format!("{who}.jsonl"));
    fs::write(&record, "")?;
    let program = binary("daypass-stand-in-browser")?;
    let command = format!(
        "\"{}\" --record '{}' --follow {{url}}",
        program.display(),
        record.display()
    );
    Ok((command, record))
}

#[test]
fn the_nearest_choice_decides_in_which_browser_a_console_opens() -> Result<()> {
    let desktop = Desktop::with_keyring()?.and_browser(Following::Redirects)?;
    let scene = Scene::empty(desktop, &["--accounts", "4"])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    let wanted = scene.read_only()?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let target = wanted.target();
    let label = |daypass: &[&str]| {
        let words = [
            "label", "define", "customer", "--shape", "bar", "--colour", "blue",
        ];
        scene.daypass.ok(&[&words[..], daypass].concat()).map(drop)
    };
    let steps = ["session", "label", "rule", "account", "assignment", "once"];
    for who in steps {
        let (command, record) = browser_of(&scene, who)?;
        let browser = ["--browser", command.as_str()];
        let set = |words: &[&str]| scene.daypass.ok(&[words, &browser].concat()).map(drop);
        let mut once: &[&str] = &[];
        match who {
            "session" => {
                let words = ["session", "set", "work", "--console-browser", &command];
                scene.daypass.ok(&words)?;
            }
            "label" => {
                label(&browser)?;
                scene
                    .daypass
                    .ok(&["label", "set", &wanted.account, "--label", "customer"])?;
            }
            "rule" => set(&["label", "rule", "add", "--account", &wanted.account])?,
            "account" => set(&["label", "set", &wanted.account])?,
            "assignment" => set(&["label", "set", &target])?,
            _ => once = &browser,
        }
        scene
            .daypass
            .ok(&[&["console", &target, "--yes"][..], once].concat())?;
        until_true(
            PATIENCE,
            &format!("a console in the {who}'s browser"),
            || Ok(fs::read_to_string(&record)?.contains("landed")),
        )?;
        let page = fs::read_to_string(&record)?;
        ensure!(page.contains(&wanted.account), "{who}: {page}");
        let asked = page.lines().filter(|it| !it.contains("landed")).count();
        ensure!(asked == 1, "{who}: {asked} addresses");
    }
    ensure!(
        scene.desktop.browser()?.asked()?.is_empty(),
        "the default browser opened"
    );

    let look = ["label", "set", &target, "--console-via", "portal", "--json"];
    let look = scene.daypass.json(&look)?;
    ensure!(look["console_via"] == "portal", "{look}");
    ensure!(
        look["browser"]
            .as_str()
            .is_some_and(|it| it.contains("assignment")),
        "{look}"
    );
    let back = ["label", "remove", &target, "--browser", "--json"];
    let back = scene.daypass.json(&back)?;
    ensure!(
        back["browser"]
            .as_str()
            .is_some_and(|it| it.contains("account.jsonl")),
        "{back}"
    );
    let refused = ["label", "set", &target, "--browser", "sh -c {url}"];
    scene.daypass.run(&refused)?.code(2)?.says("whole path")?;
    let export = scene.daypass.ok(&["label", "export"])?;
    ensure!(!export.stdout.contains("stand-in"), "{}", export.stdout);
    scene.search(&scene.canaries()?)
}

#[test]
fn an_arn_alone_opens_its_account_as_the_set_that_was_used_last() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "6", "--roles", "3"])?;
    let document = scene.daypass.json(&["list", "--refresh", "--json"])?;
    let rows = document["assignments"].as_array().context("no rows")?;
    let account = rows[0]["account_id"].as_str().context("no account")?;
    let roles: Vec<&str> = rows
        .iter()
        .filter(|it| it["account_id"] == account)
        .filter_map(|it| it["role"].as_str())
        .collect();
    ensure!(roles.len() > 1, "{roles:?}");
    let arn = format!("arn:aws:lambda:eu-west-1:{account}:function:orders");
    let words = ["console", "--yes", "--print", "--destination"];
    let print = |place: &str| scene.daypass.run_secretly(&[&words[..], &[place]].concat());
    let many = print(&arn)?.code(2)?;
    let mut many = many.says("several assignments fit")?;
    for role in &roles {
        many = many.says(&format!("{account}/{role}"))?;
    }
    let used = roles[1];
    let target = format!("{account}/{used}");
    scene
        .daypass
        .ok(&["profile", "add", &target, "--name", "used", "--yes"])?;
    let wanted = Assignment {
        account: account.to_owned(),
        role: used.to_owned(),
        ..scene.read_only()?
    };
    let page = "functions/orders";
    for place in [
        arn.clone(),
        format!("https://{account}-ab12cd34.eu-west-1.console.aws.amazon.com/lambda/home#/{page}"),
    ] {
        let printed = print(&place)?.code(0)?;
        landed(&http::visit(printed.stdout.trim())?, &wanted, page)?;
    }
    print("s3")?.code(2)?.says("names no account")?;
    let foreign = print("arn:aws:sqs:eu-west-1:999999999999:jobs")?;
    foreign.code(1)?.says("no session here has access")?;
    Ok(())
}
