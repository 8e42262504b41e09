//! One request of a reading: what it asks for, and what came of it.

use std::time::Duration;

use tokio::time::Instant;

use super::Means;
use crate::portal::pace::Turn;
use crate::portal::{ListedAccount, Refusal, Refused};

/// How often a request is tried when the service has trouble.
const TRIES: u32 = 3;
/// A request that found no answer within this time is not sent again: somebody waits.
const QUICK: Duration = Duration::from_secs(4);
/// Pages beyond this are a service that never ends.
pub(super) const PAGES: usize = 1_000;
/// So are more permission sets than this in one account.
const ROLES: usize = 10_000;

/// One request.
#[derive(Debug)]
pub(super) struct Request {
    what: What,
    tries: u32,
}

#[derive(Debug)]
enum What {
    Page(Option<String>),
    Roles {
        account_id: String,
        from: Option<String>,
        so_far: Vec<String>,
    },
}

/// What the service answered.
#[derive(Debug)]
pub(super) enum Answer {
    /// Some accounts, and where the next begin.
    Page {
        accounts: Vec<ListedAccount>,
        next: Option<String>,
    },
    /// The permission sets of an account so far, in alphabetical order, and where the next begin.
    Roles {
        account_id: String,
        roles: Vec<String>,
        next: Option<String>,
    },
}

/// What came of a request.
#[derive(Debug)]
pub(super) enum Asked {
    Answered(Answer),
    /// It did not work, and may well work now.
    Again(Request),
    /// It was one too many.
    Throttled(Request, Refused),
    Failed(Request, Refused),
}

impl Request {
    /// For a page of the accounts.
    pub(super) fn page(from: Option<String>) -> Request {
        let (what, tries) = (What::Page(from), 0);
        Request { what, tries }
    }

    /// For the permission sets of an account.
    pub(super) fn roles(account_id: String) -> Request {
        Request::more_roles(account_id, Vec::new(), None)
    }

    /// For those that follow.
    pub(super) fn more_roles(
        account_id: String,
        so_far: Vec<String>,
        from: Option<String>,
    ) -> Request {
        let what = What::Roles {
            account_id,
            from,
            so_far,
        };
        Request { what, tries: 0 }
    }

    /// The account whose permission sets it asks for.
    pub(super) fn account_id(self) -> Option<String> {
        match self.what {
            What::Page(_) => None,
            What::Roles { account_id, .. } => Some(account_id),
        }
    }

    /// Asks once. The turn ends with the answer; what is worth another try waits a little first.
    pub(super) async fn carry_out(mut self, means: &Means, turn: Turn) -> Asked {
        let asked_at = Instant::now();
        let refused = match self.ask(means).await {
            Ok(answer) => {
                turn.was_granted();
                return Asked::Answered(answer);
            }
            Err(refused) => refused,
        };
        match refused.refusal {
            Refusal::Throttled => {
                turn.was_refused(refused.pause);
                Asked::Throttled(self, refused)
            }
            Refusal::Down | Refusal::Unreachable
                if self.tries + 1 < TRIES && asked_at.elapsed() < QUICK =>
            {
                drop(turn);
                self.tries += 1;
                tokio::time::sleep(Duration::from_millis(200 << self.tries)).await;
                Asked::Again(self)
            }
            _ => Asked::Failed(self, refused),
        }
    }

    async fn ask(&mut self, means: &Means) -> Result<Answer, Refused> {
        match &mut self.what {
            What::Page(from) => {
                let page = means.portal.accounts(&means.token, from.clone()).await?;
                Ok(Answer::Page {
                    accounts: page.items,
                    next: page.next,
                })
            }
            What::Roles {
                account_id,
                from,
                so_far,
            } => {
                let page = means.portal.roles(&means.token, account_id, from.clone());
                let page = page.await?;
                let mut roles = std::mem::take(so_far);
                roles.extend(page.items);
                roles.sort_by_cached_key(|role| (role.to_lowercase(), role.clone()));
                roles.dedup();
                Ok(Answer::Roles {
                    account_id: std::mem::take(account_id),
                    next: page.next.filter(|_| roles.len() < ROLES),
                    roles,
                })
            }
        }
    }
}
