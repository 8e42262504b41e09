//! The order in which people look for accounts: by name, large and small letters alike, numbers by their
//! value, accents aside, the nameless last. Pure.

use nucleo_matcher::chars::normalize;

use super::{Account, Lists};

/// Where a name stands; smaller ones come first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    nameless: bool,
    text: Vec<char>,
}

/// The place of a name. One of blanks is none.
pub fn place(name: Option<&str>) -> Place {
    let name = name.map(str::trim).unwrap_or_default();
    let mut text = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some(next) = rest.chars().next() {
        let digits = rest.len()
            - rest
                .trim_start_matches(|it: char| it.is_ascii_digit())
                .len();
        if digits > 0 {
            push_number(&mut text, &rest[..digits]);
        } else {
            text.extend(normalize(next).to_lowercase());
        }
        rest = &rest[digits.max(next.len_utf8())..];
    }
    Place {
        nameless: name.is_empty(),
        text,
    }
}

/// A longer number is a larger one, zeros in front aside; all stand where digits stand.
fn push_number(text: &mut Vec<char>, digits: &str) {
    let digits = digits.trim_start_matches('0');
    let length = u32::try_from(digits.len()).unwrap_or(u32::MAX);
    text.push('0');
    text.push(char::from_u32(length).unwrap_or(char::MAX));
    text.extend(digits.chars());
}

/// The accounts of these sessions as one list, in order; an alias stands for the name.
pub fn all<'a>(
    lists: &'a Lists,
    sessions: impl Iterator<Item = &'a str>,
    alias: impl Fn(&str, &str) -> Option<&'a str>,
) -> Vec<(&'a str, &'a Account)> {
    let lists = sessions.filter_map(|session| Some((session, lists.get(session)?)));
    let accounts = lists.flat_map(|(session, list)| {
        let accounts = list.accounts.iter();
        accounts.map(move |account| (session, account))
    });
    let mut accounts: Vec<_> = accounts.collect();
    // Only a name is costly to place; the sort keeps the sessions' order where all else is equal.
    accounts.sort_by_cached_key(|(session, account)| {
        let name = alias(session, &account.id).or(account.name.as_deref());
        (place(name), account.id.clone())
    });
    accounts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{AccountList, Roles};
    use std::sync::Arc;

    fn account(id: &str, name: &str) -> Account {
        Account {
            id: id.into(),
            name: (!name.is_empty()).then(|| name.into()),
            email: None,
            roles: Roles::Unread,
        }
    }

    #[test]
    fn names_come_as_people_look_for_them() {
        let sorted = [
            "archive",
            "École",
            "team-2",
            "Team-3",
            "team-010",
            "team-10b",
            "team-a",
            "zone 9",
            "zone 10",
            "zone 123456789012345678901234567890",
            "حسابات",
        ];
        for pair in sorted.windows(2) {
            assert!(place(Some(pair[0])) < place(Some(pair[1])), "{pair:?}");
        }
        assert_eq!(place(Some("Team-010")), place(Some("team-10")));
        assert!(place(Some("zone")) < place(None));
        assert_eq!(place(Some(" \t ")), place(None));
    }

    #[test]
    fn sessions_are_one_list_and_an_alias_counts_as_the_name() {
        let list = |accounts: &[(&str, &str)]| {
            let accounts = accounts.iter().map(|(id, name)| account(id, name));
            Arc::new(AccountList {
                accounts: accounts.collect(),
                ..AccountList::default()
            })
        };
        let lists: Lists = [
            ("home".to_owned(), list(&[("3", "b"), ("1", "")])),
            ("work".to_owned(), list(&[("2", "c"), ("4", "a")])),
        ]
        .into();
        let alias = |session: &str, id: &str| ((session, id) == ("work", "2")).then_some("aa");
        let all = all(&lists, ["work", "home", "gone"].into_iter(), alias);
        let ids: Vec<_> = all.iter().map(|(_, it)| it.id.as_str()).collect();
        assert_eq!(ids, ["4", "2", "3", "1"]);
    }
}
