//! Chores of the repository, in Rust: `cargo xtask demo | test | soak | bench | release | check | types |
//! setup`.
//!
//! Only `anyhow` stands below this, so that the first words come within seconds of a fresh clone.

mod bench;
mod chores;
mod packages;
mod release;
mod run;
mod say;
mod setup;
mod steps;
mod ui;

use anyhow::{Result, bail};
use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::failed(&error);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[String]) -> Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["setup"] => chores::setup(),
        ["test"] => chores::test(),
        ["check"] => chores::check(),
        ["types"] => chores::types(),
        ["demo", options @ ..] => chores::demo(options),
        ["soak", options @ ..] => chores::soak(options),
        ["release"] => release::run(),
        ["release", "--try"] => release::trial::run(),
        ["bench", name, options @ ..] => bench::run(name, options),
        [] | ["help" | "--help" | "-h"] => {
            say::line(HELP);
            Ok(())
        }
        other => bail!(
            "`{}` is no chore of this repository\n\n{HELP}",
            other.join(" ")
        ),
    }
}

const HELP: &str = "\
cargo xtask CHORE

  demo    build everything and run the real application against two made-up organisations,
          in a throw-away home; without a display, or with --headless, it shows itself around
          and leaves pictures in artifacts/demo
  test    everything that has to hold before a change is merged
  soak    for [--minutes 10] what the journeys do for seconds: sixteen processes, the application and
          a tool without locks on one sign-in, a thousand races, two hundred kills; it tells figures
  bench   NAME: what docs/benchmarks.md tells, measured again on this machine, with release builds
  release the Debian package: built, judged by lintian and its kin, compared with its budgets;
          with --try the one that was made last is installed, run, upgraded and purged in a clean
          Debian root (needs root and debootstrap)
  check   the quick part of it: formatting, lints, the types of the page, its unit tests
  types   write ui/src/host/wire.gen.ts anew from src-tauri/src/wire
  setup   install what the others need: Debian packages, Node modules, AWS's own clients";
