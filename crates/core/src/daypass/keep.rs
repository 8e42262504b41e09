//! Looks after the sessions: renews what is due, notices what other tools did, reads lists anew.
//! Only the desktop does this by itself; a command looks when it is run.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Daypass, Slice};
use crate::Result;
use crate::accounts::{copy, marks};
use crate::host::random;
use crate::session::keeper::{LONGEST_NAP, back_off, nap};
use crate::session::plan::{Facts, Plan, plan};
use crate::session::record::{self, Record};
use crate::session::renew::Eagerness;
use crate::settings;

/// What the keeper remembers of one session between two looks.
struct Care {
    jitter: f64,
    failures: u32,
    not_before: Timestamp,
}

impl Daypass {
    /// Looks after all sessions for as long as it is polled.
    pub async fn keep(&self) {
        self.world().keeps = true;
        let mut cares: HashMap<String, Care> = HashMap::new();
        let mut snapshots = self.snapshots();
        loop {
            self.reload();
            let names: Vec<_> = self
                .snapshot()
                .sessions
                .iter()
                .map(|it| it.name.clone())
                .collect();
            cares.retain(|name, _| names.contains(name));
            let mut wake = LONGEST_NAP;
            for name in &names {
                let care = cares.entry(name.clone()).or_insert_with(|| Care {
                    jitter: random::fraction(),
                    failures: 0,
                    not_before: Timestamp::MIN,
                });
                let until = self.look_after(name, care).await;
                wake = wake.min(nap(self.now(), until));
            }
            // A session that is added is looked at without waiting for the next round.
            let added = snapshots.wait_for(|snapshot| snapshot.sessions.len() != names.len());
            let _ = tokio::time::timeout(wake, added).await;
        }
    }

    /// Takes in what the command line changed meanwhile: settings, records, marks.
    fn reload(&self) {
        let settings = match settings::load(self.host()) {
            Ok(settings) => settings,
            Err(error) => return tracing::warn!(?error, "the settings are not read again"),
        };
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

    /// One look at one session; says when the next one is due.
    async fn look_after(&self, name: &str, care: &mut Care) -> Timestamp {
        let signing_in = self
            .snapshot()
            .session(name)
            .is_some_and(|it| it.sign_in.is_some());
        if signing_in || self.now() < care.not_before {
            return care.not_before.max(self.now());
        }
        match self.renew_if_due(name, care.jitter).await {
            Ok((until, None)) => {
                care.failures = 0;
                care.not_before = Timestamp::MIN;
                self.read_if_old(name);
                until
            }
            Ok((_, Some(_))) | Err(_) => {
                care.failures += 1;
                care.not_before = back_off(self.now(), care.failures, random::fraction());
                care.not_before
            }
        }
    }

    /// Renews where it is due, and says until when nothing is to do and what went wrong meanwhile.
    async fn renew_if_due(
        &self,
        name: &str,
        jitter: f64,
    ) -> Result<(Timestamp, Option<crate::Error>)> {
        let session = self.settings_of(name)?;
        let shelf = self.shelf(&session);
        let never = Timestamp::MAX;
        let seen = match self.vault().read(&shelf).await {
            Ok(Some(_)) => self.tokens(&session, Eagerness::WhenDue { jitter }).await,
            Ok(None) => {
                self.note_end(name).await;
                return Ok((never, None));
            }
            Err(error) => {
                self.fail(name, &error);
                return Err(error);
            }
        };
        match seen {
            Ok(usable) => {
                let life = self.world().records.get(name).and_then(Record::life);
                let facts = Facts::of(&usable.tokens, self.now(), life);
                let until = match plan(facts, self.now(), jitter) {
                    Plan::WaitUntil(until) => until,
                    Plan::Renew | Plan::Lapse => self.now(),
                };
                Ok((until, usable.trouble))
            }
            Err(error) if error.code().needs_sign_in() => Ok((never, None)),
            Err(error) => Err(error),
        }
    }

    /// The tokens are gone: the sign-in ended here, or another tool ended it. Who signed out on
    /// purpose has erased the record, and is not told.
    pub(super) async fn note_end(&self, name: &str) {
        let now = self.now();
        let was_active = self
            .snapshot()
            .session(name)
            .is_some_and(|it| it.access_token_expires_at.is_some());
        let recorded = self
            .world()
            .records
            .get(name)
            .is_some_and(|it| it.signed_in_at.is_some());
        if was_active || recorded {
            self.remember(name, |record| {
                let signed_out = recorded && record.signed_in_at.is_none();
                if !signed_out {
                    record.ended_at = record.ended_at.or(Some(now));
                }
            })
            .await;
        }
        self.saw(name, None, now, None);
    }

    fn read_if_old(&self, name: &str) {
        let usable = self
            .snapshot()
            .session(name)
            .is_some_and(|it| it.state.is_usable() && it.online);
        let updated_at = self.list(name).updated_at;
        let old =
            updated_at.is_none_or(|at| self.now().duration_since(at) > super::lists::LIST_AGE);
        let failed = matches!(
            self.snapshot().readings.get(name),
            Some(super::Reading::Failed(_))
        );
        if usable && old && !failed {
            self.start_reading(name);
        }
    }
}
