//! Role credentials: each form in which they are handed out, and commands run with them.

use serde_json::Value;
use std::collections::BTreeMap;
use testkit::programs::output;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure, places};

/// The variables, in the order in which AWS's own tools print them.
const NAMES: [&str; 4] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
];

fn in_format(scene: &Scene, format: &str) -> Result<String> {
    let wanted = scene.read_only()?.target();
    let words = ["credentials", &wanted, "--format", format];
    Ok(scene.daypass.run_secretly(&words)?.code(0)?.stdout)
}

#[test]
fn the_default_is_the_document_of_a_credential_process() -> Result<()> {
    for storage in Storage::BOTH {
        let scene = Scene::signed_in(storage, &["--accounts", "12"])?;
        let wanted = scene.read_only()?;
        let ran = scene
            .daypass
            .run_secretly(&["credentials", &wanted.target()])?
            .code(0)?;
        let document = ran.json()?;
        ensure!(document["Version"] == 1, "Version must be the number 1");
        for key in [
            "AccessKeyId",
            "SecretAccessKey",
            "SessionToken",
            "Expiration",
        ] {
            ensure!(document[key].is_string(), "{key} is missing");
        }
        ensure!(
            ran.stderr.is_empty(),
            "talk beside the document: {}",
            ran.stderr
        );

        // The second answer comes from where the tokens rest, not from the portal.
        let before = scene.portal.ask("stats")?["requests"].clone();
        let again = scene
            .daypass
            .run_secretly(&["credentials", &wanted.target()])?
            .code(0)?;
        ensure!(again.stdout == ran.stdout, "other credentials");
        ensure!(
            scene.portal.ask("stats")?["requests"] == before,
            "the portal was asked again"
        );

        let mut canaries = scene.canaries()?;
        canaries.learn_json(&document);
        scene.search(&canaries)?;
    }
    Ok(())
}

#[test]
fn every_form_says_the_same() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    let document: Value = serde_json::from_str(&in_format(&scene, "process")?)?;
    let value = |key: &str| document[key].as_str().unwrap_or_default();
    let values = [
        "AccessKeyId",
        "SecretAccessKey",
        "SessionToken",
        "Expiration",
    ]
    .map(value);
    ensure!(
        values[3].ends_with("+00:00"),
        "not the AWS CLI's form of a time: {}",
        values[3]
    );
    let lines = |begin: &str, equals: &str, end: &str| {
        let pairs = NAMES.iter().zip(values);
        pairs
            .map(|(name, value)| format!("{begin}{name}{equals}{value}{end}\n"))
            .collect::<String>()
    };
    let expected = [
        ("env", lines("export ", "=", "")),
        ("env-no-export", lines("", "=", "")),
        ("fish", lines("set -gx ", " \"", "\"")),
        ("powershell", lines("$Env:", "=\"", "\"")),
        ("windows-cmd", lines("set ", "=", "")),
    ];
    for (format, text) in expected {
        let printed = in_format(&scene, format)?.replace("\r\n", "\n");
        ensure!(
            printed == text,
            "{format} is not what AWS's own tool prints"
        );
    }
    let ini = in_format(&scene, "ini")?;
    ensure!(
        ini.contains(&format!("aws_access_key_id = {}", values[0])),
        "ini lacks the key"
    );
    let json: Value = serde_json::from_str(&in_format(&scene, "json")?)?;
    ensure!(json.to_string().contains(values[0]), "json lacks the key");
    Ok(())
}

#[test]
fn the_forms_are_byte_for_byte_those_of_the_aws_cli() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    let wanted = scene.read_only()?;
    scene.daypass.ok(&[
        "profile",
        "add",
        &wanted.target(),
        "--name",
        "same",
        "--style",
        "sso",
    ])?;
    let aws = places::tools().join("aws-cli/dist/aws");
    ensure!(
        aws.is_file(),
        "the AWS CLI is missing: run `cargo xtask setup`"
    );
    for format in [
        "process",
        "env",
        "env-no-export",
        "fish",
        "powershell",
        "windows-cmd",
    ] {
        let words = [
            "configure",
            "export-credentials",
            "--profile",
            "same",
            "--format",
            format,
        ];
        let theirs = output(&aws, words, scene.daypass.env())?;
        let ours = ["credentials", "--profile", "same", "--format", format];
        let ours = scene.daypass.run_secretly(&ours)?.code(0)?.stdout;
        ensure!(ours == theirs, "{format} differs from the AWS CLI's");
    }
    Ok(())
}

#[test]
fn a_command_runs_with_the_credentials_and_gives_back_its_exit_code() -> Result<()> {
    let scene = Scene::signed_in(Storage::Keychain, &["--accounts", "12"])?;
    let wanted = scene.read_only()?.target();
    let daypass = scene.daypass.clone().with("AWS_PROFILE", "elsewhere");
    let ran = daypass
        .run_secretly(&["exec", &wanted, "--", "env"])?
        .code(0)?;
    let env: BTreeMap<_, _> = ran
        .stdout
        .lines()
        .filter_map(|line| line.split_once('='))
        .collect();
    for name in &NAMES[..3] {
        ensure!(env.contains_key(name), "{name} is missing");
    }
    ensure!(
        !env.contains_key("AWS_PROFILE"),
        "AWS_PROFILE would win over the credentials"
    );
    ensure!(
        env.contains_key("HOME"),
        "the rest of the environment is gone"
    );

    scene
        .daypass
        .run(&["exec", &wanted, "--", "sh", "-c", "exit 42"])?
        .code(42)?;
    let none = scene
        .daypass
        .run(&["exec", &wanted, "--", "no-such-program-anywhere"])?;
    ensure!(none.code != 0, "a command that does not exist ran");
    none.says("error: ")?;
    Ok(())
}

#[test]
fn credentials_are_renewed_behind_the_scenes_once_the_access_token_has_expired() -> Result<()> {
    for storage in Storage::BOTH {
        let scene = Scene::signed_in(storage, &["--accounts", "12"])?;
        let assignments = scene.accounts()?;
        let other = assignments
            .last()
            .and_then(|one| one["id"].as_str())
            .context("no account")?;
        scene.portal.expire_access_tokens()?;
        let words = ["credentials", "--account", other, "--role", "ReadOnly"];
        scene.daypass.run_secretly(&words)?.code(0)?;
        ensure!(scene.status("work")?["state"] == "active", "signed out");
    }
    Ok(())
}

/// Each shell, the form that is for it, and how it takes in what a file holds and then shows what it
/// knows.
const SHELLS: [(&str, &str, &str); 6] = [
    ("sh", "env", ". \"$0\"; exec env"),
    ("bash", "env", "eval \"$(cat \"$0\")\"; exec env"),
    ("zsh", "env", "eval \"$(cat \"$0\")\"; exec env"),
    ("sh", "env-no-export", "set -a; . \"$0\"; exec env"),
    ("bash", "env-no-export", "set -a; . \"$0\"; exec env"),
    ("fish", "fish", "source $argv[1]; exec env"),
];

#[test]
fn each_shell_reads_the_form_that_is_for_it() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "4"])?;
    let document: Value = serde_json::from_str(&in_format(&scene, "process")?)?;
    let keys = [
        "AccessKeyId",
        "SecretAccessKey",
        "SessionToken",
        "Expiration",
    ];
    // AWS's own cache may hold secrets; nobody else looks here.
    let file = scene.home().home().join(".aws/cli/cache/lines");
    for (shell, format, words) in SHELLS {
        std::fs::write(&file, in_format(&scene, format)?)?;
        let program = places::tool(shell, shell)?;
        let file = file.display().to_string();
        let told = output(&program, ["-c", words, &file], scene.daypass.env())?;
        let known: BTreeMap<_, _> = told.lines().filter_map(|it| it.split_once('=')).collect();
        for (name, key) in NAMES.iter().zip(keys) {
            let (read, meant) = (known.get(name).copied(), document[key].as_str());
            ensure!(read == meant, "{shell} reads another {name} from {format}");
        }
    }
    std::fs::remove_file(&file)?;
    Ok(())
}
