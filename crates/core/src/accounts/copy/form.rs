//! The form of the copy, version 2: names of permission sets stand once, and accounts are short rows.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Copy, form_1};
use crate::accounts::diff::Tally;
use crate::accounts::listing::Unfinished;
use crate::accounts::{Account, AccountList, Roles};

const VERSION: u32 = 2;

/// What the last reading of an account failed with is forgotten, that it failed is not.
const FAILED: u8 = 1;
/// The reading that is under way has read it.
const DONE: u8 = 2;

/// Enough of any version to tell which it is.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Deserialize, Serialize)]
struct File<'a> {
    version: u32,
    /// The portal that it is of: a session of the same name at another portal does not get it.
    #[serde(borrow)]
    start_url: Cow<'a, str>,
    updated_at: Option<Timestamp>,
    complete: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unfinished: Option<Reading<'a>>,
    /// The names of permission sets; accounts have their places.
    #[serde(borrow)]
    roles: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    accounts: Vec<Row<'a>>,
}

#[derive(Deserialize, Serialize)]
struct Reading<'a> {
    began_at: Timestamp,
    /// Accounts and assignments, added and removed each.
    changed: [usize; 4],
    #[serde(borrow)]
    samples: Vec<Cow<'a, str>>,
}

/// Id, name, e-mail address, places of the permission sets (none where they were never read), marks.
#[derive(Deserialize, Serialize)]
struct Row<'a>(
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] Option<Cow<'a, str>>,
    #[serde(borrow)] Option<Cow<'a, str>>,
    Option<Vec<u32>>,
    u8,
);

/// The copy in these bytes and the start URL of its portal; `None` where they are no copy.
pub(super) fn parse(bytes: &[u8]) -> Option<(String, Copy)> {
    match serde_json::from_slice::<File<'_>>(bytes) {
        Ok(file) if file.version == VERSION => file.into_copy(),
        Ok(_) => None,
        Err(_) if serde_json::from_slice::<Versioned>(bytes).ok()?.version == 1 => {
            form_1::parse(bytes)
        }
        Err(_) => None,
    }
}

/// The bytes of a copy.
pub(super) fn print(
    start_url: &str,
    list: &AccountList,
    unfinished: Option<&Unfinished>,
) -> Vec<u8> {
    let mut names = Names::default();
    let accounts = list.accounts.iter();
    let accounts = accounts.map(|account| Row::of(account, unfinished, &mut names));
    let file = File {
        version: VERSION,
        start_url: start_url.into(),
        updated_at: list.updated_at,
        complete: list.complete,
        accounts: accounts.collect(),
        roles: names.in_order,
        unfinished: unfinished.map(|it| Reading {
            began_at: it.began_at,
            changed: it.tally.counts,
            samples: it.tally.samples.iter().map(Cow::from).collect(),
        }),
    };
    // Nothing in it can fail to be written as JSON.
    serde_json::to_vec(&file).unwrap_or_default()
}

/// The names that stood in an account so far, and their places.
#[derive(Default)]
struct Names<'a> {
    in_order: Vec<Cow<'a, str>>,
    places: HashMap<&'a str, u32>,
}

impl<'a> Names<'a> {
    fn place(&mut self, name: &'a str) -> u32 {
        *self.places.entry(name).or_insert_with(|| {
            self.in_order.push(name.into());
            u32::try_from(self.in_order.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

impl<'a> Row<'a> {
    fn of(account: &'a Account, unfinished: Option<&Unfinished>, names: &mut Names<'a>) -> Row<'a> {
        let mut places = |roles: &'a [String]| {
            let places = roles.iter().map(|role| names.place(role));
            places.collect::<Vec<_>>()
        };
        let (roles, failed) = match &account.roles {
            Roles::Unread => (None, 0),
            Roles::Read(roles) => (Some(places(roles)), 0),
            Roles::Failed(roles) => (Some(places(roles)), FAILED),
        };
        let done = unfinished.is_some_and(|it| it.read.contains(&account.id));
        Row(
            account.id.as_str().into(),
            account.name.as_deref().map(Cow::from),
            account.email.as_deref().map(Cow::from),
            roles,
            failed | if done { DONE } else { 0 },
        )
    }

    /// `None` where a place is beyond the names.
    fn into_account(self, names: &[Cow<'a, str>]) -> Option<Account> {
        let Row(id, name, email, places, marks) = self;
        let name_at = |place: u32| names.get(usize::try_from(place).ok()?);
        let roles = match places {
            None => None,
            Some(places) => {
                let roles = places.into_iter().map(|it| Some(name_at(it)?.to_string()));
                Some(roles.collect::<Option<Vec<_>>>()?)
            }
        };
        Some(Account {
            id: id.into_owned(),
            name: name.map(Cow::into_owned),
            email: email.map(Cow::into_owned),
            roles: match roles {
                None => Roles::Unread,
                Some(roles) if marks & FAILED != 0 => Roles::Failed(roles),
                Some(roles) => Roles::Read(roles),
            },
        })
    }
}

impl File<'_> {
    fn into_copy(self) -> Option<(String, Copy)> {
        let done = self.accounts.iter().filter(|row| row.4 & DONE != 0);
        let read: HashSet<String> = done.map(|row| row.0.to_string()).collect();
        let unfinished = self.unfinished.map(|it| Unfinished {
            began_at: it.began_at,
            read,
            tally: Tally {
                counts: it.changed,
                samples: it.samples.into_iter().map(Cow::into_owned).collect(),
            },
        });
        let (names, rows) = (self.roles, self.accounts.into_iter());
        let accounts = rows.map(|row| row.into_account(&names));
        let list = AccountList {
            accounts: accounts.collect::<Option<Vec<_>>>()?,
            updated_at: self.updated_at,
            complete: self.complete,
        };
        let list = made_sound(list);
        Some((self.start_url.into_owned(), Copy { list, unfinished }))
    }
}

/// In order, and no account twice, whoever wrote the bytes.
pub(super) fn made_sound(mut list: AccountList) -> AccountList {
    let mut seen = HashSet::new();
    list.accounts
        .retain(|account| seen.insert(account.id.clone()));
    list.sort();
    let read = |account: &Account| matches!(account.roles, Roles::Read(_));
    list.complete &= list.updated_at.is_some() && list.accounts.iter().all(read);
    list
}
