//! A list that grows: what is known stays, what is gone goes, and what changed is counted.

use jiff::Timestamp;

use super::*;
use crate::accounts::{AccountList, Roles};

fn listed(id: &str, name: &str) -> ListedAccount {
    ListedAccount {
        id: id.into(),
        name: Some(name.into()),
        email: None,
    }
}

fn page(accounts: &[(&str, &str)]) -> Change {
    Change::Page(accounts.iter().map(|(id, name)| listed(id, name)).collect())
}

fn roles(id: &str, roles: Option<&[&str]>) -> Change {
    Change::Roles {
        account_id: id.into(),
        roles: roles.map(|it| it.iter().map(|it| (*it).to_owned()).collect()),
    }
}

fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn growing(list: AccountList) -> Growing {
    Growing::from(list, Unfinished::beginning(now()))
}

/// A list that was read whole: `1` with A and B, `2` with A.
fn whole() -> AccountList {
    let mut growing = growing(AccountList::default());
    let changes = [
        page(&[("2", "two"), ("1", "One")]),
        Change::Listed,
        roles("1", Some(&["A", "B"])),
        roles("2", Some(&["A"])),
    ];
    changes.into_iter().for_each(|it| growing.take(it));
    assert_eq!(growing.finish(now()), None, "there was nothing before");
    growing.list().clone()
}

fn seen(growing: &mut Growing) -> Vec<(String, Roles)> {
    let accounts = growing.list().accounts.iter();
    accounts
        .map(|it| (it.id.clone(), it.roles.clone()))
        .collect()
}

fn read(roles: &[&str]) -> Roles {
    Roles::Read(roles.iter().map(|it| (*it).to_owned()).collect())
}

#[test]
fn pages_add_and_nothing_goes_before_all_are_named() {
    let mut growing = growing(whole());
    growing.take(page(&[("3", "three"), ("1", "Zone")]));
    growing.take(roles("9", Some(&["X"])));
    let expected = [
        ("3".to_owned(), Roles::Unread),
        ("2".to_owned(), read(&["A"])),
        ("1".to_owned(), read(&["A", "B"])),
    ];
    assert_eq!(seen(&mut growing), expected);
    assert!(!growing.list().complete, "one is unread");
    assert_eq!(growing.order(), ["3", "2", "1"], "unread first");
    growing.take(Change::Listed);
    growing.take(roles("3", Some(&[])));
    assert_eq!(growing.progress(), (1, 2));
    assert_eq!(seen(&mut growing).len(), 2, "the second is gone");
    assert!(growing.list().complete);
}

#[test]
fn what_changed_is_told_once_at_the_end() {
    let mut growing = growing(whole());
    let changes = [
        page(&[("1", "One"), ("3", "three"), ("4", "four")]),
        Change::Listed,
        roles("1", Some(&["B", "C"])),
        roles("3", Some(&["A", "B"])),
        roles("4", None),
    ];
    changes.into_iter().for_each(|it| growing.take(it));
    let diff = growing.finish(now()).unwrap();
    assert_eq!((diff.accounts_added, diff.accounts_removed), (2, 1));
    assert_eq!((diff.assignments_added, diff.assignments_removed), (3, 2));
    assert_eq!(diff.samples, ["three", "four", "two"]);
    assert_eq!(growing.list().failed(), 1);
    assert!(!growing.list().complete);
    assert_eq!(growing.finish(now()), None, "told once");
    // What was not known before is nothing new when it is read.
    growing.take(roles("4", Some(&["A"])));
    growing.take(roles("1", None));
    growing.take(roles("1", Some(&["B", "C"])));
    assert_eq!(growing.finish(now()), None);
}

#[test]
fn a_failed_account_keeps_its_rows_and_is_read_again_when_the_reading_goes_on() {
    let mut one = growing(whole());
    one.take(roles("1", None));
    one.take(roles("2", Some(&["A"])));
    let failed = Roles::Failed(vec!["A".into(), "B".into()]);
    assert_eq!(seen(&mut one)[0], ("1".to_owned(), failed));
    assert_eq!(one.progress(), (2, 2));
    let (list, reading) = (one.list().clone(), one.reading().clone());
    let mut again = Growing::from(list, reading);
    assert_eq!(again.progress(), (1, 2));
    again.take(roles("1", Some(&["A"])));
    let diff = again.finish(now()).unwrap();
    assert_eq!((diff.assignments_added, diff.assignments_removed), (0, 1));
}

#[test]
fn another_process_knows_better_except_what_it_has_not_read_yet() {
    let mut own = growing(AccountList::default());
    own.take(page(&[("1", "One"), ("2", "two")]));
    own.take(roles("1", Some(&["A"])));
    let mut other = growing(AccountList::default());
    other.take(page(&[("1", "One"), ("2", "two"), ("3", "three")]));
    other.take(roles("2", Some(&["B"])));
    own.adopt(other.list().clone(), other.reading().clone());
    let expected = [
        ("1".to_owned(), read(&["A"])),
        ("3".to_owned(), Roles::Unread),
        ("2".to_owned(), read(&["B"])),
    ];
    assert_eq!(seen(&mut own), expected);
}

#[test]
fn five_thousand_accounts_are_taken_in_by_id() {
    let mut growing = growing(AccountList::default());
    let ids: Vec<_> = (0..5_000).map(|n| format!("{n:012}")).collect();
    for hundred in ids.chunks(100) {
        let accounts = hundred
            .iter()
            .map(|id| listed(id, &format!("account-{id}")));
        growing.take(Change::Page(accounts.collect()));
    }
    growing.take(Change::Listed);
    for id in &ids {
        growing.take(roles(id, Some(&["Admin", "ReadOnly"])));
    }
    assert_eq!(growing.progress(), (5_000, 5_000));
    growing.finish(now());
    assert!(growing.list().complete);
    assert_eq!(growing.list().pairs().count(), 10_000);
}
