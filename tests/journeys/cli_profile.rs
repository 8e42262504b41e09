//! `profile add`: both styles, and every byte that is not ours.

use std::os::unix::fs::{PermissionsExt, symlink};
use testkit::desktop::Desktop;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure};

/// What a careful person's file may look like.
const LIVED_IN: &str = "\
# kept by hand since 2019; do not sort!
[default]
region=eu-west-1
output   =   json

; the old account
[profile legacy]
sso_start_url = https://d-0000000000.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 000000000001
sso_role_name = Admin
s3 =
\tmax_concurrent_requests = 20
    addressing_style = path

[profile \"with a space\"]
role_arn = arn:aws:iam::000000000002:role/x
source_profile=legacy
";

fn add(scene: &Scene, name: &str, further: &[&str]) -> Result<testkit::cli::Ran> {
    let wanted = scene.read_only()?.target();
    scene
        .daypass
        .run(&[&["profile", "add", &wanted, "--name", name][..], further].concat())
}

fn text(scene: &Scene) -> Result<String> {
    Ok(String::from_utf8(scene.home().read_aws_config()?)?)
}

/// The lines below the header of a section, up to the next header.
fn section(text: &str, header: &str) -> Result<Vec<String>> {
    let lines = text.lines().map(str::trim_end);
    let mut below = lines.skip_while(|line| *line != format!("[{header}]"));
    below
        .next()
        .with_context(|| format!("no section [{header}] in:\n{text}"))?;
    Ok(below
        .take_while(|line| !line.starts_with('['))
        .map(ToOwned::to_owned)
        .collect())
}

fn holds(lines: &[String], expected: &str) -> Result<()> {
    ensure!(
        lines.iter().any(|line| line == expected),
        "`{expected}` is not in {lines:?}"
    );
    Ok(())
}

#[test]
fn a_standard_profile_is_one_that_every_tool_reads() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    let wanted = scene.read_only()?;
    add(&scene, "ro", &["--region", "eu-west-1", "--output", "json"])?.code(0)?;
    let profile = section(&text(&scene)?, "profile ro")?;
    ensure!(
        profile.first().map(String::as_str) == Some("# daypass: managed"),
        "{profile:?}"
    );
    holds(&profile, "sso_session = work")?;
    holds(&profile, &format!("sso_account_id = {}", wanted.account))?;
    holds(&profile, &format!("sso_role_name = {}", wanted.role))?;
    holds(&profile, "region = eu-west-1")?;
    holds(&profile, "output = json")?;
    let session = section(&text(&scene)?, "sso-session work")?;
    holds(
        &session,
        &format!("sso_start_url = {}", scene.portal.start_url()),
    )?;
    holds(&session, "sso_region = eu-central-1")?;
    holds(&session, "sso_registration_scopes = sso:account:access")
}

#[test]
fn a_profile_that_daypass_serves_names_it_by_its_full_path() -> Result<()> {
    let scene = Scene::signed_in(Storage::Keychain, &["--accounts", "12"])?;
    let wanted = scene.read_only()?;
    add(&scene, "ro", &[])?.code(0)?;
    let profile = section(&text(&scene)?, "profile ro")?;
    let line = profile
        .iter()
        .find_map(|line| line.strip_prefix("credential_process = "));
    let line = line.with_context(|| format!("no credential_process in {profile:?}"))?;
    let program = format!("\"{}\"", scene.daypass.program().display());
    ensure!(
        line.starts_with(&program),
        "{line} does not begin with {program}"
    );
    for part in [
        "--session work",
        &format!("--account {}", wanted.account),
        "--role ReadOnly",
    ] {
        ensure!(line.contains(part), "{line} lacks {part}");
    }
    ensure!(
        !text(&scene)?.contains("[sso-session"),
        "a section that nothing reads"
    );

    // The standard form would need the tokens in the shared cache.
    let refused = add(&scene, "other", &["--style", "sso"])?.code(7)?;
    refused
        .says_what_and_what_to_do()?
        .says("session set work --storage shared")?;
    Ok(())
}

#[test]
fn foreign_bytes_survive() -> Result<()> {
    let files = [
        LIVED_IN.to_owned(),
        LIVED_IN.replace('\n', "\r\n"),
        LIVED_IN.trim_end().to_owned(),
        format!("{LIVED_IN}\n\n\n# the end\n"),
        String::new(),
    ];
    for before in files {
        let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
        scene.home().write_aws_config(&before)?;
        add(&scene, "ro", &[])?.code(0)?;
        let after = text(&scene)?;
        ensure!(
            after.starts_with(&before),
            "bytes were changed in {before:?}: {after:?}"
        );
        let added = &after[before.len()..];
        if before.contains("\r\n") {
            ensure!(
                added.replace("\r\n", "").find('\n').is_none(),
                "LF among CRLF: {added:?}"
            );
        } else {
            ensure!(!added.contains('\r'), "CR among LF: {added:?}");
        }
        ensure!(
            added.matches("# daypass: managed").count() == 2,
            "marks: {added}"
        );

        // Twice is once.
        add(&scene, "ro", &[])?.code(0)?;
        ensure!(text(&scene)? == after, "the second time changed something");
    }
    Ok(())
}

#[test]
fn a_dry_run_shows_and_writes_nothing() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    scene.home().write_aws_config(LIVED_IN)?;
    let document = add(&scene, "ro", &["--dry-run", "--json"])?
        .code(0)?
        .json()?;
    let diff = document["diff"].as_str().context("no diff")?;
    ensure!(diff.contains("+[profile ro]"), "{diff}");
    ensure!(document["changes"][0]["action"] == "added", "{document}");
    ensure!(
        document["backup"].is_null(),
        "a backup of nothing: {document}"
    );
    ensure!(text(&scene)? == LIVED_IN, "it wrote");
    Ok(())
}

#[test]
fn a_change_has_a_backup_of_the_bytes_before_it() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    scene.home().write_aws_config(LIVED_IN)?;
    let document = add(&scene, "ro", &["--json"])?.code(0)?.json()?;
    let backup = document["backup"].as_str().context("no backup")?;
    ensure!(
        std::fs::read_to_string(backup)? == LIVED_IN,
        "another backup"
    );
    let mode = std::fs::metadata(backup)?.permissions().mode() & 0o777;
    ensure!(mode == 0o600, "the backup is open to others: {mode:o}");
    Ok(())
}

#[test]
fn a_profile_of_someone_elses_is_not_overwritten() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    let theirs = "[profile ro]\n# mine\nregion = sa-east-1\nsso_account_id = 000000000009\n";
    scene.home().write_aws_config(theirs)?;
    add(&scene, "ro", &[])?
        .code(7)?
        .says_what_and_what_to_do()?
        .says("--replace")?;
    ensure!(text(&scene)? == theirs, "it wrote");

    add(&scene, "ro", &["--replace"])?.code(0)?;
    let profile = section(&text(&scene)?, "profile ro")?;
    holds(&profile, "# mine")?;
    holds(&profile, "region = sa-east-1")?;
    holds(&profile, "sso_session = work")?;
    holds(
        &profile,
        &format!("sso_account_id = {}", scene.read_only()?.account),
    )?;
    ensure!(
        !text(&scene)?.contains("000000000009"),
        "the old account is still there"
    );
    Ok(())
}

#[test]
fn a_link_to_the_file_stays_a_link() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    scene.home().write_aws_config(LIVED_IN)?;
    let (link, target) = (
        scene.home().aws_config(),
        scene.home().home().join("dotfiles-config"),
    );
    std::fs::rename(&link, &target)?;
    std::fs::set_permissions(&target, PermissionsExt::from_mode(0o640))?;
    symlink(&target, &link)?;
    add(&scene, "ro", &[])?.code(0)?;
    ensure!(link.is_symlink(), "the link became a file");
    let mode = std::fs::metadata(&target)?.permissions().mode() & 0o777;
    ensure!(mode == 0o640, "another mode: {mode:o}");
    ensure!(
        std::fs::read_to_string(&target)?.contains("[profile ro]"),
        "the target was left alone"
    );
    Ok(())
}

#[test]
fn the_file_can_be_elsewhere() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    let elsewhere = scene.home().root().join("elsewhere.ini");
    let daypass = scene
        .daypass
        .clone()
        .with("AWS_CONFIG_FILE", &elsewhere.display().to_string());
    let wanted = scene.read_only()?.target();
    daypass.ok(&["profile", "add", &wanted, "--name", "ro"])?;
    ensure!(
        std::fs::read_to_string(&elsewhere)?.contains("[profile ro]"),
        "not there"
    );
    ensure!(
        !scene.home().aws_config().exists(),
        "the usual file was made as well"
    );
    Ok(())
}

#[test]
fn a_file_that_may_not_be_written_is_left_alone() -> Result<()> {
    let scene = Scene::empty(Desktop::bare()?, &["--accounts", "12"])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    scene.home().write_aws_config(LIVED_IN)?;
    let path = scene.home().aws_config();
    let folder = path.parent().context("no folder")?.to_path_buf();
    let daypass = scene.daypass.clone().as_ordinary_user(scene.home())?;
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o444))?;
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o555))?;
    let wanted = scene.read_only()?.target();
    let ran = daypass.run(&["profile", "add", &wanted, "--name", "ro"])?;
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o700))?;
    ran.code(1)?.says_what_and_what_to_do()?;
    ensure!(text(&scene)? == LIVED_IN, "it wrote");
    Ok(())
}

#[test]
fn a_file_that_is_broken_already_is_left_alone() -> Result<()> {
    let broken = [
        // AWS's own tools cannot read a file that begins with a byte order mark either.
        "\u{feff}[profile x]\nregion = a\n",
        "[profile x\nregion = a\n",
        "[profile x]\nthis is no setting\n",
        "region = a\n[x]\n",
    ];
    for before in broken {
        let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
        scene.home().write_aws_config(before)?;
        add(&scene, "ro", &[])?
            .code(7)?
            .says_what_and_what_to_do()?;
        ensure!(text(&scene)? == before, "it wrote into {before:?}");
    }
    Ok(())
}

#[test]
fn names_and_values_cannot_smuggle_in_a_setting() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    scene.home().write_aws_config(LIVED_IN)?;
    let smuggled = "x\ncredential_process = /bin/false";
    let attempts: [(&str, &[&str]); 4] = [
        (smuggled, &[]),
        ("x]", &[]),
        ("fine", &["--region", smuggled]),
        (
            "fine",
            &["--set", "cli_pager=less\ncredential_process=/bin/false"],
        ),
    ];
    for (name, further) in attempts {
        let ran = add(&scene, name, further)?;
        ensure!(ran.code != 0, "{name:?} {further:?} was taken");
        ensure!(text(&scene)? == LIVED_IN, "{name:?} {further:?} wrote");
    }
    Ok(())
}

#[test]
fn rules_give_the_region_and_a_hand_keeps_what_it_changed() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let wanted = scene.read_only()?;
    let rule = ["label", "rule", "add", "--account", &wanted.account];
    let rule = [&rule[..], &["--region", "eu-north-1", "--output", "yaml"]].concat();
    scene.daypass.ok(&rule)?;
    let bad = [&rule[..5], &["--region", "Stockholm!"]].concat();
    scene
        .daypass
        .run(&bad)?
        .code(2)?
        .says_what_and_what_to_do()?;
    let rules = scene.daypass.json(&["label", "rule", "list", "--json"])?;
    ensure!(rules["rules"][0]["region"] == "eu-north-1", "{rules}");

    add(&scene, "one", &[])?.code(0)?;
    holds(
        &section(&text(&scene)?, "profile one")?,
        "region = eu-north-1",
    )?;
    add(&scene, "two", &["--region", "eu-west-1"])?.code(0)?;
    holds(
        &section(&text(&scene)?, "profile two")?,
        "region = eu-west-1",
    )?;

    scene
        .daypass
        .ok(&["profile", "sync", "--region", "us-east-1"])?;
    for profile in ["one", "two"] {
        holds(
            &section(&text(&scene)?, &format!("profile {profile}"))?,
            "region = us-east-1",
        )?;
    }
    let changed = text(&scene)?.replacen("region = us-east-1", "region = sa-east-1", 1);
    scene.home().write_aws_config(&changed)?;
    let again = ["profile", "sync", "--region", "us-east-2", "--json"];
    let again = scene.daypass.json(&again)?;
    let changes = again["changes"].as_array().context("no changes")?;
    let kept: Vec<_> = changes.iter().filter(|it| it["action"] == "kept").collect();
    ensure!(kept.len() == 1, "{changes:?}");
    let reason = kept[0]["reason"].as_str().unwrap_or_default();
    ensure!(reason.contains("by hand: region"), "{reason}");
    let after = text(&scene)?;
    ensure!(after.matches("region = sa-east-1").count() == 1, "{after}");
    ensure!(!after.contains("region = us-east-1"), "{after}");
    Ok(())
}

#[test]
fn a_sync_writes_what_the_words_find_and_later_the_rest() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    scene.home().write_aws_config(LIVED_IN)?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let account = scene.read_only()?.account;
    let template = "{account_id}.{role|upper}";
    let words = [
        "profile",
        "sync",
        &account,
        "--template",
        template,
        "--json",
    ];
    let chosen = scene.daypass.json(&words)?;
    let chosen = chosen["changes"].as_array().context("no changes")?.clone();
    let named = |change: &serde_json::Value| {
        let name = change["profile"].as_str().unwrap_or_default().to_owned();
        name.starts_with(&account) && name.ends_with(&name.to_uppercase())
    };
    ensure!(!chosen.is_empty() && chosen.iter().all(named), "{chosen:?}");
    ensure!(text(&scene)?.starts_with(LIVED_IN), "foreign bytes changed");

    let before = text(&scene)?;
    let all = scene
        .daypass
        .json(&["profile", "sync", "--prune", "--json"])?;
    let all = all["changes"].as_array().context("no changes")?;
    let unchanged = all.iter().filter(|it| it["action"] == "unchanged").count();
    ensure!(
        unchanged == chosen.len() && all.len() > unchanged,
        "{all:?}"
    );
    ensure!(text(&scene)?.starts_with(&before), "what was there changed");
    let nothing = scene
        .daypass
        .run(&["profile", "sync", "zzz", "nowhere"])?
        .code(1)?;
    nothing.says_what_and_what_to_do()?;
    Ok(())
}
