//! Accounts and assignments: listing that streams, the copy on disk, ranking, pins and recents,
//! labels, aliases and guards.
//! Names are the portal's own text, kept as they came.

pub mod chains;
pub mod copy;
pub mod diff;
pub mod exchange;
mod glob;
pub mod labels;
pub mod lately;
pub mod listing;
pub mod marks;
pub mod order;
pub mod rank;

use std::collections::BTreeMap;

use jiff::Timestamp;

/// One account × permission set.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Assignment {
    /// The session that has it.
    pub session: String,
    /// Twelve digits.
    pub account_id: String,
    /// The permission set's name; for a chained role `chain:` and its own name, which no permission set
    /// can have.
    pub role: String,
}

impl Assignment {
    /// The name of the chained role, where it is one.
    pub fn chain(&self) -> Option<&str> {
        chains::name_of(&self.role)
    }
}

/// What is known of an account's permission sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roles {
    /// Never read.
    Unread,
    /// Read; in alphabetical order.
    Read(Vec<String>),
    /// The last reading failed; what was known before is kept.
    Failed(Vec<String>),
}

impl Roles {
    /// The known permission sets.
    pub fn known(&self) -> &[String] {
        match self {
            Roles::Unread => &[],
            Roles::Read(roles) | Roles::Failed(roles) => roles,
        }
    }
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// As the portal gives it; may be missing.
    pub name: Option<String>,
    /// As the portal gives it; may be missing.
    pub email: Option<String>,
    /// Its permission sets.
    pub roles: Roles,
}

/// The accounts of one session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountList {
    /// In the order of `order`, then of ids.
    pub accounts: Vec<Account>,
    /// When the last complete reading ended.
    pub updated_at: Option<Timestamp>,
    /// Whether every account and its permission sets are known.
    pub complete: bool,
}

impl AccountList {
    /// The account of this id.
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// How many accounts the last reading failed for.
    pub fn failed(&self) -> usize {
        let failed = |account: &&Account| matches!(account.roles, Roles::Failed(_));
        self.accounts.iter().filter(failed).count()
    }

    /// Puts the accounts in their order.
    pub fn sort(&mut self) {
        self.accounts.sort_by_cached_key(|account| {
            let name = account.name.as_deref().unwrap_or_default();
            (name.to_lowercase(), account.id.clone())
        });
    }

    /// The pairs of account id and permission set.
    pub fn pairs(&self) -> impl Iterator<Item = (&Account, &str)> {
        self.accounts.iter().flat_map(|account| {
            account
                .roles
                .known()
                .iter()
                .map(move |role| (account, role.as_str()))
        })
    }
}

/// Whether a text has the form of an account's id: twelve digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|it| it.is_ascii_digit())
}

/// The lists of all sessions, by session name.
pub type Lists = BTreeMap<String, std::sync::Arc<AccountList>>;
