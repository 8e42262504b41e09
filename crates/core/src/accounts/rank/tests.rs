//! The search as people meet it: a table of queries over a made-up organisation, and what holds for
//! every list.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::accounts::labels::{Looks, Rule, Subject};
use crate::accounts::marks::{Choice, Marks};
use crate::accounts::{AccountList, Lists, Roles};

/// How many queries of the table may miss what is meant: those that do today are told, and it only
/// ever shrinks.
const MISSES: usize = 5;

fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

/// Lines of a table, without remarks.
fn table(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = text
        .lines()
        .filter(|it| !it.starts_with('#') && !it.is_empty());
    lines.map(|it| it.split('\t').collect())
}

fn account(id: &str, name: &str, email: &str, roles: &[&str]) -> Account {
    Account {
        id: id.into(),
        name: Some(name.into()),
        email: Some(email.into()).filter(|it: &String| !it.is_empty()),
        roles: Roles::Read(roles.iter().map(|it| (*it).to_owned()).collect()),
    }
}

fn lists(accounts: Vec<Account>) -> Lists {
    let mut list = AccountList {
        accounts,
        ..AccountList::default()
    };
    list.sort();
    [("work".to_owned(), Arc::new(list))].into()
}

fn subject(id: &str) -> Subject {
    Subject::Account {
        session: "work".into(),
        account_id: id.into(),
    }
}

fn assignment(id: &str, role: &str) -> Assignment {
    Assignment {
        session: "work".into(),
        account_id: id.into(),
        role: role.into(),
    }
}

fn index(lists: &Lists, marks: Marks, rules: &[Rule]) -> Index {
    let marks = Arc::new(marks);
    let looks = Arc::new(Looks::new(&[], rules, marks.clone()));
    Index::new(lists, &looks, &marks, &Index::default())
}

fn labelled(pattern: &str, label: &str) -> Rule {
    Rule {
        account: Some(pattern.into()),
        label: Some(label.into()),
        ..Rule::default()
    }
}

/// The organisation of the table: its labels by rule, its aliases by hand.
fn organisation() -> Index {
    let mut marks = Marks::default();
    let accounts = table(include_str!("organisation.tsv")).map(|line| {
        let [id, name, email, roles, rest @ ..] = &line[..] else {
            panic!("{line:?}")
        };
        if let [alias] = rest {
            let alias = Some((*alias).to_owned());
            let choice = Choice {
                alias,
                ..Choice::default()
            };
            marks.choose(&subject(id), choice);
        }
        account(id, name, email, &roles.split(',').collect::<Vec<_>>())
    });
    let lists = lists(accounts.collect());
    let rules = [
        labelled("*prod*", "prod"),
        labelled("*live*", "prod"),
        labelled("*staging*", "staging"),
        labelled("*uat*", "staging"),
        labelled("*dev*", "dev"),
        labelled("*sandbox*", "sandbox"),
    ];
    index(&lists, marks, &rules)
}

fn found(index: &Index, query: &str) -> Vec<(String, String)> {
    let found = index.find(&Search::of(query), now());
    let row = |hit: &Hit<'_>| {
        let name = hit.account.name.clone().unwrap_or_default();
        (name, hit.role.unwrap_or("-").to_owned())
    };
    found.hits.iter().map(row).collect()
}

#[test]
fn people_find_what_they_mean() {
    let organisation = organisation();
    let (mut asked, mut wrong) = (0, Vec::new());
    for line in table(include_str!("queries.tsv")) {
        let (query, name, role) = (line[0], line[1], line.get(2));
        let hits = found(&organisation, query);
        let is_it = |hit: &(String, String)| hit.0 == name && role.is_none_or(|it| *it == hit.1);
        asked += 1;
        if !hits.first().is_some_and(is_it) {
            let place = hits.iter().position(is_it);
            let few: Vec<_> = hits.iter().take(3).collect();
            wrong.push(format!(
                "{query:?} means {name} {role:?}: found {place:?} in {few:?}"
            ));
        }
    }
    let right = asked - wrong.len();
    let told = format!(
        "{right} of {asked} queries find first what is meant:\n{}",
        wrong.join("\n")
    );
    assert!(asked >= 200 && right * 10 >= asked * 9, "{told}");
    assert!(wrong.len() <= MISSES, "{told}");
}

#[test]
fn what_does_not_fit_is_not_shown() {
    let organisation = organisation();
    for query in [
        "zzz",
        "payments zzz",
        "9999",
        "17263",
        "payments 9999999",
        "prod2x9",
    ] {
        assert_eq!(found(&organisation, query), [], "{query}");
    }
    let all = organisation.find(&Search::of(" "), now());
    assert_eq!(all.total, organisation.rows(), "no words fit everything");
    assert_eq!(all.hits.len(), SHOWN, "and only the best are given");
}

#[test]
fn use_breaks_ties_and_never_more() {
    let accounts = [
        "prod",
        "payments-prod",
        "payments-prod-dr",
        "paymaster-prod",
    ];
    let accounts = accounts
        .iter()
        .enumerate()
        .map(|(at, name)| account(&format!("{at:012}"), name, "", &["Admin", "ReadOnly"]));
    let lists = lists(accounts.collect());
    let mut marks = Marks::default();
    marks.used(&assignment("000000000002", "ReadOnly"), now());
    let fresh = index(&lists, Marks::default(), &[]);
    let used = index(&lists, marks, &[]);
    let first = |index: &Index, query: &str| found(index, query)[0].clone();
    let row = |name: &str, role: &str| (name.to_owned(), role.to_owned());
    assert_eq!(first(&fresh, "pay"), row("payments-prod", "Admin"));
    assert_eq!(first(&used, "pay"), row("payments-prod-dr", "ReadOnly"));
    assert_eq!(
        first(&used, "prod"),
        row("prod", "Admin"),
        "a better fit stays first"
    );
    assert_eq!(
        first(&used, "payments prod"),
        row("payments-prod", "Admin"),
        "all of a name"
    );
}

/// A few words, so that many rows fit the same query.
const WORDS: [&str; 6] = ["prod", "pay", "payments", "dev", "data", "legacy"];

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&WORDS[..])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn one_more_use_never_puts_a_row_further_down(
        names in prop::collection::vec((word(), word()), 2..12),
        uses in prop::collection::vec((any::<prop::sample::Index>(), 0..40_i64), 0..12),
        once_more in any::<prop::sample::Index>(),
        query in (word(), 1..9_usize),
    ) {
        let all: Vec<_> = names.iter().enumerate().map(|(at, (one, other))| {
            account(&format!("{at:012}"), &format!("{one}-{other}"), "", &["ReadOnly"])
        }).collect();
        let count = all.len();
        let lists = lists(all);
        let of = |at: &prop::sample::Index| assignment(&format!("{:012}", at.index(count)), "ReadOnly");
        let mut marks = Marks::default();
        for (at, days) in &uses {
            marks.used(&of(at), now() - jiff::SignedDuration::from_hours(24 * days));
        }
        let used = of(&once_more);
        let query: String = query.0.chars().take(query.1).collect();
        let place = |marks: Marks| {
            let index = index(&lists, marks, &[]);
            let found = index.find(&Search::of(&query), now());
            found.hits.iter().position(|hit| hit.account.id == used.account_id)
        };
        let before = place(marks.clone());
        marks.used(&used, now());
        let after = place(marks);
        prop_assert_eq!(before.is_some(), after.is_some());
        prop_assert!(after <= before, "{:?} then {:?} for {}", before, after, query);
    }
}

#[test]
fn hidden_rows_are_found_by_their_whole_name_only() {
    let quiet = Rule {
        account: Some("old*".into()),
        hidden: Some(true),
        ..Rule::default()
    };
    let mut marks = Marks::default();
    let alias = Choice {
        alias: Some("Museum".into()),
        ..Choice::default()
    };
    marks.choose(&subject("000000000001"), alias);
    let lists = lists(vec![
        account("000000000001", "old payments", "a@old.example", &["Admin"]),
        account("000000000002", "payments", "", &["Admin"]),
    ]);
    let index = index(&lists, marks, &[quiet]);
    for (query, expected) in [
        ("pay", &["payments"][..]),
        ("old", &[]),
        ("old pay", &[]),
        ("a@old.example", &[]),
        ("old payments", &["old payments"]),
        ("payments old", &["old payments"]),
        ("OLD PAYMENTS admin", &["old payments"]),
        ("museum", &["old payments"]),
        ("000000000001", &["old payments"]),
        ("0000-0000-0001 admin", &["old payments"]),
        ("0000", &["payments"]),
        ("is:hidden", &["old payments"]),
        ("is:hidden old", &["old payments"]),
        ("IS:HIDDEN zzz", &[]),
        ("", &["payments"]),
    ] {
        let names: Vec<String> = found(&index, query).into_iter().map(|it| it.0).collect();
        assert_eq!(names, expected, "{query}");
    }
    let all = Search {
        with_hidden: true,
        ..Search::of("old")
    };
    assert_eq!(index.find(&all, now()).total, 1);
}

#[test]
fn stretches_are_those_of_the_texts_as_they_came() {
    let mut marks = Marks::default();
    let alias = Choice {
        alias: Some("Großkunden".into()),
        ..Choice::default()
    };
    marks.choose(&subject("000000000001"), alias);
    let one = account(
        "000000000001",
        "Zu\u{308}rich-Prod",
        "z@x.example",
        &["ReadOnly"],
    );
    let lists = lists(vec![one]);
    let index = index(&lists, marks, &[labelled("*prod", "prod")]);
    for (query, expected) in [
        ("zurich", "Name:Zu\u{308}rich"),
        ("ro prod", "Role:R Role:O Label:prod"),
        ("gross", "Alias:Groß"),
        ("groß", "Alias:Groß"),
        ("0000", "Id:0000"),
        ("z@x", "Email:z@x"),
        ("is:hidden", ""),
    ] {
        let found = index.find(&Search::of(query), now());
        let shown = found.hits.first().map_or_else(String::new, |hit| {
            let stretch = |it: &Stretch| {
                let text = hit.text(it.field).chars();
                let text: String = text.skip(it.start).take(it.end - it.start).collect();
                format!("{:?}:{text}", it.field)
            };
            hit.stretches
                .iter()
                .map(stretch)
                .collect::<Vec<_>>()
                .join(" ")
        });
        let expected = if query == "gross" {
            "Alias:Großk"
        } else {
            expected
        };
        assert_eq!(shown, expected, "{query}");
    }
}

#[test]
fn the_same_list_is_not_prepared_twice() {
    let marks = Arc::new(Marks::default());
    let looks = Arc::new(Looks::new(&[], &[], marks.clone()));
    let mut both = lists(vec![account("000000000001", "a", "", &["A"])]);
    both.extend([("other".to_owned(), both["work"].clone())]);
    let first = Index::new(&both, &looks, &marks, &Index::default());
    assert!(first.is_of(&both, &looks));
    let another = Arc::new(Looks::new(&[], &[], marks.clone()));
    assert!(!first.is_of(&both, &another));
    let second = Index::new(&both, &another, &marks, &first);
    assert!(Arc::ptr_eq(
        &first.sessions[0].texts,
        &second.sessions[0].texts
    ));
    both.remove("other");
    assert!(!second.is_of(&both, &another));
}

#[test]
fn hostile_names_do_not_break_it() {
    let names = [
        "",
        "\u{202e}abc",
        "İstanbul",
        "ﬀ",
        "a\u{0}b",
        "\u{301}\u{301}",
        "𝔘𝔫𝔦",
        &"x".repeat(10_000),
        &"a-".repeat(5_000),
    ];
    let accounts = names.iter().enumerate().map(|(at, name)| Account {
        roles: Roles::Unread,
        ..account(&format!("{at:012}"), name, "", &[])
    });
    let index = index(&lists(accounts.collect()), Marks::default(), &[]);
    for query in [
        "istanbul",
        "x",
        "ff",
        "\u{202e}",
        "0000",
        "(((",
        "^$'!",
        "\u{301}",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
        &"a ".repeat(1_000),
        &"x".repeat(100_000),
    ] {
        let found = index.find(&Search::of(query), now());
        assert!(found.hits.len() <= found.total);
    }
    assert_eq!(found(&index, "istanbul").len(), 1);
}

fn any_account() -> impl Strategy<Value = (String, Vec<&'static str>)> {
    let part = prop::sample::select(vec![
        "pay",
        "payments",
        "prod",
        "production",
        "eu",
        "dev",
        "team",
        "042",
        "42",
        "data",
        "lake",
        "ro",
    ]);
    let name = prop::collection::vec(part, 1..4).prop_map(|it| it.join("-"));
    let roles =
        prop::sample::subsequence(vec!["AdministratorAccess", "ReadOnly", "DeployProd"], 1..=3);
    (name, roles)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// One more letter: rows that fitted equally, and still do, keep their order.
    #[test]
    fn typing_on_never_swaps_equals(
        accounts in prop::collection::vec(any_account(), 2..12),
        used in prop::collection::vec((0_usize..12, 0_i64..30), 0..6),
        query in prop::sample::select(vec![
            "payments prod readonly", "team 42 ro", "data lake dev admin", "pymnts prodution", "eu prod",
        ]),
    ) {
        let rows = accounts.iter().enumerate().map(|(at, (name, roles))| {
            account(&format!("{at:012}"), name, "", roles)
        });
        let mut marks = Marks::default();
        for (at, days) in used {
            let at = at % accounts.len();
            let when = now() - jiff::SignedDuration::from_hours(24 * days);
            marks.used(&assignment(&format!("{at:012}"), accounts[at].1[0]), when);
        }
        let index = index(&lists(rows.collect()), marks, &[labelled("*prod*", "prod")]);
        let letters: Vec<char> = query.chars().collect();
        let ranked = |length: usize| {
            let query: String = letters[..length].iter().collect();
            let found = index.find(&Search::of(&query), now());
            found.hits.iter().map(|it| (it.assignment().unwrap(), it.fit())).collect::<Vec<_>>()
        };
        for length in 1..letters.len() {
            let (before, after) = (ranked(length), ranked(length + 1));
            let place = |it: &Assignment| before.iter().position(|(row, _)| row == it);
            for pair in after.windows(2).filter(|it| it[0].1 == it[1].1) {
                let (Some(one), Some(other)) = (place(&pair[0].0), place(&pair[1].0)) else {
                    continue;
                };
                if before[one].1 == before[other].1 {
                    prop_assert!(one < other, "{:?} swapped at {length} of {query}", pair);
                }
            }
        }
    }
}
