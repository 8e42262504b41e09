//! From core's notices to the one notification that Daypass shows, and from its buttons back to core.
//! It is replaced, never stacked, and goes when nothing stands any more.

#[cfg(target_os = "linux")]
#[path = "bus.rs"]
mod server;
#[cfg(not(target_os = "linux"))]
#[path = "plain.rs"]
mod server;

use std::sync::Arc;
use std::time::Duration;

use daypass_core::Code;
use daypass_core::daypass::{Daypass, SignIn, Snapshot};
use daypass_core::notice::Notice;
use daypass_core::session::sign_in::Step;
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until, timeout};

use crate::windows;
use crate::words::{self, Here};
use server::Server;

/// After a sleep several sessions end at once: what comes within this is told together.
const GATHER: Duration = Duration::from_secs(1);
/// A browser that has not opened after this does not.
const BROWSER: Duration = Duration::from_secs(2);

/// How long the last word to the notification server may take.
const FAREWELL: Duration = Duration::from_millis(500);

/// What becomes of a notice.
#[derive(Debug, PartialEq, Eq)]
enum Decision {
    Show,
    Hold(&'static str),
}

/// What is around when a notice comes.
#[derive(Clone, Copy, Debug)]
struct Surroundings {
    panel_in_view: bool,
    muted: bool,
}

/// What a notification server tells.
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "notifications without buttons tell nothing")
)]
enum Event {
    Pressed(Button),
    /// The user or the server took the notification away.
    Closed,
    /// A server came, perhaps in the place of another: it knows nothing of what was shown.
    Came,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "notifications without buttons tell nothing")
)]
enum Button {
    /// The notification itself.
    Body,
    SignIn,
    Snooze,
}

/// How loud a notification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    Usual,
    /// What stands already says less than before.
    Quiet,
}

/// Where the teller is asked to take its notification away.
struct Farewell(mpsc::Sender<oneshot::Sender<()>>);

/// Tells for as long as the application runs.
pub(crate) fn start(app: &AppHandle) {
    let (farewell, farewells) = mpsc::channel(1);
    app.manage(Farewell(farewell));
    let daypass = app.state::<Daypass>().inner().clone();
    // From now on: what is told before the teller runs must not be lost.
    let (notices, snapshots) = (daypass.notices(), daypass.snapshots());
    let teller = Teller {
        app: app.clone(),
        daypass,
        server: Server::default(),
        shown: Vec::new(),
        untold: false,
    };
    tauri::async_runtime::spawn(teller.run(notices, snapshots, farewells));
}

/// Takes the notification away: nobody would answer its buttons any more.
pub(crate) async fn withdraw(app: &AppHandle) {
    let (done, is_done) = oneshot::channel();
    let asked = app.state::<Farewell>().0.try_send(done);
    if asked.is_ok() {
        // Without an answer the application ends all the same.
        let _ = timeout(FAREWELL, is_done).await;
    }
}

struct Teller {
    app: AppHandle,
    daypass: Daypass,
    server: Server,
    /// What the notification tells that is on the screen.
    shown: Vec<Notice>,
    /// Whether the last notification could not be shown.
    untold: bool,
}

impl Teller {
    async fn run(
        mut self,
        mut notices: broadcast::Receiver<Notice>,
        mut snapshots: watch::Receiver<Arc<Snapshot>>,
        mut farewells: mpsc::Receiver<oneshot::Sender<()>>,
    ) {
        let mut gathered = None;
        self.server.connect().await;
        loop {
            tokio::select! {
                told = notices.recv() => match told {
                    Ok(_) | Err(RecvError::Lagged(_)) => {
                        gathered.get_or_insert_with(|| Instant::now() + GATHER);
                    }
                    Err(RecvError::Closed) => return,
                },
                () = reached(gathered) => {
                    gathered = None;
                    self.tell().await;
                }
                changed = snapshots.changed() => match changed {
                    Ok(()) => self.take_back().await,
                    Err(_) => return,
                },
                event = self.server.event() => self.take_in(event).await,
                Some(done) = farewells.recv() => {
                    self.close().await;
                    // Who asked may have given up waiting.
                    let _ = done.send(());
                    return;
                }
            }
        }
    }

    /// Shows what stands now, in the place of what was shown before.
    async fn tell(&mut self) {
        let snapshot = self.daypass.snapshot();
        let standing = standing(&snapshot);
        let surroundings = Surroundings {
            panel_in_view: windows::panel_is_in_view(&self.app),
            muted: snapshot.muted_until.is_some() || snapshot.quiet_until.is_some(),
        };
        match decide(&standing, surroundings) {
            Decision::Show => self.show(standing, Tone::Usual).await,
            Decision::Hold(reason) => tracing::info!(?standing, reason, "the notices are held"),
        }
    }

    async fn show(&mut self, standing: Vec<Notice>, tone: Tone) {
        let Some(text) = words::notification(&standing, &Here::at(self.daypass.now())) else {
            return;
        };
        match self.server.show(&text, tone).await {
            Ok(()) => (self.shown, self.untold) = (standing, false),
            Err(error) if self.untold => tracing::debug!(%error, "still no notifications"),
            Err(error) => {
                tracing::warn!(%error, "the desktop shows no notifications; the panel says it");
                self.untold = true;
            }
        }
    }

    /// Takes away what no longer stands; what comes anew has a notice of its own.
    async fn take_back(&mut self) {
        if self.shown.is_empty() {
            return;
        }
        let snapshot = self.daypass.snapshot();
        let standing = match snapshot.muted_until {
            Some(_) => Vec::new(),
            None => standing(&snapshot),
        };
        let stands = |shown: &&Notice| standing.iter().any(|it| it.session == shown.session);
        let left: Vec<_> = self.shown.iter().filter(stands).cloned().collect();
        if left.is_empty() {
            self.close().await;
        } else if left.len() < self.shown.len() {
            self.show(left, Tone::Quiet).await;
        }
    }

    async fn close(&mut self) {
        self.shown.clear();
        if let Err(error) = self.server.close().await {
            tracing::debug!(%error, "the notification could not be closed");
        }
    }

    async fn take_in(&mut self, event: Event) {
        match event {
            Event::Pressed(button) => {
                let shown = std::mem::take(&mut self.shown);
                self.close().await;
                self.act(button, shown);
            }
            Event::Closed => self.shown.clear(),
            Event::Came if self.untold || !self.shown.is_empty() => {
                self.shown.clear();
                self.tell().await;
            }
            Event::Came => {}
        }
    }

    fn act(&self, button: Button, shown: Vec<Notice>) {
        let sessions = shown.into_iter().map(|notice| notice.session);
        match button {
            Button::Body => windows::show_panel(&self.app),
            Button::Snooze => sessions.for_each(|session| self.daypass.snooze(&session)),
            Button::SignIn => drop(tauri::async_runtime::spawn(sign_in(
                self.app.clone(),
                sessions.collect(),
            ))),
        }
    }
}

async fn reached(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// What stands and was not put off.
fn standing(snapshot: &Snapshot) -> Vec<Notice> {
    let sessions = snapshot.sessions.iter().filter(|it| !it.snoozed);
    sessions.filter_map(|it| it.notice.clone()).collect()
}

fn decide(standing: &[Notice], surroundings: Surroundings) -> Decision {
    match (standing, surroundings) {
        ([], _) => Decision::Hold("nothing stands any more"),
        (_, Surroundings { muted: true, .. }) => Decision::Hold("notifications are muted"),
        (
            _,
            Surroundings {
                panel_in_view: true,
                ..
            },
        ) => Decision::Hold("the panel says it already"),
        _ => Decision::Show,
    }
}

/// Signs in to one after the other, as the button said; the first that does not work is the last.
async fn sign_in(app: AppHandle, sessions: Vec<String>) {
    let daypass = app.state::<Daypass>().inner().clone();
    for session in sessions {
        let outcome = tokio::select! {
            outcome = daypass.sign_in(&session, SignIn::default()) => outcome,
            () = assist(&app, &daypass, &session) => return,
        };
        match outcome {
            Ok(()) => {}
            Err(error) if error.code() == Code::SignInCancelled => return,
            Err(error) => {
                tracing::warn!(?error, session, "the sign-in did not work");
                return windows::show_panel(&app);
            }
        }
    }
}

/// Brings the panel up where a sign-in needs more than the browser; ends with the application.
async fn assist(app: &AppHandle, daypass: &Daypass, session: &str) {
    let mut snapshots = daypass.snapshots();
    let needs_panel = |snapshot: &Snapshot| {
        let step = snapshot.session(session).and_then(|it| it.sign_in.as_ref());
        match step {
            Some(Step::Device { .. }) => Some(Duration::ZERO),
            Some(Step::Browser { opened: false, .. }) => Some(BROWSER),
            Some(Step::Browser { opened: true, .. } | Step::Starting | Step::Finishing) | None => {
                None
            }
        }
    };
    loop {
        let patience = needs_panel(&snapshots.borrow_and_update());
        let changed = match patience {
            Some(patience) => timeout(patience, snapshots.changed()).await,
            None => Ok(snapshots.changed().await),
        };
        match changed {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) => {
                windows::show_panel(app);
                return std::future::pending().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daypass_core::notice::Stage;

    #[test]
    fn situations() {
        let notice = |stage| Notice {
            session: "work".into(),
            stage,
            ends_at: None,
            is_estimate: false,
        };
        for (standing, panel_in_view, muted, expected) in [
            (
                None,
                false,
                false,
                Decision::Hold("nothing stands any more"),
            ),
            (Some(Stage::EndsSoon), false, false, Decision::Show),
            (Some(Stage::EndsVerySoon), false, false, Decision::Show),
            (Some(Stage::Ended), false, false, Decision::Show),
            (
                Some(Stage::EndsSoon),
                true,
                false,
                Decision::Hold("the panel says it already"),
            ),
            (
                Some(Stage::Ended),
                true,
                false,
                Decision::Hold("the panel says it already"),
            ),
            (
                Some(Stage::Ended),
                false,
                true,
                Decision::Hold("notifications are muted"),
            ),
        ] {
            let standing: Vec<_> = standing.map(notice).into_iter().collect();
            let surroundings = Surroundings {
                panel_in_view,
                muted,
            };
            assert_eq!(
                decide(&standing, surroundings),
                expected,
                "{standing:?} {surroundings:?}"
            );
        }
    }
}
