//! `list`: accounts and permission sets, from the copy on disk or from the portal.

use std::sync::Arc;
use std::time::{Duration, Instant};

use daypass_core::accounts::diff::ListDiff;
use daypass_core::accounts::rank::Search;
use daypass_core::accounts::{AccountList, Roles};
use daypass_core::daypass::{Reading, Snapshot};
use daypass_core::{Code, Error, Result};
use jiff::{SignedDuration, Timestamp};

use super::{Run, session};
use crate::args::List;
use crate::render::{Cell, Table, Tone, ago, json, left as left_of};

/// How often a log is told how far a reading is.
const TOLD_EVERY: Duration = Duration::from_secs(10);

pub(super) async fn run(run: &Run, words: List) -> Result<u8> {
    let names = wanted(run, words.session.as_deref())?;
    if names.is_empty() {
        run.screen.say(session::NONE);
    }
    let failed = read(run, &names, words.refresh).await?;
    let snapshot = run.daypass.snapshot();
    let found = find(run, &names, &words.words.join(" "));
    let lists: Vec<_> = names
        .iter()
        .filter_map(|it| snapshot.lists.get(it))
        .collect();
    match (run.screen.is_json(), words.accounts) {
        (true, false) => {
            let rows = found.iter().filter_map(|row| row.as_json(&snapshot));
            let assignments = rows.collect();
            document(run, &lists, json::Assignments { assignments })?;
        }
        (true, true) => {
            let rows = accounts(&found).into_iter();
            let rows = rows.filter_map(|row| row.as_account(&snapshot));
            let accounts = rows.collect();
            document(run, &lists, json::Accounts { accounts })?;
        }
        (false, _) => {
            let several = names.len() > 1;
            let table = match words.accounts {
                true => account_table(&snapshot, &accounts(&found), several),
                false => assignment_table(&snapshot, &found, several),
            };
            run.screen.table(&table)?;
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

/// Reads what has to be read. Where nothing could be, that is the answer; else the first failure.
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
    let nothing = failures.len() == names.len();
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

/// A row by place in the lists: the names in it stay where they are.
struct Row {
    session: String,
    account_id: String,
    role: Option<String>,
}

/// In the order of the lists, or best first where words are given.
fn find(run: &Run, names: &[String], query: &str) -> Vec<Row> {
    let row = |session: &str, account_id: &str, role: Option<&str>| Row {
        session: session.to_owned(),
        account_id: account_id.to_owned(),
        role: role.map(str::to_owned),
    };
    if !query.trim().is_empty() {
        let search = Search {
            limit: usize::MAX,
            sessions: Some(names),
            ..Search::of(query)
        };
        return run.daypass.find(&search, |found| {
            let hits = found.hits.iter();
            hits.map(|hit| row(hit.session, &hit.account.id, hit.role))
                .collect()
        });
    }
    let snapshot = run.daypass.snapshot();
    let mut rows = Vec::new();
    for name in names {
        for account in snapshot
            .lists
            .get(name)
            .into_iter()
            .flat_map(|it| &it.accounts)
        {
            let roles = account.roles.known();
            rows.extend(roles.iter().map(|role| row(name, &account.id, Some(role))));
            if roles.is_empty() {
                rows.push(row(name, &account.id, None));
            }
        }
    }
    rows
}

/// One row for each account, in the order in which they first appear.
fn accounts(rows: &[Row]) -> Vec<&Row> {
    let mut seen = std::collections::HashSet::new();
    let new = |row: &&Row| seen.insert((row.session.clone(), row.account_id.clone()));
    rows.iter().filter(new).collect()
}

impl Row {
    fn account<'a>(
        &self,
        snapshot: &'a Snapshot,
    ) -> Option<(&'a str, &'a daypass_core::accounts::Account)> {
        let (session, list) = snapshot.lists.get_key_value(&self.session)?;
        Some((session, list.account(&self.account_id)?))
    }

    fn as_json<'a>(&'a self, snapshot: &'a Snapshot) -> Option<json::AssignmentOf<'a>> {
        let (session, account) = self.account(snapshot)?;
        let role = self.role.as_deref()?;
        let mark = snapshot.marks.of(&json::assignment(session, account, role));
        Some(json::AssignmentOf::of(session, account, role, mark))
    }

    fn as_account<'a>(&self, snapshot: &'a Snapshot) -> Option<json::AccountOf<'a>> {
        let (session, account) = self.account(snapshot)?;
        Some(json::AccountOf::of(session, account))
    }
}

fn assignment_table(snapshot: &Snapshot, rows: &[Row], several: bool) -> Table {
    let mut table = match several {
        true => Table::new(&["ACCOUNT ID", "ACCOUNT~", "ROLE~", "SESSION"]),
        false => Table::new(&["ACCOUNT ID", "ACCOUNT~", "ROLE~"]),
    };
    for row in rows {
        let Some((session, account)) = row.account(snapshot) else {
            continue;
        };
        let mut cells = vec![
            Cell::new(&account.id),
            Cell::new(account.name.as_deref().unwrap_or_default()),
            Cell::new(row.role.as_deref().unwrap_or("-")),
        ];
        if several {
            cells.push(Cell::toned(session, Tone::Aside));
        }
        table.row(cells);
    }
    table
}

fn account_table(snapshot: &Snapshot, rows: &[&Row], several: bool) -> Table {
    let mut table = match several {
        true => Table::new(&["ACCOUNT ID", "ACCOUNT~", "E-MAIL~", "ROLES", "SESSION"]),
        false => Table::new(&["ACCOUNT ID", "ACCOUNT~", "E-MAIL~", "ROLES"]),
    };
    for row in rows {
        let Some((session, account)) = row.account(snapshot) else {
            continue;
        };
        let mut cells = vec![
            Cell::new(&account.id),
            Cell::new(account.name.as_deref().unwrap_or_default()),
            Cell::new(account.email.as_deref().unwrap_or_default()),
            Cell::new(&account.roles.known().len().to_string()),
        ];
        if several {
            cells.push(Cell::toned(session, Tone::Aside));
        }
        table.row(cells);
    }
    table
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
