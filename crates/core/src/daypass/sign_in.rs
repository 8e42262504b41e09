//! A sign-in from its start to its end: one at a time for each session, joined by who asks again.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::Notify;

use super::{Daypass, Failure, Slice};
use crate::host::Sensitivity;
use crate::host::loopback::Loopback;
use crate::portal::{Flow, Portal};
use crate::secrets::Tokens;
use crate::session::sign_in::{Step, device, pkce, place};
use crate::settings::{self, SessionSettings};
use crate::{Code, Error, Result};

/// How long a sign-in may wait for the user, if nothing else is said.
const PATIENCE: Duration = Duration::from_secs(600);

/// How to sign in.
#[derive(Clone, Copy, Debug)]
pub struct SignIn {
    /// The way; chosen by the place where nothing is said.
    pub flow: Option<Flow>,
    /// Whether the browser is opened; if not, the front end shows the address.
    pub browser: Browser,
    /// How long the user may take.
    pub patience: Duration,
}

/// Who opens the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Daypass.
    Open,
    /// The user, by hand.
    LeaveToUser,
}

impl Default for SignIn {
    fn default() -> SignIn {
        SignIn {
            flow: None,
            browser: Browser::Open,
            patience: PATIENCE,
        }
    }
}

/// A sign-in that is under way.
pub(super) struct Pending {
    flow: Option<Flow>,
    cancel: Arc<Notify>,
}

impl Daypass {
    /// Signs in and returns when it is done; each step is in the snapshot meanwhile. A second call
    /// for the same way joins the first.
    ///
    /// # Errors
    /// `SignInDenied`, `SignInTimedOut`, `SignInCancelled`, `SignInFailed`, `WrongRegion`, `Offline`
    /// and its kin, or the vault's: that is asked before anything is opened.
    pub async fn sign_in(&self, name: &str, wish: SignIn) -> Result<()> {
        let session = self.settings_of(name)?;
        let Some(cancel) = self.begin(name, wish.flow).await else {
            return self.join(name).await;
        };
        let approved = tokio::select! {
            approved = self.run(&session, wish) => approved,
            () = cancel.notified() => Err(Error::new(Code::SignInCancelled, "the sign-in was given up")),
            () = tokio::time::sleep(wish.patience) => {
                Err(Error::new(Code::SignInTimedOut, "nobody approved the sign-in in time"))
            }
        };
        // What was approved is kept whole, whoever waits or gives up meanwhile.
        let outcome = match approved {
            Ok(tokens) => self.keep_approved(&session, tokens).await,
            Err(error) => Err(error),
        };
        self.end(name, &outcome);
        if outcome.is_ok() && self.world().keeps {
            self.start_reading(name);
        }
        outcome
    }

    /// The same in the background: steps and end are in the snapshot.
    ///
    /// # Errors
    /// `SessionUnknown`.
    pub fn start_sign_in(&self, name: &str, flow: Option<Flow>) -> Result<()> {
        self.settings_of(name)?;
        let (daypass, name) = (self.clone(), name.to_owned());
        self.0.runtime.spawn(async move {
            if let Err(error) = daypass
                .sign_in(
                    &name,
                    SignIn {
                        flow,
                        ..SignIn::default()
                    },
                )
                .await
            {
                tracing::info!(?error, session = name, "the sign-in ended without success");
            }
        });
        Ok(())
    }

    /// Gives a pending sign-in up.
    pub fn cancel_sign_in(&self, name: &str) {
        if let Some(pending) = self.world().pending.get(name) {
            pending.cancel.notify_one();
        }
    }

    /// Opens the page of the pending sign-in, once more or for the first time.
    ///
    /// # Errors
    /// `SignInNeeded` where none is pending, `BrowserMissing`.
    pub fn open_sign_in_page(&self, name: &str) -> Result<()> {
        let (session, address) = (self.settings_of(name)?, self.sign_in_address(name)?);
        self.open_in(&session.browsers.sign_in, &address)
    }

    /// Puts the address of the pending sign-in on the clipboard.
    ///
    /// # Errors
    /// `SignInNeeded` where none is pending, `Internal` where there is no clipboard.
    pub fn copy_sign_in_link(&self, name: &str) -> Result<()> {
        self.copy(self.sign_in_address(name)?.as_str())
    }

    /// Puts the code of the pending sign-in on the clipboard.
    ///
    /// # Errors
    /// `SignInNeeded` where none is pending, `Internal` where there is no clipboard.
    pub fn copy_user_code(&self, name: &str) -> Result<()> {
        match self.world().steps.get(name).cloned() {
            Some(Step::Device { user_code, .. }) => self.copy(&user_code),
            _ => Err(none_pending(name)),
        }
    }

    /// Puts a plain text on the clipboard.
    ///
    /// # Errors
    /// `Internal` where there is no clipboard.
    pub fn copy(&self, text: &str) -> Result<()> {
        self.put(text, Sensitivity::Plain)
    }

    /// Puts a text on the clipboard; a secret is kept out of histories, and only for a while.
    pub(super) fn put(&self, text: &str, sensitivity: Sensitivity) -> Result<()> {
        match self.host().clipboard.put(text, sensitivity) {
            true => Ok(()),
            false => Err(
                Error::new(Code::Internal, "the clipboard could not be reached")
                    .with_hint("select the text and copy it by hand"),
            ),
        }
    }

    fn sign_in_address(&self, name: &str) -> Result<url::Url> {
        match self.world().steps.get(name) {
            Some(Step::Browser { address, .. }) => Ok(address.clone()),
            Some(Step::Device { complete_page, .. }) => Ok(complete_page.clone()),
            _ => Err(none_pending(name)),
        }
    }

    /// The right to run a sign-in, or `None` where one for the same way is under way.
    async fn begin(&self, name: &str, flow: Option<Flow>) -> Option<Arc<Notify>> {
        let mut snapshots = self.snapshots();
        loop {
            let other = {
                let mut world = self.world();
                match world.pending.get(name) {
                    Some(pending) if flow.is_none() || pending.flow == flow => return None,
                    Some(pending) => pending.cancel.clone(),
                    None => {
                        let cancel = Arc::new(Notify::new());
                        let pending = Pending {
                            flow,
                            cancel: cancel.clone(),
                        };
                        world.pending.insert(name.to_owned(), pending);
                        drop(world);
                        self.step(name, Some(Step::Starting));
                        return Some(cancel);
                    }
                }
            };
            other.notify_one();
            if snapshots.changed().await.is_err() {
                return None;
            }
        }
    }

    async fn join(&self, name: &str) -> Result<()> {
        let before = self.record(name).signed_in_at;
        let mut snapshots = self.snapshots();
        let ended = |snapshot: &Arc<super::Snapshot>| {
            snapshot
                .session(name)
                .is_none_or(|session| session.sign_in.is_none())
        };
        let snapshot = snapshots.wait_for(ended).await.map(|it| it.clone());
        let snapshot = snapshot.map_err(|_| Error::new(Code::Internal, "Daypass is ending"))?;
        match snapshot.session(name) {
            // An earlier sign-in that still holds says nothing about this one.
            Some(session) if session.failure.is_none() && session.signed_in_at != before => Ok(()),
            Some(session) => Err(match &session.failure {
                Some(failure) => failure.to_error(),
                None => Error::new(Code::SignInCancelled, "the sign-in was given up"),
            }),
            None => Err(Error::new(
                Code::SessionUnknown,
                format!("there is no session `{name}`"),
            )),
        }
    }

    fn step(&self, name: &str, step: Option<Step>) {
        self.change(Slice::Sessions, |world| match step {
            Some(step) => {
                world.failures.remove(name);
                drop(world.steps.insert(name.to_owned(), step));
            }
            None => drop(world.steps.remove(name)),
        });
    }

    fn end(&self, name: &str, outcome: &Result<()>) {
        self.change(Slice::Sessions, |world| {
            world.pending.remove(name);
            world.steps.remove(name);
            match outcome {
                Err(error) if error.code() != Code::SignInCancelled => {
                    world.failures.insert(name.to_owned(), Failure::of(error));
                }
                _ => drop(world.failures.remove(name)),
            }
        });
    }

    async fn keep_approved(&self, session: &SessionSettings, tokens: Tokens) -> Result<()> {
        let (daypass, session) = (self.clone(), session.clone());
        let kept = self
            .0
            .runtime
            .spawn(async move { daypass.keep_tokens(&session, tokens).await });
        let broke_off =
            |error| Error::new(Code::Internal, "keeping a sign-in broke off").because(error);
        kept.await.map_err(broke_off)?
    }

    async fn run(&self, session: &SessionSettings, wish: SignIn) -> Result<Tokens> {
        self.check_place(session).await?;
        let portal = self.portal(session).await?;
        let opens = wish.browser == Browser::Open;
        let choice = match wish.flow {
            Some(flow) => place::Choice { flow, reason: "" },
            None => place::choose(self.host(), opens),
        };
        let listener = match choice.flow {
            Flow::Browser => Some(Loopback::bind().await),
            Flow::Device => None,
        };
        match (listener, wish.flow) {
            (Some(Ok(listener)), _) => self.by_browser(session, &portal, listener, wish).await,
            (Some(Err(error)), Some(_)) => Err(error),
            (Some(Err(error)), None) => {
                tracing::info!(?error, "a code instead of the browser");
                self.by_code(session, &portal, place::BLOCKED, wish).await
            }
            (None, _) => self.by_code(session, &portal, choice.reason, wish).await,
        }
    }

    async fn by_browser(
        &self,
        session: &SessionSettings,
        portal: &Portal,
        listener: Loopback,
        wish: SignIn,
    ) -> Result<Tokens> {
        let endpoints = self.endpoints(session)?;
        let pending = pkce::begin(listener, portal, &endpoints, &session.start_url).await?;
        let (started_at, gives_up_at) = self.span(wish.patience);
        let step = |opened| Step::Browser {
            address: pending.address.clone(),
            opened,
            started_at,
            gives_up_at,
        };
        self.step(&session.name, Some(step(false)));
        if wish.browser == Browser::Open {
            // Without a browser the address is still there to copy.
            let opened = self.open_in(&session.browsers.sign_in, &pending.address);
            self.step(&session.name, Some(step(opened.is_ok())));
        }
        let approved = pending.approved().await?;
        self.step(&session.name, Some(Step::Finishing));
        approved.tokens(portal).await
    }

    /// The browser is not opened here: the user first sees the code and the warning.
    async fn by_code(
        &self,
        session: &SessionSettings,
        portal: &Portal,
        reason: &'static str,
        wish: SignIn,
    ) -> Result<Tokens> {
        let pending = device::begin(portal, &session.start_url).await?;
        let (started_at, latest) = self.span(wish.patience);
        let code = &pending.code;
        self.step(
            &session.name,
            Some(Step::Device {
                user_code: code.user_code.clone(),
                page: code.page.clone(),
                complete_page: code.complete_page.clone(),
                reason,
                started_at,
                gives_up_at: code.expires_at.min(latest),
            }),
        );
        pending.tokens(portal, &self.host().clock).await
    }

    fn span(&self, patience: Duration) -> (jiff::Timestamp, jiff::Timestamp) {
        let now = self.host().clock.now();
        let patience = SignedDuration::try_from(patience).unwrap_or(SignedDuration::from_mins(10));
        (now, now.checked_add(patience).unwrap_or(now))
    }

    /// An earlier sign-in is left to its own end at the portal: told to end it, AWS may well end the
    /// new one of the same browser with it.
    async fn keep_tokens(&self, session: &SessionSettings, tokens: Tokens) -> Result<()> {
        let shelf = self.shelf(session);
        let held = self.vault().under_lock(&shelf).await?;
        // Removed or renamed in another process meanwhile: nobody would find the tokens again.
        if let Err(error) = settings::load(self.host())?.session(&session.name) {
            drop(held);
            self.tell_portal(session, &tokens).await.ok();
            return Err(error);
        }
        held.save(&tokens).await?;
        drop(held);
        self.forget_role_credentials(&session.name).await;
        let now = self.now();
        self.remember(&session.name, |record| record.begins(&tokens, now))
            .await;
        self.remember_clock(&session.name).await;
        self.forget_trouble(&session.name);
        self.saw(&session.name, Some(&tokens), Some(true));
        Ok(())
    }
}

fn none_pending(name: &str) -> Error {
    Error::new(
        Code::SignInNeeded,
        format!("no sign-in to `{name}` is under way"),
    )
}

#[cfg(test)]
mod tests;
