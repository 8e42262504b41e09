//! What is kept of lists: the copy on disk, and what this process knows better; who wrote it last.

use std::sync::Arc;

use super::{Daypass, Failure, LIST_AGE, Slice};
use crate::Result;
use crate::accounts::AccountList;
use crate::accounts::copy::{self, Copy};
use crate::accounts::listing::{Change, Growing, Unfinished};
use crate::settings::SessionSettings;

impl Daypass {
    /// The list and the reading to go on from: of this process or of the disk, whichever came further.
    pub(super) fn where_it_stopped(&self, session: &SessionSettings) -> Growing {
        let name = &session.name;
        let disk = copy::load_whole(self.host(), name, &session.start_url);
        let here = Copy {
            list: AccountList::clone(&self.list(name)),
            unfinished: self.world().unfinished.remove(name),
        };
        let read = |copy: &Copy| copy.unfinished.as_ref().map_or(0, |it| it.read.len());
        let further = |copy: &Copy| (copy.list.updated_at, read(copy));
        let is_saved = !self.world().unsaved.contains_key(name);
        let copy = match is_saved && further(&disk) >= further(&here) {
            true => disk,
            false => here,
        };
        let now = self.now();
        let mut reading = copy.unfinished.unwrap_or(Unfinished::beginning(now));
        let age = now.duration_since(reading.began_at);
        if age.is_negative() || age >= LIST_AGE {
            reading = Unfinished {
                tally: reading.tally,
                ..Unfinished::beginning(now)
            };
        }
        Growing::from(copy.list, reading)
    }

    /// Puts in what was asked for alone: into the reading that is under way, or into the list and its
    /// copy.
    pub(in crate::daypass) fn take_changes(&self, session: &SessionSettings, changes: Vec<Change>) {
        let name = &session.name;
        let under_way = self.world().under_way.get(name).cloned();
        if let Some(under_way) = under_way {
            let mut growing = under_way.growing();
            changes.into_iter().for_each(|it| growing.take(it));
            let list = growing.list().clone();
            drop(growing);
            return self.show_list(name, list);
        }
        let mut growing = self.where_it_stopped(session);
        changes.into_iter().for_each(|it| growing.take(it));
        let list = growing.list().clone();
        let reading = growing.reading().clone();
        let is_begun = !reading.read.is_empty();
        self.show_list(name, list);
        self.save_copy(session, is_begun.then_some(&reading));
    }

    pub(in crate::daypass) fn show_list(&self, name: &str, list: AccountList) {
        self.change(Slice::Accounts, |world| {
            // A session may have gone meanwhile.
            if world.settings.session(name).is_ok() {
                world.lists.insert(name.to_owned(), Arc::new(list));
            }
        });
    }

    /// Writes the copy as the list is shown now.
    pub(in crate::daypass) fn save_copy(
        &self,
        session: &SessionSettings,
        reading: Option<&Unfinished>,
    ) {
        let (host, name) = (self.host(), &session.name);
        let list = self.list(name);
        let saved = copy::save_whole(host, name, &session.start_url, &list, reading);
        self.note_saved(name, &saved);
    }

    /// That a copy could not be written is told: what is shown is then lost with this process.
    pub(super) fn note_saved(&self, name: &str, saved: &Result<()>) {
        let stamp = copy::stamp(self.host(), name);
        let failure = saved.as_ref().err().map(Failure::of);
        let mut world = self.world();
        world.stamps.insert(name.to_owned(), stamp);
        if world.unsaved.get(name) == failure.as_ref() {
            return;
        }
        drop(world);
        if let Err(error) = saved {
            tracing::warn!(?error, "the copy of the list is not up to date");
        }
        self.change(Slice::Listings, |world| match failure {
            Some(failure) => drop(world.unsaved.insert(name.to_owned(), failure)),
            None => drop(world.unsaved.remove(name)),
        });
    }

    /// Takes over copies that other processes have written, for lists that are not being read here.
    pub(in crate::daypass) fn adopt_copies(&self) {
        let sessions = self.world().settings.sessions.clone();
        for session in sessions {
            let stamp = copy::stamp(self.host(), &session.name);
            let world = self.world();
            let is_read_here = world.under_way.contains_key(&session.name);
            let is_known = world.stamps.get(&session.name) == Some(&stamp);
            drop(world);
            if stamp.is_none() || is_read_here || is_known {
                continue;
            }
            let list = copy::load(self.host(), &session.name, &session.start_url);
            self.world().stamps.insert(session.name.clone(), stamp);
            if list != *self.list(&session.name) {
                self.show_list(&session.name, list);
            }
        }
    }
}
