//! Where several sources name credentials, each of AWS's clients takes the one that it is known to take,
//! also for profiles whose names came from hostile account names; and with such names too it goes on
//! when the access token has ended.

use serde_json::{Value, json};
use std::fs;
use std::thread;
use std::time::Duration;
use testkit::aws_clients::Client;
use testkit::desktop::Desktop;
use testkit::ledger::Ledger;
use testkit::scene::{Assignment, Scene, Storage};
use testkit::{Context, Result, ensure};

/// What a real organisation's address looks like: AWS's own clients refuse others.
const START_URL: &str = "https://d-0000000000.awsapps.com/start";
const TEMPLATE: &str = "{account_name|keep|replace:prod=P}.{role|keep}";

/// A profile that Daypass wrote.
struct Profile {
    name: String,
    of: Assignment,
}

/// Profiles of that style for all hostile assignments, the least regular names first, no account twice.
fn scene(storage: Storage, style: &str) -> Result<(Scene, Vec<Profile>)> {
    let options = ["--accounts", "60", "--roles", "2", "--hostile"];
    let own = [&options[..], &["--start-url", START_URL]].concat();
    let scene = Scene::empty(Desktop::with_keyring()?, &own)?;
    scene.add("work", storage, START_URL)?;
    scene.daypass.sign_in("work")?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let words = ["profile", "sync", "--yes", "--template", TEMPLATE];
    let further = ["--region", "eu-central-1", "--style", style];
    scene.daypass.ok(&[&words[..], &further].concat())?;
    let listed = scene.daypass.json(&["profile", "list", "--json"])?;
    let listed = listed["profiles"].as_array().context("no profiles")?;
    let mut profiles: Vec<Profile> = listed.iter().map(profile).collect();
    profiles.sort_by(|a, b| a.of.account.cmp(&b.of.account));
    profiles.dedup_by(|a, b| a.of.account == b.of.account);
    profiles.sort_by_key(|one| std::cmp::Reverse(oddness(&one.name)));
    Ok((scene, profiles))
}

fn profile(listed: &Value) -> Profile {
    let text = |key: &str| listed[key].as_str().unwrap_or_default().to_owned();
    let (account, role) = (text("account_id"), text("role"));
    Profile {
        name: text("profile"),
        of: Assignment {
            account,
            name: String::new(),
            role,
        },
    }
}

fn oddness(name: &str) -> usize {
    name.chars().filter(|one| !one.is_alphanumeric()).count()
}

#[test]
fn each_client_goes_on_with_a_hostile_name_after_the_token_has_ended() -> Result<()> {
    for (storage, style) in [(Storage::Shared, "sso"), (Storage::Keychain, "process")] {
        let (scene, profiles) = scene(storage, style)?;
        for (client, profile) in Client::on_this_machine()?.into_iter().zip(&profiles) {
            // A token of two seconds, then long ones: the client finds one that is over.
            scene.portal.tell("set", &json!({ "token_ttl": 2 }))?;
            scene.portal.expire_access_tokens()?;
            scene.daypass.ok(&["list", "--refresh"])?;
            scene.portal.tell("set", &json!({ "token_ttl": 3600 }))?;
            thread::sleep(Duration::from_millis(2_500));
            let before = renewals(&scene)?.len();
            let identity = client.caller_identity(&profile.name, scene.daypass.env())?;
            ensure!(
                identity["Account"] == profile.of.account.as_str(),
                "{client:?}, {}: {identity}",
                profile.name
            );
            let new = renewals(&scene)?.split_off(before);
            let agent = if style == "sso" {
                client.agent()
            } else {
                "aws-sdk-rust/"
            };
            ensure!(
                new.len() == 1 && new[0].starts_with(agent),
                "{style}, {client:?}, {}: renewed by {new:?}",
                profile.name
            );
        }
        scene.search(&scene.canaries()?)?;
    }
    Ok(())
}

/// Who renewed, in small letters, the first first.
fn renewals(scene: &Scene) -> Result<Vec<String>> {
    let mut ledger = Ledger::default();
    ledger.read(&scene.portal)?;
    ensure!(ledger.refusals().count() == 0, "{:?}", ledger.exchanges());
    let programs = ledger.renewals().map(|one| one.program.to_lowercase());
    Ok(programs.collect())
}

/// Whose credentials a client came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Those of the profile as Daypass wrote it.
    Profile,
    /// Those of the other source.
    Other,
    /// None: the client refuses the profile.
    Nobody,
}

use Whose::{Nobody, Other, Profile as Ours};

/// How the profile is named to the client.
#[derive(Clone, Copy, Debug)]
enum Named {
    /// By `AWS_PROFILE`.
    ByEnvironment,
    /// On its command line, or in the program.
    ByHand,
}

/// Where the other credentials are.
#[derive(Clone, Copy, Debug)]
enum Beside {
    /// In the environment, as `AWS_ACCESS_KEY_ID` and its kin.
    Environment,
    /// In a section of that name in the credentials file.
    CredentialsFile,
    /// Keys in the profile itself.
    Keys,
    /// A `credential_process` in the profile itself.
    Process,
    /// `AWS_PROFILE` names their profile.
    OtherProfile,
    /// The older keys in the profile, with the values of the session.
    LegacyThatAgrees,
    /// The older keys in the profile, with other values.
    LegacyThatDiffers,
}

/// What the AWS CLI and boto3, JavaScript, Rust and Go do then.
type Row = (Beside, Named, [Whose; 4]);

/// For a standard profile.
const STANDARD: [Row; 8] = [
    (
        Beside::Environment,
        Named::ByEnvironment,
        [Other, Ours, Other, Other],
    ),
    (
        Beside::Environment,
        Named::ByHand,
        [Ours, Ours, Other, Ours],
    ),
    (
        Beside::OtherProfile,
        Named::ByHand,
        [Ours, Ours, Ours, Ours],
    ),
    (
        Beside::CredentialsFile,
        Named::ByHand,
        [Ours, Other, Ours, Other],
    ),
    (Beside::Keys, Named::ByHand, [Ours, Other, Ours, Other]),
    (Beside::Process, Named::ByHand, [Ours, Other, Ours, Ours]),
    (
        Beside::LegacyThatAgrees,
        Named::ByHand,
        [Ours, Ours, Nobody, Ours],
    ),
    (
        Beside::LegacyThatDiffers,
        Named::ByHand,
        [Nobody, Ours, Nobody, Nobody],
    ),
];

/// For a profile that Daypass serves.
const SERVED: [Row; 5] = [
    (
        Beside::Environment,
        Named::ByEnvironment,
        [Other, Ours, Other, Other],
    ),
    (
        Beside::Environment,
        Named::ByHand,
        [Ours, Ours, Other, Ours],
    ),
    (
        Beside::OtherProfile,
        Named::ByHand,
        [Ours, Ours, Ours, Ours],
    ),
    (
        Beside::CredentialsFile,
        Named::ByHand,
        [Other, Other, Ours, Other],
    ),
    (Beside::Keys, Named::ByHand, [Ours, Other, Ours, Other]),
];

fn expected(row: &Row, client: Client) -> Whose {
    let [python, javascript, rust, go] = row.2;
    match client {
        Client::CommandLine | Client::CommandLine1 | Client::Debian | Client::Python => python,
        Client::JavaScript => javascript,
        Client::Rust => rust,
        Client::Go => go,
    }
}

#[test]
fn beside_a_standard_profile_each_client_takes_what_it_is_known_to_take() -> Result<()> {
    all_take(Storage::Shared, "sso", &STANDARD)
}

#[test]
fn beside_a_served_profile_each_client_takes_what_it_is_known_to_take() -> Result<()> {
    all_take(Storage::Keychain, "process", &SERVED)
}

fn all_take(storage: Storage, style: &str, rows: &[Row]) -> Result<()> {
    let (scene, profiles) = scene(storage, style)?;
    let [ours, other, ..] = profiles.as_slice() else {
        testkit::bail!("too few profiles");
    };
    let written = scene.home().read_aws_config()?;
    let mut wrong = Vec::new();
    for row in rows {
        for client in Client::on_this_machine()? {
            let whose = whose(&scene, client, row, (ours, other))?;
            if whose != expected(row, client) {
                wrong.push(format!("{client:?}, {:?} {:?}: {whose:?}", row.0, row.1));
            }
        }
        scene.home().write_aws_config(&written)?;
        let _ = fs::remove_file(credentials_file(&scene));
    }
    ensure!(wrong.is_empty(), "{}: {}", ours.name, wrong.join("\n"));
    Ok(())
}

fn credentials_file(scene: &Scene) -> std::path::PathBuf {
    scene.home().aws_config().with_file_name("credentials")
}

fn whose(scene: &Scene, client: Client, row: &Row, of: (&Profile, &Profile)) -> Result<Whose> {
    let (ours, other) = of;
    let mut env = scene.daypass.env().to_vec();
    env.extend(put(scene, row.0, ours, other)?);
    let answer = match row.1 {
        Named::ByHand => client.caller_identity(&ours.name, &env),
        Named::ByEnvironment => {
            env.push(("AWS_PROFILE".to_owned(), ours.name.clone()));
            client.identity_of_environment(&env)
        }
    };
    let Ok(answer) = answer else {
        return Ok(Nobody);
    };
    match answer["Account"].as_str().unwrap_or_default() {
        account if account == ours.of.account => Ok(Ours),
        account if account == other.of.account => Ok(Other),
        _ => testkit::bail!("{client:?} is somebody else: {answer}"),
    }
}

/// Puts the other credentials there; what has to be in the environment comes back.
fn put(
    scene: &Scene,
    beside: Beside,
    ours: &Profile,
    other: &Profile,
) -> Result<Vec<(String, String)>> {
    let target = other.of.target();
    let legacy = |url: &str| format!("sso_start_url = {url}\nsso_region = eu-central-1\n");
    match beside {
        Beside::Environment => return keys(scene, other),
        Beside::OtherProfile => {
            return Ok(vec![("AWS_PROFILE".to_owned(), other.name.clone())]);
        }
        Beside::CredentialsFile => {
            let text = format!("[{}]\n{}", ours.name, as_settings(&keys(scene, other)?));
            fs::write(credentials_file(scene), text)?;
        }
        Beside::Keys => within(scene, ours, &as_settings(&keys(scene, other)?))?,
        Beside::Process => {
            let program = scene.daypass.program().display();
            let line = format!("credential_process = \"{program}\" credentials {target}\n");
            within(scene, ours, &line)?;
        }
        Beside::LegacyThatAgrees => within(scene, ours, &legacy(START_URL))?,
        Beside::LegacyThatDiffers => {
            within(
                scene,
                ours,
                &legacy("https://d-1111111111.awsapps.com/start"),
            )?;
        }
    }
    Ok(Vec::new())
}

/// The role credentials of the other profile, by the names that the environment has for them.
fn keys(scene: &Scene, of: &Profile) -> Result<Vec<(String, String)>> {
    let words = ["credentials", &of.of.target(), "--format", "env-no-export"];
    let printed = scene.daypass.run_secretly(&words)?.code(0)?.stdout;
    let pairs = printed.lines().filter_map(|line| line.split_once('='));
    let wanted = pairs.filter(|(name, _)| !name.ends_with("EXPIRATION"));
    Ok(wanted
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}

fn as_settings(keys: &[(String, String)]) -> String {
    let lines = keys
        .iter()
        .map(|(name, value)| format!("{} = {value}\n", name.to_lowercase()));
    lines.collect()
}

/// Puts lines into the profile, right below its header, unless they are there.
fn within(scene: &Scene, profile: &Profile, lines: &str) -> Result<()> {
    let text = String::from_utf8(scene.home().read_aws_config()?)?;
    if text.contains(lines) {
        return Ok(());
    }
    let header = format!("[profile {}]\n", profile.name);
    ensure!(text.contains(&header), "no {header} in {text}");
    let text = text.replace(&header, &format!("{header}{lines}"));
    scene.home().write_aws_config(text)
}
