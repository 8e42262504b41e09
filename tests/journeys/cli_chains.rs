//! Chained roles on the command line: added, listed, found, opened, refused, taken away.

use serde_json::{Value, json};
use std::fs;
use testkit::canary::Canaries;
use testkit::http;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure};

/// The accounts of the chained roles; no permission set leads there.
const FIRST: &str = "444455556666";
const SECOND: &str = "777788889999";

/// A signed-in scene whose portal lets `ReadOnly` of one account become Deploy, that Audit, and that
/// Restore; and the target that the way begins with.
fn scene(storage: Storage) -> Result<(Scene, String)> {
    let scene = Scene::signed_in(storage, &["--accounts", "12"])?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let base = scene.read_only()?.target();
    let role = |account: &str, name: &str| format!("arn:aws:iam::{account}:role/{name}");
    let trust = json!({ "roles": [
        { "arn": role(FIRST, "ops/Deploy"), "trusts": [base] },
        { "arn": role(SECOND, "Audit"), "trusts": [format!("{FIRST}/Deploy")], "external_id": "sesame" },
        { "arn": role(FIRST, "Restore"), "trusts": [format!("{SECOND}/Audit")] },
    ]});
    scene.portal.tell("roles", &trust)?;
    Ok((scene, base))
}

fn add(scene: &Scene, base: &str, name: &str, role: &str, more: &[&str]) -> Result<()> {
    let arn = format!("arn:aws:iam::{role}");
    let words = ["chain", "add", base, "--role-arn", &arn, "--name", name];
    scene.daypass.ok(&[&words[..], more].concat()).map(drop)
}

/// Deploy, Audit and Restore, one behind the other.
fn three(scene: &Scene, base: &str) -> Result<()> {
    add(
        scene,
        base,
        "deploy",
        &format!("{FIRST}:role/ops/Deploy"),
        &[],
    )?;
    let further = ["--external-id", "sesame", "--duration", "15m"];
    add(
        scene,
        "deploy",
        "audit",
        &format!("{SECOND}:role/Audit"),
        &further,
    )?;
    add(
        scene,
        "audit",
        "restore",
        &format!("{FIRST}:role/Restore"),
        &[],
    )
}

fn credentials(scene: &Scene, words: &[&str]) -> Result<Value> {
    let words = [&["credentials"], words].concat();
    scene.daypass.run_secretly(&words)?.code(0)?.json()
}

/// What the console that is opened for these words says.
fn console(scene: &Scene, words: &[&str]) -> Result<String> {
    let words = [&["console"], words, &["--print"]].concat();
    let ran = scene.daypass.run_secretly(&words)?.code(0)?;
    let visit = http::visit(ran.stdout.trim_end())?;
    ensure!(visit.landed.status == 200, "{}", visit.landed.status);
    Ok(visit.landed.text())
}

#[test]
fn three_roles_one_behind_the_other_open_and_leave_no_secret() -> Result<()> {
    for storage in Storage::BOTH {
        let (scene, base) = scene(storage)?;
        three(&scene, &base)?;
        let mut canaries = scene.canaries()?;
        let keys = credentials(&scene, &["restore"])?;
        canaries.learn_json(&keys);
        ensure!(
            scene.asked("AssumeRole")? == 3,
            "not one call for each role"
        );
        let page = console(&scene, &["restore", "--duration", "1h"])?;
        ensure!(page.contains(FIRST) && page.contains("Restore"), "{page}");
        let again = credentials(
            &scene,
            &[
                "--session",
                "work",
                "--account",
                FIRST,
                "--role",
                "chain:restore",
            ],
        )?;
        ensure!(again == keys, "other credentials");
        let deploy = console(&scene, &[&format!("{FIRST}/deploy")])?;
        ensure!(deploy.contains("Deploy"), "{deploy}");
        ensure!(
            scene.asked("AssumeRole")? == 3,
            "what rests here was asked for again"
        );
        let has_keys = [
            "exec",
            "audit",
            "--",
            "sh",
            "-c",
            "test -n \"$AWS_SESSION_TOKEN\"",
        ];
        scene.daypass.ok(&has_keys)?;
        canaries.learn_all(&scene.canaries()?);
        scene.search(&canaries)?;

        scene.daypass.ok(&["logout", "work"])?;
        scene.daypass.run(&["credentials", "restore"])?.code(3)?;
        nothing_rests(&scene, &canaries)?;
    }
    Ok(())
}

/// After a sign-out not even AWS's own caches hold anything.
fn nothing_rests(scene: &Scene, canaries: &Canaries) -> Result<()> {
    canaries.search(scene.home(), &[])?;
    let cache = scene.home().home().join(".aws/cli/cache");
    let left = fs::read_dir(cache).into_iter().flatten().count();
    ensure!(left == 0, "{left} files of role credentials are left");
    Ok(())
}

#[test]
fn a_refusal_names_the_role_and_what_still_works() -> Result<()> {
    let (scene, base) = scene(Storage::Shared)?;
    three(&scene, &base)?;
    let wrong = ["--external-id", "wrong", "--replace"];
    add(
        &scene,
        "deploy",
        "audit",
        &format!("{SECOND}:role/Audit"),
        &wrong,
    )?;
    let ran = scene.daypass.run(&["credentials", "restore"])?.code(4)?;
    for words in [
        "could not assume Audit in 777788889999",
        "from Deploy in 444455556666",
        "role 2 of 3",
        "Deploy in 444455556666 itself still works",
        "external id",
    ] {
        ensure!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    ensure!(
        !ran.stderr.contains("wrong"),
        "the external id is shown: {}",
        ran.stderr
    );
    credentials(&scene, &["deploy"])?;
    Ok(())
}

#[test]
fn a_row_survives_readings_and_the_loss_of_its_base() -> Result<()> {
    let (scene, base) = scene(Storage::Shared)?;
    three(&scene, &base)?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let listed = scene
        .daypass
        .run(&["list", "restore", "--json"])?
        .code(0)?
        .json()?;
    let row = listed["assignments"]
        .get(0)
        .context("it is not found")?
        .clone();
    ensure!(
        row["role"] == "chain:restore" && row["account_id"] == FIRST,
        "{row}"
    );
    let (account, role) = base.split_once('/').context("no target")?;
    let gone = json!({ "account_id": account, "role_name": role, "assigned": false });
    scene.portal.tell("assign", &gone)?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let chains = scene
        .daypass
        .run(&["chain", "list", "--json"])?
        .code(0)?
        .json()?;
    for chain in chains["chains"].as_array().context("no chains")? {
        ensure!(chain["lost"].is_string(), "not lost: {chain}");
    }
    let ran = scene.daypass.run(&["credentials", "restore"])?.code(4)?;
    ensure!(
        ran.stderr.contains("begins with ReadOnly"),
        "{}",
        ran.stderr
    );
    let back = json!({ "account_id": account, "role_name": role, "assigned": true });
    scene.portal.tell("assign", &back)?;
    credentials(&scene, &["restore"])?;
    Ok(())
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() -> Result<()> {
    let (scene, base) = scene(Storage::Shared)?;
    three(&scene, &base)?;
    let path = scene.home().config().join("daypass/settings.toml");
    let before = fs::read_to_string(&path)?;
    let arn = format!("arn:aws:iam::{FIRST}:role/Deploy");
    let add = |base: &str, more: &[&str]| {
        let words = ["chain", "add", base, "--role-arn", &arn];
        let ran = scene.daypass.run(&[&words[..], more].concat())?;
        ran.code(2).map(|it| it.stderr)
    };
    for (base, more, words) in [
        (
            "restore",
            &["--name", "deploy", "--replace"][..],
            "leads back to itself",
        ),
        (&base, &["--name", "Deploy"], "exists already"),
        (&base, &["--name", "a b"], "letters, digits"),
        (&base, &["--duration", "2h"], "one hour"),
        (&base, &["--external-id", "x"], "external id"),
        (&base, &["--session-name", "j o"], "session name"),
    ] {
        let said = add(base, more)?;
        ensure!(said.contains(words), "{more:?}: {said}");
    }
    let ran = scene.daypass.run(&["chain", "remove", "deploy"])?.code(2)?;
    ensure!(
        ran.stderr.contains("first take `audit` away"),
        "{}",
        ran.stderr
    );
    let other = [
        "chain",
        "add",
        &base,
        "--role-arn",
        "arn:aws-cn:iam::444455556666:role/X",
    ];
    scene.daypass.run(&other)?.code(2)?;
    ensure!(
        fs::read_to_string(&path)? == before,
        "the settings have changed"
    );
    for name in ["restore", "audit", "deploy"] {
        scene.daypass.ok(&["chain", "remove", name])?;
    }
    scene
        .daypass
        .run(&["console", "restore", "--print"])?
        .code(1)?;
    ensure!(
        !fs::read_to_string(&path)?.contains("chains"),
        "something is left"
    );
    Ok(())
}

#[test]
fn rules_and_guards_go_by_the_account_and_role_that_are_reached() -> Result<()> {
    let (scene, base) = scene(Storage::Shared)?;
    three(&scene, &base)?;
    let rule = [
        "label",
        "rule",
        "add",
        "--account",
        SECOND,
        "--role",
        "Aud*",
        "--label",
        "prod",
    ];
    scene.daypass.ok(&rule)?;
    let ran = scene
        .daypass
        .run(&["console", "audit", "--print"])?
        .code(2)?;
    ensure!(ran.stderr.contains("is protected"), "{}", ran.stderr);
    console(&scene, &["audit", "--yes"])?;
    console(&scene, &["deploy"])?;
    Ok(())
}

#[test]
fn many_at_once_assume_each_role_once() -> Result<()> {
    for storage in Storage::BOTH {
        let (scene, base) = scene(storage)?;
        three(&scene, &base)?;
        let answers: Vec<Result<Value>> = std::thread::scope(|scope| {
            let ask = || credentials(&scene, &["restore"]);
            let asked: Vec<_> = (0..12).map(|_| scope.spawn(ask)).collect();
            let ended = asked.into_iter().map(|it| it.join());
            ended
                .map(|it| it.unwrap_or_else(|_| testkit::bail!("a thread broke off")))
                .collect()
        });
        let answers = answers.into_iter().collect::<Result<Vec<_>>>()?;
        ensure!(
            answers.iter().all(|it| *it == answers[0]),
            "not all have the same"
        );
        let (roles, assumed) = (
            scene.asked("GetRoleCredentials")?,
            scene.asked("AssumeRole")?,
        );
        ensure!((roles, assumed) == (1, 3), "{roles} and {assumed} requests");
    }
    Ok(())
}

#[test]
fn what_aws_no_longer_takes_is_got_anew() -> Result<()> {
    for storage in Storage::BOTH {
        let (scene, base) = scene(storage)?;
        three(&scene, &base)?;
        credentials(&scene, &["audit"])?;
        let all = json!({ "what": "role_credentials" });
        scene.portal.tell("expire", &all)?;
        credentials(&scene, &["restore"])?;
        let (roles, assumed) = (
            scene.asked("GetRoleCredentials")?,
            scene.asked("AssumeRole")?,
        );
        ensure!((roles, assumed) == (2, 6), "{roles} and {assumed} requests");
    }
    Ok(())
}

#[test]
fn credentials_move_with_the_storage_and_the_name_and_go_with_their_role() -> Result<()> {
    let (scene, base) = scene(Storage::Shared)?;
    three(&scene, &base)?;
    let keys = credentials(&scene, &["restore"])?;
    let move_it = |words: &[&str]| scene.daypass.ok(&[&["session", "set"], words].concat());
    move_it(&["work", "--storage", "keychain"])?;
    ensure!(
        credentials(&scene, &["restore"])? == keys,
        "others in the keychain"
    );
    move_it(&["work", "--name", "office"])?;
    ensure!(
        credentials(&scene, &["restore"])? == keys,
        "others by another name"
    );
    ensure!(
        scene.asked("AssumeRole")? == 3,
        "something was asked for again"
    );
    scene.daypass.ok(&["chain", "remove", "restore"])?;
    add(
        &scene,
        "audit",
        "restore",
        &format!("{FIRST}:role/Restore"),
        &[],
    )?;
    ensure!(
        credentials(&scene, &["restore"])? != keys,
        "they were still there"
    );
    Ok(())
}
