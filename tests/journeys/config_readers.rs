//! What Daypass reads from a config file is what botocore reads from it, or it refuses to edit; and what
//! it wrote botocore reads, with everything else as it was.

use daypass_core::aws_config::{
    self, AwsConfig, NewProfile, OnConflict, Places, SessionFacts, Style, Target,
};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use testkit::botocore::Botocore;
use testkit::made_up::{Chance, big_config_file, config_file};
use testkit::{Context, Result, ensure};

/// So many files in a usual run; `DAYPASS_TEST_INPUTS` of them in a recorded one.
const FILES: usize = 3_000;
/// One in so many is edited and read again.
const EDITED: usize = 10;

/// Keys that Daypass forgets at once.
const SECRETS: [&str; 3] = [
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
];

struct Comparison {
    botocore: Botocore,
    places: Places,
    _folder: tempfile::TempDir,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    /// Every reader's, and ours the same.
    equal: usize,
    /// Daypass refuses the whole file.
    refused: usize,
    /// Of those, files that botocore refuses as well.
    refused_by_both: usize,
    /// Profiles that are read otherwise, each of which Daypass refuses to edit.
    guarded: usize,
    /// Edited, and read again.
    edited: usize,
}

impl Comparison {
    fn start() -> Result<Self> {
        let memory = std::path::Path::new("/dev/shm");
        let folder = match memory.is_dir() {
            true => tempfile::tempdir_in(memory)?,
            false => tempfile::tempdir()?,
        };
        let path = |name: &str| folder.path().join(name);
        Ok(Self {
            botocore: Botocore::start()?,
            places: Places {
                config: path("config"),
                credentials: path("credentials"),
                backups: path("backups"),
            },
            _folder: folder,
            counts: Counts::default(),
        })
    }

    fn compare(&mut self, file: &[u8]) -> Result<()> {
        let theirs = self.botocore.read(file)?;
        let ours = AwsConfig::parse(file, b"");
        if ours.fault().is_some() {
            self.counts.refused += 1;
            self.counts.refused_by_both += usize::from(theirs["error"].is_string());
            return Ok(());
        }
        ensure!(theirs["error"].is_null(), "botocore refuses it: {theirs}");
        self.profiles(file, &ours, &theirs)?;
        self.sessions(&ours, &theirs)?;
        self.counts.equal += 1;
        Ok(())
    }

    fn profiles(&mut self, file: &[u8], ours: &AwsConfig, theirs: &Value) -> Result<()> {
        let theirs = theirs["profiles"].as_object().context("no profiles")?;
        let names = ours.profiles().iter().map(|it| it.name.clone());
        let names: BTreeSet<String> = names.chain(theirs.keys().cloned()).collect();
        let ours = ours.profiles().iter().map(|it| (it.name.as_str(), it));
        let ours: HashMap<_, _> = ours.collect();
        for name in names {
            let theirs = theirs.get(&name).and_then(Value::as_object);
            let read = ours.get(name.as_str());
            let equal = match (read, theirs) {
                (Some(profile), Some(keys)) => is_equal(&profile.keys, keys),
                _ => false,
            };
            if !equal {
                fs::write(&self.places.config, file)?;
                let plan = aws_config::plan(&self.places, wish(&name));
                ensure!(
                    plan.is_err(),
                    "{name:?} is {read:?}, at botocore {theirs:?}"
                );
                self.counts.guarded += 1;
            }
        }
        Ok(())
    }

    fn sessions(&self, ours: &AwsConfig, theirs: &Value) -> Result<()> {
        let theirs = theirs["sso_sessions"].as_object().context("no sessions")?;
        for (name, keys) in theirs {
            let found = ours
                .sso_session(name)
                .with_context(|| format!("no session {name}"))?;
            ensure!(
                found.start_url.as_deref() == keys["sso_start_url"].as_str(),
                "{keys}"
            );
            ensure!(
                found.region.as_deref() == keys["sso_region"].as_str(),
                "{keys}"
            );
        }
        Ok(())
    }

    /// Writes a profile into the file: botocore then reads what it read before, and the new one.
    fn edit(&mut self, file: &[u8]) -> Result<()> {
        let before = self.botocore.read(file)?;
        fs::write(&self.places.config, file)?;
        let Ok(plan) = aws_config::plan(&self.places, wish("zz-new")) else {
            return Ok(());
        };
        aws_config::apply(&plan, "2026-01-02T03:04:05Z".parse()?)?;
        let after = self.botocore.read(&fs::read(&self.places.config)?)?;
        let mut profiles = after["profiles"]
            .as_object()
            .context("it broke the file")?
            .clone();
        let written = profiles
            .remove("zz-new")
            .context("botocore finds no such profile")?;
        ensure!(
            Some(&profiles) == before["profiles"].as_object(),
            "{before} became {after}"
        );
        for (key, value) in [("sso_role_name", "ReadOnly"), ("region", "eu-west-1")] {
            ensure!(written[key] == value, "{written}");
        }
        self.counts.edited += 1;
        Ok(())
    }
}

fn is_equal(ours: &[(String, String)], theirs: &Map<String, Value>) -> bool {
    let theirs: Vec<_> = theirs
        .iter()
        .filter(|(key, _)| !SECRETS.contains(&key.as_str()))
        .collect();
    theirs.len() == ours.len()
        && ours.iter().all(|(key, value)| {
            let same =
                |(other, it): &&(&String, &Value)| *other == key && it.as_str() == Some(value);
            theirs.iter().any(|pair| same(&pair))
        })
}

fn wish(name: &str) -> NewProfile {
    NewProfile {
        template: None,
        target: if name == "default" {
            Target::Default
        } else {
            Target::Named(name.to_owned())
        },
        account_id: "111122223333".to_owned(),
        account_name: None,
        role: "ReadOnly".to_owned(),
        session: SessionFacts {
            name: "zz-session".to_owned(),
            start_url: "https://d-0000000000.awsapps.com/start".to_owned(),
            region: "eu-central-1".to_owned(),
        },
        style: Style::Sso,
        region: Some("eu-west-1".to_owned()),
        output: None,
        settings: Vec::new(),
        program: "/usr/bin/daypass".into(),
        on_conflict: OnConflict::Replace,
    }
}

#[test]
fn botocore_reads_the_same_or_nothing_is_edited() -> Result<()> {
    let asked = std::env::var("DAYPASS_TEST_INPUTS")
        .ok()
        .and_then(|it| it.parse().ok());
    let files: usize = asked.unwrap_or(FILES);
    let mut comparison = Comparison::start()?;
    for number in 0..files {
        let file = config_file(&mut Chance::of(number as u64));
        let told = || format!("file {number}: {:?}", String::from_utf8_lossy(&file));
        comparison.compare(&file).with_context(told)?;
        if number % EDITED == 0 {
            comparison.edit(&file).with_context(told)?;
        }
    }
    let counts = &comparison.counts;
    // It compares something: enough files that all take, that both refuse, and that are edited.
    ensure!(counts.equal > files / 12, "{counts:?}");
    ensure!(counts.refused_by_both > files / 6, "{counts:?}");
    ensure!(counts.edited > files / EDITED / 12, "{counts:?}");
    testkit::places::keep_figures("config-readers", &[format!("{files} files: {counts:?}")])
}

#[test]
fn botocore_reads_every_fixture_as_daypass_does() -> Result<()> {
    let mut comparison = Comparison::start()?;
    for entry in fs::read_dir(testkit::places::repository().join("tests/fixtures/aws_config"))? {
        let path = entry?.path();
        let file = fs::read(&path)?;
        let told = || path.display().to_string();
        comparison.compare(&file).with_context(told)?;
        comparison.edit(&file).with_context(told)?;
    }
    let counts = &comparison.counts;
    ensure!(counts.refused == 0 && counts.edited >= 60, "{counts:?}");
    Ok(())
}

#[test]
fn ten_megabytes_are_read_alike_and_edited() -> Result<()> {
    let mut comparison = Comparison::start()?;
    let file = big_config_file(10 << 20);
    comparison.compare(&file)?;
    comparison.edit(&file)?;
    ensure!(comparison.counts.equal == 1 && comparison.counts.edited == 1);
    Ok(())
}
