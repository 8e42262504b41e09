//! Chained roles: what each is beside its row, and where it comes from.

use daypass_core::accounts::chains::{Chained, row_of, shown};
use daypass_core::daypass as core;
use daypass_core::settings::chains::Source;
use serde::Serialize;
use ts_rs::TS;

/// A row that stands for a role to assume; `role` is the row's.
#[derive(Clone, Serialize, TS)]
pub(crate) struct ChainedRole {
    session: String,
    account_id: String,
    role: String,
    /// The name of the role that is assumed.
    of: String,
    /// From where, in words.
    from: String,
    /// Whether it stands in the AWS config file alone.
    found: bool,
    /// Why it cannot be reached.
    lost: Option<String>,
}

impl ChainedRole {
    pub(crate) fn of(chained: &Chained, snapshot: &core::Snapshot) -> ChainedRole {
        let (chain, row) = (&chained.chain, row_of(&chained.chain));
        ChainedRole {
            session: row.session,
            account_id: row.account_id,
            role: row.role,
            of: chain.role.name().to_owned(),
            from: match &chain.source {
                Source::Chain(name) => shown(name).to_owned(),
                Source::Assignment { account_id, role } => {
                    let name = name_of(snapshot, &chain.session, account_id);
                    format!("{role} in {name}")
                }
            },
            found: chained.found,
            lost: chained.lost.clone(),
        }
    }
}

fn name_of<'a>(snapshot: &'a core::Snapshot, session: &str, account_id: &'a str) -> &'a str {
    let list = snapshot.lists.get(session);
    let account = list.and_then(|list| list.account(account_id));
    let name = account.and_then(|it| it.name.as_deref());
    let alias = snapshot.marks.alias(session, account_id);
    alias.or(name).unwrap_or(account_id)
}
