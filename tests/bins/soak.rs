//! What `cargo xtask soak` runs: for minutes, hundreds and thousands of times, what the journeys do
//! for seconds; the figures at the end are those that docs/security.md tells.
//!
//!     daypass-soak [--minutes N] [--only shared|keychain|races|kills|starts|saves]

use std::env;
use std::io::Write;
use std::time::{Duration, Instant};
use testkit::races::{self, Cause};
use testkit::saves::Saves;
use testkit::scene::Storage;
use testkit::soak::{self, Wish};
use testkit::{Context, Result, bail, ensure, kills, starts};

/// Each part, in the order in which they run.
const PARTS: [&str; 6] = ["shared", "keychain", "races", "kills", "starts", "saves"];
const ROUNDS: usize = 1_000;
const POINTS: usize = 200;
const CYCLES: usize = 1_000;
const SAVES: usize = 1_000;

fn main() -> Result<()> {
    let mut words = env::args().skip(1);
    let (mut minutes, mut only) = (10.0, None);
    while let Some(word) = words.next() {
        let value = words
            .next()
            .with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--minutes" => minutes = value.parse().context("--minutes needs a number")?,
            "--only" => only = Some(value),
            _ => bail!("{word} is not understood"),
        }
    }
    ensure!(
        minutes >= 3.0,
        "tokens live for two minutes: it takes three to see anything"
    );
    if let Some(only) = &only {
        ensure!(
            PARTS.contains(&only.as_str()),
            "{only} is none of {PARTS:?}"
        );
    }
    let span = Duration::from_secs_f64(minutes * 60.0);
    for part in PARTS {
        if only.as_ref().is_none_or(|only| only == part) {
            let start = Instant::now();
            let lines = run(part, span).with_context(|| part.to_owned())?;
            lines.iter().for_each(|line| say(line));
            say(&format!(
                "  ({part}: {:.0} s)",
                start.elapsed().as_secs_f64()
            ));
        }
    }
    Ok(())
}

fn run(part: &str, span: Duration) -> Result<Vec<String>> {
    match part {
        "shared" => soaked(Storage::Shared, span),
        "keychain" => soaked(Storage::Keychain, span),
        "races" => [Cause::Ended, Cause::Refused]
            .map(|cause| Ok(races::run(cause, ROUNDS / 2)?.line()))
            .into_iter()
            .collect(),
        "kills" => {
            let kills = kills::run(POINTS)?;
            ensure!(kills.longest_wait < kills::AT_ONCE, "{}", kills.line());
            Ok(vec![kills.line()])
        }
        "saves" => {
            let mut saves = Saves::prepare()?;
            saves.kill(SAVES)?;
            saves.fail(SAVES)?;
            Ok(vec![saves.told().line()])
        }
        _ => {
            let starts = starts::run(CYCLES)?;
            starts.holds()?;
            Ok(vec![starts.line()])
        }
    }
}

/// Everything at once: the application, the loops, and where there is a place for it the other tool.
fn soaked(storage: Storage, span: Duration) -> Result<Vec<String>> {
    let report = soak::run(Wish {
        storage,
        loops: 16,
        span,
        token_life: 120,
        pause: Duration::from_secs(1),
        application: true,
    })?;
    report.holds().with_context(|| report.lines().join("\n"))?;
    Ok(report.lines())
}

/// One line of talk.
fn say(line: &str) {
    // Whoever does not want to read any more still gets the exit code.
    let _ = writeln!(std::io::stdout(), "{line}");
}
