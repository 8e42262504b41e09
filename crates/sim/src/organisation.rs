//! The organisation behind the portal: its accounts and who may take which role there.

use crate::mint::Dice;
use crate::names;
use crate::options::Options;
use crate::trust::TrustingRole;
use serde::{Deserialize, Serialize};

/// One AWS account, as the portal lists it to the user who signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// 12 digits, leading zeros included.
    pub id: String,
    /// The account's name; some accounts have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail address of its root user; may be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Permission sets assigned to the user, in the portal's order.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// All accounts of the organisation, in the portal's order, and the roles beside its permission sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organisation {
    /// The accounts, each id once.
    pub accounts: Vec<Account>,
    /// Roles that other roles may assume.
    pub roles: Vec<TrustingRole>,
}

impl Organisation {
    /// The organisation that these options describe: the same for the same numbers.
    pub(crate) fn generate(options: &Options) -> Self {
        let mut dice = Dice::new(options.seed);
        let made = (0..options.accounts).map(|n| account(n, options, &mut dice));
        Self {
            accounts: made.collect(),
            roles: Vec::new(),
        }
    }

    /// The account with this id.
    #[must_use]
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|a| a.id == id)
    }

    /// True where the user may take this role in this account.
    #[must_use]
    pub fn is_assigned(&self, id: &str, role: &str) -> bool {
        self.account(id)
            .is_some_and(|a| a.roles.iter().any(|r| r == role))
    }

    /// Gives the user a role, in an account that is made where it is missing, or takes it.
    pub(crate) fn assign(&mut self, id: &str, role: &str, assigned: bool) {
        if self.account(id).is_none() && assigned {
            let name = Some(format!("account-{id}"));
            self.accounts.push(Account {
                id: id.into(),
                name,
                email: None,
                roles: Vec::new(),
            });
        }
        let Some(account) = self.accounts.iter_mut().find(|a| a.id == id) else {
            return;
        };
        account.roles.retain(|r| r != role);
        if assigned {
            account.roles.push(role.to_owned());
        }
    }

    /// A sentence on what is wrong with these accounts, if anything.
    pub(crate) fn fault(&self) -> Option<String> {
        let bad = self.accounts.iter().find(|a| !is_account_id(&a.id));
        if let Some(account) = bad {
            return Some(format!(
                "{:?} is not an account id of 12 digits",
                account.id
            ));
        }
        let mut ids: Vec<_> = self.accounts.iter().map(|a| &a.id).collect();
        ids.sort_unstable();
        let twice = ids.windows(2).find(|pair| pair[0] == pair[1]);
        twice.map(|pair| format!("account {} is there twice", pair[0]))
    }
}

/// True for 12 digits.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

fn account(n: usize, options: &Options, dice: &mut Dice) -> Account {
    let id = account_id(n, dice);
    let name = names::account(n, (options.seed.wrapping_sub(1) % 1000) as usize);
    let email = format!("aws+{}@example.com", slug(&name));
    let mut account = Account {
        id,
        name: Some(name),
        email: Some(email),
        roles: Vec::new(),
    };
    account.roles = roles(options.roles, dice);
    match options.hostile {
        true => names::spoil(account, n),
        false => account,
    }
}

/// Ids differ because `n` stands in the last six digits; every fifth begins with a zero.
fn account_id(n: usize, dice: &mut Dice) -> String {
    let scattered = (n as u64).wrapping_mul(611_953) % 1_000_000;
    let head = match n % 5 {
        3 => dice.below(100_000),
        _ => 100_000 + dice.below(900_000),
    };
    format!("{head:06}{scattered:06}")
}

/// `ReadOnly` first, then up to `most - 1` others in the order of the list.
fn roles(most: usize, dice: &mut Dice) -> Vec<String> {
    let wanted = if most > 2 {
        most - dice.below(most / 2)
    } else {
        most
    };
    let mut others: Vec<usize> = (0..most.max(names::roles()) - 1).collect();
    while others.len() > wanted - 1 {
        // Low numbers are the common permission sets: keep them more often than not.
        let (a, b) = (dice.below(others.len()), dice.below(others.len()));
        others.remove(a.max(b));
    }
    let rest = others.into_iter().map(|n| names::role(n + 1));
    std::iter::once(names::role(0)).chain(rest).collect()
}

fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn of(accounts: usize, roles: usize, hostile: bool) -> Organisation {
        Organisation::generate(&Options {
            accounts,
            roles,
            hostile,
            ..Options::default()
        })
    }

    #[test]
    fn the_same_seed_gives_the_same_organisation() {
        assert_eq!(of(300, 5, false), of(300, 5, false));
        let other = Organisation::generate(&Options {
            accounts: 300,
            seed: 2,
            ..Options::default()
        });
        assert_ne!(of(300, 4, false), other);
    }

    #[test]
    fn a_large_organisation_is_sound() {
        let big = of(3000, 8, false);
        assert_eq!(big.fault(), None);
        let names: BTreeSet<_> = big.accounts.iter().map(|a| a.name.clone()).collect();
        assert_eq!(names.len(), 3000);
        assert!(big.accounts.iter().any(|a| a.id.starts_with('0')));
        assert!(
            big.accounts
                .iter()
                .all(|a| a.roles[0] == "ReadOnly" && a.roles.len() <= 8)
        );
        let sizes: BTreeSet<_> = big.accounts.iter().map(|a| a.roles.len()).collect();
        assert!(sizes.len() > 1, "not every account has every role");
    }

    #[test]
    fn as_many_roles_as_asked_for_exist_and_differ() {
        for most in [1, 2, 3, 40, 200] {
            let role_lists = of(20, most, false).accounts.into_iter().map(|a| a.roles);
            for list in role_lists {
                let distinct: BTreeSet<_> = list.iter().collect();
                assert!(distinct.len() == list.len() && (1..=most).contains(&list.len()));
            }
        }
    }

    #[test]
    fn hostile_organisations_hold_what_breaks_careless_programs() {
        let hostile = of(60, 4, true);
        assert_eq!(hostile.fault(), None);
        let has = |test: &dyn Fn(&str) -> bool| {
            hostile
                .accounts
                .iter()
                .filter_map(|a| a.name.as_deref())
                .any(test)
        };
        assert!(has(&|n| n.contains("<script>")) && has(&|n| n.contains('\u{1b}')));
        assert!(has(&|n| n.contains('\u{202e}')) && has(&|n| n.contains('\n')));
        assert!(has(&|n| n.chars().count() >= 10_000) && has(&|n| n.contains('[')));
        assert!(
            hostile
                .accounts
                .iter()
                .any(|a| a.name.is_none() && a.email.is_none())
        );
    }

    #[test]
    fn an_assignment_comes_and_goes() {
        let mut organisation = of(2, 2, false);
        organisation.assign("000000000042", "Auditor", true);
        assert!(organisation.is_assigned("000000000042", "Auditor"));
        organisation.assign("000000000042", "Auditor", false);
        assert!(!organisation.is_assigned("000000000042", "Auditor"));
    }
}
