//! What a running process has in its memory, read past it as somebody with a debugger would.

use crate::canary::Canaries;
use crate::{Context, Result};
use std::fs::{self, File};
use std::os::unix::fs::FileExt;

/// Read at once; the next piece begins a little before the end of this one.
const PIECE: usize = 4 << 20;
/// No secret is longer.
const OVERLAP: usize = 64 << 10;

/// Those secrets that the process holds somewhere it can write to.
pub fn held(id: u32, canaries: &Canaries) -> Result<Canaries> {
    let memory = File::open(format!("/proc/{id}/mem")).context("opening the memory")?;
    let maps = fs::read_to_string(format!("/proc/{id}/maps"))?;
    let mut found = Canaries::default();
    for (start, end) in maps.lines().filter_map(writable) {
        let mut at = start;
        while at < end {
            let mut piece = vec![0; PIECE.min(usize::try_from(end - at)?)];
            // What is mapped and cannot be read (a guard page, a device) holds nothing of ours.
            let Ok(read) = memory.read_at(&mut piece, at) else {
                break;
            };
            found.learn_all(&canaries.among(&piece[..read]));
            if read <= OVERLAP {
                break;
            }
            at += u64::try_from(read - OVERLAP)?;
        }
    }
    Ok(found)
}

/// A line such as `7f00-7f10 rw-p …`, as its two ends.
fn writable(line: &str) -> Option<(u64, u64)> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let of = |text: &str| u64::from_str_radix(text, 16).ok();
    rest.starts_with("rw").then_some((of(start)?, of(end)?))
}
