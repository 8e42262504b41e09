//! Takes in what a reading brings, shows it as often as the length of the list allows, and keeps it on
//! disk, also where the reading is cut off.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::eta::Eta;
use super::{Daypass, Reading, Slice, UnderWay};
use crate::Result;
use crate::accounts::AccountList;
use crate::accounts::copy;
use crate::accounts::listing::{Change, Unfinished};
use crate::portal::pace::learned;
use crate::settings::SessionSettings;

/// How often progress, a short list, and what is in view are shown.
const SHOWN_EVERY: Duration = Duration::from_millis(150);
/// How much each account adds to that: five thousand are shown once a second.
const EACH_ACCOUNT: Duration = Duration::from_micros(200);
/// How often the copy is written, at the most; and where so many accounts more are read.
const SAVED_EVERY: Duration = Duration::from_secs(3);
const MANY: usize = 100;
const SAVED_FOR_MANY: Duration = Duration::from_secs(1);
/// When to look again whether it is written.
const SAVING: Duration = Duration::from_millis(100);

/// Whoever holds what a reading brings. Dropped early, it still keeps it.
pub(super) struct Hand<'a> {
    daypass: &'a Daypass,
    session: &'a SessionSettings,
    under_way: &'a Arc<UnderWay>,
    eta: Eta,
    /// All accounts were named: the total is one.
    is_total_known: bool,
    is_in_view: bool,
    /// What is to be done, and since when it was done last.
    list: Due,
    progress: Due,
    copy: Due,
    saving: Option<JoinHandle<Result<()>>>,
    /// How many accounts were read when the copy was written last.
    read_when_saved: usize,
}

/// Something that is done now and then, while there is occasion.
struct Due {
    is_due: bool,
    done_at: Option<Instant>,
}

impl Due {
    fn when(&self, every: Duration, now: Instant) -> Option<Instant> {
        let at = self.done_at.map_or(now, |at| at + every);
        self.is_due.then_some(at)
    }

    fn is_now(&mut self, every: Duration) -> bool {
        let now = Instant::now();
        let is_now = self.when(every, now).is_some_and(|at| at <= now);
        if is_now {
            (self.is_due, self.done_at) = (false, Some(now));
        }
        is_now
    }
}

impl<'a> Hand<'a> {
    pub(super) fn new(
        daypass: &'a Daypass,
        session: &'a SessionSettings,
        under_way: &'a Arc<UnderWay>,
    ) -> Hand<'a> {
        let is_news = *under_way.growing().list() != *daypass.list(&session.name);
        let due = |is_due, done_at| Due { is_due, done_at };
        Hand {
            daypass,
            session,
            under_way,
            eta: Eta::default(),
            is_total_known: false,
            is_in_view: false,
            list: due(is_news, None),
            progress: due(true, None),
            copy: due(false, Some(Instant::now())),
            saving: None,
            read_when_saved: 0,
        }
    }

    /// Puts a change into the list.
    pub(super) fn take(&mut self, change: Change) {
        let queue = &self.under_way.queue;
        let mut growing = self.under_way.growing();
        match &change {
            Change::Roles { account_id, .. } => self.is_in_view |= queue.is_in_view(account_id),
            Change::Listed | Change::Page(_) | Change::ListedAnew => {}
        }
        let is_listed = matches!(change, Change::Listed);
        growing.take(change);
        if is_listed {
            queue.order(growing.order());
            self.is_total_known = true;
        }
        for due in [&mut self.list, &mut self.progress, &mut self.copy] {
            due.is_due = true;
        }
    }

    /// Waits until something is to be shown or kept.
    pub(super) fn rest(&self) -> impl Future<Output = ()> + use<> {
        let now = Instant::now();
        let saved = match self.saving {
            Some(_) => Some(now + SAVING),
            None => self.copy.when(self.save_every(), now),
        };
        let shown = [
            self.list.when(self.every(), now),
            self.progress.when(SHOWN_EVERY, now),
        ];
        let next = shown.into_iter().chain([saved]).flatten().min();
        async move {
            match next {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        }
    }

    /// Shows and keeps what is to be.
    pub(super) async fn show(&mut self) {
        if self.progress.is_now(SHOWN_EVERY) {
            self.show_progress();
        }
        if self.list.is_now(self.every()) {
            self.show_list();
        }
        if self.saving.as_ref().is_some_and(JoinHandle::is_finished) {
            self.saved().await;
        }
        if self.saving.is_none() && self.copy.is_now(self.save_every()) {
            self.save();
        }
    }

    fn every(&self) -> Duration {
        if self.is_in_view {
            return SHOWN_EVERY;
        }
        let accounts = self.under_way.growing().progress().1;
        SHOWN_EVERY.max(EACH_ACCOUNT * u32::try_from(accounts).unwrap_or(u32::MAX))
    }

    fn save_every(&self) -> Duration {
        let read = self.under_way.growing().progress().0;
        match read.saturating_sub(self.read_when_saved) >= MANY {
            true => SAVED_FOR_MANY,
            false => SAVED_EVERY,
        }
    }

    fn show_progress(&mut self) {
        let (done, total) = self.under_way.growing().progress();
        let left = self.eta.left(done, total).filter(|_| self.is_total_known);
        let progress = Reading::Progress { done, total, left };
        let name = &self.session.name;
        self.daypass.progress(name, self.under_way, progress);
    }

    fn show_list(&mut self) {
        self.is_in_view = false;
        let list = self.under_way.growing().list().clone();
        self.daypass.show_list(&self.session.name, list);
    }

    /// Writes the copy beside the reading.
    fn save(&mut self) {
        self.learn();
        let (list, reading) = self.state();
        self.read_when_saved = reading.read.len();
        let (host, session) = (self.daypass.host().clone(), self.session.clone());
        self.saving = Some(tokio::task::spawn_blocking(move || {
            let (name, start_url) = (&session.name, &session.start_url);
            copy::save_whole(&host, name, start_url, &list, Some(&reading))
        }));
    }

    fn learn(&self) {
        let learned = self.daypass.pace(self.session).learned();
        learned::save(self.daypass.host(), &self.session.start_url, learned);
    }

    async fn saved(&mut self) {
        if let Some(saving) = self.saving.take()
            && let Ok(saved) = saving.await
        {
            self.copy.is_due |= saved.is_err();
            self.daypass.note_saved(&self.session.name, &saved);
        }
    }

    fn state(&self) -> (AccountList, Unfinished) {
        let mut growing = self.under_way.growing();
        (growing.list().clone(), growing.reading().clone())
    }

    /// The reading has ended, with all or before.
    pub(super) async fn end(mut self, is_whole: bool) {
        self.saved().await;
        if is_whole {
            self.finish();
        }
    }

    fn finish(&mut self) {
        let name = self.session.name.as_str();
        let diff = self.under_way.growing().finish(self.daypass.now());
        self.show_list();
        self.daypass.save_copy(self.session, None);
        (self.list.is_due, self.copy.is_due) = (false, false);
        self.daypass.change(Slice::Listings, |world| match diff {
            Some(diff) => drop(world.diffs.insert(name.to_owned(), diff)),
            None => drop(world.diffs.remove(name)),
        });
    }
}

impl Drop for Hand<'_> {
    fn drop(&mut self) {
        if self.list.is_due {
            self.show_list();
        }
        self.learn();
        if self.copy.is_due {
            let (_, reading) = self.state();
            self.daypass.save_copy(self.session, Some(&reading));
            let mut world = self.daypass.world();
            world.unfinished.insert(self.session.name.clone(), reading);
        }
    }
}
