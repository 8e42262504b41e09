//! The account lists: read, stop, find, pin.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::{Daypass, Failure, Reading, Slice};
use crate::accounts::diff::{self, AccessChange};
use crate::accounts::listing::{self, Change};
use crate::accounts::rank::{self, Hit};
use crate::accounts::{AccountList, Assignment, Roles, copy, marks};
use crate::secrets::Secret;
use crate::session::renew::Eagerness;
use crate::settings::SessionSettings;
use crate::{Code, Error, Result};

/// A list that is older is read anew when there is an occasion.
pub(super) const LIST_AGE: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);
/// How often a growing list is shown anew.
const SHOWN_EVERY: Duration = Duration::from_millis(150);

impl Daypass {
    /// Reads all accounts and permission sets of a session; the list grows in the snapshot.
    ///
    /// # Errors
    /// `SignInNeeded`, `Offline` and its kin, or the vault's. What was known stays.
    pub async fn read_accounts(&self, name: &str) -> Result<()> {
        let session = self.settings_of(name)?;
        let before = self.list(name);
        self.progress(name, 0, before.accounts.len());
        let outcome = self.read_whole(&session).await;
        if outcome.is_ok() {
            self.was_reached(name);
            self.tell_diff(name, &before);
        }
        self.change(Slice::Listings, |world| match &outcome {
            Ok(()) => drop(world.readings.remove(name)),
            Err(error) => {
                drop(
                    world
                        .readings
                        .insert(name.to_owned(), Reading::Failed(Failure::of(error))),
                );
            }
        });
        outcome
    }

    /// The same in the background; a reading that is under way goes on instead.
    pub fn start_reading(&self, name: &str) {
        let (daypass, session) = (self.clone(), name.to_owned());
        let mut world = self.world();
        if world.troubles.contains_key(name) {
            self.0.hurry.notify_one();
        }
        if world
            .tasks
            .get(name)
            .is_some_and(|task| !task.is_finished())
        {
            return;
        }
        let task = self.0.runtime.spawn(async move {
            if let Err(error) = daypass.read_accounts(&session).await {
                tracing::info!(?error, session, "the list could not be read");
            }
        });
        world.tasks.insert(name.to_owned(), task.abort_handle());
    }

    /// Stops a reading in the background; what it read stays.
    pub fn stop_reading(&self, name: &str) {
        let task = self.world().tasks.remove(name);
        if let Some(task) = task.filter(|task| !task.is_finished()) {
            task.abort();
            self.change(Slice::Listings, |world| world.readings.remove(name));
            self.save_copy(name);
        }
    }

    async fn read_whole(&self, session: &SessionSettings) -> Result<()> {
        let usable = self.tokens(session, Eagerness::WhenUnusable).await?;
        let token = &usable.tokens.access_token;
        let again = match self.read_with(session, token).await {
            Err(error) if error.code() == Code::SignInNeeded => {
                self.tokens(session, Eagerness::Refused(token.duplicate()))
                    .await?
            }
            outcome => return outcome,
        };
        // A token can be refused before its time: one renewal tells whether the session is over.
        self.read_with(session, &again.tokens.access_token).await
    }

    async fn read_with(&self, session: &SessionSettings, token: &Secret) -> Result<()> {
        let portal = self.portal(session).await?;
        let pace = self.pace(session);
        let (sender, mut changes) = mpsc::channel(64);
        let first = self.used_accounts(&session.name);
        let mut list = AccountList::clone(&self.list(&session.name));
        let (mut done, mut shown) = (0, tokio::time::Instant::now());
        let reading = listing::read(&portal, &pace, token, &first, &sender);
        tokio::pin!(reading);
        let mut outcome = None;
        while outcome.is_none() || !changes.is_empty() {
            tokio::select! {
                biased;
                Some(change) = changes.recv() => {
                    done += usize::from(matches!(change, Change::Roles { .. }));
                    listing::merge(&mut list, change);
                    if shown.elapsed() >= SHOWN_EVERY || done == 0 {
                        shown = tokio::time::Instant::now();
                        self.show(&session.name, &list, done);
                    }
                }
                ended = &mut reading, if outcome.is_none() => outcome = Some(ended),
            }
        }
        let outcome = outcome.unwrap_or(Ok(()));
        list.complete = outcome.is_ok()
            && list
                .accounts
                .iter()
                .all(|it| matches!(it.roles, Roles::Read(_)));
        if outcome.is_ok() {
            list.updated_at = Some(self.host().clock.now());
        }
        self.show(&session.name, &list, done);
        self.save_copy(&session.name);
        outcome
    }

    fn show(&self, session: &str, list: &AccountList, done: usize) {
        self.progress(session, done, list.accounts.len());
        self.change(Slice::Accounts, |world| {
            world
                .lists
                .insert(session.to_owned(), Arc::new(list.clone()));
        });
    }

    fn progress(&self, session: &str, done: usize, total: usize) {
        let left = None;
        let progress = Reading::Progress { done, total, left };
        self.change(Slice::Listings, |world| {
            world.readings.insert(session.to_owned(), progress)
        });
    }

    fn tell_diff(&self, session: &str, before: &AccountList) {
        let diff = diff::between(before, &self.list(session), self.now());
        self.change(Slice::Listings, |world| match diff {
            Some(diff) => drop(world.diffs.insert(session.to_owned(), diff)),
            None => drop(world.diffs.remove(session)),
        });
    }

    /// Reads the permission sets of these accounts next: they are in view. Where no reading is under
    /// way, those that were never read are read alone.
    pub fn want_accounts(&self, session: &str, account_ids: &[String]) {
        let mut world = self.world();
        world.wanted.insert(session.to_owned(), account_ids.into());
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
        match account_id {
            Some(id) => self.read_roles(session, id).await.map(drop)?,
            None => self.read_accounts(session).await?,
        }
        let after = self.list(session);
        Ok(diff::access(session, &before, &after))
    }

    /// Reads the permission sets of one account.
    ///
    /// # Errors
    /// `SignInNeeded`, `Offline` and its kin, or the vault's.
    pub async fn read_roles(&self, name: &str, account_id: &str) -> Result<Vec<String>> {
        let session = self.settings_of(name)?;
        let portal = self.portal(&session).await?;
        let pace = self.pace(&session);
        let usable = self.tokens(&session, Eagerness::WhenUnusable).await?;
        let token = &usable.tokens.access_token;
        let roles = listing::roles_of(&portal, &pace, token, account_id).await?;
        self.change(Slice::Accounts, |world| {
            if let Some(list) = world.lists.get_mut(name) {
                let change = Change::Roles {
                    account_id: account_id.to_owned(),
                    roles: Some(roles.clone()),
                };
                listing::merge(Arc::make_mut(list), change);
            }
        });
        self.save_copy(name);
        Ok(roles)
    }

    fn save_copy(&self, name: &str) {
        let saved = self.settings_of(name).and_then(|session| {
            copy::save(self.host(), name, &session.start_url, &self.list(name))
        });
        if let Err(error) = saved {
            tracing::warn!(?error, "the copy of the list is not up to date");
        }
    }

    pub(super) fn list(&self, session: &str) -> Arc<AccountList> {
        self.world().lists.get(session).cloned().unwrap_or_default()
    }

    /// Whether a list is whole and was read within the hour.
    pub(super) fn is_fresh(&self, session: &str) -> bool {
        let list = self.list(session);
        let age = list.updated_at.map(|at| self.now().duration_since(at));
        list.complete && age.is_some_and(|age| age < LIST_AGE)
    }

    /// Accounts that the user has pinned or used, to be read before the others.
    fn used_accounts(&self, session: &str) -> Vec<String> {
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

    /// Rows that fit the words, best first; `see` gets them while the lists stand still.
    pub fn find<T>(&self, query: &str, see: impl FnOnce(Vec<Hit<'_>>) -> T) -> T {
        let snapshot = self.snapshot();
        see(rank::find(
            &snapshot.lists,
            &snapshot.marks,
            query,
            self.now(),
        ))
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
