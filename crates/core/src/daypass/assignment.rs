//! What is done with an assignment: open its console, get its credentials.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{Consent, Daypass};
use crate::accounts::Assignment;
use crate::console::{self, Place, Wanted};
use crate::credentials::{Access, Source};
use crate::portal::Portal;
use crate::secrets::{RoleCredentials, Secret, Tokens};
use crate::session::renew::Eagerness;
use crate::settings::{SessionSettings, Wish};
use crate::{Code, Error, Result};

/// How a console is opened.
#[derive(Clone, Debug, Default)]
pub struct ConsoleWish {
    /// A service's everyday name, a console address or an ARN; the console's home where nothing is said.
    pub place: Option<String>,
    /// The Region of the target; the portal's where nothing is said.
    pub region: Option<String>,
    /// The kind of link.
    pub via: Via,
    /// In which browser; the session's where nothing is said.
    pub browser: Option<Wish>,
    /// How long the console session shall last.
    pub duration: Option<SignedDuration>,
}

/// The kind of link that opens a console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Via {
    /// Signs in with role credentials; the link is a secret.
    #[default]
    Federation,
    /// The access portal's shortcut; carries no secret and uses the browser's own sign-in.
    Portal,
}

impl Via {
    /// As users write it.
    pub fn name(self) -> &'static str {
        match self {
            Via::Federation => "federation",
            Via::Portal => "portal",
        }
    }
}

/// A console link, for those who want to see it.
#[derive(Debug)]
pub struct ConsoleLink {
    /// The address; a secret where it is a federation link.
    pub address: Secret,
    /// The kind.
    pub via: Via,
    /// When it can no longer be used, if ever.
    pub expires_at: Option<Timestamp>,
}

impl Daypass {
    /// Opens the console in the user's browser and returns when the browser was sent there.
    ///
    /// # Errors
    /// `Protected` where the user has to agree first, `SignInNeeded`, `NotPermitted`, `Usage` for a place or Region that is not known,
    /// `BrowserMissing`, `Offline` and its kin.
    pub async fn open_console(
        &self,
        assignment: &Assignment,
        wish: &ConsoleWish,
        consent: Consent,
    ) -> Result<()> {
        let session = self.settings_of(&assignment.session)?;
        let browser = wish.browser.as_ref().unwrap_or(&session.browsers.console);
        let link = self.console_link(assignment, wish, consent).await?;
        match link.via {
            Via::Federation => {
                let waiting = console::hand_over(link.address).await?;
                waiting
                    .open(|address| self.open_in(browser, address))
                    .await?;
            }
            Via::Portal => self.open_in(browser, &parse(link.address.expose())?)?,
        }
        self.used(assignment).await;
        Ok(())
    }

    /// Opens the console's home from a place that cannot show an error: it is then told with the
    /// session. That it is protected is no failure: the place asks, and calls again.
    ///
    /// # Errors
    /// As of `open_console`.
    pub async fn open_console_or_tell(
        &self,
        assignment: &Assignment,
        consent: Consent,
    ) -> Result<()> {
        let wish = ConsoleWish::default();
        let opened = self.open_console(assignment, &wish, consent).await;
        if let Err(error) = &opened
            && error.code() != Code::Protected
        {
            self.fail(&assignment.session, error);
        }
        opened
    }

    /// The link that `open_console` opens; whoever has it opens the console, so it is guarded alike.
    ///
    /// # Errors
    /// As of `open_console`.
    pub async fn console_link(
        &self,
        assignment: &Assignment,
        wish: &ConsoleWish,
        consent: Consent,
    ) -> Result<ConsoleLink> {
        self.guard(assignment, consent, "the console")?;
        let session = self.settings_of(&assignment.session)?;
        let place = Place::parse(wish.place.as_deref().unwrap_or_default())?;
        // What is opened decides where: a portal may be in another Region, even in another partition.
        let region = place.region().or_else(|| wish.region.clone());
        let region = region.as_deref().unwrap_or(&session.region);
        let destination = place.address(region)?;
        match wish.via {
            Via::Portal => {
                let address = console::portal_link(
                    &session.start_url,
                    &assignment.account_id,
                    &assignment.role,
                    &destination,
                )?;
                Ok(ConsoleLink {
                    address: Secret::new(String::from(address)),
                    via: wish.via,
                    expires_at: None,
                })
            }
            Via::Federation => {
                let keys = self.credentials_of(&session, assignment).await?;
                let wanted = Wanted {
                    destination: &destination,
                    issuer: &session.start_url,
                    region,
                    duration: wish.duration,
                };
                let link = console::federation_link(self.host(), &keys, &wanted).await?;
                Ok(ConsoleLink {
                    address: link.address,
                    via: wish.via,
                    expires_at: Some(link.expires_at),
                })
            }
        }
    }

    /// Role credentials of an assignment.
    ///
    /// # Errors
    /// `SignInNeeded`, `NotPermitted`, `Offline` and its kin, or the vault's.
    pub async fn credentials(&self, assignment: &Assignment) -> Result<RoleCredentials> {
        let session = self.settings_of(&assignment.session)?;
        self.credentials_of(&session, assignment).await
    }

    async fn credentials_of(
        &self,
        session: &SessionSettings,
        assignment: &Assignment,
    ) -> Result<RoleCredentials> {
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
        let keys = source.credentials(assignment).await;
        self.remember_clock(&session.name).await;
        keys
    }
}

/// One session of this Daypass.
struct Of<'a> {
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

fn parse(address: &str) -> Result<Url> {
    Url::parse(address)
        .map_err(|error| Error::new(Code::Internal, "the link is not an address").because(error))
}
