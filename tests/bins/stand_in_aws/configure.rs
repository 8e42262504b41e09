//! One profile after another into the config file, as `aws configure set` does it: the whole file is
//! read, changed in memory, truncated in place and written, without any lock.

use crate::tell;
use serde_json::json;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::Duration;
use testkit::Result;

/// Writes until a file `until` is there; each profile that is written is told.
pub(crate) fn configure(file: &Path, pause: Duration, until: &Path) -> Result<()> {
    let mut number = 0;
    while !until.exists() {
        let profile = format!("foreign-{number}");
        let text = fs::read_to_string(file)?;
        let text = format!("{text}[profile {profile}]\nregion = eu-west-1\n");
        File::create(file)?.write_all(text.as_bytes())?;
        tell("configured", json!({ "profile": profile }));
        number += 1;
        thread::sleep(pause);
    }
    Ok(())
}
