//! The documents of `chain`.

use daypass_core::accounts::chains::{Chained, row_of};
use daypass_core::daypass::RefusedProfile;
use daypass_core::settings::chains::Source;
use serde::Serialize;

use super::VERSION;

/// `chain list`.
#[derive(Serialize)]
pub(crate) struct Chains<'a> {
    version: u32,
    chains: Vec<ChainOf<'a>>,
    /// Profiles of the AWS config file that lead to an assignment and cannot be a chained role.
    refused: Vec<RefusedOf<'a>>,
}

#[derive(Serialize)]
struct RefusedOf<'a> {
    profile: &'a str,
    reason: &'a str,
}

/// `chain add`, `chain remove`: the one that it is about.
#[derive(Serialize)]
pub(crate) struct ChainChanged<'a> {
    version: u32,
    chain: ChainOf<'a>,
}

#[derive(Serialize)]
pub(crate) struct ChainOf<'a> {
    name: &'a str,
    session: &'a str,
    account_id: String,
    /// What `--role` takes for this row.
    role: String,
    role_arn: &'a str,
    from: From<'a>,
    external_id: Option<&'a str>,
    session_name: Option<&'a str>,
    duration_seconds: i64,
    /// Whether it stands in the AWS config file alone, as a profile of this name.
    found: bool,
    /// Why it cannot be reached.
    lost: Option<&'a str>,
}

/// The assignment or the chained role that it is assumed from.
#[derive(Serialize)]
struct From<'a> {
    chain: Option<&'a str>,
    account_id: Option<&'a str>,
    role: Option<&'a str>,
}

impl<'a> Chains<'a> {
    pub(crate) fn of(chained: &[&'a Chained], refused: &'a [RefusedProfile]) -> Chains<'a> {
        let refused = refused.iter().map(|it| RefusedOf {
            profile: &it.name,
            reason: &it.reason,
        });
        Chains {
            refused: refused.collect(),
            version: VERSION,
            chains: chained.iter().map(|it| ChainOf::of(it)).collect(),
        }
    }
}

impl<'a> ChainChanged<'a> {
    pub(crate) fn of(chained: &'a Chained) -> ChainChanged<'a> {
        ChainChanged {
            version: VERSION,
            chain: ChainOf::of(chained),
        }
    }
}

impl<'a> ChainOf<'a> {
    fn of(chained: &'a Chained) -> ChainOf<'a> {
        let (chain, row) = (&chained.chain, row_of(&chained.chain));
        ChainOf {
            name: &chain.name,
            session: &chain.session,
            account_id: row.account_id,
            role: row.role,
            role_arn: chain.role.as_str(),
            from: From::of(&chain.source),
            external_id: chain.external_id.as_deref(),
            session_name: chain.session_name.as_deref(),
            duration_seconds: chain.seconds(),
            found: chained.found,
            lost: chained.lost.as_deref(),
        }
    }
}

impl<'a> From<'a> {
    fn of(source: &'a Source) -> From<'a> {
        match source {
            Source::Chain(name) => From {
                chain: Some(name),
                account_id: None,
                role: None,
            },
            Source::Assignment { account_id, role } => From {
                chain: None,
                account_id: Some(account_id),
                role: Some(role),
            },
        }
    }
}
