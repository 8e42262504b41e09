//! Reads a portal's accounts and permission sets as a stream of changes, under its request budget: one
//! request at a time takes a turn, and only then is decided what it asks for.

mod growing;
mod queue;
mod request;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::portal::pace::{Pace, Turn};
use crate::portal::{ListedAccount, Portal, Refusal, Refused};
use crate::secrets::Secret;
use crate::{Code, Error, Result};

pub use growing::{Growing, Unfinished};
pub use queue::Queue;
use request::{Answer, Asked, Request};

/// When the first request of all is refused so often in a row, nobody is let in.
const FIRST_REFUSALS: u32 = 6;
/// When nothing is granted for so long, the reading goes on another time.
const STORM: Duration = Duration::from_mins(1);
/// So many accounts in a row that cannot be read are not the fault of accounts.
const ACCOUNTS_IN_A_ROW: usize = 5;
/// After so many requests in a row that met trouble, the others wait.
const TROUBLE_IN_A_ROW: usize = 4;
/// For each so many requests a second, one more account is read while the pages still come.
const BESIDE_PAGES: f64 = 30.0;

/// One thing that became known.
#[derive(Debug)]
pub enum Change {
    /// Some of the accounts, in no order.
    Page(Vec<ListedAccount>),
    /// All accounts were named: those that no page named since the reading began are gone.
    Listed,
    /// The accounts are named once more: some may have come or gone while they were read.
    ListedAnew,
    /// The permission sets of an account; `None` where they could not be read.
    Roles {
        /// The account.
        account_id: String,
        /// In alphabetical order.
        roles: Option<Vec<String>>,
    },
}

/// What a reading works with.
#[derive(Clone)]
pub struct Means {
    /// The portal.
    pub portal: Portal,
    /// Its request budget.
    pub pace: Pace,
    /// Opens the portal.
    pub token: Arc<Secret>,
}

/// A reading under way.
struct Reader<'a> {
    means: &'a Means,
    queue: &'a Queue,
    /// Accounts that need not be read again.
    done: &'a HashSet<String>,
    changes: &'a mpsc::Sender<Change>,
    under_way: JoinSet<Asked>,
    /// Requests that are to be repeated.
    again: Vec<Request>,
    pages: Pages,
    has_been_granted: bool,
    /// Requests that met trouble, since the last that was answered.
    trouble_in_a_row: usize,
    /// Accounts that could not be read, since the last that could.
    troubled: Vec<String>,
    /// Accounts of which the service says that there are none such for this user.
    denied: Vec<String>,
    /// What the pages named so far.
    seen: HashSet<String>,
    pages_asked: usize,
    /// The last request was for a page.
    is_accounts_turn: bool,
    listed_anew: bool,
}

/// How far the naming of the accounts is.
enum Pages {
    /// The next page is to be asked for.
    Next(Option<String>),
    /// It is being asked for.
    Asked,
    /// There is none after this.
    Over,
}

/// Reads everything and reports each change, except the permission sets of accounts that are `done`.
///
/// # Errors
/// `SignInNeeded` where the token is not accepted, `Throttled` where nothing is granted any more,
/// `Offline` and its kin where the accounts, or several in a row, cannot be read. A single account that
/// fails is a change, not an error.
pub async fn read(
    means: &Means,
    queue: &Queue,
    done: &HashSet<String>,
    changes: &mpsc::Sender<Change>,
) -> Result<()> {
    queue.begin();
    let reader = Reader {
        means,
        queue,
        done,
        changes,
        under_way: JoinSet::new(),
        again: Vec::new(),
        pages: Pages::Next(None),
        has_been_granted: false,
        trouble_in_a_row: 0,
        troubled: Vec::new(),
        denied: Vec::new(),
        seen: HashSet::new(),
        pages_asked: 0,
        is_accounts_turn: false,
        listed_anew: false,
    };
    reader.run().await
}

/// Reads the permission sets of one account at once, in alphabetical order.
///
/// # Errors
/// As the service refuses.
pub async fn roles_of(means: &Means, account_id: &str) -> Result<Vec<String>, Refused> {
    let mut request = Request::roles(account_id.to_owned());
    loop {
        match at_once(means, request).await? {
            Answer::Roles {
                roles, next: None, ..
            } => return Ok(roles),
            Answer::Roles {
                account_id,
                roles,
                next,
            } => {
                request = Request::more_roles(account_id, roles, next);
            }
            Answer::Page { .. } => return Ok(Vec::new()),
        }
    }
}

/// Reads which accounts there are, at once.
///
/// # Errors
/// As the service refuses.
pub async fn accounts(means: &Means) -> Result<Vec<ListedAccount>, Refused> {
    let (mut all, mut from) = (Vec::new(), None);
    for _ in 0..request::PAGES {
        let Answer::Page { accounts, next } = at_once(means, Request::page(from)).await? else {
            break;
        };
        all.extend(accounts);
        match next {
            Some(next) => from = Some(next),
            None => break,
        }
    }
    Ok(all)
}

/// One request for which somebody waits; it is repeated where that may help.
async fn at_once(means: &Means, mut request: Request) -> Result<Answer, Refused> {
    let mut refusals = 0;
    loop {
        let turn = means.pace.urgent_turn().await;
        match request.carry_out(means, turn).await {
            Asked::Answered(answer) => return Ok(answer),
            Asked::Failed(_, refused) => return Err(refused),
            Asked::Again(again) => request = again,
            Asked::Throttled(_, refused) if refusals >= FIRST_REFUSALS => return Err(refused),
            Asked::Throttled(again, _) => (request, refusals) = (again, refusals + 1),
        }
    }
}

impl Reader<'_> {
    async fn run(mut self) -> Result<()> {
        loop {
            self.begin_anew_if_denied().await?;
            let has_work = self.has_work();
            if !has_work && self.under_way.is_empty() {
                break;
            }
            tokio::select! {
                biased;
                Some(asked) = self.under_way.join_next() => match asked {
                    Ok(asked) => self.take(asked).await?,
                    Err(error) => return Err(broken(error)),
                },
                turn = self.means.pace.turn(), if has_work => self.ask(turn),
            }
        }
        self.settle_troubled().await
    }

    /// Whether a turn could be used now. In trouble one request alone tries the ground.
    fn has_work(&self) -> bool {
        if self.trouble_in_a_row >= TROUBLE_IN_A_ROW && !self.under_way.is_empty() {
            return false;
        }
        let page = matches!(self.pages, Pages::Next(_));
        page || !self.again.is_empty() || (!self.queue.is_empty() && self.may_read_accounts())
    }

    /// The names of all accounts are worth more than the permission sets of some: while they come, at a
    /// slow rate, every other request is for them.
    fn may_read_accounts(&self) -> bool {
        let page = match self.pages {
            Pages::Over => return true,
            Pages::Asked => 1,
            Pages::Next(_) => 0,
        };
        let accounts = self.under_way.len().saturating_sub(page);
        let most = (self.means.pace.per_second() / BESIDE_PAGES).max(1.0);
        (accounts as f64) < most
    }

    fn ask(&mut self, turn: Turn) {
        let Some(request) = self.next() else {
            return;
        };
        let means = self.means.clone();
        self.under_way
            .spawn(async move { request.carry_out(&means, turn).await });
    }

    fn next(&mut self) -> Option<Request> {
        if let Some(again) = self.again.pop() {
            return Some(again);
        }
        let accounts_turn = self.is_accounts_turn && !self.queue.is_empty();
        if let Pages::Next(from) = &mut self.pages
            && !accounts_turn
        {
            let request = Request::page(from.take());
            (self.pages, self.pages_asked) = (Pages::Asked, self.pages_asked + 1);
            self.is_accounts_turn = true;
            return Some(request);
        }
        self.is_accounts_turn = false;
        self.queue.next().map(Request::roles)
    }

    async fn take(&mut self, asked: Asked) -> Result<()> {
        match asked {
            Asked::Answered(answer) => {
                (self.has_been_granted, self.trouble_in_a_row) = (true, 0);
                self.take_answer(answer).await
            }
            Asked::Again(request) => {
                self.trouble_in_a_row += 1;
                self.again.push(request);
                Ok(())
            }
            Asked::Throttled(request, refused) if self.is_storm() => {
                drop(request);
                Err(refused.error)
            }
            Asked::Throttled(request, _) => {
                self.again.push(request);
                Ok(())
            }
            Asked::Failed(request, refused) => self.take_failure(request, refused).await,
        }
    }

    fn is_storm(&self) -> bool {
        let pace = &self.means.pace;
        let shut_out = !self.has_been_granted && pace.refusals_in_a_row() >= FIRST_REFUSALS;
        shut_out || pace.refused_for() > STORM
    }

    async fn take_answer(&mut self, answer: Answer) -> Result<()> {
        match answer {
            Answer::Page { accounts, next } => {
                let (seen, done) = (&mut self.seen, self.done);
                let ids = accounts.iter().map(|it| &it.id);
                let new = ids.filter(|id| seen.insert((*id).clone()) && !done.contains(*id));
                self.queue.add(new.cloned());
                self.send(Change::Page(accounts)).await?;
                match next.filter(|_| self.pages_asked < request::PAGES) {
                    Some(next) => self.pages = Pages::Next(Some(next)),
                    None => {
                        self.pages = Pages::Over;
                        self.send(Change::Listed).await?;
                    }
                }
            }
            Answer::Roles {
                account_id,
                roles,
                next: None,
            } => {
                self.settle_troubled().await?;
                let roles = Some(roles);
                self.send(Change::Roles { account_id, roles }).await?;
            }
            Answer::Roles {
                account_id,
                roles,
                next,
            } => {
                self.again
                    .push(Request::more_roles(account_id, roles, next));
            }
        }
        Ok(())
    }

    async fn take_failure(&mut self, request: Request, refused: Refused) -> Result<()> {
        let Some(account_id) = request.account_id() else {
            return Err(refused.error);
        };
        match refused.refusal {
            Refusal::Unauthorized => return Err(refused.error),
            Refusal::Forbidden | Refusal::InvalidRequest if !self.listed_anew => {
                self.denied.push(account_id);
            }
            Refusal::Down | Refusal::Unreachable => {
                self.troubled.push(account_id);
                if self.troubled.len() >= ACCOUNTS_IN_A_ROW {
                    return Err(refused.error);
                }
            }
            _ => self.fail(account_id).await?,
        }
        Ok(())
    }

    /// One account was read: those before it failed for a reason of their own.
    async fn settle_troubled(&mut self) -> Result<()> {
        for account_id in std::mem::take(&mut self.troubled) {
            self.fail(account_id).await?;
        }
        Ok(())
    }

    async fn fail(&self, account_id: String) -> Result<()> {
        let roles = None;
        self.send(Change::Roles { account_id, roles }).await
    }

    /// Accounts that were denied have gone meanwhile, or not: the service is asked once more which there
    /// are. Those that it still names keep their rows, marked.
    async fn begin_anew_if_denied(&mut self) -> Result<()> {
        let is_over = matches!(self.pages, Pages::Over)
            && self.again.is_empty()
            && self.queue.is_empty()
            && self.under_way.is_empty();
        if !is_over || self.denied.is_empty() {
            return Ok(());
        }
        for account_id in std::mem::take(&mut self.denied) {
            self.fail(account_id).await?;
        }
        self.listed_anew = true;
        self.pages = Pages::Next(None);
        self.send(Change::ListedAnew).await
    }

    async fn send(&self, change: Change) -> Result<()> {
        let sent = self.changes.send(change).await;
        sent.map_err(|_| Error::new(Code::Internal, "the reading of the list was stopped"))
    }
}

fn broken(error: tokio::task::JoinError) -> Error {
    Error::new(Code::Internal, "the reading of the list broke off").because(error)
}
