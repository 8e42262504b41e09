//! The slice of the accounts, packed: 15,000 rows go over as one small text, with everything that
//! repeats named once and counted from zero. The page unpacks it.

use std::collections::HashMap;
use std::hash::Hash;

use daypass_core::accounts::{self, Roles, order};
use daypass_core::daypass as core;
use daypass_core::{Code, Error};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Failure, Label, Look, Millis};

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RolesState {
    Unread,
    Read,
    Failed,
}

impl From<&Roles> for RolesState {
    fn from(roles: &Roles) -> RolesState {
        match roles {
            Roles::Unread => RolesState::Unread,
            Roles::Read(_) => RolesState::Read,
            Roles::Failed(_) => RolesState::Failed,
        }
    }
}

/// Session, id, name, alias, e-mail address, state, look; then permission set and look in turns.
#[derive(Serialize, TS)]
pub(crate) struct PackedAccount<'a>(
    usize,
    &'a str,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    RolesState,
    usize,
    Vec<usize>,
);

/// Account, permission set, place among the pins, time of the last use.
#[derive(Serialize, TS)]
pub(crate) struct PackedUse(usize, usize, Option<usize>, Option<Millis>);

/// All accounts in the order in which they are shown. Numbers stand for entries of the tables.
#[derive(Serialize, TS)]
pub(crate) struct Accounts<'a> {
    #[ts(type = "number")]
    revision: u64,
    labels: Vec<Label>,
    sessions: Vec<&'a str>,
    roles: Vec<&'a str>,
    looks: Vec<Look>,
    accounts: Vec<PackedAccount<'a>>,
    uses: Vec<PackedUse>,
}

impl<'a> Accounts<'a> {
    pub(crate) fn of(snapshot: &'a core::Snapshot) -> Accounts<'a> {
        let mut packer = Packer::default();
        let sessions = snapshot.sessions.iter().map(|it| it.name.as_str());
        for (session, account) in order::all(&snapshot.lists, sessions, |_, _| None) {
            packer.add(snapshot, session, account);
        }
        Accounts {
            revision: snapshot.accounts_revision,
            labels: Vec::new(),
            sessions: packer.sessions.entries,
            roles: packer.roles.entries,
            looks: packer.looks.entries,
            accounts: packer.accounts,
            uses: packer.uses,
        }
    }

    /// As the page gets it.
    pub(crate) fn to_json(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|error| {
            let what = "the accounts could not be handed to the panel";
            Error::new(Code::Internal, what).because(error).into()
        })
    }
}

#[derive(Default)]
struct Packer<'a> {
    sessions: Table<&'a str>,
    roles: Table<&'a str>,
    looks: Table<Look>,
    accounts: Vec<PackedAccount<'a>>,
    uses: Vec<PackedUse>,
}

impl<'a> Packer<'a> {
    fn add(&mut self, snapshot: &core::Snapshot, session: &'a str, account: &'a accounts::Account) {
        let number = self.accounts.len();
        let mut roles = Vec::with_capacity(account.roles.known().len() * 2);
        for role in account.roles.known() {
            let name = self.roles.number(role.as_str());
            roles.extend([name, self.looks.number(Look::default())]);
            let mark = snapshot.marks.of(&accounts::Assignment {
                session: session.to_owned(),
                account_id: account.id.clone(),
                role: role.clone(),
            });
            let used = mark.last_used_at.map(Millis::from);
            if mark.pinned || used.is_some() {
                let pin = mark.pinned.then_some(0);
                self.uses.push(PackedUse(number, name, pin, used));
            }
        }
        self.accounts.push(PackedAccount(
            self.sessions.number(session),
            &account.id,
            account.name.as_deref(),
            None,
            account.email.as_deref(),
            RolesState::from(&account.roles),
            self.looks.number(Look::default()),
            roles,
        ));
    }
}

/// Values that are named once, by the order of their first appearance.
struct Table<T> {
    entries: Vec<T>,
    numbers: HashMap<T, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        let (entries, numbers) = (Vec::new(), HashMap::new());
        Table { entries, numbers }
    }
}

impl<T: Clone + Eq + Hash> Table<T> {
    fn number(&mut self, value: T) -> usize {
        if let Some(number) = self.numbers.get(&value) {
            return *number;
        }
        let number = self.entries.len();
        self.entries.push(value.clone());
        self.numbers.insert(value, number);
        number
    }
}

#[derive(Clone, Deserialize, Serialize, TS)]
pub(crate) struct Assignment {
    session: String,
    account_id: String,
    role: String,
}

impl From<&accounts::Assignment> for Assignment {
    fn from(it: &accounts::Assignment) -> Assignment {
        let accounts::Assignment {
            session,
            account_id,
            role,
        } = it.clone();
        Assignment {
            session,
            account_id,
            role,
        }
    }
}

impl From<Assignment> for accounts::Assignment {
    fn from(it: Assignment) -> accounts::Assignment {
        accounts::Assignment {
            session: it.session,
            account_id: it.account_id,
            role: it.role,
        }
    }
}
