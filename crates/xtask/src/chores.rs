//! Each chore, as the list of its steps.

use crate::run::{build_folder, cargo, command, in_view, on_path};
use crate::steps::Steps;
use crate::{packages, say, setup as parts, ui};
use anyhow::Result;
use std::env;

/// `cargo xtask setup`
pub(crate) fn setup() -> Result<()> {
    let mut steps = Steps::of("setup");
    steps.take("Debian packages", packages::ensure_installed)?;
    steps.take("AWS's own clients", aws_clients)?;
    steps.take("Node modules of the page", page_modules)?;
    steps.summary();
    Ok(())
}

/// `cargo xtask test`
pub(crate) fn test() -> Result<()> {
    let mut steps = Steps::of("test");
    steps.take("Debian packages", packages::ensure_installed)?;
    steps.take("AWS's own clients", aws_clients)?;
    steps.take("Node modules of the page", page_modules)?;
    quick_checks(&mut steps)?;
    steps.take("the page in a real browser", || ui::script("e2e"))?;
    steps.take("every program", || {
        in_view(&mut cargo("build --workspace --bins --locked"))
    })?;
    steps.take("tests of every crate, and the journeys", journeys)?;
    steps.take("licences and origins of dependencies", dependencies)?;
    steps.summary();
    Ok(())
}

/// `cargo xtask check`
pub(crate) fn check() -> Result<()> {
    let mut steps = Steps::of("check");
    set_up(&mut steps)?;
    quick_checks(&mut steps)?;
    steps.summary();
    Ok(())
}

/// `cargo xtask types`
pub(crate) fn types() -> Result<()> {
    let mut steps = Steps::of("types");
    set_up(&mut steps)?;
    steps.take("the page", || ui::script("build"))?;
    steps.take("types of what crosses to the page", || {
        // The test compares; told so, it writes.
        let mut test = cargo("test --locked --package daypass-desktop --lib -- wire");
        in_view(test.env("DAYPASS_WRITE_TYPES", "1"))
    })?;
    steps.summary();
    Ok(())
}

/// `cargo xtask demo`
pub(crate) fn demo(options: &[&str]) -> Result<()> {
    let mut steps = Steps::of("demo");
    set_up(&mut steps)?;
    steps.take("the page", || ui::script("build"))?;
    steps.take("every program", || {
        in_view(&mut cargo("build --workspace --bins --locked"))
    })?;
    steps.take("the demonstration", || {
        let programs = build_folder()?;
        let mut demo = command(programs.join("daypass-demo"), options);
        in_view(demo.env("DAYPASS_TEST_BIN_DIR", programs))
    })?;
    steps.summary();
    Ok(())
}

/// `cargo xtask soak`
pub(crate) fn soak(options: &[&str]) -> Result<()> {
    let mut steps = Steps::of("soak");
    set_up(&mut steps)?;
    steps.take("the page", || ui::script("build"))?;
    steps.take("every program", || {
        in_view(&mut cargo("build --workspace --bins --locked"))
    })?;
    steps.take("the soak", || {
        let programs = build_folder()?;
        let mut soak = command(programs.join("daypass-soak"), options);
        in_view(soak.env("DAYPASS_TEST_BIN_DIR", programs))
    })?;
    steps.summary();
    Ok(())
}

fn set_up(steps: &mut Steps) -> Result<()> {
    steps.take("Debian packages", packages::ensure_installed)?;
    steps.take("Node modules of the page", page_modules)
}

fn page_modules() -> Result<()> {
    parts::node()?;
    parts::node_modules("ui")
}

fn aws_clients() -> Result<()> {
    parts::node()?;
    parts::node_modules("tests/interop")?;
    parts::boto3()?;
    parts::aws_cli_1()?;
    parts::aws_cli()
}

fn quick_checks(steps: &mut Steps) -> Result<()> {
    steps.take("the page", || {
        ui::script("build")?;
        ui::script("build:bare")
    })?;
    steps.take("formatting", || in_view(&mut cargo("fmt --all --check")))?;
    steps.take("types and style of the page", || ui::script("check"))?;
    steps.take("unit tests of the page", || ui::script("test"))?;
    steps.take("lints", || {
        in_view(&mut cargo(
            "clippy --workspace --all-targets --features daypass-desktop/bare --locked \
             -- --deny warnings",
        ))
    })
}

fn journeys() -> Result<()> {
    let mut tests = cargo("test --workspace --locked");
    // A journey's error is a sentence; a stack below it would hide it.
    in_view(
        tests
            .env("DAYPASS_TEST_BIN_DIR", build_folder()?)
            .env("RUST_BACKTRACE", "0"),
    )
}

fn dependencies() -> Result<()> {
    let home = env::var_os("CARGO_HOME").map(|home| std::path::PathBuf::from(home).join("bin"));
    let found = home
        .map(|bin| bin.join("cargo-deny"))
        .filter(|path| path.is_file());
    if found.or_else(|| on_path("cargo-deny")).is_none() {
        say::line("cargo-deny is not installed: this is left to the hosted checks.");
        return Ok(());
    }
    in_view(&mut cargo(
        "deny --locked --offline check bans licenses sources",
    ))
}
