//! Who is signed in: asked once for each sign-in, so that another user than before is noticed.

use std::time::Duration;

use super::Daypass;
use crate::accounts::Assignment;
use crate::{Result, portal};

/// Nobody waits longer for a name.
const PATIENCE: Duration = Duration::from_secs(8);
/// A smaller difference of clocks than this, in seconds, is not written down.
const CLOCK_STEP: u64 = 5;

impl Daypass {
    /// Asks AWS whose sign-in this is, with the credentials of an assignment that the user has;
    /// `None` where no assignment is known yet.
    ///
    /// # Errors
    /// As of `credentials`.
    pub async fn identify(&self, name: &str) -> Result<Option<String>> {
        let Some(assignment) = self.telling_assignment(name) else {
            return Ok(None);
        };
        let session = self.settings_of(name)?;
        let keys = self.credentials(&assignment).await?;
        let user = portal::user_of(self.host(), &self.endpoints(&session)?, &keys).await?;
        if let Some(user) = user.clone() {
            self.remember(name, |record| record.is_of(user)).await;
        }
        Ok(user)
    }

    /// The same for those who wait: where no name comes in time, there is none.
    pub async fn who(&self, name: &str) -> Option<String> {
        match tokio::time::timeout(PATIENCE, self.identify(name)).await {
            Ok(Ok(user)) => user,
            Ok(Err(error)) => {
                tracing::info!(?error, session = name, "the user is not known");
                None
            }
            Err(_) => {
                tracing::info!(session = name, "the user is not known in time");
                None
            }
        }
    }

    /// The same in the background, once for each sign-in: a name is worth no second try.
    pub(super) fn start_identifying(&self, name: &str) {
        let record = self.record(name);
        let known = record.identified || self.telling_assignment(name).is_none();
        let first = !known
            && self
                .world()
                .identifying
                .insert((name.to_owned(), record.signed_in_at));
        if !first {
            return;
        }
        let (daypass, name) = (self.clone(), name.to_owned());
        self.0
            .runtime
            .spawn(async move { daypass.who(&name).await });
    }

    /// The assignment that was used last, else the first in the list.
    fn telling_assignment(&self, name: &str) -> Option<Assignment> {
        let world = self.world();
        let listed = world.lists.get(name)?;
        let has = |it: &&Assignment| {
            it.session == name
                && listed
                    .pairs()
                    .any(|(account, role)| account.id == it.account_id && role == it.role)
        };
        let recent = world.marks.recent();
        let used = recent.into_iter().find(has).cloned();
        used.or_else(|| {
            let (account, role) = listed.pairs().next()?;
            Some(Assignment {
                session: name.to_owned(),
                account_id: account.id.clone(),
                role: role.to_owned(),
            })
        })
    }

    /// The user has seen that another user is signed in than before.
    pub async fn take_note_of_user(&self, session: &str) {
        self.remember(session, |record| record.user_before = None)
            .await;
    }

    /// Remembers how far the portal's clock is ahead, for processes that ask nothing.
    pub(super) async fn remember_clock(&self, name: &str) {
        let endpoints = self.settings_of(name).and_then(|it| self.endpoints(&it));
        let ahead = endpoints.ok().and_then(|it| it.skew(self.host()));
        let Some(ahead) = ahead.map(|it| it.as_secs()) else {
            return;
        };
        let known = self.record(name).clock_ahead.unwrap_or_default();
        // A clock wanders a little, and an answer takes its time.
        if known.abs_diff(ahead) > CLOCK_STEP {
            self.remember(name, |record| record.clock_ahead = Some(ahead))
                .await;
        }
    }
}
