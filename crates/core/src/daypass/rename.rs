//! A session under another name: everything that is kept of it moves along.

use std::collections::BTreeMap;

use super::{Daypass, Slice, World, lock};
use crate::accounts::{copy, lately, marks};
use crate::secrets::Storage;
use crate::session::record;
use crate::settings::{self, SessionSettings};
use crate::vault::{Move, Shelf};
use crate::{Code, Error, Result};

/// A session that was renamed.
#[derive(Clone, Debug)]
pub struct Renamed {
    /// The session as it is now.
    pub session: SessionSettings,
    /// Profiles of the AWS config file that still name it as before; they are not changed.
    pub profiles: Vec<String>,
}

impl Daypass {
    /// Gives a session another name: settings, tokens, role credentials, the list, pins and what is
    /// remembered move along. Profiles of the AWS config file are not changed.
    ///
    /// # Errors
    /// `SessionUnknown`, `SessionExists`, `Usage` for a name that does not fit, `ConfigConflict` where
    /// the AWS tools know another sign-in by the new name, or the vault's: all is then as it was.
    pub async fn rename_session(&self, old: &str, new: &str) -> Result<Renamed> {
        self.take_in_settings();
        let before = self.settings_of(old)?;
        self.check_new_name(new, Some(old))?;
        if old == new {
            let message = format!("the session is called `{old}` already");
            return Err(Error::new(Code::Usage, message).with_hint("choose another name"));
        }
        let session = SessionSettings {
            name: new.to_owned(),
            ..before.clone()
        };
        if session.storage == Storage::Shared {
            self.check_place(&session).await?;
        }
        self.cancel_sign_in(old);
        self.halt_reading(old).await;
        // What is not secret is at both names for a while: whenever this breaks off, nothing lacks.
        self.copy_memory(&before, &session).await?;
        let moved = self.carry_to(&before, &session).await;
        let gone = if moved.is_ok() { old } else { new };
        self.forget_memory(gone).await?;
        moved?;
        self.spread(&self.shelf(&session)).await;
        Ok(Renamed {
            session: self.settings_of(new)?,
            profiles: self.profiles_naming(old),
        })
    }

    async fn carry_to(&self, before: &SessionSettings, session: &SessionSettings) -> Result<()> {
        let (old, new) = (before.name.as_str(), session.name.as_str());
        let to = Shelf {
            mirrors: self.mirrors_instead_of(session, old),
            ..self.shelf(session)
        };
        let way = Move {
            from: &self.shelf(before),
            to: &to,
            assignments: &self.assignments_of(old),
            never_used: self.never_signed_in(old),
        };
        let switch = async {
            let settings = settings::rename(self.host(), old, new).await?;
            self.change(Slice::Sessions, |world| {
                world.settings = settings;
                world.rename(old, new);
            });
            Ok(())
        };
        self.vault().carry(way, switch).await
    }

    async fn copy_memory(&self, before: &SessionSettings, session: &SessionSettings) -> Result<()> {
        let (old, new) = (&before.name, &session.name);
        record::update(self.host(), |records| {
            let known = records.get(old).cloned();
            records.extend(known.map(|record| (new.clone(), record)));
        })
        .await?;
        let list = self.list(old);
        if !list.accounts.is_empty() {
            copy::save(self.host(), new, &session.start_url, &list)?;
        }
        marks::update(self.host(), |marks| marks.copy(old, new)).await?;
        lately::update(self.host(), |it| it.rename(old, new)).await?;
        Ok(())
    }

    /// Forgets what is not secret of a name.
    pub(super) async fn forget_memory(&self, name: &str) -> Result<()> {
        let marks = marks::forget(self.host(), name).await?;
        lately::update(self.host(), |it| it.forget(name)).await?;
        let records = record::update(self.host(), |records| {
            records.remove(name);
        })
        .await?;
        copy::remove(self.host(), name);
        lock(&self.0.portals).remove(name);
        self.change(Slice::Sessions, |world| {
            world.records = records;
            world.forget(name);
        });
        self.change(Slice::Listings, |_| ());
        self.change(Slice::Accounts, |world| world.marks = marks.into());
        Ok(())
    }

    fn profiles_naming(&self, session: &str) -> Vec<String> {
        let Some(config) = self.aws_config_now() else {
            return Vec::new();
        };
        let names = |it: &&crate::aws_config::Profile| {
            it.assigned().is_some_and(|its| its.session == session)
        };
        let naming = config.profiles().iter().filter(names);
        naming.map(|it| it.name.clone()).collect()
    }
}

impl World {
    fn rename(&mut self, old: &str, new: &str) {
        rekey(&mut self.lists, old, new);
        rekey(&mut self.seen, old, new);
        rekey(&mut self.failures, old, new);
        rekey(&mut self.troubles, old, new);
        rekey(&mut self.told, old, new);
        rekey(&mut self.snoozed, old, new);
        rekey(&mut self.readings, old, new);
        rekey(&mut self.diffs, old, new);
        rekey(&mut self.wanted, old, new);
        rekey(&mut self.unsaved, old, new);
        rekey(&mut self.read_at, old, new);
        self.forget_reading(old);
    }

    fn forget(&mut self, name: &str) {
        self.lists.remove(name);
        self.seen.remove(name);
        self.failures.remove(name);
        self.troubles.remove(name);
        self.told.remove(name);
        self.snoozed.remove(name);
        self.readings.remove(name);
        self.diffs.remove(name);
        self.wanted.remove(name);
        self.unsaved.remove(name);
        self.read_at.remove(name);
        self.forget_reading(name);
    }
}

impl World {
    fn forget_reading(&mut self, name: &str) {
        self.unfinished.remove(name);
        self.stamps.remove(name);
        self.stopped.remove(name);
    }
}

fn rekey<V>(map: &mut BTreeMap<String, V>, old: &str, new: &str) {
    if let Some(value) = map.remove(old) {
        map.insert(new.to_owned(), value);
    }
}
