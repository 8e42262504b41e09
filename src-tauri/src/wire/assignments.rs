//! One permission set of one account, and what the tray wants done with it.

use daypass_core::accounts;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::awaited;

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

/// What the tray wants of the page.
#[derive(Clone, Serialize, TS)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub(crate) enum Wish {
    /// Ask whether this, which is protected, shall be opened.
    Confirm { assignment: Assignment },
    /// Put the cursor into the search.
    Search,
    /// Show what can be set.
    Settings,
    /// Ask whether Daypass goes on when its window closes.
    Close,
}

impl From<&awaited::Wish> for Wish {
    fn from(wish: &awaited::Wish) -> Wish {
        match wish {
            awaited::Wish::Confirm(assignment) => Wish::Confirm {
                assignment: assignment.into(),
            },
            awaited::Wish::Search => Wish::Search,
            awaited::Wish::Settings => Wish::Settings,
            awaited::Wish::Close => Wish::Close,
        }
    }
}
