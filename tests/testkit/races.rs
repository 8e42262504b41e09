//! Sixteen processes that need a new token at the same moment, again and again: one of them gets it,
//! the others take it over.

use crate::ledger::Ledger;
use crate::scene::{Scene, Storage};
use crate::{Context, Result, bail, ensure};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// How many processes race.
const RACERS: usize = 16;

/// Why all of them need a new token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Its time is over.
    Ended,
    /// The portal refuses it before its time.
    Refused,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct Races {
    /// Why there was something to race for.
    pub cause: Cause,
    /// How often they raced.
    pub rounds: usize,
    /// All processes together.
    pub processes: usize,
    /// The slowest round, from the first start to the last end.
    pub slowest: Duration,
}

/// Races; fails at the first round with another number of exchanges than one, with a refusal, or
/// with a process that did not get credentials.
pub fn run(cause: Cause, rounds: usize) -> Result<Races> {
    let accounts = RACERS.to_string();
    let own = ["--accounts", &accounts, "--role-ttl", "60"];
    let strict = ["--rotation", "rotate", "--reuse-revokes"];
    let scene = Scene::signed_in(Storage::Shared, &[&own[..], &strict[..]].concat())?;
    let targets = targets(&scene)?;
    let mut ledger = Ledger::default();
    let mut slowest = Duration::ZERO;
    for round in 1..=rounds {
        match cause {
            Cause::Ended => end_token(&scene)?,
            Cause::Refused => scene.portal.expire_access_tokens()?,
        }
        let start = Instant::now();
        race(&scene, &targets).with_context(|| format!("round {round}"))?;
        slowest = slowest.max(start.elapsed());
        ledger.read(&scene.portal)?;
        let (renewals, refusals) = (ledger.renewals().count(), ledger.refusals().count());
        ensure!(
            renewals == round && refusals == 0,
            "{cause:?}: after round {round} there are {renewals} exchanges and {refusals} refusals"
        );
    }
    scene.daypass.run(&["status", "work"])?.code(0)?;
    scene.search(&scene.canaries()?)?;
    Ok(Races {
        cause,
        rounds,
        processes: rounds * RACERS,
        slowest,
    })
}

impl Races {
    /// The figures, as a person reads them.
    pub fn line(&self) -> String {
        let why = match self.cause {
            Cause::Ended => "the token's time is over",
            Cause::Refused => "the portal refuses the token",
        };
        format!(
            "{why}: {} rounds of {RACERS} processes, one exchange in each, none refused; the slowest \
             round took {} ms",
            self.rounds,
            self.slowest.as_millis()
        )
    }
}

fn targets(scene: &Scene) -> Result<Vec<String>> {
    let accounts = scene.accounts()?;
    let ids = accounts.iter().filter_map(|one| one["id"].as_str());
    Ok(ids.map(|id| format!("{id}/ReadOnly")).collect())
}

fn race(scene: &Scene, targets: &[String]) -> Result<()> {
    let line = Barrier::new(targets.len());
    thread::scope(|scope| {
        let racers: Vec<_> = targets
            .iter()
            .map(|target| {
                let line = &line;
                scope.spawn(move || {
                    line.wait();
                    let ran = scene.daypass.run_silently(&["credentials", target])?;
                    ran.code(0).map(drop)
                })
            })
            .collect();
        for racer in racers {
            match racer.join() {
                Ok(result) => result?,
                Err(_) => bail!("a racer broke off"),
            }
        }
        Ok(())
    })
}

/// The token file of the session.
pub fn token_file(scene: &Scene) -> Result<PathBuf> {
    let holds_token = |path: &PathBuf| {
        let is_json = path.extension().is_some_and(|ending| ending == "json");
        let document = fs::read(path).map(|bytes| serde_json::from_slice::<Value>(&bytes));
        is_json && document.is_ok_and(|it| it.is_ok_and(|it| it["accessToken"].is_string()))
    };
    let mut files = crate::canary::files_below(&scene.home().sso_cache())?;
    files.retain(holds_token);
    ensure!(files.len() == 1, "{} token files", files.len());
    files.pop().context("no token file")
}

/// Writes into the token file that its time is over. Nobody else may use it meanwhile.
pub fn end_token(scene: &Scene) -> Result<()> {
    let path = token_file(scene)?;
    let mut token: Value = serde_json::from_slice(&fs::read(&path)?)?;
    token["expiresAt"] = "2020-01-02T03:04:05Z".into();
    fs::write(&path, token.to_string()).with_context(|| format!("writing {}", path.display()))
}
