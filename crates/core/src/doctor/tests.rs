//! Each thing that can be wrong, done to a machine that is well.

use std::fs;
use std::path::Path;

use super::*;
use crate::host::{Clock, Env};

/// A machine with one session, a config file with its profile, and nothing wrong.
struct Machine {
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

const SETTINGS: &str = "version = 1

[sessions.work]
start_url = \"https://d-0000000000.awsapps.com/start\"
region = \"eu-central-1\"
storage = \"shared\"
";

const CONFIG: &str = "[sso-session work]
sso_start_url = https://d-0000000000.awsapps.com/start
sso_region = eu-central-1
sso_registration_scopes = sso:account:access

[profile dev]
# daypass: managed
sso_session = work
sso_account_id = 111122223333
sso_role_name = Admin
";

impl Machine {
    fn new() -> Machine {
        let machine = Machine {
            folder: tempfile::tempdir().unwrap(),
            variables: vec![
                // Nobody listens there: the portal is not reached, and nothing leaves this machine.
                ("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:9".into()),
            ],
        };
        machine.write("config/settings.toml", SETTINGS, 0o600);
        machine.write(".aws/config", CONFIG, 0o600);
        machine.write("bin/daypass", "", 0o700);
        for folder in ["config", "cache", "state"] {
            machine.mode(folder, 0o700);
        }
        machine
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str, mode: u32) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&path);
        crate::host::files::replace(&path, text.as_bytes(), crate::host::files::Mode::Private)
            .unwrap();
        self.mode(name, mode);
    }

    #[cfg(unix)]
    fn mode(&self, name: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path(name);
        fs::create_dir_all(&path).ok();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[cfg(not(unix))]
    fn mode(&self, name: &str, _mode: u32) {
        fs::create_dir_all(self.path(name)).ok();
    }

    fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.variables.push((name, value.into()));
    }

    async fn examine(&self) -> Vec<Check> {
        let env = Env::table(self.variables.clone());
        let mut host = Host::fake(self.folder.path(), env, Clock::real());
        host.program = self.path("bin/daypass");
        super::examine(&host).await
    }
}

fn verdict(checks: &[Check], id: &str) -> Option<(Verdict, String)> {
    let found = checks.iter().find(|it| it.id == id)?;
    Some((found.verdict, found.found.clone()))
}

fn append(path: &Path, text: &str) {
    let old = fs::read_to_string(path).unwrap_or_default();
    let new = format!("{old}{text}");
    crate::host::files::replace(path, new.as_bytes(), crate::host::files::Mode::Keep).unwrap();
}

/// What is done to the machine, the check that sees it, what it says of it.
type Case = (fn(&mut Machine), &'static str, Verdict, &'static str);

const CASES: &[Case] = &[
    (
        |it| it.write("config/settings.toml", "sessions = [", 0o600),
        "settings",
        Verdict::Fail,
        "settings.toml",
    ),
    (
        |it| it.write("config/settings.toml", "", 0o600),
        "settings",
        Verdict::Warn,
        "no session yet",
    ),
    (
        |it| it.mode("state", 0o755),
        "folders",
        Verdict::Warn,
        "state",
    ),
    (
        |it| it.write("state/marks.json.corrupt-1790000000", "x", 0o600),
        "set_aside",
        Verdict::Warn,
        "marks.json.corrupt",
    ),
    (
        |it| {
            it.write(".aws/.daypass-config-abc.tmp", "x", 0o600);
            let old = std::time::SystemTime::UNIX_EPOCH;
            let file = fs::File::options()
                .write(true)
                .open(it.path(".aws/.daypass-config-abc.tmp"));
            file.unwrap().set_modified(old).unwrap();
        },
        "leftovers",
        Verdict::Warn,
        ".daypass-config-abc.tmp",
    ),
    (
        |it| fs::remove_file(it.path("bin/daypass")).unwrap(),
        "program",
        Verdict::Fail,
        "not there",
    ),
    (|_| {}, "on_path", Verdict::Warn, "does not find it"),
    (
        |it| {
            it.write("other/daypass", "", 0o700);
            it.set("PATH", it.path("other").display().to_string());
        },
        "on_path",
        Verdict::Warn,
        "another one",
    ),
    (
        |it| append(&it.path(".aws/config"), "no equals sign here\n"),
        "config_readable",
        Verdict::Fail,
        "line 11",
    ),
    (
        |it| {
            fs::remove_file(it.path(".aws/config")).unwrap();
            fs::create_dir(it.path(".aws/config")).unwrap();
        },
        "config_writable",
        Verdict::Fail,
        "regular file",
    ),
    (
        |it| append(&it.path(".aws/config"), "[profile dev]\nregion = x\n"),
        "repeated_profiles",
        Verdict::Warn,
        "`dev` in line 11",
    ),
    (
        |it| {
            let more = "[profile lost]\nsso_session = gone\nsso_account_id = 111122223333\nsso_role_name = A\n";
            append(&it.path(".aws/config"), more);
        },
        "dangling_sessions",
        Verdict::Fail,
        "`lost`",
    ),
    (
        |it| it.write(".aws/credentials", "[dev]\naws_access_key_id = A\n", 0o600),
        "shadowed_profiles",
        Verdict::Warn,
        "`dev`",
    ),
    (
        |it| {
            let more =
                "[profile old]\ncredential_process = \"/nowhere/at all/daypass\" credentials\n";
            append(&it.path(".aws/config"), more);
        },
        "profile_commands",
        Verdict::Fail,
        "`old`",
    ),
    (
        |it| {
            let other = SETTINGS.replace("sessions.work", "sessions.other");
            it.write("config/settings.toml", &other, 0o600);
        },
        "gone_sessions",
        Verdict::Warn,
        "`dev`",
    ),
    (
        |it| it.write(".aws/credentials", "", 0o644),
        "credentials_private",
        Verdict::Warn,
        "others can read",
    ),
    (
        |it| {
            it.write(".aws/sso/cache/abc.json", "{}", 0o644);
            it.mode(".aws/sso/cache", 0o755);
        },
        "cache_private",
        Verdict::Warn,
        "abc.json",
    ),
    (
        |it| it.write(".aws/sso/cache/abc.json", "{\"accessTok", 0o600),
        "cache_whole",
        Verdict::Warn,
        "abc.json",
    ),
    (
        |it| it.set("AWS_ACCESS_KEY_ID", "canary"),
        "environment_keys",
        Verdict::Warn,
        "AWS_ACCESS_KEY_ID",
    ),
    (
        |it| it.set("AWS_PROFILE", "nothing"),
        "environment_profile",
        Verdict::Warn,
        "`nothing`",
    ),
    (|_| {}, "endpoints", Verdict::Warn, "AWS_ENDPOINT_URL_SSO"),
    (
        |it| {
            it.write("bin/aws", "#!/bin/sh\necho aws-cli/2.4.1 Python/3\n", 0o755);
            it.set("PATH", it.path("bin").display().to_string());
        },
        "aws_cli",
        Verdict::Warn,
        "version 2.4",
    ),
    (
        |it| {
            let more = format!("{SETTINGS}console_browser = [\"firefox\"]\n");
            it.write("config/settings.toml", &more, 0o600);
        },
        "chosen_browsers",
        Verdict::Fail,
        "session `work`",
    ),
    (
        |it| it.set("AWS_CA_BUNDLE", it.path("none.pem").display().to_string()),
        "network",
        Verdict::Fail,
        "none.pem",
    ),
    (|_| {}, "portal", Verdict::Fail, "session `work`"),
    (|_| {}, "signed_in", Verdict::Warn, "signed out"),
];

#[tokio::test]
async fn whatever_is_wrong_is_seen_with_something_to_do() {
    for (index, (spoil, id, expected, words)) in CASES.iter().enumerate() {
        let mut machine = Machine::new();
        spoil(&mut machine);
        let checks = machine.examine().await;
        let (verdict, found) = verdict(&checks, id).unwrap();
        assert_eq!(verdict, *expected, "case {index}, {id}: {found}");
        assert!(found.contains(words), "case {index}, {id}: {found}");
        assert!(!format!("{checks:?}").contains("canary"), "case {index}");
    }
}

#[tokio::test]
async fn nothing_else_is_wrong_with_a_machine_that_is_well() {
    let mut machine = Machine::new();
    machine.set("PATH", machine.path("bin").display().to_string());
    let checks = machine.examine().await;
    let not_here = ["endpoints", "portal", "signed_in", "tray", "notifications"];
    let wrong: Vec<_> = checks
        .iter()
        .filter(|it| it.verdict != Verdict::Pass && !not_here.contains(&it.id))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(checks.len() >= 25, "{}", checks.len());
}

#[tokio::test]
async fn what_is_not_well_has_a_fix_and_what_is_well_has_none() {
    let checks = Machine::new().examine().await;
    for check in &checks {
        let well = check.verdict == Verdict::Pass;
        assert_eq!(well, check.fix.is_none(), "{check:?}");
        assert!(!check.found.is_empty(), "{check:?}");
    }
    let mut names: Vec<_> = checks.iter().map(|it| it.id).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), checks.len());
}

#[test]
fn versions_of_the_aws_cli_are_read() {
    let said = "aws-cli/2.36.7 Python/3.13.11 Linux/6.1 exe/x86_64";
    assert_eq!(aws::version_of(said), Some((2, 36)));
    assert_eq!(aws::version_of("something else 2.3"), None);
}
