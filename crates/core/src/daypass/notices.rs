//! What the user answers to a notice: put it off, or hear nothing for a while.

use jiff::{SignedDuration, Timestamp};

use super::{Daypass, Slice};
use crate::Result;
use crate::notice::{Notice, SNOOZE, Stage};
use crate::{notice, settings};

impl Daypass {
    /// Puts the notice of a session off: a warning until the next stage, the end for half an hour.
    pub fn snooze(&self, session: &str) {
        let snapshot = self.snapshot();
        let notice = snapshot.session(session).and_then(|it| it.notice.as_ref());
        let Some(notice) = notice else { return };
        let ends_at = notice.ends_at.unwrap_or(Timestamp::MAX);
        let until = match notice.stage {
            Stage::EndsSoon => ends_at.checked_sub(self.warnings().last.unwrap_or_default()),
            Stage::EndsVerySoon => Ok(ends_at),
            Stage::Ended => self.now().checked_add(SNOOZE),
        };
        let until = until.unwrap_or(Timestamp::MAX);
        self.change(Slice::Sessions, |world| {
            world.snoozed.insert(session.to_owned(), until)
        });
    }

    fn warnings(&self) -> notice::Warnings {
        super::snapshot::warnings_of(&self.world().settings)
    }

    /// Shows no notifications until this moment; `None` shows them again.
    ///
    /// # Errors
    /// `StorageFailed`, `SettingsBroken`.
    pub async fn mute(&self, until: Option<Timestamp>) -> Result<()> {
        let settings = settings::update(self.host(), |settings| {
            settings.muted_until = until;
            Ok(())
        });
        let settings = settings.await?;
        self.change(Slice::Sessions, |world| world.settings = settings);
        Ok(())
    }

    /// Shows no notifications for so long.
    ///
    /// # Errors
    /// As of `mute`.
    pub async fn mute_for(&self, span: SignedDuration) -> Result<()> {
        let until = self.now().checked_add(span).unwrap_or(Timestamp::MAX);
        self.mute(Some(until)).await
    }

    /// What was told is told once, also after a restart.
    pub(super) fn remember_told(&self, notice: &Notice) {
        let told = self.world().told.get(&notice.session).copied();
        let (daypass, session) = (self.clone(), notice.session.clone());
        self.0.runtime.spawn(async move {
            daypass
                .remember(&session, |record| record.told = told)
                .await;
        });
    }

    /// Takes up what an earlier run told.
    pub(super) fn recall_told(&self) {
        let mut world = self.world();
        let told = world.records.iter();
        let told = told.filter_map(|(name, record)| Some((name.clone(), record.told?)));
        world.told = told.collect();
    }

    /// Publishes what changed by time alone: a stage that was reached, silence or a snooze that ended.
    pub(super) fn tick(&self) {
        let now = self.now();
        let changed = self.change_by_time(now);
        if changed {
            self.change(Slice::Sessions, |_| ());
        }
    }

    fn change_by_time(&self, now: Timestamp) -> bool {
        let mut world = self.world();
        let over: Vec<_> = world
            .snoozed
            .iter()
            .filter(|(_, until)| **until <= now)
            .map(|(name, _)| name.clone())
            .collect();
        for name in &over {
            world.snoozed.remove(name);
            // Told again, as the user wished.
            let told = world.told.get_mut(name);
            if let Some(told) = told.filter(|told| told.stage == Stage::Ended) {
                told.stage = Stage::EndsVerySoon;
            }
        }
        let new = super::snapshot::of(&world, now, &self.host().clock.zone());
        drop(world);
        let old = self.snapshot();
        let is_as_quiet = (new.muted_until, new.quiet_until) == (old.muted_until, old.quiet_until);
        !over.is_empty() || new.sessions != old.sessions || !is_as_quiet
    }
}
