//! The imitation of the AWS CLI (`daypass-stand-in-aws`), told what to do and when.

use crate::places::binary;
use crate::programs::{Running, command, free_name};
use crate::scene::Scene;
use crate::waiting::{PATIENCE, until};
use crate::{Context, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The imitation in one home.
#[derive(Clone, Debug)]
pub struct AwsStandIn {
    env: Vec<(String, String)>,
    logs: PathBuf,
}

/// One line of what it did: `event`, and what belongs to it.
pub type Event = Value;

impl AwsStandIn {
    /// In the home of that scene, led to its portal.
    pub fn on(scene: &Scene) -> Self {
        Self {
            env: scene.daypass.env().to_vec(),
            logs: scene.home().logs(),
        }
    }

    /// Runs it once, to its end.
    pub fn run(&self, words: &[&str]) -> Result<Vec<Event>> {
        self.run_within(PATIENCE, words)
    }

    /// The same where it takes as long as others need.
    pub fn run_within(&self, patience: Duration, words: &[&str]) -> Result<Vec<Event>> {
        let out = free_name(&self.logs, "stand-in-aws", "out");
        let mut program = Running::start("stand-in-aws", &mut self.command(words)?, &self.logs)?;
        let status = program.wait(patience)?;
        let errors = fs::read_to_string(out.with_extension("err")).unwrap_or_default();
        ensure!(status.success(), "the imitation {words:?}: {errors}");
        events(&out)
    }

    /// Signs in as `aws sso login` does.
    pub fn login(&self, session: &str, start_url: &str) -> Result<()> {
        let at = ["--start-url", start_url, "--region", "eu-central-1"];
        self.run(&[&["login", "--session", session][..], &at[..]].concat())
            .map(drop)
    }

    /// Ends every sign-in as `aws sso logout` does.
    pub fn logout(&self) -> Result<()> {
        self.run(&["logout"]).map(drop)
    }

    /// One look at the token; how it ended.
    pub fn look(&self, words: &[&str]) -> Result<String> {
        let events = self.run(&[&["look"], words].concat())?;
        let last = events.last().context("it said nothing")?;
        Ok(last["outcome"].as_str().unwrap_or_default().to_owned())
    }

    /// Starts it in a loop.
    pub fn start(&self, words: &[&str]) -> Result<Looping> {
        let out = free_name(&self.logs, "stand-in-aws", "out");
        let mut command = self.command(&[&["loop"], words].concat())?;
        let program = Running::start("stand-in-aws", &mut command, &self.logs)?;
        Ok(Looping { program, out })
    }

    fn command(&self, words: &[&str]) -> Result<Command> {
        let mut command = command(&binary("daypass-stand-in-aws")?);
        command.args(words).envs(self.env.iter().cloned());
        Ok(command)
    }
}

/// The imitation in a loop; dropping it ends it.
#[derive(Debug)]
pub struct Looping {
    program: Running,
    out: PathBuf,
}

impl Looping {
    /// What it did so far.
    pub fn events(&self) -> Result<Vec<Event>> {
        events(&self.out)
    }

    /// Waits until it did something of that kind and outcome.
    pub fn wait_for(&self, event: &str, outcome: &str) -> Result<()> {
        until(PATIENCE, &format!("{event} {outcome}"), || {
            let events = self.events()?;
            let found = events
                .iter()
                .any(|one| one["event"] == event && one["outcome"] == outcome);
            Ok(found.then_some(()))
        })
    }

    /// Ends it; all that it did. Fails where it ended by itself.
    pub fn stop(mut self) -> Result<Vec<Event>> {
        let ended = self.program.ended()?;
        let errors = fs::read_to_string(self.out.with_extension("err")).unwrap_or_default();
        ensure!(ended.is_none(), "the imitation ended by itself: {errors}");
        self.program.stop();
        self.events()
    }
}

fn events(out: &Path) -> Result<Vec<Event>> {
    let text = fs::read_to_string(out).context("reading what the imitation says")?;
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole
        .lines()
        .map(|line| serde_json::from_str(line).with_context(|| line.to_owned()))
        .collect()
}

/// How many events have that kind and outcome.
pub fn count(events: &[Event], event: &str, outcome: &str) -> usize {
    let fits = |one: &&Event| one["event"] == event && one["outcome"] == outcome;
    events.iter().filter(fits).count()
}
