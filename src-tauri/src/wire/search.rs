//! What a search finds, with the stretches that matched.

use daypass_core::accounts::rank::{self, Field};
use serde::Serialize;
use ts_rs::TS;

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MarkField {
    Name,
    Alias,
    Id,
    Email,
    Role,
    Label,
}

impl MarkField {
    fn of(field: Field) -> MarkField {
        match field {
            Field::Name => MarkField::Name,
            Field::Alias => MarkField::Alias,
            Field::Id => MarkField::Id,
            Field::Email => MarkField::Email,
            Field::Role => MarkField::Role,
            Field::Label => MarkField::Label,
        }
    }
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
            let text = hit.text(stretch.field);
            let units =
                |characters: usize| text.chars().take(characters).map(char::len_utf16).sum();
            Mark {
                field: MarkField::of(stretch.field),
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
    pub(crate) fn of(found: &rank::Found<'_>) -> Found {
        Found {
            total: found.total,
            hits: found.hits.iter().map(Hit::of).collect(),
        }
    }
}
