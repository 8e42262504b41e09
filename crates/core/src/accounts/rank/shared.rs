//! How the words of a query fit what many rows share, looked at once; and an account with all its rows.

use super::fit::{self, Fit, Word};
use super::index::{AccountTexts, Index, Row};
use super::query::{NOT, Query, WORDS, grade, kind};
use super::text::Text;
use super::{Field, Grades};

/// Whether slips are forgiven there: names, but no addresses, and nothing as short as a label.
fn forgives(field: Field) -> bool {
    match field {
        Field::Name | Field::Alias | Field::Role => true,
        Field::Id | Field::Label | Field::Email => false,
    }
}

pub(super) fn fit_in(word: &Word, text: &Text, field: Field) -> Option<(Fit, usize)> {
    fit::strict(word, text, kind(field)).or_else(|| {
        let fit = fit::forgiving(word, text).filter(|_| forgives(field));
        fit.map(|fit| (fit, 0))
    })
}

fn strict_grade(word: &Word, text: &Text, field: Field) -> u8 {
    let fit = fit::strict(word, text, kind(field));
    fit.map_or(NOT, |(fit, _)| grade(fit, field, word))
}

fn forgiving_grade(word: &Word, text: &Text, field: Field) -> u8 {
    let fit = fit::forgiving(word, text);
    fit.map_or(NOT, |fit| grade(fit, field, word))
}

/// How the words fit what many rows share: permission sets and labels, each looked at once.
pub(super) struct Shared {
    roles: Vec<Grades>,
    labels: Vec<Grades>,
    /// The words, those first that fit neither anywhere: where an account does not have them, no row of
    /// it fits.
    order: Vec<(usize, bool)>,
}

impl Shared {
    pub(super) fn of(index: &Index, query: &Query) -> Shared {
        let grades = |text: &Text, field| {
            let mut grades = [NOT; WORDS];
            for (grade_of, word) in grades.iter_mut().zip(&query.words) {
                *grade_of = strict_grade(word, text, field);
                if *grade_of == NOT && forgives(field) {
                    *grade_of = forgiving_grade(word, text, field);
                }
            }
            grades
        };
        let roles = index.roles.iter().map(|it| grades(it, Field::Role));
        let labels = index.labels.iter().map(|it| grades(&it.1, Field::Label));
        let (roles, labels): (Vec<Grades>, Vec<Grades>) = (roles.collect(), labels.collect());
        let fits = |at: usize| roles.iter().chain(&labels).any(|it| it[at] != NOT);
        let mut order: Vec<(usize, bool)> =
            (0..query.words.len()).map(|at| (at, fits(at))).collect();
        order.sort_by_key(|(at, elsewhere)| (*elsewhere, usize::MAX - query.words[*at].len()));
        Shared {
            roles,
            labels,
            order,
        }
    }

    /// How the words fit an account; nothing where no row of it can fit.
    pub(super) fn of_account(
        &self,
        query: &Query,
        texts: &AccountTexts,
        alias: Option<&Text>,
    ) -> Option<Grades> {
        let mut grades = [NOT; WORDS];
        for (at, elsewhere) in self.order.iter().copied() {
            let word = &query.words[at];
            let alias_of = |grade: fn(&Word, &Text, Field) -> u8| {
                alias.map_or(NOT, |it| grade(word, it, Field::Alias))
            };
            let mut best = strict_grade(word, &texts.name, Field::Name).min(alias_of(strict_grade));
            best = best.min(strict_grade(word, &texts.id, Field::Id));
            best = best.min(strict_grade(word, &texts.email, Field::Email));
            if best == NOT {
                best =
                    forgiving_grade(word, &texts.name, Field::Name).min(alias_of(forgiving_grade));
            }
            if best == NOT && !elsewhere {
                return None;
            }
            grades[at] = best;
        }
        Some(grades)
    }

    pub(super) fn with_row(&self, own: Grades, row: &Row) -> Grades {
        let role = self.roles.get(row.role as usize);
        let label = self.labels.get(row.label as usize);
        [role, label].into_iter().flatten().fold(own, lesser)
    }
}

fn lesser(mut one: Grades, other: &Grades) -> Grades {
    for (one, other) in one.iter_mut().zip(other) {
        *one = (*one).min(*other);
    }
    one
}
