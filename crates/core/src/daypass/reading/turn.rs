//! Whose turn it is to read a list: one process reads, the others show its copy as it grows, and one of
//! them goes on when it ends early.

use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::eta::Eta;
use super::{Daypass, Reading, Slice, UnderWay};
use crate::accounts::copy;
use crate::accounts::listing::Unfinished;
use crate::host::lock::{self, Lock};
use crate::settings::SessionSettings;

/// How often another process's copy is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// A process that writes nothing for so long is not waited for.
const PATIENCE: Duration = Duration::from_secs(90);

/// What came of waiting for the turn.
pub(super) enum Place {
    /// This process reads. Without a lock where none can be had: that costs the portal more requests,
    /// and nobody else anything.
    Ours(Option<Lock>),
    /// Another process has read it, or the user stopped the waiting.
    Done,
}

impl Daypass {
    pub(super) async fn place_in_turn(
        &self,
        session: &SessionSettings,
        under_way: &UnderWay,
        asked_at: Timestamp,
    ) -> Place {
        let folder = self.host().paths.state.join("locks");
        let name = format!("list/{}", session.name);
        let (mut eta, mut moved_at) = (Eta::default(), Instant::now());
        loop {
            let lock = match lock::attempt(&folder, &name) {
                Ok(lock) => lock,
                Err(error) => {
                    tracing::warn!(?error, "the list is read without its lock");
                    return Place::Ours(None);
                }
            };
            let followed = under_way.follows.swap(lock.is_none(), Ordering::Relaxed);
            if (followed || lock.is_none()) && self.adopt_growth(session, under_way, &mut eta) {
                moved_at = Instant::now();
            }
            let is_read = || self.list(&session.name).updated_at > Some(asked_at);
            match lock {
                _ if under_way.is_stopped() => return Place::Done,
                Some(_) if followed && is_read() => return Place::Done,
                Some(lock) => return Place::Ours(Some(lock)),
                None if moved_at.elapsed() > PATIENCE => return Place::Ours(None),
                None => {}
            }
            tokio::select! {
                () = under_way.stopped.notified() => return Place::Done,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Shows what another process has written since; whether it has.
    fn adopt_growth(&self, session: &SessionSettings, under_way: &UnderWay, eta: &mut Eta) -> bool {
        let name = &session.name;
        let stamp = copy::stamp(self.host(), name);
        let known = self.world().stamps.insert(name.clone(), stamp);
        if stamp.is_none() || known == Some(stamp) {
            return false;
        }
        let copy = copy::load_whole(self.host(), name, &session.start_url);
        let reading = copy.unfinished.unwrap_or(Unfinished::beginning(self.now()));
        let done = reading.read.len();
        let mut growing = under_way.growing();
        growing.adopt(copy.list, reading);
        let list = growing.list().clone();
        drop(growing);
        let total = list.accounts.len();
        let left = eta.left(done, total);
        self.show_list(name, list);
        self.progress(name, under_way, Reading::Progress { done, total, left });
        true
    }

    /// Shows how far a reading is, unless it was stopped.
    pub(super) fn progress(&self, name: &str, under_way: &UnderWay, progress: Reading) {
        let is_shown = |known: Option<&Reading>| known.is_none_or(|it| *it == progress);
        if under_way.is_stopped() || is_shown(self.world().readings.get(name)) {
            return;
        }
        self.change(Slice::Listings, |world| {
            if !under_way.is_stopped() {
                world.readings.insert(name.to_owned(), progress);
            }
        });
    }
}
