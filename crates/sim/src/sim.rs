//! One running portal, held by a test or by the program.

use crate::control::{self, Expire};
use crate::faults::FaultRule;
use crate::log::{Count, LogEntry, Renewals, Renewer};
use crate::options::Options;
use crate::organisation::Organisation;
use crate::server::{self, Shared};
use crate::world::World;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// A simulated portal that runs on a thread of its own, with a runtime of its own: it goes
/// on while the test blocks, and a paused clock in the test does not stop it. It ends when
/// dropped. Several can run at once.
#[derive(Debug)]
pub struct Sim {
    shared: Arc<Shared>,
    base: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sim {
    /// Starts a portal on 127.0.0.1.
    ///
    /// # Errors
    /// The port is taken, or an option is out of its range.
    pub fn start(options: Options) -> io::Result<Self> {
        let options = options.checked().map_err(io::Error::other)?;
        let listener = server::listen(options.port)?;
        let base = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared::new(World::new(base.clone(), options)));
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("daypass-sim".into())
            .spawn(move || run(listener, served, stopped))?;
        Ok(Self {
            shared,
            base,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// `http://127.0.0.1:PORT`: the endpoint of all its APIs.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The address that a user pastes: `BASE/start`.
    #[must_use]
    pub fn start_url(&self) -> String {
        self.shared.lock().start_url()
    }

    /// The environment that points AWS's tools and Daypass here.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, String); 4] {
        [
            "AWS_ENDPOINT_URL_SSO",
            "AWS_ENDPOINT_URL_SSO_OIDC",
            "AWS_ENDPOINT_URL_STS",
            "DAYPASS_SIGNIN_ENDPOINT",
        ]
        .map(|name| (name, self.base.clone()))
    }

    /// The accounts and roles as they are now.
    #[must_use]
    pub fn organisation(&self) -> Organisation {
        self.shared.lock().organisation.clone()
    }

    /// Replaces the accounts and roles.
    ///
    /// # Panics
    /// Where an id is not 12 digits, or is there twice.
    pub fn set_organisation(&self, organisation: Organisation) {
        assert_eq!(organisation.fault(), None);
        self.shared.lock().organisation = organisation;
    }

    /// The options as they are now.
    #[must_use]
    pub fn options(&self) -> Options {
        self.shared.lock().options.clone()
    }

    /// Changes options while the portal runs: `sim.set(|o| o.token_ttl = 30)`.
    ///
    /// # Panics
    /// Where an option is out of its range.
    pub fn set(&self, change: impl FnOnce(&mut Options)) {
        let world = &mut *self.shared.lock();
        let mut options = world.options.clone();
        change(&mut options);
        world.adopt(options.checked().expect("options that can be served"));
    }

    /// Moves the portal's clock forward.
    pub fn advance(&self, by: Duration) {
        self.set(|o| o.clock_offset_s += i64::try_from(by.as_secs()).unwrap_or(0));
    }

    /// Ends everything of one kind now; gives the number of things that ended.
    pub fn expire(&self, what: Expire) -> usize {
        self.shared.lock().expire(what)
    }

    /// Revokes all sessions, as an administrator does; gives their number.
    pub fn revoke(&self) -> usize {
        self.shared.lock().revoke(None)
    }

    /// Gives the user a role in an account, or takes it away.
    pub fn assign(&self, account_id: &str, role: &str, assigned: bool) {
        self.shared
            .lock()
            .organisation
            .assign(account_id, role, assigned);
    }

    /// Lets the next `times` requests that match the rule go wrong.
    pub fn fault(&self, rule: FaultRule, times: u32) {
        self.shared.lock().faults.queue(rule, times);
    }

    /// The requests so far, oldest first, without any secret.
    #[must_use]
    pub fn log(&self) -> Vec<LogEntry> {
        self.shared.lock().log.entries(0)
    }

    /// Renewals by who asked for them.
    #[must_use]
    pub fn renewals(&self) -> Vec<(Renewer, Renewals)> {
        let world = self.shared.lock();
        let all = world.log.renewals();
        all.map(|(renewer, renewals)| (renewer.clone(), *renewals))
            .collect()
    }

    /// Requests by operation: `sim.counts()["ListAccounts"].requests`.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, Count> {
        self.shared.lock().log.counts().clone()
    }

    /// How often an operation was asked for; 0 where it never was.
    #[must_use]
    pub fn count(&self, operation: &str) -> u64 {
        self.shared
            .lock()
            .log
            .counts()
            .get(operation)
            .map_or(0, |c| c.requests)
    }

    /// Forgets the requests so far.
    pub fn clear_log(&self) {
        self.shared.lock().log.clear();
    }

    /// Any control of the control API, as if posted: `sim.control("revoke", &json!({}))`.
    ///
    /// # Errors
    /// A sentence on what is wrong with the request.
    pub fn control(&self, name: &str, body: &Value) -> Result<Value, String> {
        let is_post = body.as_object().is_none_or(|fields| !fields.is_empty())
            || ["expire", "revoke"].contains(&name);
        control::act(&mut self.shared.lock(), name, body, is_post)
            .unwrap_or_else(|| Err(format!("there is no control {name}")))
    }

    /// Stops the portal and waits until it has stopped.
    pub fn shutdown(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.end();
    }
}

fn run(listener: TcpListener, shared: Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(async {
        tokio::select! {
            _ = server::serve(listener, shared) => {}
            _ = stopped => {}
        }
    });
}
