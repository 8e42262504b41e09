//! The room from outside: a folder with the files in it, and requests.

mod chains;
mod edits;
mod files;
mod fixtures;
mod properties;
mod properties_of_edits;
mod reading;
mod refusals;
mod strictness;
mod syncing;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use proptest::test_runner::Config;

use super::*;
use crate::error::Code;
use crate::host::Env;

/// The block that the requests here need.
const SESSION: &str = "[sso-session my-org]\nsso_region = eu-central-1\n\
    sso_start_url = https://d-0000000000.awsapps.com/start\n\
    sso_registration_scopes = sso:account:access\n";

/// A home of its own.
struct World {
    folder: tempfile::TempDir,
    places: Places,
}

impl World {
    fn empty() -> World {
        let folder = tempfile::tempdir().unwrap();
        let aws = folder.path().join(".aws");
        let places = Places {
            config: aws.join("config"),
            credentials: aws.join("credentials"),
            backups: folder.path().join("state/backups"),
        };
        World { folder, places }
    }

    fn with(config: impl AsRef<[u8]>) -> World {
        let world = World::empty();
        fs::create_dir_all(world.places.config.parent().unwrap()).unwrap();
        world.put(config);
        world
    }

    fn put(&self, config: impl AsRef<[u8]>) {
        files::put(&self.places.config, config.as_ref());
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(&self.places.config).unwrap()
    }

    fn text(&self) -> String {
        String::from_utf8(self.bytes()).unwrap()
    }

    fn add(&self, new: NewProfile) -> Result<Applied> {
        apply(&plan(&self.places, new)?, now())
    }

    fn backups(&self) -> Vec<PathBuf> {
        let mut paths: Vec<_> = fs::read_dir(&self.places.backups)
            .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
            .unwrap_or_default();
        let is_backup = |ending: &std::ffi::OsStr| ending == "bak" || ending == "none";
        paths.retain(|path: &PathBuf| path.extension().is_some_and(is_backup));
        paths.sort();
        paths
    }
}

fn now() -> Timestamp {
    "2026-01-02T03:04:05Z".parse().unwrap()
}

fn new(style: Style) -> NewProfile {
    NewProfile {
        target: Target::Proposed,
        account_id: "111122223333".to_owned(),
        account_name: Some("Payments Production".to_owned()),
        template: None,
        role: "ReadOnly".to_owned(),
        session: SessionFacts {
            name: "my-org".to_owned(),
            start_url: "https://d-0000000000.awsapps.com/start".to_owned(),
            region: "eu-central-1".to_owned(),
        },
        style,
        region: Some("eu-west-1".to_owned()),
        output: None,
        settings: Vec::new(),
        program: PathBuf::from("/opt/day pass/daypass"),
        on_conflict: OnConflict::Refuse,
    }
}

fn named(style: Style, name: &str) -> NewProfile {
    NewProfile {
        target: Target::Named(name.to_owned()),
        ..new(style)
    }
}

fn replacing(new: NewProfile) -> NewProfile {
    NewProfile {
        on_conflict: OnConflict::Replace,
        ..new
    }
}

fn actions(plan: &Plan) -> Vec<(&str, Action)> {
    plan.changes()
        .iter()
        .map(|change| (change.profile.as_str(), change.action))
        .collect()
}

/// The code and the whole text of a refusal.
fn refusal<T>(result: Result<T>) -> (Code, String) {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(error) => (
            error.code(),
            format!("{} ({})", error.message(), error.hint()),
        ),
    }
}

/// Plans on a file of this content: refused with code and words, and nothing is touched.
fn refused(old: &str, new: NewProfile, code: Code, words: &[&str]) {
    let world = World::with(old);
    let (found, message) = refusal(plan(&world.places, new));
    assert_eq!(found, code, "{message}");
    for word in words {
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(world.text(), old);
    assert!(world.backups().is_empty());
}

/// This many cases in a usual run; as many as `DAYPASS_TEST_INPUTS` says where it is set.
pub(super) fn cases(usual: u32) -> Config {
    let asked = Env::real().get("DAYPASS_TEST_INPUTS");
    let asked = asked.and_then(|it| it.parse().ok());
    Config {
        cases: asked.unwrap_or(usual),
        failure_persistence: None,
        max_global_rejects: u32::MAX,
        ..Config::default()
    }
}

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/aws_config");
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut fixtures: Vec<_> = entries
        .map(|path| (name(&path), fs::read(&path).unwrap()))
        .collect();
    fixtures.sort();
    fixtures
}
