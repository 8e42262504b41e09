//! Chained roles as rows of their own: each stands in the account of its role, beside the permission
//! sets there. They are laid over the lists, so that no reading of those touches them. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Account, AccountList, Assignment, Lists, Roles};
use crate::Result;
use crate::settings::chains::{self, Chain, MARK};

/// The name of the chained role that a row's role text stands for.
pub fn name_of(role: &str) -> Option<&str> {
    role.strip_prefix(MARK)
}

/// A row's role text as people read it.
pub fn shown(role: &str) -> &str {
    name_of(role).unwrap_or(role)
}

/// The row of a chained role.
pub fn row_of(chain: &Chain) -> Assignment {
    Assignment {
        session: chain.session.clone(),
        account_id: chain.role.account_id().to_owned(),
        role: format!("{MARK}{}", chain.name),
    }
}

/// One chained role, and whether it can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chained {
    /// What it is.
    pub chain: Chain,
    /// The row where its way begins; `None` where that leads nowhere.
    pub base: Option<Assignment>,
    /// Whether it stands in the AWS config file and not in the settings.
    pub found: bool,
    /// Why it cannot be reached, as far as the lists tell: the base or a role on the way is gone.
    pub lost: Option<String>,
}

/// All of them with what is known of their ways, in their order; the first `own` are of the settings.
pub fn all(chains: &[Chain], own: usize, lists: &Lists) -> Vec<Chained> {
    let chained = chains.iter().enumerate().map(|(at, chain)| {
        let base = base_of(chains, chain);
        let lost = match &base {
            Ok(base) => gone(lists, base),
            Err(error) => Some(error.message().to_owned()),
        };
        Chained {
            chain: chain.clone(),
            base: base.ok(),
            found: at >= own,
            lost,
        }
    });
    chained.collect()
}

fn base_of(chains: &[Chain], chain: &Chain) -> Result<Assignment> {
    let path = chains::path(chains, &chain.session, &chain.name)?;
    Ok(Assignment {
        session: chain.session.clone(),
        account_id: path.account_id,
        role: path.role,
    })
}

/// Only a list that is known to be whole tells that an assignment is gone.
fn gone(lists: &Lists, base: &Assignment) -> Option<String> {
    let list = lists.get(&base.session)?;
    let is_gone = match list.account(&base.account_id).map(|it| &it.roles) {
        Some(Roles::Read(roles)) => !roles.contains(&base.role),
        Some(Roles::Unread | Roles::Failed(_)) => false,
        None => list.complete,
    };
    is_gone.then(|| {
        let role: String = base.role.escape_debug().collect();
        format!("{role} in {} is gone", base.account_id)
    })
}

/// The lists with the chained roles in them. A list without any stays the very same.
pub fn laid_over(lists: &Lists, chains: &[Chain]) -> Lists {
    let mut by_session: BTreeMap<&str, Vec<&Chain>> = BTreeMap::new();
    for chain in chains {
        by_session.entry(&chain.session).or_default().push(chain);
    }
    let mut laid = lists.clone();
    for (session, chains) in by_session {
        // A list of which nothing is known shall not look as if something were.
        let known = |list: &&mut Arc<AccountList>| !list.accounts.is_empty();
        if let Some(list) = laid.get_mut(session).filter(known) {
            let list = Arc::make_mut(list);
            chains.into_iter().for_each(|chain| put(list, chain));
            list.sort();
        }
    }
    laid
}

fn put(list: &mut AccountList, chain: &Chain) {
    let row = row_of(chain);
    let at = list.accounts.iter().position(|it| it.id == row.account_id);
    let account = match at {
        Some(at) => &mut list.accounts[at],
        None => {
            // An account where the user has no permission set is there all the same.
            list.accounts.push(Account {
                id: row.account_id,
                name: None,
                email: None,
                roles: Roles::Read(Vec::new()),
            });
            let last = list.accounts.len() - 1;
            &mut list.accounts[last]
        }
    };
    match &mut account.roles {
        Roles::Read(roles) | Roles::Failed(roles) => roles.push(row.role),
        // It comes with the permission sets: those of accounts in view are read first.
        Roles::Unread => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::labels::{Looks, Rule};
    use crate::settings::chains::Source;

    fn chain(name: &str, account: &str, source: Source) -> Chain {
        Chain {
            session: "work".into(),
            name: name.into(),
            source,
            role: format!("arn:aws:iam::{account}:role/x/Deploy")
                .parse()
                .unwrap(),
            external_id: None,
            session_name: None,
            duration: None,
        }
    }

    fn base(role: &str) -> Source {
        Source::Assignment {
            account_id: "000000000001".into(),
            role: role.into(),
        }
    }

    fn lists(roles: Roles, complete: bool) -> Lists {
        let account = Account {
            id: "000000000001".into(),
            name: Some("audit".into()),
            email: None,
            roles,
        };
        let list = AccountList {
            accounts: vec![account],
            updated_at: None,
            complete,
        };
        let empty = AccountList::default();
        [
            ("work".to_owned(), list.into()),
            ("new".to_owned(), empty.into()),
        ]
        .into()
    }

    fn read(roles: &[&str]) -> Roles {
        Roles::Read(roles.iter().map(|it| (*it).to_owned()).collect())
    }

    #[test]
    fn each_stands_in_the_account_of_its_role_and_the_lists_stay() {
        let lists = lists(read(&["Admin", "ReadOnly"]), true);
        let chains = [
            chain("here", "000000000001", base("ReadOnly")),
            chain("there", "444455556666", Source::Chain("here".into())),
            Chain {
                session: "new".into(),
                ..chain("later", "444455556666", base("ReadOnly"))
            },
        ];
        let laid = laid_over(&lists, &chains);
        let pairs: Vec<_> = laid["work"]
            .pairs()
            .map(|(it, role)| (it.id.as_str(), role))
            .collect();
        let expected = [
            ("444455556666", "chain:there"),
            ("000000000001", "Admin"),
            ("000000000001", "ReadOnly"),
            ("000000000001", "chain:here"),
        ];
        assert_eq!(pairs, expected);
        assert!(
            laid["new"].accounts.is_empty(),
            "a list that nobody has read"
        );
        assert_eq!(lists["work"].pairs().count(), 2);
        let same = laid_over(&lists, &[]);
        assert!(Arc::ptr_eq(&same["work"], &lists["work"]));
    }

    #[test]
    fn it_is_lost_only_where_the_list_is_known_to_lack_its_base() {
        let lost = |roles: Roles, complete: bool| {
            let chains = [
                chain("a", "444455556666", base("ReadOnly")),
                chain("b", "444455556666", Source::Chain("a".into())),
            ];
            let all = all(&chains, 2, &lists(roles, complete));
            all.iter().map(|it| it.lost.is_some()).collect::<Vec<_>>()
        };
        assert_eq!(lost(read(&["ReadOnly"]), true), [false, false]);
        assert_eq!(lost(read(&["Admin"]), false), [true, true]);
        assert_eq!(lost(Roles::Unread, false), [false, false]);
        assert_eq!(lost(Roles::Failed(Vec::new()), true), [false, false]);
        let orphan = [chain("b", "444455556666", Source::Chain("a".into()))];
        let all = all(&orphan, 1, &lists(read(&[]), true));
        assert!(all[0].lost.as_deref().is_some_and(|it| it.contains("`a`")));
    }

    #[test]
    fn rules_about_roles_go_by_the_name_of_either() {
        let chains = [chain("nightly", "000000000001", base("ReadOnly"))];
        let protects = |pattern: &str| {
            let rule = Rule {
                role: Some(pattern.into()),
                protected: Some(true),
                ..Rule::default()
            };
            let looks = Looks::new(&[], &[rule], Arc::default()).with_chains(&chains);
            let laid = laid_over(&lists(read(&["ReadOnly"]), true), &chains);
            let account = &laid["work"].accounts[0];
            looks.of("work", account, "chain:nightly").protected
        };
        assert!(protects("Deploy") && protects("deplo*") && protects("nightly"));
        assert!(!protects("ReadOnly") && !protects("chain*"));
    }
}
