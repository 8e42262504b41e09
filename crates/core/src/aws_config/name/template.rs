//! How names of profiles are built: `{account_name}-{role}`, with words behind a bar that change what stands
//! in a place, such as `{account_name|trim:acme-|replace:production=prod}`.

use crate::error::{Code, Error, Result};

use super::Parts;
use super::slug::{Case, slug, slug_or};

/// A template has no more characters than this.
const LONGEST: usize = 256;
const HINT: &str = "use {account_name}, {account_id}, {role} and {session}, with letters, digits, _ . - \
                    @ + between them; behind a place may stand |upper, |keep, |trim:TEXT or |replace:OLD=NEW";

/// A template that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(Place, Vec<Change>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Account,
    AccountId,
    Role,
    Session,
}

/// What is done to the text of a place, in order, before it is made fit for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    Case(Case),
    /// Off both ends, as often as it stands there.
    Trim(String),
    /// Everywhere.
    Replace(String, String),
}

impl Template {
    /// Reads one.
    ///
    /// # Errors
    /// `Usage` for an unknown place or change, for none at all, and for characters that a name cannot have.
    pub(super) fn parse(text: &str) -> Result<Template> {
        let bad = |why: &str| {
            let shown: String = text.chars().take(60).collect();
            let message = format!("{shown:?} is not a template for names of profiles: {why}");
            Err(Error::new(Code::Usage, message).with_hint(HINT))
        };
        if text.len() > LONGEST {
            return bad("it is too long");
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let Some((inner, after)) = behind.split_once('}') else {
                return bad("a place has no end");
            };
            let Some(piece) = piece(inner) else {
                return bad(&format!("{{{inner}}} is none of the places"));
            };
            pieces.extend([Piece::Text(before.to_owned()), piece]);
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        let template = Template(pieces);
        match template.fault() {
            Some(why) => bad(why),
            None => Ok(template),
        }
    }

    /// The one where the user gives none.
    pub(super) fn usual() -> Template {
        Template(vec![
            Piece::Place(Place::Account, Vec::new()),
            Piece::Text("-".to_owned()),
            Piece::Place(Place::Role, Vec::new()),
        ])
    }

    fn fault(&self) -> Option<&'static str> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"_.@+-".contains(&b);
        let texts = || self.0.iter().filter_map(Piece::text);
        if !texts().all(|text| text.bytes().all(fits)) {
            return Some("a name cannot have one of its characters");
        }
        if texts().map(str::len).sum::<usize>() > 32 {
            return Some("there is too much between the places");
        }
        if self
            .0
            .first()
            .and_then(Piece::text)
            .is_some_and(|text| text.starts_with(['-', '.']))
        {
            return Some("a name begins with a letter or a digit");
        }
        (texts().count() == self.0.len())
            .then_some("it has no place, so that all names would be one")
    }

    /// Whether names hold what the account is called.
    pub(super) fn names_the_account(&self) -> bool {
        let named = |piece: &Piece| matches!(piece, Piece::Place(Place::Account, _));
        self.0.iter().any(named)
    }

    /// The name; `further` stands behind what the account is called.
    pub(super) fn fill(&self, parts: Parts<'_>, further: &str) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Place(place, changes) => place.fill(parts, changes, further),
        });
        pieces.collect()
    }
}

impl Piece {
    fn text(&self) -> Option<&str> {
        match self {
            Piece::Text(text) => Some(text),
            Piece::Place(..) => None,
        }
    }
}

fn piece(inner: &str) -> Option<Piece> {
    let mut words = inner.split('|');
    let place = match words.next()? {
        "account_name" | "account" => Place::Account,
        "account_id" => Place::AccountId,
        "role" => Place::Role,
        "session" => Place::Session,
        _ => return None,
    };
    Some(Piece::Place(
        place,
        words.map(change).collect::<Option<_>>()?,
    ))
}

fn change(word: &str) -> Option<Change> {
    let (name, argument) = word.split_once(':').unwrap_or((word, ""));
    Some(match (name, argument) {
        ("lower", "") => Change::Case(Case::Lower),
        ("upper", "") => Change::Case(Case::Upper),
        ("keep", "") => Change::Case(Case::Keep),
        ("trim", text) if !text.is_empty() => Change::Trim(text.to_owned()),
        ("replace", text) => {
            let (old, new) = text.split_once('=').filter(|(old, _)| !old.is_empty())?;
            Change::Replace(old.to_owned(), new.to_owned())
        }
        _ => return None,
    })
}

impl Place {
    fn fill(self, parts: Parts<'_>, changes: &[Change], further: &str) -> String {
        let case = changes.iter().rev().find_map(|change| match change {
            Change::Case(case) => Some(*case),
            Change::Trim(_) | Change::Replace(..) => None,
        });
        let case = case.unwrap_or(Case::Lower);
        let changed = |text: &str| {
            changes
                .iter()
                .fold(text.to_owned(), |text, it| it.apply(text))
        };
        match self {
            Place::AccountId => parts.account_id.to_owned(),
            Place::Role => slug_or(&changed(parts.role), case, "role"),
            Place::Session => slug_or(&changed(parts.session), case, "session"),
            Place::Account => {
                let name = parts.account_name.map(changed);
                let name = name.and_then(|name| slug(&name, case)).unwrap_or_default();
                account(&name, parts.account_id, further)
            }
        }
    }
}

/// What the account is called; its id where that leaves nothing.
fn account(name: &str, id: &str, further: &str) -> String {
    let short: String = name.chars().take(60).collect();
    match short.trim_end_matches(['-', '.', '_']) {
        "" => id.to_owned(),
        short => format!("{short}{further}"),
    }
}

impl Change {
    fn apply(&self, text: String) -> String {
        match self {
            Change::Case(_) => text,
            Change::Trim(part) => trimmed(&text, part).to_owned(),
            Change::Replace(old, new) => replaced(&text, old, new),
        }
    }
}

/// Where upper and lower case of ASCII letters make no difference.
fn find(text: &str, part: &str) -> Option<usize> {
    let (text, part) = (text.to_ascii_lowercase(), part.to_ascii_lowercase());
    text.find(&part)
}

fn trimmed<'a>(mut text: &'a str, part: &str) -> &'a str {
    let is_part = |piece: Option<&str>| piece.is_some_and(|piece| piece.eq_ignore_ascii_case(part));
    while is_part(text.get(..part.len())) {
        text = &text[part.len()..];
    }
    while text.len() >= part.len() && is_part(text.get(text.len() - part.len()..)) {
        text = &text[..text.len() - part.len()];
    }
    text
}

fn replaced(text: &str, old: &str, new: &str) -> String {
    let (mut rest, mut result) = (text, String::new());
    while let Some(at) = find(rest, old) {
        result += &rest[..at];
        result += new;
        rest = &rest[at + old.len()..];
    }
    result + rest
}
