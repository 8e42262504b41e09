//! Days that pass in seconds: core itself in this process, with a clock that the test sets, before a
//! real simulator whose clock goes along. Only the waiting is left out; every look, every request
//! and every file is real.

use crate::home::Home;
use crate::http;
use crate::portal::Portal;
use crate::{Context, Result, ensure};
use daypass_core::daypass::{Daypass, Keeper, NewSession, Reading, SessionStatus, SignIn};
use daypass_core::host::{Clock, Env, Host};
use daypass_core::notice::{Notice, Stage};
use daypass_core::portal::Flow;
use daypass_core::secrets::Storage;
use daypass_core::session::keeper::Wake;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::broadcast;

/// The name of the session.
pub const NAME: &str = "work";

/// How far the portal's clock is behind, in seconds: both count in whole seconds, and an end that is
/// a second early would be told in the minute before.
const BEHIND: i64 = 3;

/// One person's days with Daypass.
pub struct Days {
    /// The access portal; real requests reach it.
    pub portal: Portal,
    /// What a front end holds.
    pub daypass: Daypass,
    host: Host,
    keeper: Keeper,
    notices: broadcast::Receiver<Notice>,
    told: Vec<(SignedDuration, Stage)>,
    began: Timestamp,
    wake: Wake,
    just_signed_in: bool,
    longest_rest: SignedDuration,
    _home: Home,
}

impl Days {
    /// Registers the session `work` in storage `shared`, and signs in.
    pub async fn begin(options: &[&str], length: Option<SignedDuration>) -> Result<Self> {
        let home = Home::make()?;
        let options = [&["--browser", "auto"], options].concat();
        let portal = Portal::start(&home, &options)?;
        let began = Timestamp::now();
        let env = Env::table::<String, String>([]);
        let host = Host::fake(&home.home(), env, Clock::fake(began));
        let daypass = Daypass::open(host.clone())?;
        daypass.add_session(session_at(&portal, length)).await?;
        let mut days = Self {
            keeper: daypass.keeper(),
            notices: daypass.notices(),
            told: Vec::new(),
            wake: Wake::Time,
            just_signed_in: true,
            longest_rest: SignedDuration::ZERO,
            portal,
            daypass,
            host,
            began,
            _home: home,
        };
        days.sign_in().await?;
        Ok(days)
    }

    /// Signs in, with a browser that follows at once.
    pub async fn sign_in(&mut self) -> Result<()> {
        self.just_signed_in = true;
        follow(&self.host, &self.daypass).await
    }

    /// Signs in as another tool does: nothing but AWS's cache shows it here.
    pub async fn another_tool_signs_in(&self) -> Result<()> {
        let mut elsewhere = self.host.clone();
        elsewhere.paths.config = elsewhere.paths.config.join("elsewhere");
        elsewhere.paths.state = elsewhere.paths.state.join("elsewhere");
        let tool = Daypass::open(elsewhere)?;
        tool.add_session(session_at(&self.portal, None)).await?;
        follow(&self.host, &tool).await
    }

    /// Writes settings by hand, above those that are there.
    pub fn write_settings(&self, text: &str) -> Result<()> {
        let file = self.host.paths.config.join("settings.toml");
        let before = std::fs::read_to_string(&file)?;
        Ok(std::fs::write(file, format!("{text}\n{before}"))?)
    }

    /// The first morning.
    pub fn began(&self) -> Timestamp {
        self.began
    }

    /// How long it is since the first morning.
    pub fn elapsed(&self) -> SignedDuration {
        self.host.clock.now().duration_since(self.began)
    }

    /// Lets time pass as it does while the machine is awake, look after look.
    pub async fn pass(&mut self, span: SignedDuration) -> Result<()> {
        let until = self.elapsed() + span;
        while self.elapsed() < until {
            let rest = self.look().await?;
            let rest = SignedDuration::try_from(rest)?.min(until - self.elapsed());
            self.longest_rest = self.longest_rest.max(rest);
            self.set_clocks(self.elapsed() + rest)?;
        }
        self.look().await.map(drop)
    }

    /// Lets the clocks jump, as in a sleep: nothing of ours runs meanwhile.
    pub fn sleep(&mut self, span: SignedDuration) -> Result<()> {
        self.set_clocks(self.elapsed() + span)
    }

    /// Says why the next look is taken.
    pub fn wake(&mut self, wake: Wake) {
        self.wake = wake;
    }

    /// One look; how long it wants to rest after it.
    pub async fn look(&mut self) -> Result<std::time::Duration> {
        let rest = self.keeper.round(self.wake).await;
        self.wake = Wake::Time;
        self.let_background_finish().await?;
        while let Ok(notice) = self.notices.try_recv() {
            ensure!(notice.session == NAME, "a notice of {}", notice.session);
            self.told.push((self.elapsed(), notice.stage));
        }
        Ok(rest)
    }

    /// What runs in the background must not see hours pass between two of its requests.
    async fn let_background_finish(&mut self) -> Result<()> {
        let reads = |days: &Self| {
            let snapshot = days.daypass.snapshot();
            let mut readings = snapshot.readings.values();
            readings.any(|it| matches!(it, Reading::Progress { .. }))
        };
        while reads(self) {
            tokio::time::sleep(std::time::Duration::from_millis(3)).await;
        }
        if std::mem::take(&mut self.just_signed_in) {
            self.requests().await?;
        }
        Ok(())
    }

    /// What was told, with the minutes since the first morning.
    pub fn told(&self) -> Vec<(i64, Stage)> {
        let minutes = |(at, stage): &(SignedDuration, Stage)| (at.as_mins(), *stage);
        self.told.iter().map(minutes).collect()
    }

    /// The longest rest between two looks.
    pub fn longest_rest(&self) -> SignedDuration {
        self.longest_rest
    }

    /// The session as front ends see it.
    pub fn status(&self) -> Result<SessionStatus> {
        let snapshot = self.daypass.snapshot();
        snapshot.session(NAME).cloned().context("no session")
    }

    /// Renewals that the portal granted and refused so far.
    pub fn renewals(&self) -> Result<(u64, u64)> {
        let log = self.portal.ask("log")?;
        let rows = log["renewals"].as_array().context("no renewals")?;
        let sum = |key: &str| rows.iter().filter_map(|row| row[key].as_u64()).sum();
        Ok((sum("granted"), sum("refused")))
    }

    /// Requests of every kind so far, once none is under way.
    pub async fn requests(&self) -> Result<u64> {
        let mut before = None;
        loop {
            let stats = self.portal.ask("stats")?;
            let now = stats["requests"].as_u64().context("no requests")?;
            if before == Some(now) {
                return Ok(now);
            }
            before = Some(now);
            tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        }
    }

    /// What Daypass remembers of the sign-in.
    pub fn remembered(&self) -> Result<String> {
        let file = self.host.paths.state.join("sessions.json");
        Ok(std::fs::read_to_string(file)?)
    }

    /// Requests so far, by operation.
    pub fn operations(&self) -> Result<serde_json::Value> {
        Ok(self.portal.ask("stats")?["operations"].clone())
    }

    fn set_clocks(&self, elapsed: SignedDuration) -> Result<()> {
        let now = self.began + elapsed;
        self.host.clock.set(now);
        let ahead = now.duration_since(Timestamp::now()).as_secs() - BEHIND;
        self.portal
            .tell("set", &json!({ "clock_offset_s": ahead }))
            .map(drop)
    }
}

/// The session `work` in storage `shared`.
pub(crate) fn session_at(portal: &Portal, length: Option<SignedDuration>) -> NewSession {
    NewSession {
        name: NAME.into(),
        start_url: portal.start_url().to_owned(),
        region: Some("eu-central-1".into()),
        storage: Some(Storage::Shared),
        length,
        allow_custom_portal: true,
    }
}

/// A sign-in with a browser that follows at once.
pub(crate) async fn follow(host: &Host, daypass: &Daypass) -> Result<()> {
    let opened = host.opener.recorded().len();
    let wish = SignIn {
        flow: Some(Flow::Browser),
        ..SignIn::default()
    };
    let follows = async {
        loop {
            if let Some(address) = host.opener.recorded().get(opened).cloned() {
                return tokio::task::spawn_blocking(move || http::visit(&address)).await;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let (signed_in, visited) = tokio::join!(daypass.sign_in(NAME, wish), follows);
    visited.context("the browser")??;
    Ok(signed_in?)
}
