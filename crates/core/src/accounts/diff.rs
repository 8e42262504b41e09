//! What a reading of a list changed against the one before.

use jiff::Timestamp;

use super::{Account, AccountList, Assignment, Roles};

/// How many names a diff brings.
const SAMPLES: usize = 3;

/// What the last whole reading of a session changed against the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListDiff {
    /// When that reading ended.
    pub at: Timestamp,
    /// Accounts that are new.
    pub accounts_added: usize,
    /// Accounts that are no longer listed.
    pub accounts_removed: usize,
    /// Pairs of account and permission set that are new, those of new accounts included.
    pub assignments_added: usize,
    /// Pairs that are gone, those of accounts that are gone included.
    pub assignments_removed: usize,
    /// Names of accounts in which something changed, at most three.
    pub samples: Vec<String>,
}

/// What asking the portal on demand brought to light.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessChange {
    /// Assignments that were not known before.
    pub added: Vec<Assignment>,
    /// Assignments that are gone.
    pub removed: Vec<Assignment>,
}

/// What tells a list from an earlier one; `None` where nothing does, or nothing was known whole before.
pub fn between(old: &AccountList, new: &AccountList, at: Timestamp) -> Option<ListDiff> {
    old.updated_at?;
    let (before, after) = (by_id(old), by_id(new));
    let mut diff = ListDiff {
        at,
        accounts_added: 0,
        accounts_removed: 0,
        assignments_added: 0,
        assignments_removed: 0,
        samples: Vec::new(),
    };
    for account in &new.accounts {
        diff.take(before.get(account.id.as_str()).copied(), Some(account));
    }
    let gone = |it: &&Account| !after.contains_key(it.id.as_str());
    for account in old.accounts.iter().filter(gone) {
        diff.take(Some(account), None);
    }
    (!diff.is_empty()).then_some(diff)
}

/// The assignments of a session that only one of two lists has.
pub fn access(session: &str, old: &AccountList, new: &AccountList) -> AccessChange {
    let (before, after) = (by_id(old), by_id(new));
    let mut all = AccessChange::default();
    let mut take = |old: Option<&Account>, new: Option<&Account>| {
        let change = of_account(session, old, new);
        all.added.extend(change.added);
        all.removed.extend(change.removed);
    };
    for account in &new.accounts {
        take(before.get(account.id.as_str()).copied(), Some(account));
    }
    let gone = |it: &&Account| !after.contains_key(it.id.as_str());
    for account in old.accounts.iter().filter(gone) {
        take(Some(account), None);
    }
    all
}

/// The assignments of a session that only one of two states of an account has: first those of `new`.
pub fn of_account(session: &str, old: Option<&Account>, new: Option<&Account>) -> AccessChange {
    let (before, after) = (known(old), known(new));
    let Some(id) = new.or(old).map(|account| &account.id) else {
        return AccessChange::default();
    };
    let only = |these: &[String], those: &[String]| {
        let only = these.iter().filter(|role| !those.contains(role));
        let assignment = |role: &String| Assignment {
            session: session.to_owned(),
            account_id: id.clone(),
            role: role.clone(),
        };
        only.map(assignment).collect()
    };
    AccessChange {
        added: only(after, before),
        removed: only(before, after),
    }
}

impl ListDiff {
    fn is_empty(&self) -> bool {
        let counts = [
            self.accounts_added,
            self.accounts_removed,
            self.assignments_added,
            self.assignments_removed,
        ];
        counts == [0; 4]
    }

    fn take(&mut self, old: Option<&Account>, new: Option<&Account>) {
        let change = match (old.map(|it| &it.roles), new.map(|it| &it.roles)) {
            // What nobody could read before is not new when it is read.
            (Some(Roles::Unread), Some(_)) => AccessChange::default(),
            (Some(Roles::Failed(roles)), Some(_)) if roles.is_empty() => AccessChange::default(),
            (_, Some(Roles::Unread | Roles::Failed(_))) => AccessChange::default(),
            _ => of_account("", old, new),
        };
        self.accounts_added += usize::from(old.is_none());
        self.accounts_removed += usize::from(new.is_none());
        self.assignments_added += change.added.len();
        self.assignments_removed += change.removed.len();
        let changed = old.is_none() || new.is_none() || change != AccessChange::default();
        if let Some(account) = new.or(old)
            && changed
            && self.samples.len() < SAMPLES
        {
            let name = account.name.as_ref().unwrap_or(&account.id);
            self.samples.push(name.clone());
        }
    }
}

fn known(account: Option<&Account>) -> &[String] {
    account.map_or(&[], |account| account.roles.known())
}

fn by_id(list: &AccountList) -> std::collections::HashMap<&str, &Account> {
    let accounts = list.accounts.iter();
    accounts.map(|it| (it.id.as_str(), it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str, roles: Roles) -> Account {
        Account {
            id: id.into(),
            name: Some(format!("name of {id}")),
            email: None,
            roles,
        }
    }

    fn read(roles: &[&str]) -> Roles {
        Roles::Read(roles.iter().map(|it| (*it).to_owned()).collect())
    }

    fn list(accounts: Vec<Account>) -> AccountList {
        AccountList {
            accounts,
            updated_at: Some(Timestamp::UNIX_EPOCH),
            complete: true,
        }
    }

    #[test]
    fn what_came_and_went_is_counted_and_named() {
        let old = list(vec![
            account("1", read(&["A", "B"])),
            account("2", read(&["A"])),
            account("3", read(&["A"])),
            account("4", Roles::Failed(vec![])),
            account("5", read(&["A"])),
        ]);
        let new = list(vec![
            account("1", read(&["B", "C"])),
            account("3", read(&["A"])),
            account("4", read(&["A"])),
            account("5", Roles::Failed(vec!["A".into()])),
            account("6", read(&["A", "B"])),
        ]);
        let at = Timestamp::UNIX_EPOCH;
        let diff = between(&old, &new, at).unwrap();
        let samples = ["1", "6", "2"].map(|id| format!("name of {id}"));
        let expected = ListDiff {
            at,
            accounts_added: 1,
            accounts_removed: 1,
            assignments_added: 3,
            assignments_removed: 2,
            samples: samples.to_vec(),
        };
        assert_eq!(diff, expected);
        assert_eq!(between(&old, &old, at), None);
        assert_eq!(between(&AccountList::default(), &new, at), None, "a first");
    }
}
