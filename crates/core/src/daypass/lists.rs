//! The account lists: what is in view, one account alone, find, pin.

use std::sync::Arc;

use super::reading::LIST_AGE;
use super::{Daypass, Slice, lock};
use crate::accounts::diff::{self, AccessChange};
use crate::accounts::listing::{self, Change, Means};
use crate::accounts::rank::{Found, Index, Search};
use crate::accounts::{AccountList, Assignment, marks};
use crate::portal::{ListedAccount, Refusal};
use crate::session::renew::Eagerness;
use crate::settings::SessionSettings;
use crate::{Code, Error, Result};

impl Daypass {
    /// Reads the permission sets of these accounts next: they are in view. Where no reading is under
    /// way in this process, those that were never read are read alone.
    pub fn want_accounts(&self, session: &str, account_ids: &[String]) {
        self.world()
            .wanted
            .insert(session.to_owned(), account_ids.into());
        match self.own_reading(session) {
            Some(reading) => reading.want(account_ids),
            None => self.read_what_is_in_view(session),
        }
    }

    fn read_what_is_in_view(&self, name: &str) {
        let snapshot = self.snapshot();
        let status = snapshot.session(name);
        let can_be_read = status.is_some_and(|it| it.state.is_usable() && it.online);
        let is_new = can_be_read && self.next_unread_in_view(name).is_some();
        if !is_new || !self.world().reads_view.insert(name.to_owned()) {
            return;
        }
        let (daypass, name) = (self.clone(), name.to_owned());
        self.0.runtime.spawn(async move {
            while let Some(id) = daypass.next_unread_in_view(&name) {
                if let Err(error) = daypass.read_roles(&name, &id).await {
                    tracing::info!(?error, session = name, "what is in view could not be read");
                    break;
                }
            }
            daypass.world().reads_view.remove(&name);
        });
    }

    /// Reads the permission sets of one account.
    ///
    /// # Errors
    /// `NotPermitted` where the portal denies the account, `SignInNeeded`, `Offline` and its kin, or
    /// the vault's. What was known stays.
    pub async fn read_roles(&self, name: &str, account_id: &str) -> Result<Vec<String>> {
        let session = self.settings_of(name)?;
        let roles = self.ask_roles(&session, account_id).await?;
        self.take_changes(&session, vec![change(account_id, roles.clone())]);
        Ok(roles)
    }

    /// Asks the portal for the permission sets of an account anew; with no account for the list of
    /// accounts, and the permission sets of those that are new. Tells what is new and what is gone.
    ///
    /// # Errors
    /// `SignInNeeded`, `Offline` and its kin, or the vault's. What was known stays.
    pub async fn check_access(
        &self,
        session: &str,
        account_id: Option<&str>,
    ) -> Result<AccessChange> {
        let before = self.list(session);
        let known = account_id.filter(|id| before.account(id).is_some());
        match known {
            Some(id) => match self.read_roles(session, id).await {
                // The account itself may have gone; if it has not, that is the answer.
                Err(error) if is_denied(&error) => {
                    self.read_new_accounts(session, &before).await?;
                    if self.list(session).account(id).is_some() {
                        return Err(error);
                    }
                }
                read => drop(read?),
            },
            None => self.read_new_accounts(session, &before).await?,
        }
        Ok(diff::access(session, &before, &self.list(session)))
    }

    async fn read_new_accounts(&self, name: &str, known: &AccountList) -> Result<()> {
        let session = self.settings_of(name)?;
        let accounts = self.ask_accounts(&session).await?;
        let ids = accounts.iter().map(|it| it.id.clone());
        let new: Vec<_> = ids.filter(|id| known.account(id).is_none()).collect();
        self.take_changes(
            &session,
            vec![Change::ListedAnew, Change::Page(accounts), Change::Listed],
        );
        for id in new {
            let roles = self.ask_roles(&session, &id).await?;
            self.take_changes(&session, vec![change(&id, roles)]);
        }
        Ok(())
    }

    async fn ask_roles(&self, session: &SessionSettings, id: &str) -> Result<Vec<String>> {
        let means = self.usual_means(session).await?;
        match listing::roles_of(&means, id).await {
            Err(refused) if refused.refusal == Refusal::Unauthorized => {
                let means = self.other_means(session, &means).await?;
                Ok(listing::roles_of(&means, id).await?)
            }
            answer => Ok(answer?),
        }
    }

    async fn ask_accounts(&self, session: &SessionSettings) -> Result<Vec<ListedAccount>> {
        let means = self.usual_means(session).await?;
        match listing::accounts(&means).await {
            Err(refused) if refused.refusal == Refusal::Unauthorized => {
                let means = self.other_means(session, &means).await?;
                Ok(listing::accounts(&means).await?)
            }
            answer => Ok(answer?),
        }
    }

    async fn usual_means(&self, session: &SessionSettings) -> Result<Means> {
        let usable = self.tokens(session, Eagerness::WhenUnusable).await?;
        self.means(session, &usable.tokens.access_token).await
    }

    /// A token can be refused before its time: one renewal tells whether the session is over.
    async fn other_means(&self, session: &SessionSettings, refused: &Means) -> Result<Means> {
        let refused = Eagerness::Refused(refused.token.duplicate());
        let usable = self.tokens(session, refused).await?;
        self.means(session, &usable.tokens.access_token).await
    }

    pub(super) fn list(&self, session: &str) -> Arc<AccountList> {
        self.world().lists.get(session).cloned().unwrap_or_default()
    }

    /// The same with the chained roles in it.
    pub(super) fn rows_of(&self, session: &str) -> Arc<AccountList> {
        let snapshot = self.snapshot();
        snapshot.lists.get(session).cloned().unwrap_or_default()
    }

    /// Whether a list is whole and was read within the hour.
    pub(super) fn is_fresh(&self, session: &str) -> bool {
        let list = self.list(session);
        let age = list.updated_at.map(|at| self.now().duration_since(at));
        list.complete && age.is_some_and(|age| age < LIST_AGE)
    }

    /// Accounts that the user has pinned or used, to be read before the others.
    pub(super) fn used_accounts(&self, session: &str) -> Vec<String> {
        let world = self.world();
        let recent = world.marks.recent();
        let used = world.marks.pinned().chain(recent);
        let used = used.filter(|it| it.session == session);
        let wanted = world.wanted.get(session).into_iter().flatten();
        wanted
            .chain(used.map(|it| &it.account_id))
            .cloned()
            .collect()
    }

    /// Rows that fit, best first; `see` gets them while the lists stand still.
    pub fn find<T>(&self, search: &Search<'_>, see: impl FnOnce(Found<'_>) -> T) -> T {
        see(self.index().find(search, self.now()))
    }

    /// The lists as the search sees them, made anew where they or the looks have changed.
    fn index(&self) -> Arc<Index> {
        let snapshot = self.snapshot();
        let mut index = lock(&self.0.index);
        if !index.is_of(&snapshot.lists, &snapshot.looks) {
            let (lists, looks) = (&snapshot.lists, &snapshot.looks);
            *index = Arc::new(Index::new(lists, looks, &snapshot.marks, &index));
        }
        index.clone()
    }

    /// Pins or unpins an assignment.
    ///
    /// # Errors
    /// `StorageFailed`.
    pub async fn pin(&self, assignment: &Assignment, pinned: bool) -> Result<()> {
        self.change_marks(|marks| marks.pin(assignment, pinned))
            .await
    }

    /// Notes a use; that it cannot be noted does not undo the use.
    pub(super) async fn used(&self, assignment: &Assignment) {
        let now = self.now();
        match marks::update(self.host(), |marks| marks.used(assignment, now)).await {
            Ok(marks) => self.change(Slice::Accounts, |world| world.marks = marks.into()),
            Err(error) => tracing::warn!(?error, "a use is not remembered"),
        }
    }

    /// The name of an account, where it is known.
    pub(super) fn account_name(&self, session: &str, id: &str) -> Option<String> {
        self.list(session)
            .account(id)
            .and_then(|account| account.name.clone())
    }

    pub(super) fn unknown(&self, what: &str) -> Error {
        let what: String = what.escape_debug().collect();
        Error::new(
            Code::AccountUnknown,
            format!("no account and permission set fits `{what}`"),
        )
    }
}

fn change(account_id: &str, roles: Vec<String>) -> Change {
    Change::Roles {
        account_id: account_id.to_owned(),
        roles: Some(roles),
    }
}

/// Whether the service says that this user has no such account.
fn is_denied(error: &Error) -> bool {
    matches!(error.code(), Code::NotPermitted | Code::WrongRegion)
}
