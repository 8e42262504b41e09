//! What a running process holds: open files, memory.

use crate::{Context, Result};
use std::fmt;
use std::fs;

/// At one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vitals {
    /// Open file descriptors.
    pub files: usize,
    /// Resident memory, in kilobytes.
    pub memory: u64,
    /// Threads.
    pub threads: u64,
}

/// Those of a process.
pub fn of(id: u32) -> Result<Vitals> {
    let files = fs::read_dir(format!("/proc/{id}/fd")).context("it is gone")?;
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let number = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        let word = line.and_then(|line| line.split_whitespace().nth(1));
        word.and_then(|word| word.parse().ok()).unwrap_or_default()
    };
    Ok(Vitals {
        files: files.count(),
        memory: number("VmRSS:"),
        threads: number("Threads:"),
    })
}

impl fmt::Display for Vitals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let megabytes = self.memory / 1024;
        write!(
            f,
            "{} open files, {} threads, {megabytes} MiB",
            self.files, self.threads
        )
    }
}
