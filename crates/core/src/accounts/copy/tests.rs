//! The copy: what is saved is loaded, and bytes that are no copy do no harm.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::accounts::diff::Tally;
use crate::accounts::{Account, Roles};
use crate::host::{Clock, Env};

const PORTAL: &str = "https://a.awsapps.com/start";

fn host(folder: &Path) -> Host {
    Host::fake(folder, Env::table::<String, String>([]), Clock::real())
}

fn account(id: &str, name: Option<&str>, roles: Roles) -> Account {
    Account {
        id: id.into(),
        name: name.map(Into::into),
        email: None,
        roles,
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

fn list() -> AccountList {
    AccountList {
        accounts: vec![
            account("000000000002", None, Roles::Unread),
            account(
                "000000000001",
                Some("<b>a\u{202e}"),
                Roles::Read(names(&["Admin", "ReadOnly"])),
            ),
            account(
                "000000000003",
                Some("b"),
                Roles::Failed(names(&["ReadOnly"])),
            ),
            account("000000000004", Some("c"), Roles::Failed(vec![])),
        ],
        updated_at: Some("2026-03-02T09:00:00Z".parse().unwrap()),
        complete: false,
    }
}

fn unfinished() -> Unfinished {
    Unfinished {
        began_at: "2026-03-02T10:00:00Z".parse().unwrap(),
        read: ["000000000001".to_owned()].into(),
        tally: Tally {
            counts: [1, 2, 3, 4],
            samples: names(&["c"]),
        },
    }
}

fn aside(host: &Host) -> usize {
    let entries = fs::read_dir(host.paths.cache.join("accounts")).unwrap();
    let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
    names.filter(|it| it.contains(".corrupt-")).count()
}

#[test]
fn what_is_saved_is_loaded_for_the_same_portal_only() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    save(&host, "work", PORTAL, &list()).unwrap();
    assert_eq!(load(&host, "work", PORTAL), list());
    assert_eq!(load(&host, "work", "https://b"), AccountList::default());
    assert_eq!(load(&host, "other", PORTAL), AccountList::default());
    save_whole(&host, "work", PORTAL, &list(), Some(&unfinished())).unwrap();
    let copy = load_whole(&host, "work", PORTAL);
    assert_eq!((copy.list, copy.unfinished), (list(), Some(unfinished())));
}

#[test]
fn a_copy_of_an_earlier_daypass_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    save(&host, "work", PORTAL, &list()).unwrap();
    let earlier = r#"{"version":1,"start_url":"https://a.awsapps.com/start",
        "updated_at":"2026-03-02T09:00:00Z","complete":true,"accounts":[
        {"id":"000000000003","name":"b","roles":["ReadOnly"]},{"id":"000000000002"}]}"#;
    files::replace(&path(&host, "work"), earlier.as_bytes(), Mode::Private).unwrap();
    let list = load(&host, "work", PORTAL);
    let expected = [
        account("000000000002", None, Roles::Unread),
        account("000000000003", Some("b"), Roles::Read(names(&["ReadOnly"]))),
    ];
    assert_eq!(list.accounts, expected);
    assert!(!list.complete && list.updated_at.is_some());
}

#[test]
fn a_corrupt_copy_is_set_aside_and_only_the_newest_few_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut host = host(folder.path());
    for second in 0..5 {
        host.clock = Clock::fake(jiff::Timestamp::new(1_800_000_000 + second, 0).unwrap());
        save(&host, "work", PORTAL, &list()).unwrap();
        let whole = fs::read(path(&host, "work")).unwrap();
        files::replace(&path(&host, "work"), &whole[..40], Mode::Private).unwrap();
        assert_eq!(load(&host, "work", PORTAL), AccountList::default());
        assert!(!path(&host, "work").exists());
    }
    assert_eq!(aside(&host), KEPT_ASIDE);
    save(&host, "work", PORTAL, &list()).unwrap();
    assert_eq!(load(&host, "work", PORTAL), list());
}

#[test]
fn fifteen_thousand_assignments_take_little_room() {
    let roles = names(&["AdministratorAccess", "PowerUserAccess", "ReadOnly"]);
    let accounts = (0..5_000).map(|n| {
        let name = format!("payments-production-{n}");
        account(&format!("{n:012}"), Some(&name), Roles::Read(roles.clone()))
    });
    let list = AccountList {
        accounts: accounts.collect(),
        ..AccountList::default()
    };
    let bytes = form::print(PORTAL, &list, None);
    assert!(bytes.len() < 5_000 * 64, "{} bytes", bytes.len());
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.matches("AdministratorAccess").count(), 1);
}

/// What befalls a file.
#[derive(Clone, Debug)]
enum Mishap {
    Cut(prop::sample::Index),
    Flip(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    Repeat(prop::sample::Index, prop::sample::Index),
    Remove(prop::sample::Index, prop::sample::Index),
}

fn mishap() -> impl Strategy<Value = Mishap> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        at().prop_map(Mishap::Cut),
        (at(), any::<u8>()).prop_map(|(at, bits)| Mishap::Flip(at, bits)),
        (at(), prop::collection::vec(any::<u8>(), 0..9))
            .prop_map(|(at, it)| Mishap::Insert(at, it)),
        (at(), at()).prop_map(|(from, to)| Mishap::Repeat(from, to)),
        (at(), at()).prop_map(|(from, to)| Mishap::Remove(from, to)),
    ]
}

fn befall(bytes: &mut Vec<u8>, mishap: Mishap) {
    let stretch = |from: prop::sample::Index, to: prop::sample::Index, length: usize| {
        let (one, other) = (from.index(length), to.index(length));
        one.min(other)..one.max(other)
    };
    let length = bytes.len().max(1);
    match mishap {
        Mishap::Cut(at) => bytes.truncate(at.index(length)),
        Mishap::Flip(at, bits) => {
            if let Some(byte) = bytes.get_mut(at.index(length)) {
                *byte ^= bits;
            }
        }
        Mishap::Insert(at, more) => drop(bytes.splice(at.index(length)..at.index(length), more)),
        Mishap::Repeat(from, to) if !bytes.is_empty() => {
            bytes.extend_from_within(stretch(from, to, length));
        }
        Mishap::Remove(from, to) if !bytes.is_empty() => {
            drop(bytes.drain(stretch(from, to, length)))
        }
        Mishap::Repeat(..) | Mishap::Remove(..) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn whatever_befalls_a_copy_is_loaded_or_set_aside_and_the_next_one_holds(
        mishaps in prop::collection::vec(mishap(), 1..5)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path());
        save_whole(&host, "work", PORTAL, &list(), Some(&unfinished())).unwrap();
        let mut bytes = fs::read(path(&host, "work")).unwrap();
        mishaps.into_iter().for_each(|it| befall(&mut bytes, it));
        files::replace(&path(&host, "work"), &bytes, Mode::Private).unwrap();
        let copy = load_whole(&host, "work", PORTAL);
        let is_there = path(&host, "work").exists();
        prop_assert_eq!(is_there, aside(&host) == 0);
        prop_assert!(is_there || copy == Copy::default());
        let mut ids: Vec<_> = copy.list.accounts.iter().map(|it| &it.id).collect();
        ids.sort();
        prop_assert!(ids.windows(2).all(|two| two[0] != two[1]), "an account twice");
        save(&host, "work", PORTAL, &list()).unwrap();
        prop_assert_eq!(load(&host, "work", PORTAL), list());
    }
}
