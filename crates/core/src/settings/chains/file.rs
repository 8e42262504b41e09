//! `[[chains]]` in the settings: read with the line of what is wrong, and written so that comments,
//! order and unknown keys of what stays are kept.

use toml_edit::{Table, Value};

use super::{Chain, Source, fault};
use crate::Result;
use crate::settings::labels::file::{put, rename_session_in};
use crate::settings::labels::{Entry, Reader};

const CHAINS: &str = "chains";

/// What the file holds of them.
///
/// # Errors
/// The reader's code, with the line.
pub(in crate::settings) fn read(reader: &Reader<'_>, root: &Table) -> Result<Vec<Chain>> {
    let entries = reader.entries(root, CHAINS)?;
    let chains = entries.iter().map(read_one).collect::<Result<Vec<_>>>()?;
    match fault(&chains) {
        None => Ok(chains),
        Some((index, error)) => Err(entries[index].refused(&error)),
    }
}

fn read_one(entry: &Entry<'_>) -> Result<Chain> {
    let source = match (
        entry.text("from")?,
        entry.text("account_id")?,
        entry.text("role")?,
    ) {
        (Some(chain), None, None) => Source::Chain(chain),
        (None, Some(account_id), Some(role)) => Source::Assignment { account_id, role },
        _ => {
            let message = "it is assumed either `from` a chained role, or from an `account_id` and \
                           a `role`";
            return Err(entry.wrong(message));
        }
    };
    let arn = entry.needs("role_arn")?.parse();
    Ok(Chain {
        session: entry.needs("session")?,
        name: entry.needs("name")?,
        source,
        role: arn.map_err(|error| entry.refused(&error))?,
        external_id: entry.text("external_id")?,
        session_name: entry.text("role_session_name")?,
        duration: entry.number("duration_seconds")?,
    })
}

fn keys(chain: &Chain) -> Vec<(&'static str, Option<Value>)> {
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let (account_id, role, from) = match &chain.source {
        Source::Assignment { account_id, role } => (Some(account_id), Some(role), None),
        Source::Chain(name) => (None, None, Some(name)),
    };
    let part = |part: Option<&String>| part.map(|it| Value::from(it.as_str()));
    vec![
        ("name", Some(chain.name.as_str().into())),
        ("session", Some(chain.session.as_str().into())),
        ("account_id", part(account_id)),
        ("role", part(role)),
        ("from", part(from)),
        ("role_arn", Some(chain.role.as_str().into())),
        ("external_id", text(&chain.external_id)),
        ("role_session_name", text(&chain.session_name)),
        ("duration_seconds", chain.duration.map(Value::from)),
    ]
}

/// Puts the new ones in the place of the old ones.
pub(in crate::settings) fn write(root: &mut Table, old: &[Chain], new: &[Chain]) {
    if old != new {
        let same = |a: &Chain, b: &Chain| (&a.session, &a.name) == (&b.session, &b.name);
        put(root, CHAINS, old, new, same, keys);
    }
}

/// A session has another name: its chained roles follow.
pub(in crate::settings) fn rename_session(root: &mut Table, old: &str, new: &str) {
    rename_session_in(root, CHAINS, old, new);
}
