//! `cargo xtask bench NAME`: builds what a bench needs for release, and runs it.

use crate::run::{build_folder, cargo, command, in_view};
use crate::steps::Steps;
use crate::{packages, setup, ui};
use anyhow::{Context, Result};

/// A bench: its name, what it needs beside the programs of Daypass, the words for cargo that build these,
/// and the one that measures.
struct Bench {
    name: &'static str,
    needs: fn() -> Result<()>,
    build: &'static str,
    program: &'static str,
}

/// Every bench; docs/benchmarks.md has a table for each.
const BENCHES: &[Bench] = &[
    Bench {
        name: "sync",
        needs: nothing,
        build: "build --release --locked --package daypass-sim --package daypass-tests \
                --bin daypass-sim --bin daypass-bench-sync",
        program: "daypass-bench-sync",
    },
    Bench {
        name: "search",
        needs: nothing,
        build: "build --release --locked --package daypass-tests --bin daypass-bench-search",
        program: "daypass-bench-search",
    },
    Bench {
        name: "credentials",
        needs: tools,
        build: "build --release --locked --package daypass-cli --package daypass-sim \
                --package daypass-tests --package daypass-interop-rust --bin daypass --bin daypass-sim \
                --bin daypass-bench-credentials --bin daypass-bare-secret --bin daypass-bare-credentials",
        program: "daypass-bench-credentials",
    },
    Bench {
        name: "profiles",
        needs: nothing,
        build: "build --release --locked --package daypass-tests --bin daypass-bench-profiles",
        program: "daypass-bench-profiles",
    },
    Bench {
        name: "tools",
        needs: tools,
        build: "build --release --locked --package daypass-cli --package daypass-sim \
                --package daypass-tests --bin daypass --bin daypass-sim --bin daypass-bench-tools",
        program: "daypass-bench-tools",
    },
    Bench {
        name: "desktop",
        needs: pages,
        build: "build --release --locked --package daypass-desktop --package daypass-cli \
                --package daypass-sim --package daypass-tests --features daypass-desktop/bare \
                --bin daypass-desktop --bin daypass --bin daypass-sim --bin daypass-bench-desktop \
                --example bare",
        program: "daypass-bench-desktop",
    },
    Bench {
        name: "day",
        needs: fast_clock,
        build: "build --release --locked --package daypass-desktop --package daypass-cli \
                --package daypass-sim --package daypass-tests --bin daypass-desktop --bin daypass \
                --bin daypass-sim --bin daypass-bench-day",
        program: "daypass-bench-day",
    },
];

fn nothing() -> Result<()> {
    Ok(())
}

/// The tools that Daypass is measured beside.
fn tools() -> Result<()> {
    setup::boto3()?;
    setup::aws_cli()?;
    setup::aws_sso_util()
}

/// The panel's page, and what makes a clock run faster.
fn fast_clock() -> Result<()> {
    packages::ensure(&[("libfaketime", "a clock that runs faster")])?;
    setup::node()?;
    setup::node_modules("ui")?;
    ui::script("build")
}

/// The panel's page, and the empty one.
fn pages() -> Result<()> {
    setup::node()?;
    setup::node_modules("ui")?;
    ui::script("build")?;
    ui::script("build:bare")
}

/// Runs the bench of that name.
pub(crate) fn run(name: &str, options: &[&str]) -> Result<()> {
    let bench = BENCHES.iter().find(|bench| bench.name == name);
    let bench = bench.with_context(|| {
        let known: Vec<_> = BENCHES.iter().map(|bench| bench.name).collect();
        format!("`{name}` is no bench; there are: {}", known.join(", "))
    })?;
    let mut steps = Steps::of("bench");
    steps.take("what it needs", bench.needs)?;
    steps.take("its programs", || in_view(&mut cargo(bench.build)))?;
    steps.take(bench.name, || {
        let programs = build_folder()?.with_file_name("release");
        let mut program = command(programs.join(bench.program), options);
        in_view(program.env("DAYPASS_TEST_BIN_DIR", programs))
    })?;
    steps.summary();
    Ok(())
}
