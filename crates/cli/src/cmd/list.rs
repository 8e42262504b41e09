//! `list`: accounts and permission sets, from the copy on disk or from the portal.

mod rows;

use std::sync::Arc;
use std::time::{Duration, Instant};

use daypass_core::accounts::diff::ListDiff;
use daypass_core::accounts::{AccountList, Roles};
use daypass_core::daypass::Reading;
use daypass_core::{Code, Error, Result};
use jiff::{SignedDuration, Timestamp};

use super::{Run, session};
use crate::args::List;
use crate::render::{ago, json, left as left_of};
use rows::{OPTIONAL, Rows};

/// How often a log is told how far a reading is.
const TOLD_EVERY: Duration = Duration::from_secs(10);

pub(super) async fn run(run: &Run, words: List) -> Result<u8> {
    let names = wanted(run, words.session.as_deref())?;
    if names.is_empty() {
        run.screen.say(session::NONE);
    }
    let failed = read(run, &names, words.refresh).await?;
    run.daypass.look_for_chains();
    let snapshot = run.daypass.snapshot();
    let found = Rows::find(run, &snapshot, &names, &words);
    let lists: Vec<_> = names
        .iter()
        .filter_map(|it| snapshot.lists.get(it))
        .collect();
    match (run.screen.is_json(), words.accounts) {
        (true, false) => {
            let assignments = found.assignments();
            document(run, &lists, json::Assignments { assignments })?;
        }
        (true, true) => {
            let found = found.of_accounts();
            let accounts = found.accounts();
            document(run, &lists, json::Accounts { accounts })?;
        }
        (false, _) => {
            let table = match words.accounts {
                true => found.of_accounts().account_table(),
                false => found.assignment_table(),
            };
            run.screen.table(&table.without_empty(OPTIONAL))?;
            tell_age(run, &lists);
        }
    }
    // Of several sessions, one that is signed out and was never listed is nobody's mistake.
    let asked = words.refresh || words.session.is_some();
    let failed = failed.filter(|error| asked || !error.code().needs_sign_in());
    Ok(failed.map_or(0, |error| error.code().exit_code()))
}

pub(super) fn wanted(run: &Run, session: Option<&str>) -> Result<Vec<String>> {
    match session {
        Some(name) => Ok(vec![run.daypass.only_session(Some(name))?]),
        None => {
            let snapshot = run.daypass.snapshot();
            Ok(snapshot.sessions.iter().map(|it| it.name.clone()).collect())
        }
    }
}

/// Reads what has to be read. Where nothing could be, and nothing is known, that is the answer; else the
/// first failure.
pub(super) async fn read(run: &Run, names: &[String], refresh: bool) -> Result<Option<Error>> {
    let snapshot = run.daypass.snapshot();
    let known = |name: &String| {
        snapshot
            .lists
            .get(name)
            .is_some_and(|it| it.updated_at.is_some())
    };
    let due: Vec<_> = names.iter().filter(|it| refresh || !known(it)).collect();
    let mut failures = Vec::new();
    for name in &due {
        if let Err(error) = follow(run, name).await {
            failures.push(error);
        }
    }
    let snapshot = run.daypass.snapshot();
    let has_rows = |name: &String| {
        snapshot
            .lists
            .get(name)
            .is_some_and(|it| !it.accounts.is_empty())
    };
    // A reading that was asked for is what it is about; one that was not leaves what is known.
    let nothing = failures.len() == names.len() && (refresh || !names.iter().any(has_rows));
    let mut failures = failures.into_iter();
    let first = failures.next();
    if nothing && let Some(error) = first {
        return Err(error);
    }
    first
        .iter()
        .chain(failures.as_slice())
        .for_each(|it| run.screen.warn(it));
    Ok(first)
}

/// Reads one list and shows how far it is.
async fn follow(run: &Run, name: &str) -> Result<()> {
    let (mut snapshots, mut told_at) = (run.daypass.snapshots(), Instant::now());
    let reading = run.daypass.read_accounts(name);
    tokio::pin!(reading);
    let ended = loop {
        tokio::select! {
            ended = &mut reading => break ended,
            Ok(()) = snapshots.changed() => {
                let snapshot = snapshots.borrow_and_update().clone();
                if let Some(Reading::Progress { done, total, left }) = snapshot.readings.get(name) {
                    run.screen.progress(&words_of(name, *done, *total, *left));
                    if told_at.elapsed() >= TOLD_EVERY {
                        told_at = Instant::now();
                        run.screen.milestone(&words_of(name, *done, *total, *left));
                    }
                }
            }
        }
    };
    run.screen.progress_ends();
    tell_outcome(run, name);
    ended
}

fn words_of(name: &str, done: usize, total: usize, left: Option<SignedDuration>) -> String {
    let far = format!("{name}: {done} of {total} accounts");
    match left {
        Some(left) if left.as_secs() < 60 => format!("{far}, {} s left", left.as_secs()),
        Some(rest) => format!("{far}, {} left", left_of(rest)),
        None => far,
    }
}

/// What a reading changed, and what of it is not kept.
fn tell_outcome(run: &Run, name: &str) {
    let snapshot = run.daypass.snapshot();
    if let Some(diff) = snapshot.diffs.get(name) {
        run.screen.say(&told(name, diff));
    }
    if let Some(unsaved) = snapshot.unsaved.get(name) {
        run.screen.warn(&unsaved.to_error());
    }
}

fn told(name: &str, diff: &ListDiff) -> String {
    let counts = [
        (diff.accounts_added, "account", "added"),
        (diff.accounts_removed, "account", "removed"),
        (diff.assignments_added, "assignment", "added"),
        (diff.assignments_removed, "assignment", "removed"),
    ];
    let counts = counts.iter().filter(|(count, _, _)| *count > 0);
    let counts = counts.map(|(count, what, how)| match count {
        1 => format!("1 {what} {how}"),
        _ => format!("{count} {what}s {how}"),
    });
    let counts: Vec<_> = counts.collect();
    let samples = diff.samples.join(", ");
    format!("{name}: {} ({samples})", counts.join(", "))
}

fn document<T: serde::Serialize>(run: &Run, lists: &[&Arc<AccountList>], rows: T) -> Result<()> {
    let complete = lists.iter().all(|list| list.complete);
    run.screen
        .document(&json::List::of(complete, updated_at(lists), rows))
}

/// The oldest: nothing that is shown is older.
fn updated_at(lists: &[&Arc<AccountList>]) -> Option<Timestamp> {
    let times: Option<Vec<_>> = lists.iter().map(|list| list.updated_at).collect();
    times?.into_iter().min()
}

/// What lacks: accounts that nobody has read, and those that the last reading failed for.
fn incomplete(lists: &[&Arc<AccountList>]) -> String {
    let accounts = || lists.iter().flat_map(|list| &list.accounts);
    let unread = accounts().filter(|it| it.roles == Roles::Unread).count();
    let failed: usize = lists.iter().map(|list| list.failed()).sum();
    let all = accounts().count();
    match (unread, failed) {
        (0, 0) => "the list is not complete".to_owned(),
        (0, failed) => format!(
            "the list is not complete: {failed} of {all} accounts could not be read; what was known of \
             them is shown"
        ),
        (unread, _) => format!(
            "the list is not complete: the permission sets of {unread} of {all} accounts are not read yet"
        ),
    }
}

fn tell_age(run: &Run, lists: &[&Arc<AccountList>]) {
    if lists.iter().any(|list| !list.complete) {
        let error = Error::new(Code::PortalDown, incomplete(lists));
        let hint = "read it again with `daypass list --refresh`";
        run.screen.warn(&error.with_hint(hint));
    } else if let Some(at) = updated_at(lists)
        && run.screen.can_ask()
    {
        let age = ago(at, run.host.clock.now());
        run.screen.say(&format!("Updated {age}."));
    }
}
