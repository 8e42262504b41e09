//! Looks after the sessions: renews what is due, notices what other tools did, reads lists anew.
//! Only the desktop does this by itself; a command looks when it is run.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Daypass;
use crate::host::random;
use crate::session::keeper::{LONGEST_NAP, back_off, nap};
use crate::session::plan::{Facts, Plan, plan};
use crate::session::record::Record;
use crate::session::renew::Eagerness;
use crate::{Code, Result};

/// A list that is older than this is read anew when its session is looked after.
const LIST_AGE: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

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
            Err(error) if error.code() == Code::SignInNeeded => Ok((never, None)),
            Err(error) => Err(error),
        }
    }

    /// The tokens are gone: the sign-in ended here or was ended by another tool.
    pub(super) async fn note_end(&self, name: &str) {
        let now = self.now();
        let was_active = self
            .snapshot()
            .session(name)
            .is_some_and(|it| it.access_token_expires_at.is_some());
        let signed_in = self
            .world()
            .records
            .get(name)
            .is_some_and(|it| it.signed_in_at.is_some() && it.ended_at.is_none());
        if was_active || signed_in {
            self.remember(name, |record| {
                record.ended_at = record.ended_at.or(Some(now))
            })
            .await;
        }
        self.saw(name, None, now, None);
    }

    fn read_if_old(&self, name: &str) {
        let list = self.list(name);
        let usable = self
            .snapshot()
            .session(name)
            .is_some_and(|it| it.state.is_usable() && it.online);
        let old = list
            .updated_at
            .is_none_or(|at| self.now().duration_since(at) > LIST_AGE);
        let failed = matches!(
            self.snapshot().readings.get(name),
            Some(super::Reading::Failed(_))
        );
        if usable && old && !failed {
            self.start_reading(name);
        }
    }
}
