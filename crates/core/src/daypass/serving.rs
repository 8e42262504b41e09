//! Credentials served on this machine, for tools that can do nothing else: an endpoint for one
//! assignment, for a time that the user chose, kept in stock, and gone when it is dropped.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::{Consent, Daypass, Failure, Served, Slice};
use crate::accounts::Assignment;
use crate::credentials::{Format, Terms};
use crate::endpoint::Endpoint;
use crate::host::Sensitivity;
use crate::host::loopback::{Asked, Loopback, Next};
use crate::host::watch::Folders;
use crate::secrets::{RoleCredentials, Secret};
use crate::{Code, Error, Result};

/// How long credentials are served where nothing is said.
pub const SERVED_BY_DEFAULT: SignedDuration = SignedDuration::from_hours(1);
/// How long at most: a working day.
pub const SERVED_AT_MOST: SignedDuration = SignedDuration::from_hours(12);
/// The least time between two looks into the vault, and between two that failed.
const PAUSE: SignedDuration = SignedDuration::from_secs(2);
const AFTER_TROUBLE: SignedDuration = SignedDuration::from_secs(30);
/// The longest wait: a machine that slept is right soon after.
const LONGEST_NAP: SignedDuration = SignedDuration::from_secs(30);

/// An endpoint that was opened, for who leads a tool to it.
pub struct Serving {
    endpoint: Arc<Endpoint>,
    ended: oneshot::Receiver<()>,
}

/// The same as the world knows it; its end stops the endpoint.
pub(super) struct Open {
    assignment: Assignment,
    endpoint: Arc<Endpoint>,
    failure: Option<Failure>,
    _stop: oneshot::Sender<()>,
}

impl Open {
    pub(super) fn shown(&self) -> Served {
        Served {
            assignment: self.assignment.clone(),
            until: self.endpoint.until(),
            failure: self.failure.clone(),
        }
    }
}

impl Serving {
    /// The two variables that lead a tool there; the second is a secret.
    pub fn variables(&self) -> [(&'static str, Secret); 2] {
        self.endpoint.variables()
    }

    /// The same as lines for a shell.
    pub fn lines(&self, format: Format) -> Secret {
        self.endpoint.lines(format)
    }

    /// When it stops by itself.
    pub fn until(&self) -> Timestamp {
        self.endpoint.until()
    }

    /// Waits until it has stopped; the port is closed then.
    pub async fn ended(self) {
        let _ = self.ended.await;
    }
}

impl Daypass {
    /// Serves the credentials of an assignment on a port of 127.0.0.1 for so long. One that is served
    /// already gets a new port, a new token and the new time.
    ///
    /// # Errors
    /// `Protected` where the user has to agree first, `Usage` for a time that is none or longer than 12
    /// hours, and those of `credentials`: what cannot be had is not served.
    pub async fn serve(
        &self,
        assignment: &Assignment,
        lifetime: SignedDuration,
        consent: Consent,
    ) -> Result<Serving> {
        self.guard(assignment, consent, "serving the credentials")?;
        if !lifetime.is_positive() || lifetime > SERVED_AT_MOST {
            let message = "credentials are served for at most 12 hours";
            return Err(Error::new(Code::Usage, message).with_hint("for example `--for 8h`"));
        }
        let stock = self.stock_of(assignment).await?;
        let due = stock.1.due_at;
        let listener = Loopback::bind().await?;
        let until = self.now().checked_add(lifetime).unwrap_or(Timestamp::MAX);
        let endpoint = Endpoint::new(listener.port(), &assignment.account_id, until, stock)?;
        let serving = self.begin_to_serve(assignment, listener, endpoint.into(), due);
        self.used(assignment).await;
        Ok(serving)
    }

    /// Stops it; whether it was served at all.
    pub fn stop_serving(&self, assignment: &Assignment) -> bool {
        self.change(Slice::Sessions, |world| world.served.remove(assignment))
            .is_some()
    }

    /// Puts the two variables on the clipboard as lines for a shell, kept out of histories and cleared
    /// after a while.
    ///
    /// # Errors
    /// `AccountUnknown` where it is not served; `Internal` where there is no clipboard.
    pub fn copy_served(&self, assignment: &Assignment, format: Format) -> Result<()> {
        let endpoint = self
            .world()
            .served
            .get(assignment)
            .map(|it| it.endpoint.clone());
        let endpoint = endpoint.ok_or_else(|| {
            Error::new(
                Code::AccountUnknown,
                "the credentials are not served any more",
            )
            .with_hint("serve them again")
        })?;
        self.put(endpoint.lines(format).expose(), Sensitivity::Secret)
    }

    fn begin_to_serve(
        &self,
        assignment: &Assignment,
        listener: Loopback,
        endpoint: Arc<Endpoint>,
        due: Timestamp,
    ) -> Serving {
        let (stop, stopped) = oneshot::channel();
        let (over, ended) = oneshot::channel();
        let open = Open {
            assignment: assignment.clone(),
            endpoint: endpoint.clone(),
            failure: None,
            _stop: stop,
        };
        self.change(Slice::Sessions, |world| {
            world.served.insert(assignment.clone(), open)
        });
        let (daypass, assignment, own) = (self.clone(), assignment.clone(), endpoint.clone());
        self.0.runtime.spawn(async move {
            let (asked, clock) = (own.clone(), daypass.host().clock.clone());
            let answer = move |it: &Asked<'_>| Next::<()>::Stay(asked.answer(it, clock.now()));
            tokio::select! {
                () = listener.serve(answer) => {}
                () = daypass.keep_in_stock(&assignment, &own, due) => {}
                _ = stopped => {}
            }
            daypass.forget_served(&assignment, &own);
            drop(over);
        });
        Serving { endpoint, ended }
    }

    /// Another may have taken its place meanwhile.
    fn forget_served(&self, assignment: &Assignment, endpoint: &Arc<Endpoint>) {
        let known = |open: &Open| Arc::ptr_eq(&open.endpoint, endpoint);
        if self.world().served.get(assignment).is_some_and(known) {
            self.change(Slice::Sessions, |world| world.served.remove(assignment));
        }
    }

    /// Renews ahead of their end what is handed out, until the time is over. A sign-out anywhere shows
    /// in the files that it changes.
    async fn keep_in_stock(
        &self,
        assignment: &Assignment,
        endpoint: &Arc<Endpoint>,
        mut due: Timestamp,
    ) {
        let paths = &self.host().paths;
        let mut folders = Folders::watch(&[&paths.config, &paths.state, &paths.sso_cache]);
        loop {
            folders.follow();
            let left = endpoint.until().duration_since(self.now());
            if !left.is_positive() {
                return;
            }
            let rest = due.duration_since(self.now()).clamp(PAUSE, LONGEST_NAP);
            let rest = Duration::try_from(rest.min(left)).unwrap_or_default();
            let changed = tokio::select! {
                () = tokio::time::sleep(rest) => false,
                () = folders.changed() => true,
            };
            if changed || self.now() >= due {
                due = self.restock(assignment, endpoint).await;
            }
        }
    }

    /// Looks for keys again, and tells when to do so next.
    async fn restock(&self, assignment: &Assignment, endpoint: &Arc<Endpoint>) -> Timestamp {
        let in_a_while = self.now().checked_add(AFTER_TROUBLE);
        match self.stock_of(assignment).await {
            Ok((keys, terms)) => {
                let due = terms.due_at.max(in_a_while.unwrap_or(Timestamp::MAX));
                endpoint.restock(keys, terms);
                self.note_stock(assignment, endpoint, None);
                due
            }
            Err(error) => {
                tracing::info!(?error, session = assignment.session, "nothing new to serve");
                self.note_stock(assignment, endpoint, Some(Failure::of(&error)));
                endpoint.run_out(error);
                in_a_while.unwrap_or(Timestamp::MAX)
            }
        }
    }

    async fn stock_of(&self, assignment: &Assignment) -> Result<(RoleCredentials, Terms)> {
        let session = self.settings_of(&assignment.session)?;
        let keys = self.credentials_of(&session, assignment).await?;
        let terms = self.terms_of(&session, &keys);
        Ok((keys, terms))
    }

    fn note_stock(
        &self,
        assignment: &Assignment,
        endpoint: &Arc<Endpoint>,
        failure: Option<Failure>,
    ) {
        let is_news =
            |open: &Open| Arc::ptr_eq(&open.endpoint, endpoint) && open.failure != failure;
        if self.world().served.get(assignment).is_some_and(is_news) {
            self.change(Slice::Sessions, |world| {
                if let Some(open) = world.served.get_mut(assignment) {
                    open.failure = failure;
                }
            });
        }
    }
}
