//! Search: words in any order over name, alias, id, e-mail, permission set and label. Exact before
//! prefix before word start before what forgives slips; recent and frequent use breaks ties. One more
//! letter never swaps two rows that still fit equally: what orders equals knows nothing of the query.
//! Pure.

mod fit;
mod index;
mod query;
mod shared;
#[cfg(test)]
mod tests;
mod text;

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;

use super::labels::Label;
use super::{Account, Assignment, chains, marks};
use fit::Word;
use index::{AccountTexts, NONE, Row, Session};
use query::{NOT, Query, WORDS, grade};
use shared::{Shared, fit_in};
use text::Text;

pub use index::Index;

/// How many hits a front end shows.
pub const SHOWN: usize = 200;

/// The field that a word was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The account's name.
    Name,
    /// The user's own name for it.
    Alias,
    /// The account's id.
    Id,
    /// The permission set.
    Role,
    /// The label's word.
    Label,
    /// The account's e-mail address.
    Email,
}

/// A found stretch: characters from `start`, `end` excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Where.
    pub field: Field,
    /// The first character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Search<'q> {
    /// The words; `is:hidden` among them asks for hidden rows only.
    pub query: &'q str,
    /// So many of the best hits are given.
    pub limit: usize,
    /// Whether hidden rows are among the others; else they are found only by their whole name, alias
    /// or id.
    pub with_hidden: bool,
    /// Only these sessions.
    pub sessions: Option<&'q [String]>,
}

impl<'q> Search<'q> {
    /// As a front end asks.
    pub fn of(query: &'q str) -> Search<'q> {
        Search {
            query,
            limit: SHOWN,
            with_hidden: false,
            sessions: None,
        }
    }
}

/// What fits.
#[derive(Debug, Default)]
pub struct Found<'a> {
    /// All rows that fit.
    pub total: usize,
    /// The best of them, best first.
    pub hits: Vec<Hit<'a>>,
}

/// One row that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit<'a> {
    /// The session.
    pub session: &'a str,
    /// The account.
    pub account: &'a Account,
    /// The permission set; `None` where the account's are not read yet.
    pub role: Option<&'a str>,
    /// The user's own name for the account.
    pub alias: Option<&'a str>,
    /// The row's label.
    pub label: Option<&'a Arc<Label>>,
    /// Whether it is hidden, and found all the same.
    pub hidden: bool,
    /// The stretches that fit.
    pub stretches: Vec<Stretch>,
    fit: u64,
}

impl<'a> Hit<'a> {
    /// How well the words fit, without what only orders equals; smaller is better.
    pub fn fit(&self) -> u64 {
        self.fit
    }

    /// The assignment, where the permission set is known.
    pub fn assignment(&self) -> Option<Assignment> {
        Some(Assignment {
            session: self.session.to_owned(),
            account_id: self.account.id.clone(),
            role: self.role?.to_owned(),
        })
    }

    /// The text of a field, that stretches are of.
    pub fn text(&self, field: Field) -> &'a str {
        let text = match field {
            Field::Name => self.account.name.as_deref(),
            Field::Alias => self.alias,
            Field::Id => Some(self.account.id.as_str()),
            Field::Role => self.role.map(chains::shown),
            Field::Label => self.label.map(|it| it.word.as_str()),
            Field::Email => self.account.email.as_deref(),
        };
        text.unwrap_or_default()
    }
}

/// A row that fits, before anything is made of it.
#[derive(Clone, Copy)]
struct Candidate {
    fit: u64,
    weight: f64,
    /// Letters of the name that the user sees: a short one before a long one.
    length: u16,
    session: u16,
    account: u32,
    row: u32,
}

impl Candidate {
    fn order(&self, other: &Candidate) -> Ordering {
        let place = |it: &Candidate| (it.length, it.session, it.account, it.row);
        self.fit
            .cmp(&other.fit)
            .then(other.weight.total_cmp(&self.weight))
            .then_with(|| place(self).cmp(&place(other)))
    }
}

/// How each word of a query fits something, at best.
type Grades = [u8; WORDS];

impl Index {
    /// The rows that fit, best first.
    pub fn find(&self, search: &Search<'_>, now: Timestamp) -> Found<'_> {
        let query = Query::new(search.query);
        let mut candidates = self.candidates(&query, search, now);
        let total = candidates.len();
        if search.limit < total {
            candidates.select_nth_unstable_by(search.limit, Candidate::order);
            candidates.truncate(search.limit);
        }
        candidates.sort_unstable_by(Candidate::order);
        let hits = candidates.iter().map(|it| self.hit(it, &query));
        Found {
            total,
            hits: hits.collect(),
        }
    }

    fn candidates(&self, query: &Query, search: &Search<'_>, now: Timestamp) -> Vec<Candidate> {
        let shared = Shared::of(self, query);
        let weights: Vec<f64> = self.marks.iter().map(|it| marks::weight(it, now)).collect();
        let mut candidates = Vec::new();
        for (number, session) in self.sessions.iter().enumerate() {
            let wanted = search.sessions.is_none_or(|it| it.contains(&session.name));
            if !wanted {
                continue;
            }
            for (at, account) in session.accounts.iter().enumerate() {
                let texts = &session.texts.accounts[at];
                let alias = account.alias.as_ref().map(|it| &it.1);
                let Some(own) = shared.of_account(query, texts, alias) else {
                    continue;
                };
                let mut covered = None;
                for row in account.rows.clone() {
                    let its = &session.rows[row];
                    let grades = shared.with_row(own, its);
                    let Some((worst, sum)) = summed(&grades, query.words.len()) else {
                        continue;
                    };
                    let covered = *covered.get_or_insert_with(|| cover(query, texts, alias));
                    if !is_wanted(its, query, search, covered) {
                        continue;
                    }
                    candidates.push(Candidate {
                        fit: (worst << 32) | (u64::from(covered) << 24) | sum,
                        weight: weights.get(its.mark as usize).copied().unwrap_or_default(),
                        length: alias.unwrap_or(&texts.name).letters().len() as u16,
                        session: number as u16,
                        account: at as u32,
                        row: row as u32,
                    });
                }
            }
        }
        candidates
    }

    fn hit(&self, candidate: &Candidate, query: &Query) -> Hit<'_> {
        let session = &self.sessions[usize::from(candidate.session)];
        let at = candidate.account as usize;
        let row = &session.rows[candidate.row as usize];
        let account = &session.texts.list.accounts[at];
        let role = match row.role {
            NONE => None,
            _ => account.roles.known().get(row.place as usize),
        };
        let alias = session.accounts[at].alias.as_ref();
        let label = self.labels.get(row.label as usize);
        let mut stretches = Vec::new();
        for word in &query.words {
            stretches.extend(self.stretches(word, session, at, row));
        }
        Hit {
            session: &session.name,
            account,
            role: role.map(String::as_str),
            alias: alias.map(|it| it.0.as_str()),
            label: label.map(|it| &it.0),
            hidden: row.hidden,
            stretches,
            fit: candidate.fit,
        }
    }

    /// Where a word fits best in a row.
    fn stretches(&self, word: &Word, session: &Session, account: usize, row: &Row) -> Vec<Stretch> {
        let texts = &session.texts.accounts[account];
        let alias = session.accounts[account].alias.as_ref().map(|it| &it.1);
        let role = self.roles.get(row.role as usize);
        let label = self.labels.get(row.label as usize).map(|it| &it.1);
        let fields = [
            (Field::Name, Some(&texts.name)),
            (Field::Alias, alias),
            (Field::Id, Some(&texts.id)),
            (Field::Role, role),
            (Field::Label, label),
            (Field::Email, Some(&texts.email)),
        ];
        let fits = fields.into_iter().filter_map(|(field, text)| {
            let (fit, at) = fit_in(word, text?, field)?;
            Some((grade(fit, field, word), field, text?, fit, at))
        });
        let best = fits.min_by_key(|(grade, field, ..)| (*grade, *field));
        let Some((_, field, text, fit, at)) = best.filter(|it| it.0 != NOT) else {
            return Vec::new();
        };
        let stretch = |(start, end)| {
            let (start, end) = text.as_it_came(start, end);
            Stretch { field, start, end }
        };
        let stretches = fit::stretches(word, text, fit, at);
        stretches.into_iter().map(stretch).collect()
    }
}

/// A hidden row shows up where it is asked for, or called by its whole name.
fn is_wanted(row: &Row, query: &Query, search: &Search<'_>, covered: u8) -> bool {
    match (row.hidden, query.only_hidden) {
        (true, true) => true,
        (false, true) => false,
        (false, false) => true,
        (true, false) => search.with_hidden || covered < COVERED_NOT && !query.words.is_empty(),
    }
}

const COVERED_NOT: u8 = 2;

/// Whether the words are all of a name or an id: in its order 0, in any order 1, else 2.
fn cover(query: &Query, texts: &AccountTexts, alias: Option<&Text>) -> u8 {
    let is_id = |word: &Word| word.digits && word.len() == texts.id.letters().len();
    let names = [Some(&texts.name), alias].into_iter().flatten();
    let covers = names.map(|name| match is_whole(query, name) {
        true => 0,
        false if is_all_words(query, name) => 1,
        false => COVERED_NOT,
    });
    // A word of twelve digits that fits this account's row is its id.
    let by_id = query
        .words
        .iter()
        .any(|word| is_id(word) && fit_in(word, &texts.id, Field::Id).is_some());
    covers
        .min()
        .unwrap_or(COVERED_NOT)
        .min(if by_id { 0 } else { COVERED_NOT })
}

fn is_whole(query: &Query, name: &Text) -> bool {
    let letters = name.letters();
    letters.len() == query.whole.len()
        && letters
            .iter()
            .zip(&query.whole)
            .all(|(letter, it)| letter.is(*it))
}

fn is_all_words(query: &Query, name: &Text) -> bool {
    let is_one = |part: &[text::Letter]| {
        query.words.iter().any(|word| {
            word.len() == part.len()
                && part
                    .iter()
                    .zip(&word.chars)
                    .all(|(letter, it)| letter.is(*it))
        })
    };
    let mut any = false;
    name.words().all(|part| {
        any = true;
        is_one(part)
    }) && any
}

/// The worst word decides first, then the sum of all; nothing where a word does not fit.
fn summed(grades: &Grades, words: usize) -> Option<(u64, u64)> {
    let (mut worst, mut sum) = (0, 0);
    for grade in &grades[..words] {
        if *grade == NOT {
            return None;
        }
        worst = worst.max(u64::from(*grade));
        sum += u64::from(*grade);
    }
    Some((worst, sum))
}
