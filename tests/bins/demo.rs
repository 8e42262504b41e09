//! What `cargo xtask demo` runs: the real application against two made-up organisations, in a
//! home that is thrown away. With a display a person drives it; without one it shows itself around.
//!
//!     daypass-demo [--headless] [--pictures FOLDER]

#[path = "demo/organisations.rs"]
mod organisations;
#[path = "demo/person.rs"]
mod person;
#[path = "demo/tour.rs"]
mod tour;

use std::env;
use std::io::Write;
use std::path::PathBuf;
use testkit::{Context, Result, bail, places};

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let mut headless = !has_display();
    let mut pictures = places::repository().join("artifacts/demo");
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--headless" => headless = true,
            "--pictures" => {
                pictures = PathBuf::from(arguments.next().context("--pictures needs a folder")?);
            }
            other => bail!("{other} is not understood"),
        }
    }
    if headless {
        tour::show_around(&pictures)
    } else {
        person::hand_over()
    }
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|set| !set.is_empty()))
}

/// One line of talk.
fn say(line: &str) {
    // Whoever does not want to read any more still gets the pictures.
    let _ = writeln!(std::io::stdout(), "{line}");
}
