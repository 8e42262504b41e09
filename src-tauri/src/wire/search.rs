//! What a search finds, with the stretches that matched.

use daypass_core::accounts::rank::{self, Field};
use daypass_core::console::services;
use daypass_core::daypass::SeenPlace;
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

/// A place that was pasted in place of a search; where it does not fit, the title says why.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Place {
    title: String,
    /// Whose permission sets the hits are; null where the place names no account.
    account_id: Option<String>,
    fits: bool,
}

impl From<SeenPlace> for Place {
    fn from(place: SeenPlace) -> Place {
        Place {
            title: place.title,
            account_id: place.account_id,
            fits: place.fits,
        }
    }
}

/// A service whose page a console can open at.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Landing {
    name: &'static str,
    title: &'static str,
    /// What else may be typed for it.
    names: &'static [&'static str],
}

impl Landing {
    pub(crate) fn all() -> Vec<Landing> {
        let service = |it: &'static services::Landing| Landing {
            name: it.name(),
            title: it.title,
            names: it.names,
        };
        services::SERVICES.iter().map(service).collect()
    }
}

/// `total` counts all matches; `hits` holds the best 200.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Found {
    /// Where the hits would open, where a place stands in the search box.
    place: Option<Place>,
    #[ts(type = "number")]
    total: usize,
    hits: Vec<Hit>,
}

impl Found {
    pub(crate) fn of(found: &rank::Found<'_>, place: Option<SeenPlace>) -> Found {
        Found {
            place: place.map(Into::into),
            total: found.total,
            hits: found.hits.iter().map(Hit::of).collect(),
        }
    }
}
