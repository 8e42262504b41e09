//! `browsers`: those of this machine, with their profiles and containers, as `--browser` takes them.

use daypass_core::Result;
use daypass_core::console::browsers::{Browser, Profile};

use super::Run;
use crate::args::Browsers;
use crate::render::{Cell, Table, Tone, json};

pub(super) fn run(run: &Run, words: &Browsers) -> Result<u8> {
    let browsers = run.daypass.browsers();
    if words.json.wanted {
        run.screen.document(&json::Browsers::of(&browsers))?;
        return Ok(0);
    }
    let mut table = Table::new(&["BROWSER", "PROFILE~", "CONTAINERS~", "USE~"]);
    for browser in &browsers {
        if browser.profiles.is_empty() {
            table.row(row(browser, None));
        }
        for profile in &browser.profiles {
            table.row(row(browser, Some(profile)));
        }
    }
    run.screen.table(&table)?;
    if browsers.is_empty() {
        run.screen
            .say("Daypass found none that it knows; pages open in the system's default browser.");
    }
    Ok(0)
}

fn row(browser: &Browser, profile: Option<&Profile>) -> Vec<Cell> {
    let name = profile.map_or("", |it| &it.name);
    let containers = profile.and_then(|it| it.containers.as_ref());
    let containers = containers.map_or(String::new(), |(_, names)| names.join(", "));
    let wish = match profile {
        Some(profile) => format!("{}:{}", browser.name, profile.name),
        None => browser.name.to_owned(),
    };
    vec![
        Cell::new(browser.title),
        Cell::new(name),
        Cell::new(&containers),
        Cell::toned(&wish, Tone::Aside),
    ]
}
