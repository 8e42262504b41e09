//! What a change does to the file, line by line, for people to read before it happens.
//! Values that are secrets are not shown.

use std::collections::VecDeque;

use super::document::{Document, Line};
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

/// Compares a document with the file it was read from, by the origin of its lines.
pub(super) fn of_edit(old: &Document, new: &Document) -> Vec<DiffLine> {
    let old: Vec<&Line> = old.lines().collect();
    let new: Vec<&Line> = new.lines().collect();
    with_context(walk(&old, &new, |line| line.origin))
}

/// Compares two files: all between their equal beginnings and ends counts as replaced.
pub(super) fn of_files(old: &[u8], new: &[u8]) -> Vec<DiffLine> {
    let (old, new) = (Document::parse(old), Document::parse(new));
    let (old, new): (Vec<&Line>, Vec<&Line>) = (old.lines().collect(), new.lines().collect());
    let shorter = old.len().min(new.len());
    let equal = |pair: &(&&Line, &&Line)| pair.0.text == pair.1.text;
    let head = old.iter().zip(&new).take_while(equal).count();
    let backwards = old.iter().rev().zip(new.iter().rev());
    let tail = backwards.take(shorter - head).take_while(equal).count();
    let origin = |line: &Line| match line.origin {
        Some(number) if number <= head => Some(number),
        Some(number) if number > new.len() - tail => Some(number + old.len() - new.len()),
        _ => None,
    };
    with_context(walk(&old, &new, origin))
}

fn walk(old: &[&Line], new: &[&Line], origin: impl Fn(&Line) -> Option<usize>) -> Vec<DiffLine> {
    let mut diff = Vec::new();
    let mut added = Vec::new();
    let mut seen = 0;
    let removed = |from: usize, to: usize| {
        (from..to).map(|at| line(LineKind::Removed, Some(at + 1), None, old[at]))
    };
    for (index, new_line) in new.iter().enumerate() {
        let number = Some(index + 1);
        let Some(stays) = origin(new_line) else {
            added.push(line(LineKind::Added, None, number, new_line));
            continue;
        };
        diff.extend(removed(seen, stays - 1));
        diff.append(&mut added);
        diff.push(line(LineKind::Same, Some(stays), number, new_line));
        seen = stays;
    }
    diff.extend(removed(seen, old.len()));
    diff.append(&mut added);
    diff
}

fn line(kind: LineKind, old_line: Option<usize>, new_line: Option<usize>, line: &Line) -> DiffLine {
    DiffLine {
        kind,
        old_line,
        new_line,
        text: without_secret(&line.view()),
    }
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

fn with_context(diff: Vec<DiffLine>) -> Vec<DiffLine> {
    let mut shown = Vec::new();
    let mut before: VecDeque<DiffLine> = VecDeque::new();
    let mut after = 0;
    for line in diff {
        if line.kind != LineKind::Same {
            shown.extend(before.drain(..));
            shown.push(line);
            after = CONTEXT;
        } else if after > 0 {
            shown.push(line);
            after -= 1;
        } else {
            before.push_back(line);
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
