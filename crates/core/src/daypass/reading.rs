//! A reading of a session's list: one at a time for all processes of the user, shown as it grows,
//! kept on disk as it goes, taken up where it stopped.

mod eta;
mod hand;
mod kept;
mod turn;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, mpsc};

use super::{Daypass, Failure, Reading, Slice, lock};
use crate::accounts::listing::{self, Growing, Means, Queue, Unfinished};
use crate::accounts::{AccountList, Roles};
use crate::secrets::Secret;
use crate::session::renew::Eagerness;
use crate::settings::SessionSettings;
use crate::{Code, Result};

use hand::Hand;
use turn::Place;

/// A list that is older is read anew when there is an occasion; a reading that began longer ago is not
/// gone on with.
pub(super) const LIST_AGE: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);
/// Changes that wait to be put into the list.
const CHANGES: usize = 256;

/// A reading in this process.
pub(super) struct UnderWay {
    queue: Queue,
    growing: Mutex<Growing>,
    /// Whether another process reads, and this one only shows it.
    follows: AtomicBool,
    is_stopped: AtomicBool,
    stopped: Notify,
}

impl UnderWay {
    pub(super) fn growing(&self) -> MutexGuard<'_, Growing> {
        self.growing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
        self.stopped.notify_one();
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}

impl Daypass {
    /// Reads all accounts and permission sets of a session; the list grows in the snapshot. Where a
    /// reading is under way, in this process or another, that one is waited for.
    ///
    /// # Errors
    /// `SignInNeeded`, `Offline` and its kin, or the vault's. What was known stays.
    pub async fn read_accounts(&self, name: &str) -> Result<()> {
        let session = self.settings_of(name)?;
        let (asked_at, turn) = (self.now(), self.reading_turn(name));
        let _turn = match turn.clone().try_lock_owned() {
            Ok(turn) => turn,
            Err(_) => {
                let turn = turn.lock_owned().await;
                if let Some(outcome) = self.outcome_since(name, asked_at) {
                    return outcome;
                }
                turn
            }
        };
        let under_way = self.begin_reading(name);
        let outcome = self.read_in_turn(&session, &under_way, asked_at).await;
        self.end_reading(name, &under_way, &outcome);
        outcome
    }

    /// The same in the background; a reading that is under way goes on instead.
    pub fn start_reading(&self, name: &str) {
        let (daypass, session) = (self.clone(), name.to_owned());
        let world = self.world();
        if world.troubles.contains_key(name) {
            self.0.hurry.notify_one();
        }
        if world.under_way.contains_key(name) {
            return;
        }
        drop(world);
        self.0.runtime.spawn(async move {
            if let Err(error) = daypass.read_accounts(&session).await {
                tracing::info!(?error, session, "the list could not be read");
            }
        });
    }

    /// Stops a reading; what it read stays. It does not begin again by itself.
    pub fn stop_reading(&self, name: &str) {
        let mut world = self.world();
        let Some(under_way) = world.under_way.get(name).cloned() else {
            return;
        };
        world.stopped.insert(name.to_owned());
        drop(world);
        under_way.stop();
        self.change(Slice::Listings, |world| world.readings.remove(name));
    }

    /// Stops a reading and waits until nothing of it goes on.
    pub(super) async fn halt_reading(&self, name: &str) {
        self.stop_reading(name);
        let turn = self.reading_turn(name);
        drop(turn.lock().await);
        self.world().stopped.remove(name);
    }

    /// How a reading went that ended after this moment, where one did.
    fn outcome_since(&self, name: &str, asked_at: jiff::Timestamp) -> Option<Result<()>> {
        if self.list(name).updated_at.is_some_and(|at| at >= asked_at) {
            return Some(Ok(()));
        }
        match self.world().readings.get(name) {
            Some(Reading::Failed(failure)) => Some(Err(failure.to_error())),
            Some(Reading::Progress { .. }) | None => None,
        }
    }

    fn reading_turn(&self, name: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = lock(&self.0.reading_turns);
        turns.entry(name.to_owned()).or_default().clone()
    }

    fn begin_reading(&self, name: &str) -> Arc<UnderWay> {
        let list = AccountList::clone(&self.list(name));
        let total = list.accounts.len();
        let in_view = self.world().wanted.get(name).cloned().unwrap_or_default();
        let under_way = Arc::new(UnderWay {
            queue: Queue::new(&in_view, &self.used_accounts(name)),
            growing: Mutex::new(Growing::from(list, Unfinished::beginning(self.now()))),
            follows: AtomicBool::new(false),
            is_stopped: AtomicBool::new(false),
            stopped: Notify::new(),
        });
        let progress = Reading::Progress {
            done: 0,
            total,
            left: None,
        };
        self.change(Slice::Listings, |world| {
            world.stopped.remove(name);
            world.under_way.insert(name.to_owned(), under_way.clone());
            world.readings.insert(name.to_owned(), progress);
        });
        under_way
    }

    fn end_reading(&self, name: &str, under_way: &UnderWay, outcome: &Result<()>) {
        if outcome.is_ok() && !under_way.is_stopped() {
            self.was_reached(name);
        }
        let failure = outcome.as_ref().err().map(Failure::of);
        let now = self.now();
        self.change(Slice::Listings, |world| {
            world.under_way.remove(name);
            match failure.filter(|_| !under_way.is_stopped()) {
                None => drop(world.readings.remove(name)),
                Some(failure) => {
                    world.read_at.insert(name.to_owned(), now);
                    let failed = Reading::Failed(failure);
                    drop(world.readings.insert(name.to_owned(), failed));
                }
            }
        });
    }

    async fn read_in_turn(
        &self,
        session: &SessionSettings,
        under_way: &Arc<UnderWay>,
        asked_at: jiff::Timestamp,
    ) -> Result<()> {
        let place = self.place_in_turn(session, under_way, asked_at).await;
        // Held until the copy on disk says how it ended.
        let _lock = match place {
            Place::Ours(lock) => lock,
            Place::Done => return Ok(()),
        };
        let start = self.where_it_stopped(session);
        *under_way.growing() = start;
        self.read_first_what_is_looked_at(session, under_way);
        let mut hand = Hand::new(self, session, under_way);
        let outcome = self.read_whole(session, under_way, &mut hand).await;
        hand.end(outcome.is_ok() && !under_way.is_stopped()).await;
        outcome
    }

    /// What is in view or used, and known to be there, need not wait for a page that names it.
    fn read_first_what_is_looked_at(&self, session: &SessionSettings, under_way: &UnderWay) {
        let in_view = self.world().wanted.get(&session.name).cloned();
        let looked_at = in_view.into_iter().flatten();
        let looked_at = looked_at.chain(self.used_accounts(&session.name));
        let growing = under_way.growing();
        let done = &growing.reading().read;
        let open = looked_at.filter(|id| growing.account(id).is_some() && !done.contains(id));
        under_way.queue.add(open);
    }

    async fn read_whole(
        &self,
        session: &SessionSettings,
        under_way: &Arc<UnderWay>,
        hand: &mut Hand<'_>,
    ) -> Result<()> {
        let usable = self.tokens(session, Eagerness::WhenUnusable).await?;
        let token = usable.tokens.access_token;
        let again = match self.read_with(session, under_way, hand, &token).await {
            Err(error) if error.code() == Code::SignInNeeded => {
                self.tokens(session, Eagerness::Refused(token)).await?
            }
            outcome => return outcome,
        };
        // A token can be refused before its time: one renewal tells whether the session is over.
        let token = again.tokens.access_token;
        self.read_with(session, under_way, hand, &token).await
    }

    async fn read_with(
        &self,
        session: &SessionSettings,
        under_way: &Arc<UnderWay>,
        hand: &mut Hand<'_>,
        token: &Secret,
    ) -> Result<()> {
        let means = self.means(session, token).await?;
        let (sender, mut changes) = mpsc::channel(CHANGES);
        let done = under_way.growing().reading().read.clone();
        let reading = listing::read(&means, &under_way.queue, &done, &sender);
        tokio::pin!(reading);
        let outcome = loop {
            tokio::select! {
                biased;
                () = under_way.stopped.notified() => break Ok(()),
                Some(change) = changes.recv() => hand.take(change),
                outcome = &mut reading => break outcome,
                () = hand.rest() => hand.show().await,
            }
            if under_way.is_stopped() {
                break Ok(());
            }
        };
        while let Ok(change) = changes.try_recv() {
            hand.take(change);
        }
        outcome
    }

    /// What a reading works with.
    pub(super) async fn means(&self, session: &SessionSettings, token: &Secret) -> Result<Means> {
        Ok(Means {
            portal: self.portal(session).await?,
            pace: self.pace(session),
            token: Arc::new(token.duplicate()),
        })
    }

    /// The first account in view whose permission sets nobody has read.
    pub(super) fn next_unread_in_view(&self, name: &str) -> Option<String> {
        let (list, world) = (self.list(name), self.world());
        let wanted = world.wanted.get(name)?;
        let unread = |id: &&String| {
            let account = list.account(id);
            account.is_some_and(|it| matches!(it.roles, Roles::Unread))
        };
        wanted.iter().find(unread).cloned()
    }

    /// The reading that reads in this process, and does not only follow another's.
    pub(super) fn own_reading(&self, name: &str) -> Option<Arc<UnderWay>> {
        let under_way = self.world().under_way.get(name).cloned();
        under_way.filter(|it| !it.follows.load(Ordering::Relaxed))
    }
}

impl UnderWay {
    /// These are in view now.
    pub(super) fn want(&self, account_ids: &[String]) {
        self.queue.want(account_ids);
    }
}
