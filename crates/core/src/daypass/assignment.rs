//! The role credentials of an assignment.

use jiff::{SignedDuration, Timestamp};

use super::{Consent, Daypass};
use crate::Result;
use crate::accounts::Assignment;
use crate::credentials::{self, Access, Format, Source, Terms};
use crate::host::Sensitivity;
use crate::portal::Portal;
use crate::secrets::{RoleCredentials, Tokens};
use crate::session::renew::Eagerness;
use crate::settings::SessionSettings;

impl Daypass {
    /// Role credentials of an assignment.
    ///
    /// # Errors
    /// `SignInNeeded`, `NotPermitted`, `Offline` and its kin, or the vault's.
    pub async fn credentials(&self, assignment: &Assignment) -> Result<RoleCredentials> {
        let session = self.settings_of(&assignment.session)?;
        self.credentials_of(&session, assignment).await
    }

    /// Puts role credentials on the clipboard in the form of a shell, kept out of histories and cleared
    /// after a while; tells when they end.
    ///
    /// # Errors
    /// `Protected` where the user has to agree first; as of `credentials`; `Internal` where there is no
    /// clipboard.
    pub async fn copy_credentials(
        &self,
        assignment: &Assignment,
        format: Format,
        consent: Consent,
    ) -> Result<Timestamp> {
        self.guard(assignment, consent, "copying the credentials")?;
        let keys = self.credentials(assignment).await?;
        let text = credentials::render(&keys, format, &assignment.role)?;
        self.put(&text, Sensitivity::Secret)?;
        self.used(assignment).await;
        Ok(keys.expires_at)
    }

    pub(super) async fn credentials_of(
        &self,
        session: &SessionSettings,
        assignment: &Assignment,
    ) -> Result<RoleCredentials> {
        match assignment.chain() {
            // On the heap: the way is as deep as the user made it, and so would be the future.
            Some(name) => Box::pin(self.chained_credentials(session, assignment, name)).await,
            None => {
                self.ask_source(session, async |source| source.credentials(assignment).await)
                    .await
            }
        }
    }

    /// Asks the source of a session's credentials.
    pub(super) async fn ask_source<F>(
        &self,
        session: &SessionSettings,
        ask: F,
    ) -> Result<RoleCredentials>
    where
        F: AsyncFnOnce(&Source<'_, Of<'_>>) -> Result<RoleCredentials>,
    {
        let shelf = self.own_shelf(session);
        let source = Source {
            host: self.host(),
            vault: self.vault(),
            shelf: &shelf,
            access: Of {
                daypass: self,
                session,
            },
        };
        let keys = ask(&source).await;
        self.remember_clock(&session.name).await;
        keys
    }

    /// How long such keys can be used, by this machine's clock.
    pub(super) fn terms_of(&self, session: &SessionSettings, keys: &RoleCredentials) -> Terms {
        let daypass = self;
        Terms::of(keys, Of { daypass, session }.ahead())
    }
}

/// One session of this Daypass.
pub(super) struct Of<'a> {
    daypass: &'a Daypass,
    session: &'a SessionSettings,
}

impl Access for Of<'_> {
    async fn portal(&self) -> Result<Portal> {
        self.daypass.portal(self.session).await
    }

    /// Measured by this process, else remembered from another.
    fn ahead(&self) -> SignedDuration {
        let endpoints = self.daypass.endpoints(self.session).ok();
        let measured = endpoints.and_then(|it| it.skew(self.daypass.host()));
        let remembered = || self.daypass.record(&self.session.name).clock_ahead;
        measured
            .or_else(|| remembered().map(SignedDuration::from_secs))
            .unwrap_or_default()
    }

    async fn tokens(&self, eagerness: Eagerness) -> Result<Tokens> {
        let usable = self.daypass.tokens(self.session, eagerness).await?;
        Ok(usable.tokens)
    }
}
