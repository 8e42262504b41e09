//! The slice of the accounts: what each session lists, and how the reading goes.

use daypass_core::accounts::{self, Roles};
use daypass_core::daypass as core;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Failure, Millis};

#[derive(Clone, Serialize, TS)]
pub(crate) struct Role {
    name: String,
    pinned: bool,
    last_used_at: Option<Millis>,
}

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RolesState {
    Unread,
    Read,
    Failed,
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Account {
    session: String,
    /// Twelve digits; leading zeros matter.
    id: String,
    name: Option<String>,
    email: Option<String>,
    roles: Vec<Role>,
    roles_state: RolesState,
}

impl Account {
    fn of(session: &str, account: &accounts::Account, marks: &accounts::marks::Marks) -> Account {
        let role = |role: &String| {
            let mark = marks.of(&accounts::Assignment {
                session: session.to_owned(),
                account_id: account.id.clone(),
                role: role.clone(),
            });
            let last_used_at = mark.last_used_at.map(Millis::from);
            Role {
                name: role.clone(),
                pinned: mark.pinned,
                last_used_at,
            }
        };
        Account {
            session: session.to_owned(),
            id: account.id.clone(),
            name: account.name.clone(),
            email: account.email.clone(),
            roles: account.roles.known().iter().map(role).collect(),
            roles_state: match account.roles {
                Roles::Unread => RolesState::Unread,
                Roles::Read(_) => RolesState::Read,
                Roles::Failed(_) => RolesState::Failed,
            },
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Progress {
    #[ts(type = "number")]
    done: usize,
    #[ts(type = "number")]
    total: usize,
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Listing {
    session: String,
    updated_at: Option<Millis>,
    complete: bool,
    /// Present while the list is being read.
    progress: Option<Progress>,
    failure: Option<Failure>,
}

impl Listing {
    fn of(session: &str, list: &accounts::AccountList, reading: Option<&core::Reading>) -> Listing {
        let (progress, failure) = match reading {
            None => (None, None),
            Some(core::Reading::Progress { done, total, .. }) => (
                Some(Progress {
                    done: *done,
                    total: *total,
                }),
                None,
            ),
            Some(core::Reading::Failed(failure)) => (None, Some(Failure::from(failure))),
        };
        Listing {
            session: session.to_owned(),
            updated_at: list.updated_at.map(Millis::from),
            complete: list.complete,
            progress,
            failure,
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Accounts {
    #[ts(type = "number")]
    revision: u64,
    listings: Vec<Listing>,
    accounts: Vec<Account>,
}

impl Accounts {
    pub(crate) fn of(snapshot: &core::Snapshot) -> Accounts {
        let none = accounts::AccountList::default();
        let listings = snapshot.sessions.iter().map(|session| {
            let list = snapshot.lists.get(&session.name).map_or(&none, |list| list);
            Listing::of(&session.name, list, snapshot.readings.get(&session.name))
        });
        let lists = snapshot
            .sessions
            .iter()
            .filter_map(|it| Some((&it.name, snapshot.lists.get(&it.name)?)));
        let accounts = lists.flat_map(|(session, list)| {
            list.accounts
                .iter()
                .map(move |account| Account::of(session, account, &snapshot.marks))
        });
        Accounts {
            revision: snapshot.accounts_revision + snapshot.listings_revision,
            listings: listings.collect(),
            accounts: accounts.collect(),
        }
    }
}

#[derive(Clone, Deserialize, TS)]
pub(crate) struct Assignment {
    session: String,
    account_id: String,
    role: String,
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
