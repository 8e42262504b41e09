//! What runs, as the system sees it: threads and open files of a process, and all that live in a home.

use crate::home::Home;
use crate::{Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

/// How many threads a process has.
pub fn threads(id: u32) -> Result<usize> {
    entries(id, "task")
}

/// How many files, sockets and pipes a process has open.
pub fn open_files(id: u32) -> Result<usize> {
    entries(id, "fd")
}

fn entries(id: u32, what: &str) -> Result<usize> {
    let folder = format!("/proc/{id}/{what}");
    let entries = fs::read_dir(&folder).with_context(|| format!("reading {folder}"))?;
    Ok(entries.count())
}

/// The ids of all processes that were started in that home.
pub fn living_in(home: &Home) -> Result<BTreeSet<u32>> {
    let mark = format!("HOME={}", home.home().display());
    let mut living = BTreeSet::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|it| it.parse().ok()) else {
            continue;
        };
        // One that has ended meanwhile does not live here.
        let env = fs::read(entry.path().join("environ")).unwrap_or_default();
        if env.split(|byte| *byte == 0).any(|it| it == mark.as_bytes()) {
            living.insert(id);
        }
    }
    Ok(living)
}

/// The process of that name which lives in a home.
pub fn named(home: &Home, name: &str) -> Result<u32> {
    let is_it = |id: &u32| {
        let comm = fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
        // The kernel keeps fifteen letters.
        comm.trim_end() == &name[..name.len().min(15)]
    };
    let found = living_in(home)?.into_iter().find(is_it);
    found.with_context(|| format!("no {name} lives here"))
}

/// How long a process's first thread has had a processor so far, and how long it has waited for one.
pub fn turns(id: u32) -> Result<(Duration, Duration)> {
    let text = fs::read_to_string(format!("/proc/{id}/task/{id}/schedstat"))?;
    let mut spans = text
        .split_whitespace()
        .map(|it| it.parse().map(Duration::from_nanos));
    let mut next = || {
        spans
            .next()
            .context("no such figure")?
            .context("not a number")
    };
    Ok((next()?, next()?))
}
