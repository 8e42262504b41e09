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

/// A diff while it is being counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// As of the diff: accounts, assignments; added, removed.
    pub counts: [usize; 4],
    /// As of the diff.
    pub samples: Vec<String>,
}

impl Tally {
    /// An account is new; its permission sets count when they are read.
    pub fn came(&mut self, account: &Account) {
        self.counts[0] += 1;
        self.name(account);
    }

    /// An account is no longer listed.
    pub fn went(&mut self, account: &Account) {
        self.counts[1] += 1;
        self.counts[3] += account.roles.known().len();
        self.name(account);
    }

    /// The permission sets of an account were read: these they are now.
    pub fn compare(&mut self, account: &Account, roles: &[String]) {
        let known = match &account.roles {
            // What nobody could read before is not new when it is read.
            Roles::Failed(known) if known.is_empty() => return,
            known => known.known(),
        };
        let added = roles.iter().filter(|it| !known.contains(it)).count();
        let removed = known.iter().filter(|it| !roles.contains(it)).count();
        self.counts[2] += added;
        self.counts[3] += removed;
        if added + removed > 0 {
            self.name(account);
        }
    }

    /// The diff of a reading that ended at `at`; `None` where nothing changed.
    pub fn told(self, at: Timestamp) -> Option<ListDiff> {
        let [
            accounts_added,
            accounts_removed,
            assignments_added,
            assignments_removed,
        ] = self.counts;
        (self.counts != [0; 4]).then_some(ListDiff {
            at,
            accounts_added,
            accounts_removed,
            assignments_added,
            assignments_removed,
            samples: self.samples,
        })
    }

    fn name(&mut self, account: &Account) {
        let name = account.name.as_ref().unwrap_or(&account.id);
        if self.samples.len() < SAMPLES && !self.samples.contains(name) {
            self.samples.push(name.clone());
        }
    }
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

    fn account(id: &str, roles: &[&str]) -> Account {
        Account {
            id: id.into(),
            name: Some(format!("name of {id}")),
            email: None,
            roles: Roles::Read(roles.iter().map(|it| (*it).to_owned()).collect()),
        }
    }

    #[test]
    fn access_that_came_and_went_is_told_by_assignment() {
        let list = |accounts: &[Account]| AccountList {
            accounts: accounts.to_vec(),
            ..AccountList::default()
        };
        let old = list(&[account("1", &["A", "B"]), account("2", &["A"])]);
        let new = list(&[account("1", &["B", "C"]), account("3", &["A"])]);
        let change = access("work", &old, &new);
        let pairs = |these: &[Assignment]| {
            let pairs = these
                .iter()
                .map(|it| format!("{}/{}", it.account_id, it.role));
            pairs.collect::<Vec<_>>()
        };
        assert_eq!(pairs(&change.added), ["1/C", "3/A"]);
        assert_eq!(pairs(&change.removed), ["1/A", "2/A"]);
        assert_eq!(change.added[0].session, "work");
        assert_eq!(access("work", &old, &old), AccessChange::default());
    }
}
