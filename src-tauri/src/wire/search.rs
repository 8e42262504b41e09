//! What a search finds, with the stretches that matched.

use daypass_core::accounts::rank::{self, Field};
use serde::Serialize;
use ts_rs::TS;

/// How many rows a search sends.
const HITS: usize = 200;

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MarkField {
    Name,
    Id,
    Email,
    Role,
}

/// A matched stretch of a field, in UTF-16 code units, end excluded.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Mark {
    field: MarkField,
    #[ts(type = "number")]
    start: usize,
    #[ts(type = "number")]
    end: usize,
}

/// One row of a search, best first; `role` is null where the account's permission sets are not read yet.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Hit {
    session: String,
    account_id: String,
    role: Option<String>,
    marks: Vec<Mark>,
}

impl Hit {
    fn of(hit: &rank::Hit<'_>) -> Hit {
        let mark = |stretch: &rank::Stretch| {
            let (field, text) = match stretch.field {
                Field::Name => (MarkField::Name, hit.account.name.as_deref()),
                Field::Id => (MarkField::Id, Some(hit.account.id.as_str())),
                Field::Email => (MarkField::Email, hit.account.email.as_deref()),
                Field::Role => (MarkField::Role, hit.role),
            };
            let units = |characters: usize| {
                text.unwrap_or_default()
                    .chars()
                    .take(characters)
                    .map(char::len_utf16)
                    .sum()
            };
            Mark {
                field,
                start: units(stretch.start),
                end: units(stretch.end),
            }
        };
        Hit {
            session: hit.session.to_owned(),
            account_id: hit.account.id.clone(),
            role: hit.role.map(str::to_owned),
            marks: hit.stretches.iter().map(mark).collect(),
        }
    }
}

/// `total` counts all matches; `hits` holds the best 200.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Found {
    #[ts(type = "number")]
    total: usize,
    hits: Vec<Hit>,
}

impl Found {
    pub(crate) fn of(hits: &[rank::Hit<'_>]) -> Found {
        Found {
            total: hits.len(),
            hits: hits.iter().take(HITS).map(Hit::of).collect(),
        }
    }
}
