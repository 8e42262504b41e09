//! The slice of the accounts, packed: 15,000 rows go over as one small text, with everything that
//! repeats named once and counted from zero. The page unpacks it.

use std::collections::HashMap;
use std::hash::Hash;

use daypass_core::accounts::marks::Mark;
use daypass_core::accounts::{self, Roles, order};
use daypass_core::daypass as core;
use daypass_core::{Code, Error};
use serde::Serialize;
use ts_rs::TS;

use super::{Assignment, ChainedRole, Failure, Label, Look, Millis};

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
    Option<String>,
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
    chains: Vec<ChainedRole>,
    /// Pins of what the user may not do any more, as far as the lists are known.
    lost_pins: Vec<Assignment>,
}

impl<'a> Accounts<'a> {
    pub(crate) fn of(snapshot: &'a core::Snapshot) -> Accounts<'a> {
        let mut packer = Packer::of(snapshot);
        let sessions = snapshot.sessions.iter().map(|it| it.name.as_str());
        let alias = |session: &str, id: &str| snapshot.marks.alias(session, id);
        for (session, account) in order::all(&snapshot.lists, sessions, alias) {
            packer.add(session, account);
        }
        let labels = snapshot.looks.labels().iter();
        Accounts {
            revision: snapshot.accounts_revision,
            labels: labels.map(|it| Label::from(it.as_ref())).collect(),
            sessions: packer.sessions.entries,
            roles: packer.roles.entries,
            looks: packer.looks.entries,
            accounts: packer.accounts,
            uses: packer.uses,
            chains: snapshot
                .chained
                .iter()
                .map(|it| ChainedRole::of(it, snapshot))
                .collect(),
            lost_pins: lost_pins(snapshot),
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

fn lost_pins(snapshot: &core::Snapshot) -> Vec<Assignment> {
    let lost = |pin: &&accounts::Assignment| {
        snapshot.lists.get(&pin.session).is_some_and(|list| {
            match list.account(&pin.account_id).map(|it| &it.roles) {
                Some(Roles::Read(roles)) => !roles.contains(&pin.role),
                Some(Roles::Unread | Roles::Failed(_)) => false,
                None => list.complete,
            }
        })
    };
    let pins = snapshot.marks.pinned().filter(lost);
    pins.map(Assignment::from).collect()
}

struct Packer<'a> {
    snapshot: &'a core::Snapshot,
    /// Few rows are marked: they are found by their account.
    marks: HashMap<(&'a str, &'a str), Vec<(&'a str, &'a Mark)>>,
    sessions: Table<&'a str>,
    roles: Table<&'a str>,
    looks: Table<Look>,
    accounts: Vec<PackedAccount<'a>>,
    uses: Vec<PackedUse>,
}

impl<'a> Packer<'a> {
    fn of(snapshot: &'a core::Snapshot) -> Packer<'a> {
        let mut marks: HashMap<_, Vec<_>> = HashMap::new();
        for (it, mark) in snapshot.marks.marked() {
            let account = (it.session.as_str(), it.account_id.as_str());
            marks.entry(account).or_default().push((&*it.role, mark));
        }
        Packer {
            snapshot,
            marks,
            sessions: Table::default(),
            roles: Table::default(),
            looks: Table::default(),
            accounts: Vec::new(),
            uses: Vec::new(),
        }
    }

    fn add(&mut self, session: &'a str, account: &'a accounts::Account) {
        let known = account.roles.known();
        let looks = self.snapshot.looks.at(session, account);
        let mut roles = Vec::with_capacity(known.len() * 2);
        for role in known {
            let number = self.roles.number(role.as_str());
            roles.extend([number, self.looks.number(looks.role(role).into())]);
        }
        self.add_uses(session, account);
        let look = looks.account();
        self.accounts.push(PackedAccount(
            self.sessions.number(session),
            &account.id,
            account.name.as_deref(),
            look.alias.clone(),
            account.email.as_deref(),
            RolesState::from(&account.roles),
            self.looks.number(look.into()),
            roles,
        ));
    }

    fn add_uses(&mut self, session: &'a str, account: &'a accounts::Account) {
        let marks = self.marks.get(&(session, account.id.as_str()));
        let known = |(role, _): &&(&str, &Mark)| account.roles.known().iter().any(|it| it == role);
        for (role, mark) in marks.into_iter().flatten().filter(known) {
            let pin = mark.pinned.then_some(mark.order);
            let used = mark.last_used_at.map(Millis::from);
            let role = self.roles.number(role);
            self.uses
                .push(PackedUse(self.accounts.len(), role, pin, used));
        }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use daypass_core::accounts::labels::{Looks, Rule, Subject};
    use daypass_core::accounts::marks::{Choice, Marks};
    use daypass_core::daypass::SessionStatus;

    use super::*;

    fn account(id: &str, name: Option<&str>, roles: Roles) -> accounts::Account {
        accounts::Account {
            id: id.into(),
            name: name.map(Into::into),
            email: None,
            roles,
        }
    }

    fn marks() -> Marks {
        let (session, account_id) = ("work".to_owned(), "000000000417".to_owned());
        let role = "ReadOnly".to_owned();
        let mut marks = Marks::default();
        marks.pin(
            &accounts::Assignment {
                session: session.clone(),
                account_id: account_id.clone(),
                role,
            },
            true,
        );
        let mine = Choice {
            alias: Some("Zebra".into()),
            ..Choice::default()
        };
        marks.choose(
            &Subject::Account {
                session,
                account_id,
            },
            mine,
        );
        marks
    }

    #[test]
    fn what_repeats_is_named_once() {
        let read = |roles: &[&str]| Roles::Read(roles.iter().map(|it| (*it).into()).collect());
        let list = accounts::AccountList {
            accounts: vec![
                account("000000000417", Some("prod"), read(&["Admin", "ReadOnly"])),
                account("481920037715", Some("quay"), read(&["ReadOnly"])),
                account("660271945538", None, Roles::Unread),
            ],
            ..Default::default()
        };
        let rule = Rule {
            account: Some("prod".into()),
            role: Some("A*".into()),
            label: Some("prod".into()),
            ..Rule::default()
        };
        let marks = Arc::new(marks());
        let session = SessionStatus {
            name: "work".into(),
            ..SessionStatus::default()
        };
        let snapshot = core::Snapshot {
            sessions: vec![session],
            accounts_revision: 7,
            lists: [("work".to_owned(), Arc::new(list))].into(),
            looks: Looks::new(&[], &[rule], marks.clone()).into(),
            marks,
            ..core::Snapshot::default()
        };
        let packed = serde_json::to_value(Accounts::of(&snapshot)).unwrap();
        let labels = packed["labels"].as_array().unwrap().len();
        let expected = serde_json::json!({
            "revision": 7,
            "labels": packed["labels"],
            "sessions": ["work"],
            "roles": ["ReadOnly", "Admin"],
            "looks": [
                { "label": null, "protected": false, "hidden": false },
                { "label": "prod", "protected": true, "hidden": false },
            ],
            "accounts": [
                [0, "481920037715", "quay", null, null, "read", 0, [0, 0]],
                [0, "000000000417", "prod", "Zebra", null, "read", 0, [1, 1, 0, 0]],
                [0, "660271945538", null, null, null, "unread", 0, []],
            ],
            "uses": [[1, 0, 0, null]],
            "chains": [],
            "lost_pins": [],
        });
        assert_eq!((packed, labels), (expected, 4));
    }

    #[test]
    fn a_pin_is_lost_once_it_is_known_to_be_gone() {
        let lost = |role: &str, id: &str, roles: Roles, complete: bool| {
            let list = accounts::AccountList {
                accounts: vec![account("000000000417", None, roles)],
                complete,
                ..Default::default()
            };
            let mut marks = Marks::default();
            let pin = accounts::Assignment {
                session: "work".into(),
                account_id: id.into(),
                role: role.into(),
            };
            marks.pin(&pin, true);
            let snapshot = core::Snapshot {
                lists: [("work".to_owned(), Arc::new(list))].into(),
                marks: Arc::new(marks),
                ..core::Snapshot::default()
            };
            !lost_pins(&snapshot).is_empty()
        };
        let read = || Roles::Read(vec!["ReadOnly".into()]);
        assert!(!lost("ReadOnly", "000000000417", read(), true));
        assert!(lost("Admin", "000000000417", read(), false));
        assert!(!lost("Admin", "000000000417", Roles::Unread, false));
        assert!(lost("Admin", "481920037715", read(), true));
        assert!(!lost("Admin", "481920037715", read(), false));
    }
}
