//! `cargo xtask release`: what people install. Here the Debian package, built, checked, and compared
//! with its budgets; the other systems' packages are built by the hosted workflow.

mod deb;
mod leaks;
mod pages;
mod sizes;
mod stage;
pub(crate) mod trial;

use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

use crate::run::{cargo, command, in_view, on_path, repository};
use crate::steps::Steps;
use crate::{packages, setup};

/// Debian packages that only a release needs.
const PACKAGES: &[(&str, &str)] = &[
    ("dpkg-dev", "names the libraries that the programs need"),
    ("lintian", "the rules for Debian packages"),
    ("desktop-file-utils", "the rules for desktop entries"),
    ("appstream", "the rules for what software centres show"),
];

/// Builds and checks; the package is in `target/release-packages`.
///
/// # Errors
/// Where a step does not succeed, a check finds something, or a budget is broken.
pub(crate) fn run() -> Result<()> {
    if on_path("dpkg-deb").is_none() {
        bail!("a Debian package can only be built where dpkg is");
    }
    let mut steps = Steps::of("release");
    steps.take("Debian packages", || {
        packages::ensure_installed()?;
        packages::ensure(PACKAGES)
    })?;
    steps.take("Node modules of the page", || {
        setup::node()?;
        setup::node_modules("ui")
    })?;
    steps.take("the page, twice from nothing", leaks::two_pages)?;
    let programs = built_folder();
    steps.take("both programs", || build(&programs))?;
    let stage = built_folder().join("package");
    steps.take("what is installed", || stage::fill(&programs, &stage))?;
    steps.take("what must not be in it", || leaks::check(&stage))?;
    let folder = packages_folder();
    steps.take("the Debian package", || deb::make(&stage, &folder))?;
    steps.take("its checks", || deb::check(&stage, &folder))?;
    steps.take("its size", || sizes::check(&programs, &folder))?;
    steps.summary();
    Ok(())
}

/// Where the programs of a release are built, apart from those of other builds: their flags differ.
fn built_folder() -> PathBuf {
    let named = std::env::var_os("DAYPASS_RELEASE_DIR").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| repository().join("target/release-build"));
    folder.join("release")
}

/// Where the packages lie.
fn packages_folder() -> PathBuf {
    repository().join("target/release-packages")
}

/// Without the paths of this machine in them, without tables for unwinding, which an abort has no use
/// for, and with equal functions folded into one.
fn build(programs: &Path) -> Result<()> {
    let target = programs.parent().unwrap_or(programs);
    let registry = cargo_home().join("registry/src");
    let script = repository().join("crates/xtask/assets/without-unwinding.ld");
    let flags = [
        format!("--remap-path-prefix={}=/registry", registry.display()),
        format!("--remap-path-prefix={}=/daypass", repository().display()),
        "-Cforce-unwind-tables=no".to_owned(),
        "-Clink-arg=-Wl,--icf=all".to_owned(),
        format!("-Clink-arg=-Wl,-T,{}", script.display()),
    ];
    let mut build =
        cargo("build --release --locked --package daypass-cli --package daypass-desktop");
    in_view(
        build
            .env("CARGO_TARGET_DIR", target)
            .env("RUSTFLAGS", flags.join(" ")),
    )
}

fn cargo_home() -> PathBuf {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    named.or(home).unwrap_or_default()
}

/// A program of others that judges.
fn judge(program: &str, words: &[&str]) -> Result<()> {
    in_view(&mut command(program, words))
}
