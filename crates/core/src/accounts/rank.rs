//! Search: words in any order over name, id, e-mail and permission set. Exact before prefix before
//! word start before fuzzy; recent and frequent use breaks ties. Pure.

use jiff::Timestamp;
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::marks::{self, Marks};
use super::{Account, Assignment, Lists};

/// Words beyond these are ignored: nobody types them.
const WORDS: usize = 8;

/// The field that a word was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The account's name.
    Name,
    /// The account's id.
    Id,
    /// The permission set.
    Role,
    /// The account's e-mail address.
    Email,
}

/// How well a word fits; better ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The whole field.
    Exact,
    /// The beginning of the field.
    Prefix,
    /// The beginning of a word in it.
    WordStart,
    /// The first characters of neighbouring words: `ro` for ReadOnly.
    Initials,
    /// A stretch within.
    Within,
    /// Its characters in order.
    Fuzzy,
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

/// One row that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit<'a> {
    /// The session.
    pub session: &'a str,
    /// The account.
    pub account: &'a Account,
    /// The permission set; `None` where the account's are not read yet.
    pub role: Option<&'a str>,
    /// The stretches that fit.
    pub stretches: Vec<Stretch>,
    /// Smaller is better; equal ranks fit equally well.
    pub rank: u64,
    weight: f64,
}

impl Hit<'_> {
    /// How well the words fit, without what only orders equals; smaller is better.
    pub fn fit(&self) -> u64 {
        self.rank >> 8
    }

    /// The assignment, where the permission set is known.
    pub fn assignment(&self) -> Option<Assignment> {
        Some(Assignment {
            session: self.session.to_owned(),
            account_id: self.account.id.clone(),
            role: self.role?.to_owned(),
        })
    }
}

/// All rows that fit the words, best first.
pub fn find<'a>(lists: &'a Lists, marks: &Marks, query: &str, now: Timestamp) -> Vec<Hit<'a>> {
    let mut search = Search::new(query);
    let mut hits = Vec::new();
    for (session, list) in lists {
        for account in &list.accounts {
            let known = account.roles.known();
            if known.is_empty() {
                hits.extend(search.row(session, account, None));
            }
            for role in known {
                hits.extend(search.row(session, account, Some(role)));
            }
        }
    }
    for hit in &mut hits {
        hit.weight = hit
            .assignment()
            .map_or(0.0, |it| marks::weight(&marks.of(&it), now));
    }
    hits.sort_by(|a, b| {
        let names = |hit: &Hit<'a>| (hit.account.name.as_deref(), &hit.account.id, hit.role);
        a.rank
            .cmp(&b.rank)
            .then(b.weight.total_cmp(&a.weight))
            .then_with(|| names(a).cmp(&names(b)))
    });
    hits
}

struct Search {
    words: Vec<Word>,
    matcher: Matcher,
    buffer: Vec<char>,
}

struct Word {
    /// Lower case.
    text: Vec<char>,
    digits: bool,
    fuzzy: Pattern,
}

impl Search {
    fn new(query: &str) -> Search {
        // People paste ids in groups and with dashes.
        let joined = join_digits(query);
        let words = joined.split_whitespace().take(WORDS).map(|text| Word {
            text: text.to_lowercase().chars().collect(),
            digits: text.chars().all(|it| it.is_ascii_digit()),
            fuzzy: Pattern::new(
                text,
                CaseMatching::Ignore,
                Normalization::Smart,
                AtomKind::Fuzzy,
            ),
        });
        Search {
            words: words.collect(),
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
        }
    }

    /// The row, if every word fits somewhere.
    fn row<'a>(
        &mut self,
        session: &'a str,
        account: &'a Account,
        role: Option<&'a str>,
    ) -> Option<Hit<'a>> {
        let fields = [
            (Field::Name, account.name.as_deref().unwrap_or_default()),
            (Field::Id, account.id.as_str()),
            (Field::Role, role.unwrap_or_default()),
            (Field::Email, account.email.as_deref().unwrap_or_default()),
        ];
        let (mut stretches, mut rank) = (Vec::new(), 0_u64);
        for index in 0..self.words.len() {
            let (fit, field, found) = self.best(index, &fields)?;
            // The worst word decides first, then the sum of all.
            rank =
                (rank & 0xffff_0000).max((fit as u64) << 16) | ((rank & 0xffff) + cost(fit, field));
            stretches.extend(found);
        }
        // A name that is nothing but the words comes before one with more to it.
        let unmatched = fields[0].1.chars().count().min(255) as u64;
        Some(Hit {
            session,
            account,
            role,
            stretches,
            rank: (rank << 8) | unmatched,
            weight: 0.0,
        })
    }

    fn best(
        &mut self,
        word: usize,
        fields: &[(Field, &str); 4],
    ) -> Option<(Fit, Field, Vec<Stretch>)> {
        let plain = fields.iter().filter_map(|(field, text)| {
            let (fit, stretches) = fit(&self.words[word], *field, text)?;
            Some((fit, *field, stretches))
        });
        let best = plain.min_by_key(|(fit, field, _)| (*fit, *field));
        best.or_else(|| self.fuzzy(word, fields))
    }

    /// Only names and permission sets: in ids and addresses, scattered characters mean nothing.
    fn fuzzy(
        &mut self,
        word: usize,
        fields: &[(Field, &str); 4],
    ) -> Option<(Fit, Field, Vec<Stretch>)> {
        let word = &self.words[word];
        if word.digits || word.text.len() < 2 {
            return None;
        }
        let mut best: Option<(u32, Field, Vec<u32>)> = None;
        for (field, text) in fields
            .iter()
            .filter(|(field, _)| matches!(field, Field::Name | Field::Role))
        {
            let mut indices = Vec::new();
            let text = Utf32Str::new(text, &mut self.buffer);
            let score = word.fuzzy.indices(text, &mut self.matcher, &mut indices);
            if let Some(score) = score.filter(|score| is_telling(*score, word.text.len()))
                && best.as_ref().is_none_or(|(other, ..)| score > *other)
            {
                best = Some((score, *field, indices));
            }
        }
        let (_, field, mut indices) = best?;
        indices.sort_unstable();
        Some((Fit::Fuzzy, field, stretches_of(field, &indices)))
    }
}

/// A scattered match scores little for each character: leave it out.
fn is_telling(score: u32, characters: usize) -> bool {
    score >= 18 * u32::try_from(characters).unwrap_or(u32::MAX / 18)
}

fn cost(fit: Fit, field: Field) -> u64 {
    (fit as u64) * 16 + field as u64
}

/// How a word fits a field, and where.
fn fit(word: &Word, field: Field, text: &str) -> Option<(Fit, Vec<Stretch>)> {
    let chars: Vec<char> = text.chars().collect();
    let lower: Vec<char> = chars
        .iter()
        .map(|it| it.to_lowercase().next().unwrap_or(*it))
        .collect();
    let length = word.text.len();
    if length == 0 || lower.len() < length {
        return None;
    }
    let at = |start: usize| lower[start..].starts_with(&word.text);
    let one = |fit, start| {
        Some((
            fit,
            vec![Stretch {
                field,
                start,
                end: start + length,
            }],
        ))
    };
    let last = lower.len() - length;
    if at(0) {
        return one(if last == 0 { Fit::Exact } else { Fit::Prefix }, 0);
    }
    if field == Field::Id {
        // Digits in the middle of an id are noise, but the last group is how people tell them apart.
        return (word.digits && length >= 4 && at(last))
            .then(|| one(Fit::Within, last))
            .flatten();
    }
    let mut found = (1..=last).filter(|start| at(*start));
    let within = found.clone().next().filter(|_| length >= 2);
    if let Some(start) = found.find(|start| is_word_start(&chars, *start)) {
        return one(Fit::WordStart, start);
    }
    if let Some(stretches) = initials(word, field, &chars, &lower) {
        return Some((Fit::Initials, stretches));
    }
    within.and_then(|start| one(Fit::Within, start))
}

/// Neighbouring word starts that spell the word.
fn initials(word: &Word, field: Field, chars: &[char], lower: &[char]) -> Option<Vec<Stretch>> {
    if word.text.len() < 2 || field == Field::Email {
        return None;
    }
    let starts: Vec<usize> = (0..chars.len())
        .filter(|at| *at == 0 || is_word_start(chars, *at))
        .collect();
    let spelled = starts.windows(word.text.len()).find(|starts| {
        starts
            .iter()
            .map(|at| lower[*at])
            .eq(word.text.iter().copied())
    })?;
    Some(
        spelled
            .iter()
            .map(|at| Stretch {
                field,
                start: *at,
                end: at + 1,
            })
            .collect(),
    )
}

fn is_word_start(chars: &[char], at: usize) -> bool {
    let (before, here) = (chars[at - 1], chars[at]);
    (!before.is_alphanumeric() && here.is_alphanumeric())
        || (here.is_uppercase() && !before.is_uppercase())
        || (here.is_numeric() != before.is_numeric())
}

fn stretches_of(field: Field, indices: &[u32]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for index in indices.iter().map(|it| *it as usize) {
        match stretches.last_mut() {
            Some(last) if last.end == index => last.end += 1,
            _ => stretches.push(Stretch {
                field,
                start: index,
                end: index + 1,
            }),
        }
    }
    stretches
}

/// `1234 5678 9012` and `1234-5678-9012` are one number, as people copy them.
fn join_digits(query: &str) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let (mut joined, mut after_number) = (String::new(), false);
    for word in query.split_whitespace() {
        let digits = word.replace('-', "");
        let number = is_number(&digits);
        let goes_on = number && after_number;
        if !joined.is_empty() && !goes_on {
            joined.push(' ');
        }
        joined.push_str(if number { &digits } else { word });
        after_number = number;
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{AccountList, Roles};
    use std::sync::Arc;

    fn lists() -> Lists {
        let roles = ["AdministratorAccess", "ReadOnly"];
        let accounts = [
            ("481920037715", "payments-production"),
            ("481920037722", "payments-staging"),
            ("660271945538", "analytics-dev"),
            ("015533820947", "warehouse-production"),
            ("118860342275", "Carrier Sandbox"),
            ("733018264490", "prod"),
        ]
        .map(|(id, name)| Account {
            id: id.into(),
            name: Some(name.into()),
            email: Some(format!("aws+{}@example.com", name.replace(' ', ""))),
            roles: Roles::Read(roles.map(Into::into).to_vec()),
        });
        let list = AccountList {
            accounts: accounts.into(),
            updated_at: None,
            complete: true,
        };
        [("work".to_owned(), Arc::new(list))].into()
    }

    fn now() -> Timestamp {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_first_hit() {
        let lists = lists();
        for (query, name, role) in [
            ("pay prod ro", "payments-production", "ReadOnly"),
            ("ro pay prod", "payments-production", "ReadOnly"),
            ("pay stag admin", "payments-staging", "AdministratorAccess"),
            ("prod", "prod", "AdministratorAccess"),
            ("prod read", "prod", "ReadOnly"),
            ("ware", "warehouse-production", "AdministratorAccess"),
            ("0155", "warehouse-production", "AdministratorAccess"),
            ("0947", "warehouse-production", "AdministratorAccess"),
            ("4819 2003 7722", "payments-staging", "AdministratorAccess"),
            ("4819-2003-7722 readonly", "payments-staging", "ReadOnly"),
            ("sand", "Carrier Sandbox", "AdministratorAccess"),
            ("pymnts stag", "payments-staging", "AdministratorAccess"),
            (
                "PAYMENTS-PRODUCTION",
                "payments-production",
                "AdministratorAccess",
            ),
            ("aws+analytics", "analytics-dev", "AdministratorAccess"),
        ] {
            let hits = find(&lists, &Marks::default(), query, now());
            let first = hits
                .first()
                .map(|hit| (hit.account.name.as_deref().unwrap(), hit.role.unwrap()));
            assert_eq!(first, Some((name, role)), "{query}");
        }
    }

    #[test]
    fn what_does_not_fit_is_not_shown() {
        for query in ["zzz", "payments zzz", "9999", "1920"] {
            assert!(
                find(&lists(), &Marks::default(), query, now()).is_empty(),
                "{query}"
            );
        }
        assert_eq!(
            find(&lists(), &Marks::default(), "", now()).len(),
            12,
            "no words fit everything"
        );
    }

    #[test]
    fn use_breaks_ties_and_never_more() {
        let lists = lists();
        let mut marks = Marks::default();
        let assignment = |id: &str, role: &str| Assignment {
            session: "work".into(),
            account_id: id.into(),
            role: role.into(),
        };
        marks.used(&assignment("481920037715", "ReadOnly"), now());
        let first = |query: &str| find(&lists, &marks, query, now())[0].assignment().unwrap();
        assert_eq!(
            first("payments-production"),
            assignment("481920037715", "ReadOnly")
        );
        assert_eq!(
            first("prod").account_id,
            "733018264490",
            "a better fit stays first"
        );
    }

    #[test]
    fn stretches_count_characters() {
        let lists = lists();
        let hits = find(&lists, &Marks::default(), "pay ro", now());
        let hit = hits
            .iter()
            .find(|hit| hit.role == Some("ReadOnly"))
            .unwrap();
        assert!(
            hit.stretches.contains(&Stretch {
                field: Field::Name,
                start: 0,
                end: 3
            }),
            "{hit:?}"
        );
        assert!(
            hit.stretches.iter().any(|it| it.field == Field::Role),
            "{hit:?}"
        );
    }

    #[test]
    fn hostile_names_do_not_break_it() {
        let mut list = AccountList::default();
        for (index, name) in [
            "",
            "\u{202e}abc",
            "İstanbul",
            "ﬀ",
            "a\u{0}b",
            &"x".repeat(10_000),
        ]
        .iter()
        .enumerate()
        {
            list.accounts.push(Account {
                id: format!("{index:012}"),
                name: Some((*name).to_owned()),
                email: None,
                roles: Roles::Unread,
            });
        }
        let lists: Lists = [("work".to_owned(), Arc::new(list))].into();
        for query in ["istanbul", "x", "ff", "\u{202e}", "0000", "(((", "^$'!"] {
            let _ = find(&lists, &Marks::default(), query, now());
        }
    }
}
