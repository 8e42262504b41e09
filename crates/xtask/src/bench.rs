//! `cargo xtask bench NAME`: builds what a bench needs for release, and runs it.

use crate::run::{build_folder, cargo, command, in_view};
use crate::steps::Steps;
use anyhow::{Context, Result};

/// A bench: its name, the words for cargo that build its programs, and the one that measures.
struct Bench {
    name: &'static str,
    build: &'static str,
    program: &'static str,
}

/// Every bench; docs/benchmarks.md has a table for each.
const BENCHES: &[Bench] = &[
    Bench {
        name: "sync",
        build: "build --release --locked --package daypass-sim --package daypass-tests \
                --bin daypass-sim --bin daypass-bench-sync",
        program: "daypass-bench-sync",
    },
    Bench {
        name: "search",
        build: "build --release --locked --package daypass-tests --bin daypass-bench-search",
        program: "daypass-bench-search",
    },
    Bench {
        name: "credentials",
        build: "build --release --locked --package daypass-cli --package daypass-sim \
                --package daypass-tests --package daypass-interop-rust --bin daypass --bin daypass-sim \
                --bin daypass-bench-credentials --bin daypass-bare-secret --bin daypass-bare-credentials",
        program: "daypass-bench-credentials",
    },
    Bench {
        name: "profiles",
        build: "build --release --locked --package daypass-tests --bin daypass-bench-profiles",
        program: "daypass-bench-profiles",
    },
];

/// Runs the bench of that name.
pub(crate) fn run(name: &str, options: &[&str]) -> Result<()> {
    let bench = BENCHES.iter().find(|bench| bench.name == name);
    let bench = bench.with_context(|| {
        let known: Vec<_> = BENCHES.iter().map(|bench| bench.name).collect();
        format!("`{name}` is no bench; there are: {}", known.join(", "))
    })?;
    let mut steps = Steps::of("bench");
    steps.take("its programs", || in_view(&mut cargo(bench.build)))?;
    steps.take(bench.name, || {
        let programs = build_folder()?.with_file_name("release");
        let mut program = command(programs.join(bench.program), options);
        in_view(program.env("DAYPASS_TEST_BIN_DIR", programs))
    })?;
    steps.summary();
    Ok(())
}
