//! The rows of `list`, as documents and as tables.

use std::collections::{HashMap, HashSet};

use daypass_core::accounts::Account;
use daypass_core::accounts::chains::name_of;
use daypass_core::accounts::labels::Look;
use daypass_core::accounts::rank::Search;
use daypass_core::daypass::Snapshot;

use crate::args::List;
use crate::cmd::Run;
use crate::render::{Cell, Table, Tone, json, labelled};

/// Columns that stand there only where some row has something in them.
pub(super) const OPTIONAL: &[&str] = &["ALIAS", "LABEL"];

/// What is listed.
pub(super) struct Rows<'a> {
    snapshot: &'a Snapshot,
    rows: Vec<Row<'a>>,
    /// Whether there is more than one session to tell apart.
    several: bool,
}

struct Row<'a> {
    session: &'a str,
    account: &'a Account,
    role: Option<&'a str>,
    look: Look,
}

impl<'a> Rows<'a> {
    /// In the order of the lists, or best first where words are given.
    pub(super) fn find(run: &Run, snapshot: &'a Snapshot, names: &[String], words: &List) -> Self {
        let query = words.words.join(" ");
        let rows = match query.trim().is_empty() {
            true => listed(snapshot, names, words.all),
            false => {
                let search = Search {
                    query: &query,
                    limit: usize::MAX,
                    with_hidden: words.all,
                    sessions: Some(names),
                };
                searched(run, snapshot, &search)
            }
        };
        Rows {
            snapshot,
            rows,
            several: names.len() > 1,
        }
    }

    pub(super) fn assignments(&self) -> Vec<json::AssignmentOf<'_>> {
        let assignments = self.rows.iter().filter_map(|row| {
            let role = row.role?;
            let assignment = json::assignment(row.session, row.account, role);
            let mark = self.snapshot.marks.of(&assignment);
            Some(json::AssignmentOf::of(
                row.session,
                row.account,
                role,
                &row.look,
                mark,
            ))
        });
        assignments.collect()
    }

    pub(super) fn accounts(&self) -> Vec<json::AccountOf<'_>> {
        let accounts = self.rows.iter();
        accounts
            .map(|row| json::AccountOf::of(row.session, row.account, &row.look))
            .collect()
    }

    pub(super) fn assignment_table(&self) -> Table {
        let columns = [
            "ACCOUNT ID",
            "ACCOUNT~",
            "ALIAS~",
            "ROLE~",
            "LABEL~~",
            "SESSION~~",
        ];
        self.table(&columns, |row| {
            vec![
                Cell::new(&row.account.id),
                Cell::new(row.account.name.as_deref().unwrap_or_default()),
                Cell::new(row.look.alias.as_deref().unwrap_or_default()),
                Cell::new(&row.role.map_or_else(|| "-".to_owned(), role)),
                labelled(row.look.label.as_deref(), row.look.protected),
            ]
        })
    }

    pub(super) fn account_table(&self) -> Table {
        let columns = [
            "ACCOUNT ID",
            "ACCOUNT~",
            "ALIAS~",
            "E-MAIL~",
            "LABEL~~",
            "ROLES",
            "SESSION~~",
        ];
        self.table(&columns, |row| {
            vec![
                Cell::new(&row.account.id),
                Cell::new(row.account.name.as_deref().unwrap_or_default()),
                Cell::new(row.look.alias.as_deref().unwrap_or_default()),
                Cell::new(row.account.email.as_deref().unwrap_or_default()),
                labelled(row.look.label.as_deref(), row.look.protected),
                Cell::new(&row.account.roles.known().len().to_string()),
            ]
        })
    }

    /// The last column, the session, stands there where there are several.
    fn table(&self, columns: &[&'static str], cells: impl Fn(&Row<'_>) -> Vec<Cell>) -> Table {
        let columns = match self.several {
            true => columns,
            false => &columns[..columns.len() - 1],
        };
        let mut table = Table::new(columns);
        for row in &self.rows {
            let mut cells = cells(row);
            cells.extend(self.several.then(|| Cell::toned(row.session, Tone::Aside)));
            table.row(cells);
        }
        table
    }

    /// One row for each account, in the order in which they first appear, with the account's look.
    pub(super) fn of_accounts(self) -> Rows<'a> {
        let mut seen = HashSet::new();
        let mut rows = self.rows;
        rows.retain(|row| seen.insert((row.session, row.account.id.as_str())));
        for row in &mut rows {
            row.look = self.snapshot.looks.of_account(row.session, row.account);
        }
        Rows { rows, ..self }
    }
}

/// A chained role is told from the permission sets beside it.
fn role(role: &str) -> String {
    match name_of(role) {
        Some(name) => format!("{name} (chained)"),
        None => role.to_owned(),
    }
}

fn listed<'a>(snapshot: &'a Snapshot, names: &[String], all: bool) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for (session, list) in names
        .iter()
        .filter_map(|it| snapshot.lists.get_key_value(it))
    {
        for account in &list.accounts {
            let looks = snapshot.looks.at(session, account);
            let roles = account.roles.known().iter().map(|role| Some(role.as_str()));
            let unread = account.roles.known().is_empty().then_some(None);
            for role in roles.chain(unread) {
                let look = role.map_or_else(|| looks.account(), |it| looks.role(it));
                if all || !look.hidden {
                    rows.push(Row {
                        session,
                        account,
                        role,
                        look,
                    });
                }
            }
        }
    }
    rows
}

fn searched<'a>(run: &Run, snapshot: &'a Snapshot, search: &Search<'_>) -> Vec<Row<'a>> {
    let lists = snapshot.lists.iter().flat_map(|(session, list)| {
        let accounts = list.accounts.iter();
        accounts.map(move |it| ((session.as_str(), it.id.as_str()), (session.as_str(), it)))
    });
    let accounts: HashMap<(&str, &str), (&'a str, &'a Account)> = lists.collect();
    run.daypass.find(search, |found| {
        let rows = found.hits.iter().filter_map(|hit| {
            let (session, account) = *accounts.get(&(hit.session, hit.account.id.as_str()))?;
            let known = || account.roles.known().iter().map(String::as_str);
            let role = hit.role.map(|role| known().find(|it| *it == role));
            let role = role.map_or(Some(None), |found| found.map(Some))?;
            let looks = snapshot.looks.at(session, account);
            let look = role.map_or_else(|| looks.account(), |it| looks.role(it));
            Some(Row {
                session,
                account,
                role,
                look,
            })
        });
        rows.collect()
    })
}
