//! What `cargo xtask bench search` runs: whole queries typed letter by letter over organisations of
//! three sizes, beside a plain scan of the same texts in the same run.
//!
//!     daypass-bench-search [--rows 1500,15000,150000] [--times 5]

use daypass_core::accounts::labels::{Looks, Rule, Subject};
use daypass_core::accounts::marks::{Choice, Marks};
use daypass_core::accounts::rank::{Index, Search};
use daypass_core::accounts::{Account, AccountList, Assignment, Lists, Roles};
use jiff::{SignedDuration, Timestamp};
use std::env;
use std::hint::black_box;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::budgets::Budgets;
use testkit::{Context, Result, bail, ensure};

/// Permission sets of each account.
const ROLES: [&str; 3] = ["AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess"];

/// What is typed: found at once, by initials, by id, with slips, and nowhere.
const QUERIES: [&str; 10] = [
    "payments production readonly",
    "pay prod ro",
    "ledger staging admin",
    "481920037715",
    "aws+fraud@northwind",
    "fdp",
    "pymnts stag",
    "warehuose prodution",
    "prod",
    "zzz nowhere at all",
];

const PRODUCTS: [&str; 24] = [
    "payments",
    "billing",
    "checkout",
    "ledger",
    "fraud-detection",
    "customer-portal",
    "analytics",
    "data-lake",
    "warehouse",
    "search",
    "notifications",
    "identity",
    "mobile-backend",
    "ml-platform",
    "pricing",
    "catalogue",
    "shipping",
    "returns",
    "loyalty",
    "SharedServices",
    "NetworkHub",
    "Größenrechner",
    "Zürich Rechenzentrum",
    "東京",
];
const STAGES: [&str; 5] = ["production", "staging", "dev", "sandbox", "test"];
const REGIONS: [&str; 4] = ["eu", "us", "ap", "global"];

fn main() -> Result<()> {
    let (sizes, times) = wish()?;
    let cores = std::thread::available_parallelism()?;
    let letters: usize = QUERIES.iter().map(|it| it.chars().count()).sum();
    say(&format!(
        "{letters} keystrokes, each {times} times, the quickest counts; {cores} processors"
    ));
    say("milliseconds a keystroke: half of them within / 19 of 20 within / the slowest");
    let mut budgets = Budgets::of("search")?;
    for rows in sizes {
        budgets.hold("beside_a_plain_scan", measure(rows, times)?)?;
    }
    budgets.finish()
}

/// How many times as long as the plain scan.
fn measure(rows: usize, times: usize) -> Result<f64> {
    let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
    let (lists, marks) = organisation(rows / ROLES.len(), now);
    let marks = Arc::new(marks);
    let looks = Arc::new(Looks::new(&[], &rules(), marks.clone()));
    let none = Index::default();
    let (made, index) = quickest(times, || Index::new(&lists, &looks, &marks, &none));
    let other = Arc::new(Looks::new(&[], &rules(), marks.clone()));
    let (again, _) = quickest(times, || Index::new(&lists, &other, &marks, &index));
    ensure!(
        index.rows() == rows / ROLES.len() * ROLES.len(),
        "rows are lost"
    );
    let texts = texts(&lists);
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for typed in keystrokes() {
        let search = Search::of(&typed);
        let (took, found) = quickest(times, || index.find(&search, now).total);
        ours.push(took);
        let (took, scanned) = quickest(times, || scan(&texts, &typed));
        floor.push(took);
        // Words that stand there as they are typed are among what fits.
        let plain = typed
            .split_whitespace()
            .all(|it| it.len() > 2 && it.chars().all(char::is_alphabetic));
        ensure!(
            !plain || found >= scanned,
            "{typed:?}: {found} of {scanned}"
        );
    }
    let whole = |spans: &[Duration]| spans.iter().sum::<Duration>().as_secs_f64();
    let ratio = whole(&ours) / whole(&floor);
    say(&format!(
        "{rows:>7} rows: search {}, plain scan {}, ratio {ratio:.2}; prepared in {} ms, after a change of \
         looks alone in {} ms",
        told(ours),
        told(floor),
        millis(made),
        millis(again),
    ));
    Ok(ratio)
}

/// Every query, letter by letter.
fn keystrokes() -> Vec<String> {
    let typed = QUERIES.iter().flat_map(|query| {
        let ends = query.char_indices().map(|(at, it)| at + it.len_utf8());
        ends.map(move |end| query[..end].to_owned())
    });
    typed.collect()
}

/// The least that any search does: each row's texts, in lower case already, looked through for each
/// word.
fn scan(texts: &[String], query: &str) -> usize {
    let query = query.to_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let fits = |text: &&String| words.iter().all(|word| text.contains(word));
    texts.iter().filter(fits).count()
}

/// One text for each row, with everything in it that is searched.
fn texts(lists: &Lists) -> Vec<String> {
    let accounts = lists.values().flat_map(|list| &list.accounts);
    let rows = accounts.flat_map(|account| {
        let name = account.name.as_deref().unwrap_or_default();
        let email = account.email.as_deref().unwrap_or_default();
        let roles = account.roles.known().iter();
        roles.map(move |role| format!("{name}\n{}\n{role}\n{email}", account.id).to_lowercase())
    });
    rows.collect()
}

fn organisation(accounts: usize, now: Timestamp) -> (Lists, Marks) {
    let mut marks = Marks::default();
    let mut list = AccountList::default();
    for number in 0..accounts {
        let account = account(number);
        let assignment = Assignment {
            session: "work".to_owned(),
            account_id: account.id.clone(),
            role: ROLES[number % ROLES.len()].to_owned(),
        };
        if number % 50 == 0 {
            let hours = i64::try_from(number % 500).unwrap_or_default();
            marks.used(&assignment, now - SignedDuration::from_hours(hours));
        }
        if number % 40 == 0 {
            let subject = Subject::Account {
                session: assignment.session,
                account_id: assignment.account_id,
            };
            let choice = Choice {
                alias: Some(format!("Team {number}")),
                ..Choice::default()
            };
            marks.choose(&subject, choice);
        }
        list.accounts.push(account);
    }
    list.sort();
    ([("work".to_owned(), Arc::new(list))].into(), marks)
}

/// Names repeat as they do in large organisations: product, stage, Region, number.
fn account(number: usize) -> Account {
    let product = PRODUCTS[number % PRODUCTS.len()];
    let stage = STAGES[number / PRODUCTS.len() % STAGES.len()];
    let region = REGIONS[number / 120 % REGIONS.len()];
    let name = format!("{product}-{stage}-{region}-{:03}", number / 480);
    let id = (number * 7_919_999 + 481_920_037_715) % 1_000_000_000_000;
    Account {
        id: format!("{id:012}"),
        email: Some(format!(
            "aws+{}@northwind.example",
            name.to_lowercase().replace(' ', "-")
        )),
        name: Some(name),
        roles: Roles::Read(ROLES.map(str::to_owned).to_vec()),
    }
}

fn rules() -> Vec<Rule> {
    let rule = |pattern: &str, label: &str| Rule {
        account: Some(pattern.to_owned()),
        label: Some(label.to_owned()),
        ..Rule::default()
    };
    vec![
        rule("*prod*", "prod"),
        rule("*staging*", "staging"),
        rule("*dev*", "dev"),
        rule("*sandbox*", "sandbox"),
        Rule {
            role: Some("ReadOnly*".to_owned()),
            protected: Some(false),
            ..Rule::default()
        },
    ]
}

fn quickest<T>(times: usize, mut act: impl FnMut() -> T) -> (Duration, T) {
    let mut best: Option<(Duration, T)> = None;
    for _ in 0..times.max(1) {
        let start = Instant::now();
        let result = black_box(act());
        let took = start.elapsed();
        if best.as_ref().is_none_or(|(least, _)| took < *least) {
            best = Some((took, result));
        }
    }
    best.unwrap_or_else(|| (Duration::ZERO, act()))
}

fn told(mut spans: Vec<Duration>) -> String {
    spans.sort_unstable();
    let at = |share: usize| millis(spans[(spans.len() - 1) * share / 100]);
    format!("{} / {} / {}", at(50), at(95), at(100))
}

fn millis(span: Duration) -> String {
    format!("{:.2}", span.as_secs_f64() * 1_000.0)
}

fn wish() -> Result<(Vec<usize>, usize)> {
    let (mut sizes, mut times) = (vec![1_500, 15_000, 150_000], 5);
    let mut words = env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words
            .next()
            .with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--rows" => sizes = value.split(',').map(str::parse).collect::<Result<_, _>>()?,
            "--times" => times = value.parse()?,
            other => bail!("{other} is not known"),
        }
    }
    Ok((sizes, times))
}

fn say(words: &str) {
    // Nobody is left to be told that nobody listens.
    let _ = writeln!(std::io::stdout(), "{words}");
}
