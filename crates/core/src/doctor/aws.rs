//! AWS's own files and tools: the config file as every reader takes it, its profiles, the caches, the
//! environment that goes before them all, and the AWS CLI.

use std::path::Path;

use super::{Check, Subject, count, some_of, uses};
use crate::aws_config::{self, AwsConfig, Places, Profile};
use crate::host::{Host, folders, programs};
use crate::secrets::Storage;
use crate::settings::Settings;
use crate::vault;

const READABLE: Subject = Subject("config_readable", "The AWS config file");
const WRITABLE: Subject = Subject("config_writable", "Writing the AWS config file");
const REPEATED: Subject = Subject("repeated_profiles", "Profiles that stand there twice");
const DANGLING: Subject = Subject("dangling_sessions", "Profiles without their session");
const SHADOWED: Subject = Subject("shadowed_profiles", "Keys that go before a sign-in");
const COMMANDS: Subject = Subject("profile_commands", "Commands of profiles");
const GONE: Subject = Subject("gone_sessions", "Profiles of removed sessions");
const CREDENTIALS: Subject = Subject("credentials_private", "The AWS credentials file");
const CACHE: Subject = Subject("cache_private", "AWS's token cache");
const TORN: Subject = Subject("cache_whole", "Token files");
const KEYS: Subject = Subject("environment_keys", "Keys in the environment");
const PROFILE: Subject = Subject("environment_profile", "AWS_PROFILE");
const ENDPOINTS: Subject = Subject("endpoints", "Addresses of AWS");
const AWS_CLI: Subject = Subject("aws_cli", "The AWS CLI");

/// The first versions of the AWS CLI that read `[sso-session]`, of either line.
const READ_SESSIONS: [(u32, u32); 2] = [(1, 27), (2, 9)];

/// Variables that lead calls to somewhere else.
const OVERRIDES: [&str; 4] = [
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_SSO",
    "AWS_ENDPOINT_URL_SSO_OIDC",
    "AWS_ENDPOINT_URL_STS",
];

pub(super) async fn look(host: &Host, settings: &Settings) -> Vec<Check> {
    let mut checks = match aws_config::read(&Places::of(&host.paths)) {
        Err(error) => vec![READABLE.failed(&error)],
        Ok(config) => vec![
            readable(host, &config),
            repeated(&config),
            dangling(&config),
            shadowed(&config),
            commands(&config),
            gone(&config, settings),
            profile(host, &config),
        ],
    };
    checks.extend([
        writable(host),
        credentials(host),
        cache(host, settings),
        torn(host),
        keys(host),
        endpoints(host),
        aws_cli(host).await,
    ]);
    checks
}

fn readable(host: &Host, config: &AwsConfig) -> Check {
    let path = host.paths.aws_config.display();
    match config.fault() {
        Some(fault) => READABLE.fail(
            format!("line {} of {path}: {}", fault.line, fault.reason),
            "mend that line: the AWS CLI or an SDK refuses the whole file for it",
        ),
        None if !host.paths.aws_config.exists() => READABLE.pass("there is none yet"),
        None => READABLE.pass(format!(
            "{path}, {}",
            count(config.profiles().len(), "profile", "profiles")
        )),
    }
}

fn writable(host: &Host) -> Check {
    match folders::why_not_replaceable(&host.paths.aws_config) {
        None => WRITABLE.pass("it can be replaced by a new version"),
        Some(reason) => WRITABLE.fail(reason, "change that, where Daypass is to write profiles"),
    }
}

fn repeated(config: &AwsConfig) -> Check {
    let lines = config.repeated().iter();
    let lines: Vec<_> = lines
        .map(|(name, line)| format!("`{name}` in line {line}"))
        .collect();
    match lines.len() {
        0 => REPEATED.pass("none"),
        _ => REPEATED.warn(
            format!("a second header: {}", some_of(&lines)),
            "make one section of them: tools do not agree which one counts",
        ),
    }
}

/// The names of the profiles that fit.
fn names(config: &AwsConfig, fits: impl Fn(&Profile) -> bool) -> Vec<String> {
    let profiles = config.profiles().iter().filter(|it| fits(it));
    profiles.map(|it| format!("`{}`", it.name)).collect()
}

fn dangling(config: &AwsConfig) -> Check {
    let dangles = |profile: &Profile| {
        let session = profile.value("sso_session");
        session.is_some_and(|name| config.sso_session(name).is_none())
    };
    let found = names(config, dangles);
    match found.len() {
        0 => DANGLING.pass("each `sso_session` is there"),
        _ => DANGLING.fail(
            format!("their `[sso-session]` is missing: {}", some_of(&found)),
            "write the session anew with `daypass profile add`, or remove the profiles",
        ),
    }
}

fn shadowed(config: &AwsConfig) -> Check {
    let found = names(config, |it| it.assigned().is_some() && it.other_credentials);
    match found.len() {
        0 => SHADOWED.pass("none"),
        _ => SHADOWED.warn(
            format!(
                "tools take other keys than those of the sign-in for {}",
                some_of(&found)
            ),
            "remove the section of that name from the AWS credentials file, or the keys from the profile",
        ),
    }
}

/// The program of a `credential_process`, where it is written in full.
fn program(profile: &Profile) -> Option<&Path> {
    let command = profile.value("credential_process")?.trim();
    let program = match command.strip_prefix('"') {
        Some(rest) => rest.split('"').next()?,
        None => command.split_whitespace().next()?,
    };
    Some(Path::new(program)).filter(|it| it.is_absolute())
}

fn commands(config: &AwsConfig) -> Check {
    let found = names(config, |it| program(it).is_some_and(|it| !it.exists()));
    match found.len() {
        0 => COMMANDS.pass("each is there"),
        _ => COMMANDS.fail(
            format!("the program is missing: {}", some_of(&found)),
            "write them anew: `daypass profile sync`",
        ),
    }
}

fn gone(config: &AwsConfig, settings: &Settings) -> Check {
    let is_gone = |profile: &Profile| {
        let assigned = profile.assigned().filter(|_| profile.managed);
        assigned.is_some_and(|it| settings.session(&it.session).is_err())
    };
    let found = names(config, is_gone);
    match found.len() {
        0 => GONE.pass("none"),
        _ => GONE.warn(
            format!(
                "Daypass wrote them for a session that it no longer has: {}",
                some_of(&found)
            ),
            "remove them with `daypass profile remove NAME`, or add the session again",
        ),
    }
}

fn profile(host: &Host, config: &AwsConfig) -> Check {
    match host.env.get("AWS_PROFILE") {
        None => PROFILE.pass("not set"),
        Some(name) if config.profile(&name).is_some() => PROFILE.pass(format!("`{name}`")),
        Some(name) => PROFILE.warn(
            format!("it names `{name}`, which the AWS config file does not have"),
            "unset AWS_PROFILE, or write that profile",
        ),
    }
}

fn credentials(host: &Host) -> Check {
    let path = &host.paths.aws_credentials;
    match folders::is_open_to_others(path) {
        false => CREDENTIALS.pass("nobody else can read it"),
        true => CREDENTIALS.warn(
            format!("others can read {}", path.display()),
            format!("run `chmod 600 {}`", path.display()),
        ),
    }
}

fn cache(host: &Host, settings: &Settings) -> Check {
    let open: Vec<_> = [&host.paths.sso_cache, &host.paths.cli_cache]
        .into_iter()
        .filter(|folder| folders::is_open_to_others(folder))
        .flat_map(|folder| folders::named(folder, |name| name.ends_with(".json")))
        .filter(|file| folders::is_open_to_others(file))
        .map(|file| file.display().to_string())
        .collect();
    match open.len() {
        0 if uses(settings, Storage::Shared) => CACHE.pass("nobody else can read it"),
        0 => CACHE.pass("nobody else can read it; no session keeps its tokens there"),
        _ => CACHE.warn(
            format!("others can read {}", some_of(&open)),
            format!("run `chmod -R go= {}`", host.paths.sso_cache.display()),
        ),
    }
}

fn torn(host: &Host) -> Check {
    let torn = vault::torn_files(&host.paths);
    let torn: Vec<_> = torn.iter().map(|it| it.display().to_string()).collect();
    match torn.len() {
        0 => TORN.pass("each is whole"),
        _ => TORN.warn(
            format!("half-written: {}", some_of(&torn)),
            "sign in again; a tool broke off while it wrote",
        ),
    }
}

fn keys(host: &Host) -> Check {
    let set: Vec<_> = ["AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"]
        .into_iter()
        .filter(|name| host.env.has(name))
        .map(str::to_owned)
        .collect();
    match set.len() {
        0 => KEYS.pass("none"),
        _ => KEYS.warn(
            format!(
                "{} is set: tools take it, whatever profile is named",
                some_of(&set)
            ),
            "run `unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN`",
        ),
    }
}

fn endpoints(host: &Host) -> Check {
    let set: Vec<_> = OVERRIDES
        .into_iter()
        .filter(|name| host.env.has(name))
        .map(str::to_owned)
        .collect();
    match set.len() {
        0 => ENDPOINTS.pass("AWS's own"),
        _ => ENDPOINTS.warn(
            format!("calls go elsewhere, by {}", some_of(&set)),
            "unset these where that is not meant",
        ),
    }
}

/// Major and minor, of a text such as `aws-cli/2.36.7 Python/…`.
pub(super) fn version_of(text: &str) -> Option<(u32, u32)> {
    let (_, rest) = text.split_once("aws-cli/")?;
    let mut parts = rest.split(['.', ' ']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn reads_sessions(major: u32, minor: u32) -> bool {
    let of_line = READ_SESSIONS.iter().find(|(line, _)| *line == major);
    of_line.is_none_or(|(_, first)| minor >= *first)
}

async fn aws_cli(host: &Host) -> Check {
    let Some(program) = programs::find(&host.env, "aws") else {
        return AWS_CLI.pass("not installed; Daypass does not need it");
    };
    let said = programs::version(&program).await.unwrap_or_default();
    let path = program.display();
    match version_of(&said) {
        None => AWS_CLI.warn(
            format!("{path} does not say which version it is"),
            "run `aws --version` to see why",
        ),
        Some((major, minor)) if !reads_sessions(major, minor) => AWS_CLI.warn(
            format!("{path} is version {major}.{minor}, which reads no `sso_session`"),
            "install version 2, as of 2.9, or write profiles of style `process`",
        ),
        Some((major, minor)) => AWS_CLI.pass(format!("{path}, version {major}.{minor}")),
    }
}
