//! Looks after the sessions: renews what is due, notices what other tools did, reads lists anew.
//! Only the desktop does this by itself; a command looks when it is run.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Daypass, Slice};
use crate::Result;
use crate::accounts::{copy, marks};
use crate::host::random;
use crate::host::watch::{Addresses, Folders};
use crate::secrets::Storage;
use crate::session::keeper::{Care, LONGEST_NAP, Pulse, Wake, nap};
use crate::session::plan::{Facts, Plan, plan};
use crate::session::record;
use crate::session::renew::{Eagerness, Usable};
use crate::settings::{self, SessionSettings};
use crate::vault::Shelf;

/// When a list that could not be read is asked for again.
const READ_AGAIN: SignedDuration = SignedDuration::from_mins(15);

/// Looks after the sessions in rounds.
pub struct Keeper {
    daypass: Daypass,
    cares: HashMap<String, Care>,
    pulse: Pulse,
}

/// How a look at a session went.
enum Attended {
    /// Nothing to do before this.
    Well(Timestamp),
    /// Something is to do, and a back-off is not over.
    Waits,
    /// What was to do did not work; the sign-in holds.
    Troubled,
}

impl Daypass {
    /// Who looks after the sessions; one for a process.
    pub fn keeper(&self) -> Keeper {
        self.recall_told();
        self.world().keeps = true;
        Keeper {
            daypass: self.clone(),
            cares: HashMap::new(),
            pulse: Pulse::at(self.now()),
        }
    }

    /// Looks after all sessions for as long as it is polled.
    pub async fn keep(&self) {
        let mut keeper = self.keeper();
        let paths = &self.host().paths;
        let mut folders = Folders::watch(&[&paths.config, &paths.state, &paths.sso_cache]);
        let mut addresses = Addresses::watch();
        let mut snapshots = self.snapshots();
        let mut wake = Wake::Time;
        loop {
            folders.follow();
            let rest = keeper.round(wake).await;
            let count = self.snapshot().sessions.len();
            // A session that is added is looked at without waiting for the next round.
            let added = snapshots.wait_for(|snapshot| snapshot.sessions.len() != count);
            wake = tokio::select! {
                () = tokio::time::sleep(rest) => Wake::Time,
                () = folders.changed() => Wake::Files,
                () = addresses.changed() => Wake::Network,
                _ = added => Wake::Files,
                () = self.0.hurry.notified() => Wake::Asked,
            };
        }
    }
}

impl Keeper {
    /// One look at every session; says how long to rest, at most 30 seconds.
    pub async fn round(&mut self, wake: Wake) -> Duration {
        let wake = self.pulse.feel(wake, self.daypass.now());
        self.daypass.reload().await;
        let names: Vec<_> = self.daypass.session_names();
        self.cares.retain(|name, _| names.contains(name));
        let mut rest = LONGEST_NAP;
        for name in &names {
            let now = self.daypass.now();
            let care = self
                .cares
                .entry(name.clone())
                .or_insert_with(|| Care::new(random::fraction()));
            // A new network does not open a keychain.
            if wake != Wake::Network || !self.daypass.keychain_is_in_trouble(name) {
                care.wake(wake, now, random::fraction());
            }
            let until = self.daypass.look_after(name, care).await;
            rest = rest.min(nap(self.daypass.now(), until));
        }
        self.daypass.tick();
        self.pulse.rest(self.daypass.now(), rest);
        rest
    }
}

impl Daypass {
    fn session_names(&self) -> Vec<String> {
        let snapshot = self.snapshot();
        snapshot.sessions.iter().map(|it| it.name.clone()).collect()
    }

    /// Takes in what the command line changed meanwhile: settings, records, marks.
    async fn reload(&self) {
        let _turn = self.0.records_turn.lock().await;
        let settings = match settings::load(self.host()) {
            Ok(settings) => settings,
            Err(error) => return self.keep_settings(&error),
        };
        if self.world().settings_failure.is_some() {
            self.change(Slice::Sessions, |world| world.settings_failure = None);
        }
        self.adopt_copies();
        self.look_for_chains();
        let (records, marks) = (record::load(self.host()), marks::load(self.host()));
        let (old_settings, old_records, old_marks) = {
            let world = self.world();
            (
                world.settings.clone(),
                world.records.clone(),
                world.marks.clone(),
            )
        };
        if settings != old_settings || records != old_records {
            for session in settings
                .sessions
                .iter()
                .filter(|it| !old_settings.sessions.contains(it))
            {
                let list = copy::load(self.host(), &session.name, &session.start_url);
                self.world().lists.insert(session.name.clone(), list.into());
            }
            self.change(Slice::Sessions, |world| {
                (world.settings, world.records) = (settings, records)
            });
            self.change(Slice::Accounts, |world| world.marks = marks.into());
        } else if marks != *old_marks {
            self.change(Slice::Accounts, |world| world.marks = marks.into());
        }
    }

    /// What cannot be read leaves what was read in force, and is said once.
    fn keep_settings(&self, error: &crate::Error) {
        let failure = Some(super::Failure::of(error));
        if self.world().settings_failure != failure {
            tracing::warn!(?error, "the settings are not read again");
            self.change(Slice::Sessions, |world| world.settings_failure = failure);
        }
    }

    /// One look at one session; says when the next one is due.
    async fn look_after(&self, name: &str, care: &mut Care) -> Timestamp {
        let signing_in = self
            .snapshot()
            .session(name)
            .is_some_and(|it| it.sign_in.is_some());
        if signing_in {
            return Timestamp::MAX;
        }
        if self.now() < care.not_before && self.keychain_is_in_trouble(name) {
            return care.not_before;
        }
        match self.attend(name, care).await {
            Ok(Attended::Well(until)) => {
                care.succeeded();
                self.read_if_old(name);
                self.identify_if_new(name);
                until
            }
            Ok(Attended::Waits) => care.not_before,
            Ok(Attended::Troubled) | Err(_) => {
                let again = care.failed(self.now(), random::fraction());
                self.retries_at(name, again);
                again
            }
        }
    }

    /// Renews where it is due.
    async fn attend(&self, name: &str, care: &mut Care) -> Result<Attended> {
        let session = self.settings_of(name)?;
        let shelf = self.shelf(&session);
        if let Err(error) = self.vault().save_unsaved(&shelf).await {
            tracing::warn!(
                ?error,
                session = name,
                "renewed tokens are still only in memory"
            );
        }
        let read = self.vault().read(&shelf).await;
        let Some(tokens) = read.inspect_err(|error| self.note_trouble(name, error))? else {
            if care.stays_empty(self.now()) {
                self.check_that_it_is_open(&session, &shelf).await?;
                self.note_sign_out_elsewhere(name).await;
            }
            self.note_end(name);
            return Ok(Attended::Well(Timestamp::MAX));
        };
        care.empty_since = None;
        let is_news = self.is_news(name, &tokens);
        // Seen before anything is tried: without a network a sign-in is still there.
        self.saw(name, Some(&tokens), None);
        if is_news {
            self.note_sign_in_elsewhere(name, &tokens).await;
            self.spread(&shelf).await;
            // Whoever put them here has reached the service.
            self.was_reached(name);
        }
        let (known, now) = (self.known_of(&session), self.now());
        let decision = plan(Facts::of(&tokens, now, known), now, care.jitter);
        tracing::debug!(
            session = name, expires_at = %tokens.access_token_expires_at,
            renewable = tokens.is_renewable(now), ends_at = ?known.ends_at, failures = care.failures,
            %now, ?decision, "renewal decision"
        );
        match decision {
            Plan::WaitUntil(until) => Ok(Attended::Well(until)),
            Plan::Lapse => {
                self.note_run_out(name).await;
                Ok(Attended::Well(Timestamp::MAX))
            }
            Plan::Renew if now < care.not_before => Ok(Attended::Waits),
            Plan::Renew => {
                let jitter = care.jitter;
                let usable = self.tokens(&session, Eagerness::WhenDue { jitter }).await;
                self.next_look(&session, care, usable)
            }
        }
    }

    /// How it went, after a renewal.
    fn next_look(
        &self,
        session: &SessionSettings,
        care: &Care,
        usable: Result<Usable>,
    ) -> Result<Attended> {
        let usable = match usable {
            Ok(usable) if usable.trouble.is_some() => return Ok(Attended::Troubled),
            Ok(usable) => usable,
            Err(error) if error.code().needs_sign_in() => {
                return Ok(Attended::Well(Timestamp::MAX));
            }
            Err(error) => return Err(error),
        };
        let now = self.now();
        let facts = Facts::of(&usable.tokens, now, self.known_of(session));
        Ok(Attended::Well(match plan(facts, now, care.jitter) {
            Plan::WaitUntil(until) => until,
            Plan::Renew | Plan::Lapse => now,
        }))
    }

    /// To a reader, a locked keychain may look empty; only writing shows it.
    async fn check_that_it_is_open(&self, session: &SessionSettings, shelf: &Shelf) -> Result<()> {
        let record = self.record(&session.name);
        let expected = record.signed_in_at.is_some() && record.ended_at.is_none();
        if session.storage != Storage::Keychain || !expected {
            return Ok(());
        }
        let checked = self.vault().check(shelf).await;
        checked.inspect_err(|error| self.note_trouble(&session.name, error))
    }

    /// A keychain that waits for its owner would ask at every look.
    fn keychain_is_in_trouble(&self, name: &str) -> bool {
        let world = self.world();
        let trouble = world.troubles.get(name);
        trouble.is_some_and(|it| it.failure.code.is_of_the_keychain())
    }

    fn identify_if_new(&self, name: &str) {
        let snapshot = self.snapshot();
        let status = snapshot.session(name);
        if status.is_some_and(|it| it.state.is_usable() && it.online && it.signed_in_at.is_some()) {
            self.start_identifying(name);
        }
    }

    /// A list that is old is read anew, where the portal can be reached.
    fn read_if_old(&self, name: &str) {
        let snapshot = self.snapshot();
        let usable = snapshot
            .session(name)
            .is_some_and(|it| it.state.is_usable() && it.online);
        let updated_at = self.list(name).updated_at;
        let age = updated_at.map(|at| self.now().duration_since(at));
        let old = age.is_none_or(|age| age > super::reading::LIST_AGE);
        if usable && old && !self.is_read_left_alone(name) {
            self.start_reading(name);
        }
    }

    /// What the user stopped waits for the user; what failed on the way is tried again now and then.
    fn is_read_left_alone(&self, name: &str) -> bool {
        let (now, world) = (self.now(), self.world());
        let failure = match world.readings.get(name) {
            Some(super::Reading::Failed(failure)) => failure,
            Some(super::Reading::Progress { .. }) | None => return world.stopped.contains(name),
        };
        let at = world.read_at.get(name);
        let is_early = at.is_none_or(|at| now.duration_since(*at) < READ_AGAIN);
        is_early || !failure.code.is_trouble_on_the_way()
    }
}
