//! Reads a portal's accounts and permission sets as a stream of changes, under its request budget.
//! What is known stays until something better is known; a failed account keeps its last rows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::{Account, AccountList, Roles};
use crate::portal::pace::Pace;
use crate::portal::{ListedAccount, Page, Portal, Refusal, Refused};
use crate::secrets::Secret;
use crate::{Code, Error, Result};

/// How often a request is tried when the service has trouble.
const TRIES: u32 = 3;
/// How often a request among many is tried when it is one too many: that is no fault of its own.
const THROTTLED_TRIES: u32 = 30;
/// How often the first one is, before which nothing of ours is under way.
const FIRST_THROTTLED_TRIES: u32 = 6;
/// A request that found no answer within this time is not sent again: somebody waits.
const QUICK: Duration = Duration::from_secs(4);
/// Pages beyond this are a service that never ends.
const PAGES: usize = 1_000;

/// One thing that became known.
#[derive(Debug)]
pub enum Change {
    /// All accounts, in no order.
    Accounts(Vec<ListedAccount>),
    /// The permission sets of an account; `None` where they could not be read.
    Roles {
        /// The account.
        account_id: String,
        /// In alphabetical order.
        roles: Option<Vec<String>>,
    },
}

/// Reads everything and reports each change. `first` are the accounts to read before the others.
///
/// # Errors
/// `SignInNeeded` where the token is not accepted, `Offline` and its kin where the accounts cannot be
/// read. A single account that fails is a change, not an error.
pub async fn read(
    portal: &Portal,
    pace: &Arc<Pace>,
    token: &Secret,
    first: &[String],
    changes: &mpsc::Sender<Change>,
) -> Result<()> {
    let accounts = all_accounts(portal, pace, token).await?;
    let ids = in_order(&accounts, first);
    send(changes, Change::Accounts(accounts)).await?;
    let mut readings = JoinSet::new();
    for account_id in ids {
        let (portal, pace, token) = (portal.clone(), pace.clone(), token.duplicate());
        readings.spawn(async move {
            let roles = roles_of(&portal, &pace, &token, &account_id).await;
            (account_id, roles)
        });
    }
    while let Some(done) = readings.join_next().await {
        let Ok((account_id, roles)) = done else {
            continue;
        };
        let roles = match roles {
            Ok(roles) => Some(roles),
            Err(refused) if ends_it(refused.refusal) => return Err(refused.error),
            Err(_) => None,
        };
        send(changes, Change::Roles { account_id, roles }).await?;
    }
    Ok(())
}

/// Reads the permission sets of one account, in alphabetical order.
///
/// # Errors
/// As the service refuses.
pub async fn roles_of(
    portal: &Portal,
    pace: &Pace,
    token: &Secret,
    account_id: &str,
) -> Result<Vec<String>, Refused> {
    let mut roles = paged(pace, THROTTLED_TRIES, |from| {
        portal.roles(token, account_id, from)
    })
    .await?;
    roles.sort_by_key(|role| role.to_lowercase());
    roles.dedup();
    Ok(roles)
}

async fn all_accounts(portal: &Portal, pace: &Pace, token: &Secret) -> Result<Vec<ListedAccount>> {
    let accounts = paged(pace, FIRST_THROTTLED_TRIES, |from| {
        portal.accounts(token, from)
    })
    .await?;
    // The service lists an account once; a page that shifted meanwhile may repeat one.
    let unique: BTreeMap<_, _> = accounts.into_iter().map(|it| (it.id.clone(), it)).collect();
    Ok(unique.into_values().collect())
}

async fn paged<T, F>(
    pace: &Pace,
    throttled_tries: u32,
    mut ask: impl FnMut(Option<String>) -> F,
) -> Result<Vec<T>, Refused>
where
    F: Future<Output = Result<Page<T>, Refused>>,
{
    let (mut items, mut from) = (Vec::new(), None);
    for _ in 0..PAGES {
        let page = patiently(pace, throttled_tries, || ask(from.clone())).await?;
        items.extend(page.items);
        match page.next {
            Some(next) => from = Some(next),
            None => break,
        }
    }
    Ok(items)
}

/// Asks again where waiting may help.
async fn patiently<T, F>(
    pace: &Pace,
    throttled_tries: u32,
    mut ask: impl FnMut() -> F,
) -> Result<T, Refused>
where
    F: Future<Output = Result<T, Refused>>,
{
    let (mut troubles, mut throttles) = (0, 0);
    loop {
        let turn = pace.turn().await;
        let asked_at = tokio::time::Instant::now();
        let answer = ask().await;
        drop(turn);
        let refused = match answer {
            Ok(answer) => {
                pace.went_well();
                return Ok(answer);
            }
            Err(refused) => refused,
        };
        match refused.refusal {
            Refusal::Throttled if throttles < throttled_tries => {
                pace.was_refused(Duration::from_millis(250 << throttles.min(4)));
                throttles += 1;
            }
            Refusal::Down | Refusal::Unreachable
                if troubles + 1 < TRIES && asked_at.elapsed() < QUICK =>
            {
                troubles += 1;
                tokio::time::sleep(Duration::from_millis(200 << troubles)).await;
            }
            _ => return Err(refused),
        }
    }
}

fn ends_it(refusal: Refusal) -> bool {
    matches!(refusal, Refusal::Unauthorized | Refusal::Unreachable)
}

fn in_order(accounts: &[ListedAccount], first: &[String]) -> Vec<String> {
    let place = |id: &String| first.iter().position(|it| it == id).unwrap_or(usize::MAX);
    let mut accounts: Vec<_> = accounts.iter().collect();
    accounts.sort_by_key(|account| {
        (
            place(&account.id),
            account.name.as_deref().unwrap_or_default().to_lowercase(),
        )
    });
    accounts
        .into_iter()
        .map(|account| account.id.clone())
        .collect()
}

async fn send(changes: &mpsc::Sender<Change>, change: Change) -> Result<()> {
    changes
        .send(change)
        .await
        .map_err(|_| Error::new(Code::Internal, "the reading of the list was stopped"))
}

/// Puts a change into a list.
pub fn merge(list: &mut AccountList, change: Change) {
    match change {
        Change::Accounts(listed) => {
            let mut known: BTreeMap<String, Roles> = list
                .accounts
                .drain(..)
                .map(|account| (account.id, account.roles))
                .collect();
            list.accounts = listed
                .into_iter()
                .map(|account| Account {
                    roles: known.remove(&account.id).unwrap_or(Roles::Unread),
                    id: account.id,
                    name: account.name,
                    email: account.email,
                })
                .collect();
            list.sort();
        }
        Change::Roles { account_id, roles } => {
            let account = list
                .accounts
                .iter_mut()
                .find(|account| account.id == account_id);
            if let Some(account) = account {
                account.roles = match roles {
                    Some(roles) => Roles::Read(roles),
                    None => Roles::Failed(account.roles.known().to_vec()),
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(id: &str, name: &str) -> ListedAccount {
        ListedAccount {
            id: id.into(),
            name: Some(name.into()),
            email: None,
        }
    }

    #[test]
    fn a_change_keeps_what_it_does_not_know_better() {
        let mut list = AccountList::default();
        merge(
            &mut list,
            Change::Accounts(vec![listed("2", "b"), listed("1", "A")]),
        );
        let roles = |id: &str, roles: Option<&[&str]>| Change::Roles {
            account_id: id.into(),
            roles: roles.map(|it| it.iter().map(|it| (*it).to_owned()).collect()),
        };
        merge(&mut list, roles("1", Some(&["X"])));
        merge(&mut list, roles("9", Some(&["X"])));
        merge(
            &mut list,
            Change::Accounts(vec![listed("1", "A"), listed("3", "c")]),
        );
        merge(&mut list, roles("1", None));
        merge(&mut list, roles("3", None));
        let seen: Vec<_> = list
            .accounts
            .iter()
            .map(|it| (it.id.as_str(), it.roles.clone()))
            .collect();
        assert_eq!(
            seen,
            [
                ("1", Roles::Failed(vec!["X".into()])),
                ("3", Roles::Failed(vec![]))
            ]
        );
    }
}
