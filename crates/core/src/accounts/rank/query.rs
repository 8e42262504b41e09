//! What a user types, read into words; and how much a fit in one place counts against one in another.

use super::Field;
use super::fit::{Fit, Kind, Word};
use super::text::folded;
use crate::accounts::is_account_id;

/// Words beyond these are ignored: nobody types them.
pub(super) const WORDS: usize = 8;
/// A word that does not fit.
pub(super) const NOT: u8 = u8::MAX;

/// A query.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) words: Vec<Word>,
    /// The whole of it, as a name would be.
    pub(super) whole: Vec<char>,
    /// Only hidden rows are asked for.
    pub(super) only_hidden: bool,
}

impl Query {
    pub(super) fn new(text: &str) -> Query {
        let text = join_digits(&apart(text));
        let (operators, words): (Vec<&str>, Vec<&str>) = text
            .split_whitespace()
            .partition(|it| it.eq_ignore_ascii_case("is:hidden"));
        let whole = folded(&words.join(" "));
        let words = words.iter().take(WORDS).map(|it| Word::new(folded(it)));
        Query {
            words: words.filter(|it| it.len() > 0).collect(),
            whole,
            only_hidden: !operators.is_empty(),
        }
    }
}

/// What is special about the text of a field.
pub(super) fn kind(field: Field) -> Kind {
    match field {
        Field::Name | Field::Alias | Field::Role | Field::Label => Kind::Words,
        Field::Id => Kind::Id,
        Field::Email => Kind::Address,
    }
}

/// How much a fit counts, smaller is better. Exact before prefix before word start before what forgives
/// slips; at the same fit the name of the account before the permission set. What only few people type
/// stands a step back: an address, the label (it is one of many rows), the first digits of an id.
pub(super) fn grade(fit: Fit, field: Field, word: &Word) -> u8 {
    let named = matches!(field, Field::Name | Field::Alias);
    match field {
        Field::Label => return of_label(fit),
        Field::Email => return of_address(fit, word),
        Field::Id if fit == Fit::Prefix => return if word.len() >= 4 { 4 } else { 12 },
        Field::Name | Field::Alias | Field::Role | Field::Id => {}
    }
    let grade = match fit {
        // Many rows have the same permission set: all of its name is as much as a first word.
        Fit::Exact if field == Field::Role => 2,
        Fit::Exact => 0,
        Fit::FirstWord => 2,
        Fit::Prefix => 4,
        Fit::Word => 6,
        Fit::WordStart => 8,
        Fit::Spelled | Fit::Leading if !named => 6,
        Fit::Spelled => 10,
        Fit::Leading => 11,
        Fit::Pieces => 12,
        Fit::Within => 14,
        Fit::Slip => 20,
        Fit::Scattered => 22,
        Fit::Slips => 24,
    };
    grade + u8::from(!named)
}

fn of_label(fit: Fit) -> u8 {
    match fit {
        Fit::Exact => 5,
        Fit::FirstWord | Fit::Prefix => 9,
        Fit::Word
        | Fit::WordStart
        | Fit::Spelled
        | Fit::Leading
        | Fit::Pieces
        | Fit::Within
        | Fit::Slip
        | Fit::Scattered
        | Fit::Slips => NOT,
    }
}

fn of_address(fit: Fit, word: &Word) -> u8 {
    match fit {
        Fit::Exact => 1,
        Fit::FirstWord | Fit::Prefix => 13,
        Fit::Word | Fit::WordStart => 15,
        Fit::Within if word.len() >= 3 => 17,
        Fit::Within
        | Fit::Spelled
        | Fit::Leading
        | Fit::Pieces
        | Fit::Slip
        | Fit::Scattered
        | Fit::Slips => NOT,
    }
}

/// `123456789012/ReadOnly`, as `daypass list` and others write an assignment, is two words.
fn apart(query: &str) -> String {
    let apart = query
        .split_whitespace()
        .map(|word| match word.split_once('/') {
            Some((id, role)) if is_account_id(id) => format!("{id} {role}"),
            _ => word.to_owned(),
        });
    apart.collect::<Vec<_>>().join(" ")
}

/// `1234 5678 9012` and `1234-5678-9012` are one number, as people copy them.
fn join_digits(query: &str) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let (mut joined, mut group) = (String::new(), 0);
    for word in query.split_whitespace() {
        let digits = word.replace('-', "");
        let number = is_number(&digits);
        // Only whole groups of four are followed by more of the same number.
        let goes_on = number && group > 0 && group < 12 && group % 4 == 0;
        if !joined.is_empty() && !goes_on {
            joined.push(' ');
        }
        joined.push_str(if number { &digits } else { word });
        group = match (number, goes_on) {
            (false, _) => 0,
            (true, true) => group + digits.len(),
            (true, false) => digits.len(),
        };
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_groups_are_one() {
        for (query, expected) in [
            ("4819 2003 7722 ro", "481920037722 ro"),
            ("4819-2003-7722", "481920037722"),
            ("4819 20", "481920"),
            ("team 4 2", "team 4 2"),
            ("2024 team 7", "2024 team 7"),
            ("481920037722 4819", "481920037722 4819"),
        ] {
            assert_eq!(join_digits(query), expected, "{query}");
        }
    }
}
