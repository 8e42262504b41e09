//! Stands in for the user's browser in tests: writes down the address that it was sent to and,
//! with `--follow`, goes there and writes down where it ended.

use serde_json::{Value, json};
use std::env;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use testkit::{Context, Result, bail, http};

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let (mut record, mut address, mut follow) = (None, None, false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--record" => record = arguments.next(),
            "--follow" => follow = true,
            flag if flag.starts_with("--") => bail!("{flag} is not understood"),
            _ => address = Some(argument),
        }
    }
    let record = record.context("--record FILE is missing")?;
    let address = address.context("the address is missing")?;
    note(Path::new(&record), &json!({ "asked": address }))?;
    if follow {
        note(Path::new(&record), &follow_to_the_end(&address))?;
    }
    Ok(())
}

fn follow_to_the_end(address: &str) -> Value {
    match http::visit(address) {
        Ok(visit) => json!({
            "asked": address,
            "landed": visit.address(),
            "status": visit.landed.status,
            "page": visit.landed.text(),
        }),
        Err(error) => json!({
            "asked": address, "landed": address, "status": 0, "page": format!("{error:#}"),
        }),
    }
}

/// One line in one write, so that two of these at once do not mix their words.
fn note(record: &Path, line: &Value) -> Result<()> {
    let mut file = OpenOptions::new()
        .append(true)
        .open(record)
        .context("opening the record")?;
    file.write_all(format!("{line}\n").as_bytes())
        .context("writing the record")
}
