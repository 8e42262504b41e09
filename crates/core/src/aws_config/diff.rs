//! What a change does to the file, line by line, for people to read before it happens.
//! Values that are secrets are not shown.

use std::collections::VecDeque;

use super::document::{self, Document, Ending, Line};
use super::lines;

/// What happens to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// It stays; shown for its neighbours.
    Same,
    /// It is new.
    Added,
    /// It goes.
    Removed,
}

/// One line of a diff. Where the numbers of two neighbours leave a gap, equal lines are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// What happens to it.
    pub kind: LineKind,
    /// Its number in the old file, from 1.
    pub old_line: Option<usize>,
    /// Its number in the new file, from 1.
    pub new_line: Option<usize>,
    /// Without its ending; invalid bytes replaced, values of secret keys hidden.
    pub text: String,
}

/// How many equal lines are shown around a change.
const CONTEXT: usize = 3;

/// Compares a document with the bytes it was read from, by the origin of its lines.
pub(super) fn of_edit(old: &[u8], new: &Document<'_>) -> Vec<DiffLine> {
    let old: Vec<Line<'_>> = document::split(old, Ending::Lf).collect();
    let new: Vec<&Line<'_>> = new.lines().collect();
    told(&old.iter().collect::<Vec<_>>(), &new, |line| line.origin)
}

/// Compares two files: all between their equal beginnings and ends counts as replaced.
pub(super) fn of_files(old: &[u8], new: &[u8]) -> Vec<DiffLine> {
    let lines = |bytes| document::split(bytes, Ending::Lf).collect::<Vec<_>>();
    let (old, new) = (lines(old), lines(new));
    let (old, new): (Vec<_>, Vec<_>) = (old.iter().collect(), new.iter().collect());
    let shorter = old.len().min(new.len());
    let equal = |pair: &(&&Line<'_>, &&Line<'_>)| pair.0.text == pair.1.text;
    let head = old.iter().zip(&new).take_while(equal).count();
    let backwards = old.iter().rev().zip(new.iter().rev());
    let tail = backwards.take(shorter - head).take_while(equal).count();
    let origin = |line: &Line<'_>| match line.origin {
        Some(number) if number <= head => Some(number),
        Some(number) if number > new.len() - tail => Some(number + old.len() - new.len()),
        _ => None,
    };
    told(&old, &new, origin)
}

/// Where a line of the diff stands, counted from 0.
#[derive(Clone, Copy)]
enum Step {
    Same { old: usize, new: usize },
    Added(usize),
    Removed(usize),
}

/// Only the lines that are shown get a text.
fn told(
    old: &[&Line<'_>],
    new: &[&Line<'_>],
    origin: impl Fn(&Line<'_>) -> Option<usize>,
) -> Vec<DiffLine> {
    let steps = with_context(walk(old.len(), new, origin));
    let line = |kind, old: Option<usize>, new: Option<usize>, line: &Line<'_>| DiffLine {
        kind,
        old_line: old.map(|at| at + 1),
        new_line: new.map(|at| at + 1),
        text: without_secret(&line.view()),
    };
    let lines = steps.into_iter().map(|step| match step {
        Step::Same { old, new: at } => line(LineKind::Same, Some(old), Some(at), new[at]),
        Step::Added(at) => line(LineKind::Added, None, Some(at), new[at]),
        Step::Removed(at) => line(LineKind::Removed, Some(at), None, old[at]),
    });
    lines.collect()
}

fn walk(old: usize, new: &[&Line<'_>], origin: impl Fn(&Line<'_>) -> Option<usize>) -> Vec<Step> {
    let mut steps = Vec::with_capacity(new.len());
    let mut added = Vec::new();
    let mut seen = 0;
    for (index, line) in new.iter().enumerate() {
        let Some(stays) = origin(line) else {
            added.push(Step::Added(index));
            continue;
        };
        steps.extend((seen..stays - 1).map(Step::Removed));
        steps.append(&mut added);
        steps.push(Step::Same {
            old: stays - 1,
            new: index,
        });
        seen = stays;
    }
    steps.extend((seen..old).map(Step::Removed));
    steps.append(&mut added);
    steps
}

fn without_secret(text: &str) -> String {
    let secret = |key: &str| {
        let named = ["secret", "password"].iter().any(|word| key.contains(word));
        named || matches!(key, "aws_session_token" | "aws_security_token")
    };
    match (lines::option(text), text.find(['=', ':'])) {
        (Some((key, value)), Some(at)) if secret(&key) && !value.is_empty() => {
            format!("{} ****", &text[..=at])
        }
        _ => text.to_owned(),
    }
}

fn with_context(steps: Vec<Step>) -> Vec<Step> {
    let mut shown = Vec::new();
    let mut before: VecDeque<Step> = VecDeque::new();
    let mut after = 0;
    for step in steps {
        if !matches!(step, Step::Same { .. }) {
            shown.extend(before.drain(..));
            shown.push(step);
            after = CONTEXT;
        } else if after > 0 {
            shown.push(step);
            after -= 1;
        } else {
            before.push_back(step);
            if before.len() > CONTEXT {
                before.pop_front();
            }
        }
    }
    shown
}

/// The usual text form; empty if nothing changes.
pub(super) fn unified(diff: &[DiffLine], old: &str, new: &str) -> String {
    if diff.is_empty() {
        return String::new();
    }
    let hunks: String = hunks(diff).map(hunk).collect();
    format!("--- {old}\n+++ {new}\n{hunks}")
}

/// The stretches without a gap; a gap is always between two equal lines.
fn hunks(diff: &[DiffLine]) -> impl Iterator<Item = &[DiffLine]> {
    diff.chunk_by(|left, right| {
        let follows = right.old_line == left.old_line.map(|number| number + 1);
        follows || left.kind != LineKind::Same || right.kind != LineKind::Same
    })
}

fn hunk(lines: &[DiffLine]) -> String {
    let old = range(lines.iter().filter_map(|line| line.old_line));
    let new = range(lines.iter().filter_map(|line| line.new_line));
    let body = lines.iter().map(|line| {
        let sign = match line.kind {
            LineKind::Same => ' ',
            LineKind::Added => '+',
            LineKind::Removed => '-',
        };
        format!("{sign}{}\n", line.text)
    });
    format!("@@ -{old} +{new} @@\n{}", body.collect::<String>())
}

fn range(mut numbers: impl Iterator<Item = usize>) -> String {
    match numbers.next() {
        None => "0,0".to_owned(),
        Some(first) => format!("{first},{}", 1 + numbers.count()),
    }
}
