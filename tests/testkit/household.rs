//! A program together with all that it has started: what they hold in memory, and how often they wake up.

use crate::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// What the processes have done since they were started.
#[derive(Clone, Copy, Debug, Default)]
pub struct Done {
    /// How often one of their threads was woken.
    pub wake_ups: u64,
    /// How long their threads have had a processor.
    pub processor: Duration,
}

/// The processes: the program's own id, and those of its descendants.
pub fn members(program: u32) -> Result<Vec<u32>> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for id in fs::read_dir("/proc")?
        .flatten()
        .filter_map(|it| number(&it))
    {
        if let Some(parent) = parent(id) {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut members = vec![program];
    let mut next = 0;
    while let Some(member) = members.get(next) {
        let found = children.get(member).cloned().unwrap_or_default();
        members.extend(found);
        next += 1;
    }
    Ok(members)
}

/// The memory of each in KiB, by its name: what is shared with others counts by its part (PSS).
pub fn memory(program: u32) -> Result<BTreeMap<String, u64>> {
    let mut memory = BTreeMap::new();
    for member in members(program)? {
        let at = |file: &str| fs::read_to_string(format!("/proc/{member}/{file}"));
        let (Ok(name), Ok(text)) = (at("comm"), at("smaps_rollup")) else {
            continue;
        };
        *memory.entry(name.trim_end().to_owned()).or_default() += kib(&text, "Pss:")?;
    }
    Ok(memory)
}

/// The part of it, in KiB, that is in no file: how many others use the same libraries does not change it.
pub fn own_memory(program: u32) -> Result<u64> {
    let mut own = 0;
    for member in members(program)? {
        if let Ok(text) = fs::read_to_string(format!("/proc/{member}/smaps_rollup")) {
            own += kib(&text, "Pss_Anon:")? + kib(&text, "Pss_Shmem:")?;
        }
    }
    Ok(own)
}

fn kib(text: &str, name: &str) -> Result<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let word = line.and_then(|line| line.split_whitespace().next());
    Ok(word.with_context(|| format!("no {name}"))?.parse()?)
}

/// What they have done so far; threads that ended do not count.
pub fn done(program: u32) -> Result<Done> {
    let mut done = Done::default();
    for member in members(program)? {
        let Ok(tasks) = fs::read_dir(format!("/proc/{member}/task")) else {
            continue;
        };
        for task in tasks.flatten() {
            let at = |file: &str| fs::read_to_string(task.path().join(file)).unwrap_or_default();
            let status = at("status");
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            done.wake_ups += line.and_then(|it| it.trim().parse().ok()).unwrap_or(0);
            let spans = at("schedstat");
            let ran = spans.split_whitespace().next().unwrap_or_default();
            done.processor += Duration::from_nanos(ran.parse().unwrap_or(0));
        }
    }
    Ok(done)
}

impl Done {
    /// What came since.
    pub fn since(self, before: Self) -> Self {
        Self {
            wake_ups: self.wake_ups.saturating_sub(before.wake_ups),
            processor: self.processor.saturating_sub(before.processor),
        }
    }
}

fn number(entry: &fs::DirEntry) -> Option<u32> {
    entry.file_name().to_str()?.parse().ok()
}

fn parent(id: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let behind = stat.rsplit(')').next()?;
    behind.split_whitespace().nth(1)?.parse().ok()
}
