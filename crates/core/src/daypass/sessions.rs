//! Sessions: add, change, remove, look at, sign out.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::{Daypass, Slice};
use crate::portal::{Grant, Portal, Refusal};
use crate::portal_url::{self, PortalUrl};
use crate::secrets::{Storage, Tokens};
use crate::session::record;
use crate::settings::{self, Browsers, SessionSettings, Via, Wish};
use crate::vault::Move;
use crate::{Code, Error, Result};

/// A session to add.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its name.
    pub name: String,
    /// The portal's address, as the user pasted it.
    pub start_url: String,
    /// The Region; found in the address where it stands there.
    pub region: Option<String>,
    /// Where its tokens rest; the keychain where nothing is said.
    pub storage: Option<Storage>,
    /// How long a sign-in lasts, where the user knows.
    pub length: Option<SignedDuration>,
    /// Whether the user allows an address outside the AWS host list.
    pub allow_custom_portal: bool,
}

/// What to change about a session.
#[derive(Clone, Debug, Default)]
pub struct SessionChange {
    /// Where its tokens rest from now on; they move.
    pub storage: Option<Storage>,
    /// How long a sign-in lasts; zero: as long as earlier ones did.
    pub length: Option<SignedDuration>,
    /// In which browser it signs in.
    pub sign_in_browser: Option<Wish>,
    /// In which browser its consoles open.
    pub console_browser: Option<Wish>,
    /// By which kind of link they open.
    pub console_via: Option<Via>,
}

/// How a sign-out ended.
#[derive(Debug)]
pub struct SignedOut {
    /// Why the portal was not told; its session then lives on until its own end.
    pub remote_failure: Option<Error>,
}

impl SignedOut {
    /// For those who have to be told.
    ///
    /// # Errors
    /// Where the portal was not told.
    pub fn told(self) -> Result<()> {
        match self.remote_failure {
            None => Ok(()),
            Some(error) => {
                let message = "you are signed out here, but the access portal could not be told: its \
                               session lives on until its own end";
                Err(Error::new(error.code(), message).because(error))
            }
        }
    }
}

impl Daypass {
    /// Reads an address as the user types it.
    ///
    /// # Errors
    /// `PortalUrlInvalid`.
    pub fn check_portal(&self, address: &str) -> Result<PortalUrl> {
        portal_url::parse(address)
    }

    /// The portal that an address stands for. An address of the organisation's own is asked where it
    /// leads: one request without anything of ours, one redirect, only to a portal of AWS.
    ///
    /// # Errors
    /// `PortalUrlInvalid`, `PortalNotAllowed`; `Offline` and its kin where it does not answer.
    pub async fn resolve_portal(&self, address: &str) -> Result<PortalUrl> {
        let portal = portal_url::parse(address)?;
        if !portal.custom {
            return Ok(portal);
        }
        if portal.is_local() {
            let message = format!(
                "{} is on this machine, not an access portal of AWS",
                portal.host
            );
            return Err(Error::new(Code::PortalNotAllowed, message));
        }
        let url = url::Url::parse(&portal.start_url).map_err(|error| {
            Error::new(Code::PortalUrlInvalid, "this is not an address").because(error)
        })?;
        let (status, target) = self.host().net.look(&url).await.map_err(|error| {
            let message = format!(
                "{} was not asked where it leads: {}",
                portal.host,
                error.message()
            );
            Error::new(error.code(), message).with_hint(error.hint().to_owned())
        })?;
        portal_url::led_to(&portal, status, target.as_deref())
    }

    /// Registers an access portal. An address outside the AWS host list has to lead to one of AWS,
    /// which is then registered, or be allowed as it stands; for others nothing is sent.
    ///
    /// # Errors
    /// `PortalUrlInvalid`, `PortalNotAllowed`, `SessionExists`, `Usage` for a name or Region that does
    /// not fit, `ConfigConflict` where the AWS tools know another portal by this name; `Offline` and
    /// its kin where an address of the organisation's own does not answer.
    pub async fn add_session(&self, mut new: NewSession) -> Result<SessionSettings> {
        self.take_in_settings();
        self.check_new_name(&new.name, None)?;
        match self.resolve_portal(&new.start_url).await {
            Ok(portal) => new.start_url = portal.start_url,
            Err(error) if new.allow_custom_portal => {
                tracing::info!(?error, "the address is taken as it stands");
            }
            Err(error) => return Err(error),
        }
        self.register(check(new)?).await
    }

    /// Registers a session whose values are checked.
    pub(super) async fn register(&self, session: SessionSettings) -> Result<SessionSettings> {
        if session.storage == Storage::Shared {
            self.check_place(&session).await?;
        }
        // A session of this name that is long gone is not this one.
        record::update(self.host(), |records| {
            records.remove(&session.name);
        })
        .await?;
        let settings = settings::update(self.host(), |settings| {
            if settings.session(&session.name).is_ok() {
                let message = format!("a session `{}` exists already", session.name);
                return Err(Error::new(Code::SessionExists, message));
            }
            settings.sessions.push(session.clone());
            Ok(())
        });
        let settings = settings.await?;
        self.change(Slice::Sessions, |world| world.settings = settings);
        Ok(session)
    }

    /// Changes a session; tokens move with the storage.
    ///
    /// # Errors
    /// `SessionUnknown`, or the vault's.
    pub async fn change_session(
        &self,
        name: &str,
        change: SessionChange,
    ) -> Result<SessionSettings> {
        self.take_in_settings();
        let old = self.settings_of(name)?;
        match change.storage.filter(|storage| *storage != old.storage) {
            Some(storage) => self.move_secrets(&old, storage, &change).await?,
            None => self.write_change(name, &change).await?,
        }
        self.settings_of(name)
    }

    async fn write_change(&self, name: &str, change: &SessionChange) -> Result<()> {
        let settings = settings::update(self.host(), |settings| {
            let session = settings.sessions.iter_mut().find(|it| it.name == name);
            let session = session.ok_or_else(|| {
                Error::new(
                    Code::SessionUnknown,
                    format!("there is no session `{name}`"),
                )
            })?;
            if let Some(storage) = change.storage {
                (session.storage, session.storage_chosen) = (storage, true);
            }
            let length = change.length.map(|it| it.as_secs()).or(session.length);
            session.length = length.filter(|length| *length > 0);
            let browsers = &mut session.browsers;
            let (sign_in, console) = (&change.sign_in_browser, &change.console_browser);
            sign_in.iter().for_each(|it| browsers.sign_in = it.clone());
            console.iter().for_each(|it| browsers.console = it.clone());
            browsers.via = change.console_via.unwrap_or(browsers.via);
            Ok(())
        });
        let settings = settings.await?;
        self.change(Slice::Sessions, |world| world.settings = settings);
        Ok(())
    }

    /// The user has seen where the tokens rest and chosen it.
    pub(super) async fn choose_storage(&self, name: &str) -> Result<()> {
        let settings = settings::update(self.host(), |settings| {
            let session = settings.sessions.iter_mut().find(|it| it.name == name);
            session.into_iter().for_each(|it| it.storage_chosen = true);
            Ok(())
        });
        let settings = settings.await?;
        self.change(Slice::Sessions, |world| world.settings = settings);
        Ok(())
    }

    /// Moves the tokens and role credentials; the settings say where they are.
    async fn move_secrets(
        &self,
        session: &SessionSettings,
        storage: Storage,
        change: &SessionChange,
    ) -> Result<()> {
        let from = self.shelf(session);
        let to = self.shelf(&SessionSettings {
            storage,
            ..session.clone()
        });
        self.check_place(&SessionSettings {
            storage,
            ..session.clone()
        })
        .await?;
        let way = Move {
            from: &from,
            to: &to,
            assignments: &self.assignments_of(&session.name),
            never_used: self.never_signed_in(&session.name),
        };
        let switch = self.write_change(&session.name, change);
        self.vault().carry(way, switch).await
    }

    pub(super) fn never_signed_in(&self, name: &str) -> bool {
        self.record(name).signed_in_at.is_none()
    }

    /// Whether this is the lack of a keychain that this session never put anything into.
    fn holds_nothing(&self, name: &str, error: &Error) -> bool {
        error.code() == Code::KeychainMissing && self.never_signed_in(name)
    }

    /// Removes a session: its sign-in ends, its list and marks go.
    ///
    /// # Errors
    /// `SessionUnknown`, `StorageFailed`, or the vault's.
    pub async fn remove_session(&self, name: &str) -> Result<SignedOut> {
        let outcome = self.sign_out(name).await?;
        let settings = settings::update(self.host(), |settings| {
            settings.sessions.retain(|session| session.name != name);
            Ok(())
        });
        let settings = settings.await?;
        self.change(Slice::Sessions, |world| world.settings = settings);
        self.forget_memory(name).await?;
        Ok(outcome)
    }

    /// Ends the session at the portal and erases its secrets here, whatever the portal says.
    ///
    /// # Errors
    /// `SessionUnknown`, or the vault's.
    pub async fn sign_out(&self, name: &str) -> Result<SignedOut> {
        let session = self.settings_of(name)?;
        self.cancel_sign_in(name);
        self.halt_reading(name).await;
        let shelf = self.shelf(&session);
        let held = self.vault().under_lock(&shelf).await?;
        let (tokens, unread) = match held.tokens().await {
            Ok(tokens) => (tokens, None),
            Err(error) if self.holds_nothing(name, &error) => (None, None),
            Err(error) => (None, Some(error)),
        };
        match held.erase(&self.assignments_of(name)).await {
            Err(error) if !self.holds_nothing(name, &error) => return Err(error),
            Ok(()) | Err(_) => {}
        }
        drop(held);
        let remote_failure = match tokens {
            None => unread,
            Some(tokens) => self.tell_portal(&session, &tokens).await.err(),
        };
        self.remember(name, record::Record::is_signed_out).await;
        self.saw(name, None, Some(true));
        self.change(Slice::Sessions, |world| world.failures.remove(name));
        Ok(SignedOut { remote_failure })
    }

    pub(super) async fn tell_portal(
        &self,
        session: &SessionSettings,
        tokens: &Tokens,
    ) -> Result<()> {
        let portal = self.portal(session).await?;
        match portal.log_out(&tokens.access_token).await {
            Err(refused) if refused.refusal == Refusal::Unauthorized => {
                self.tell_with_another_token(&portal, tokens).await
            }
            answer => Ok(answer?),
        }
    }

    /// A token that the portal no longer knows is signed out already, unless only its time is over: the
    /// sign-in may live on, and is ended with another one.
    async fn tell_with_another_token(&self, portal: &Portal, tokens: &Tokens) -> Result<()> {
        let now = self.now();
        let (Some(refresh), Some(registration)) = (&tokens.refresh_token, &tokens.registration)
        else {
            return Ok(());
        };
        if tokens.access_token_expires_at > now || !tokens.is_renewable(now) {
            return Ok(());
        }
        match portal.token(registration, Grant::Refresh(refresh)).await {
            Ok(granted) => Ok(portal.log_out(&granted.access_token).await?),
            Err(refused) if refused.refusal == Refusal::InvalidGrant => Ok(()),
            Err(refused) => Err(refused.error),
        }
    }

    pub(super) fn assignments_of(&self, session: &str) -> BTreeSet<(String, String)> {
        let world = self.world();
        let listed = world
            .lists
            .get(session)
            .into_iter()
            .flat_map(|list| list.pairs());
        let listed = listed.map(|(account, role)| (account.id.clone(), role.to_owned()));
        let used = world.marks.recent();
        let used = used.into_iter().filter(|it| it.session == session);
        listed
            .chain(used.map(|it| (it.account_id.clone(), it.role.clone())))
            .collect()
    }
}

pub(super) fn check(new: NewSession) -> Result<SessionSettings> {
    settings::check_name(&new.name)?;
    let portal = portal_url::parse(&new.start_url)?;
    if portal.custom && !new.allow_custom_portal {
        let message = format!("{} is not an access portal of AWS", portal.host);
        return Err(Error::new(Code::PortalNotAllowed, message));
    }
    let region = match (new.region, portal.region) {
        (Some(given), Some(found)) if given != found => {
            let message = format!("the address is of {found}, not of {given}");
            return Err(Error::new(Code::Usage, message).with_hint("leave the Region out"));
        }
        (Some(region), _) | (None, Some(region)) => region,
        (None, None) => {
            let message = "the address does not tell the Region of the access portal";
            return Err(Error::new(Code::Usage, message)
                .with_hint("add --region, for example --region eu-central-1"));
        }
    };
    if portal_url::partition_of(&region).is_none() {
        let region: String = region.escape_debug().collect();
        return Err(Error::new(
            Code::Usage,
            format!("`{region}` has not the form of a Region"),
        )
        .with_hint("a Region is written like eu-central-1"));
    }
    Ok(SessionSettings {
        name: new.name,
        start_url: portal.start_url,
        region,
        storage: new.storage.unwrap_or(Storage::Keychain),
        storage_chosen: new.storage.is_some(),
        length: new.length.map(|it| it.as_secs()),
        allow_custom_portal: portal.custom,
        browsers: Browsers::default(),
    })
}
