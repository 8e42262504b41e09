//! A list while it is being read: changes go in, by id and not by search; what is known stays until
//! something better is known, and what differs from the last whole list is counted.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::Change;
use crate::accounts::diff::{ListDiff, Tally};
use crate::accounts::{Account, AccountList, Roles};
use crate::portal::ListedAccount;

/// A reading that has not come to its end, as far as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// When it began.
    pub began_at: Timestamp,
    /// The accounts whose permission sets it has read.
    pub read: HashSet<String>,
    /// What it changed so far, against the last whole list.
    pub tally: Tally,
}

/// A list and the reading that makes it new.
#[derive(Debug)]
pub struct Growing {
    list: AccountList,
    places: HashMap<String, usize>,
    /// What the pages of this reading named so far.
    listed: HashSet<String>,
    reading: Unfinished,
    is_sorted: bool,
}

impl Unfinished {
    /// A reading that begins now.
    pub fn beginning(now: Timestamp) -> Unfinished {
        Unfinished {
            began_at: now,
            read: HashSet::new(),
            tally: Tally::default(),
        }
    }
}

impl Growing {
    /// Goes on from what is known, and from an earlier reading where there is one. What that could not
    /// read is read now.
    pub fn from(list: AccountList, mut reading: Unfinished) -> Growing {
        let places = places(&list);
        reading.read.retain(|id| {
            let account = places.get(id).map(|place| &list.accounts[*place]);
            account.is_some_and(|it| matches!(it.roles, Roles::Read(_)))
        });
        Growing {
            list,
            places,
            listed: HashSet::new(),
            reading,
            is_sorted: true,
        }
    }

    /// The list as it is now, in its order.
    pub fn list(&mut self) -> &AccountList {
        if !self.is_sorted {
            self.list.sort();
            self.places = places(&self.list);
            self.is_sorted = true;
        }
        let read = |account: &Account| matches!(account.roles, Roles::Read(_));
        self.list.complete = self.has_been_whole() && self.list.accounts.iter().all(read);
        &self.list
    }

    /// The reading as far as it came.
    pub fn reading(&self) -> &Unfinished {
        &self.reading
    }

    /// Accounts whose permission sets this reading has read, and all that are to be.
    pub fn progress(&self) -> (usize, usize) {
        (self.reading.read.len(), self.list.accounts.len())
    }

    /// Puts a change in.
    pub fn take(&mut self, change: Change) {
        match change {
            Change::Page(accounts) => accounts.into_iter().for_each(|it| self.take_listed(it)),
            Change::Listed => self.drop_unlisted(),
            Change::ListedAnew => self.listed.clear(),
            Change::Roles { account_id, roles } => self.take_roles(&account_id, roles),
        }
    }

    fn take_listed(&mut self, listed: ListedAccount) {
        self.listed.insert(listed.id.clone());
        let Some(known) = self.places.get(&listed.id) else {
            return self.add(listed);
        };
        let account = &mut self.list.accounts[*known];
        self.is_sorted &= account.name == listed.name;
        (account.name, account.email) = (listed.name, listed.email);
    }

    fn add(&mut self, listed: ListedAccount) {
        let account = Account {
            id: listed.id,
            name: listed.name,
            email: listed.email,
            roles: Roles::Unread,
        };
        if self.has_been_whole() {
            self.reading.tally.came(&account);
        }
        let place = self.list.accounts.len();
        self.places.insert(account.id.clone(), place);
        self.list.accounts.push(account);
        self.is_sorted = false;
    }

    fn drop_unlisted(&mut self) {
        let (listed, has_been_whole) = (&self.listed, self.has_been_whole());
        let (tally, read) = (&mut self.reading.tally, &mut self.reading.read);
        self.list.accounts.retain(|account| {
            let stays = listed.contains(&account.id);
            if !stays {
                read.remove(&account.id);
            }
            if !stays && has_been_whole {
                tally.went(account);
            }
            stays
        });
        self.places = places(&self.list);
    }

    fn take_roles(&mut self, id: &str, roles: Option<Vec<String>>) {
        let Some(place) = self.places.get(id).copied() else {
            return;
        };
        let has_been_whole = self.has_been_whole();
        let account = &mut self.list.accounts[place];
        self.reading.read.insert(id.to_owned());
        match roles {
            None => account.roles = Roles::Failed(account.roles.known().to_vec()),
            Some(roles) => {
                if has_been_whole {
                    self.reading.tally.compare(account, &roles);
                }
                account.roles = Roles::Read(roles);
            }
        }
    }

    /// Whether there is something to compare with.
    fn has_been_whole(&self) -> bool {
        self.list.updated_at.is_some()
    }

    /// The reading has come to its end now: what it changed.
    pub fn finish(&mut self, now: Timestamp) -> Option<ListDiff> {
        self.list.updated_at = Some(now);
        std::mem::take(&mut self.reading.tally).told(now)
    }

    /// Takes over what another process has read. What it has not read yet and is known here, stays.
    pub fn adopt(&mut self, list: AccountList, reading: Unfinished) {
        let other = std::mem::replace(self, Growing::from(list, reading));
        for account in &mut self.list.accounts {
            let known = other.account(&account.id).map(|it| &it.roles);
            if let (Roles::Unread, Some(Roles::Read(roles))) = (&account.roles, known) {
                account.roles = Roles::Read(roles.clone());
            }
        }
    }

    /// The account of this id.
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.places.get(id).map(|place| &self.list.accounts[*place])
    }

    /// The accounts in the order in which they are read: first what nobody knows.
    pub fn order(&mut self) -> Vec<String> {
        let accounts = self.list().accounts.iter();
        let is_known = |it: &&Account| !matches!(it.roles, Roles::Unread);
        let (known, unread): (Vec<_>, Vec<_>) = accounts.partition(is_known);
        let all = unread.into_iter().chain(known);
        all.map(|account| account.id.clone()).collect()
    }
}

fn places(list: &AccountList) -> HashMap<String, usize> {
    let accounts = list.accounts.iter().enumerate();
    accounts.map(|(place, it)| (it.id.clone(), place)).collect()
}
