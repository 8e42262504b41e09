//! Secrets on their way from one place to another: first to the new place, then the word where they
//! are, then away from the old one. Whenever that breaks off, they are where the settings say, and
//! what lies elsewhere is erased at the next occasion.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::roles::Assignments;
use super::shared::{self, Content, Key};
use super::{Mirror, Shelf, Vault};
use crate::host::files::{self, Mode};
use crate::host::lock;
use crate::secrets::{RoleCredentials, Storage, Tokens};
use crate::{Code, Error, Result, settings};

/// What is written down for as long as secrets are at two places; nothing of it is secret.
#[derive(Debug, Deserialize, Serialize)]
struct Journey {
    from: Place,
    to: Place,
    assignments: Assignments,
}

/// Where a session's secrets move.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// Where they are.
    pub from: &'a Shelf,
    /// Where they shall be: another storage, or another name.
    pub to: &'a Shelf,
    /// Those whose files may exist in the AWS CLI's cache.
    pub assignments: &'a Assignments,
    /// The user never signed in: where there is no keychain, there is nothing in it.
    pub never_used: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
struct Place {
    session: String,
    storage: String,
    start_url: String,
    region: String,
}

impl Place {
    fn of(shelf: &Shelf) -> Place {
        Place {
            session: shelf.session.clone(),
            storage: shelf.storage.name().to_owned(),
            start_url: shelf.start_url.clone(),
            region: shelf.region.clone(),
        }
    }

    fn shelf(&self) -> Result<Shelf> {
        Ok(Shelf {
            session: self.session.clone(),
            storage: self.storage.parse()?,
            start_url: self.start_url.clone(),
            region: self.region.clone(),
            mirrors: Vec::new(),
        })
    }
}

/// All that moves.
struct Luggage {
    tokens: Option<Tokens>,
    roles: Vec<(String, String, RoleCredentials)>,
}

/// Held while secrets move.
struct Locks {
    _tokens: Vec<lock::Lock>,
    _role_writers: Vec<lock::Lock>,
}

impl Vault {
    /// Moves all secrets of a session. `switch` is the word where they are: it changes the settings.
    ///
    /// # Errors
    /// As of `read`, `ConfigConflict` where the new place is taken, and those of `switch`: all is
    /// then as it was. Also where the old place could not be erased; that is tried again later.
    pub async fn carry<F: Future<Output = Result<()>>>(
        &self,
        way: Move<'_>,
        switch: F,
    ) -> Result<()> {
        let Move { from, to, .. } = way;
        self.settle().await?;
        let _locks = self.lock_both(&from.session, &to.session).await?;
        if self.settled(from).is_some() {
            return Err(moved_meanwhile(&from.session));
        }
        self.refuse_taken(from, to)?;
        let Some(luggage) = self.pack(way).await? else {
            return switch.await;
        };
        let journey = Journey::of(way);
        self.write_down(&journey)?;
        let arrived = match self.unpack(way, &luggage).await {
            Ok(()) => switch.await,
            Err(error) => Err(error),
        };
        // What could not be written cannot be erased either, mostly: then it is tried again later.
        let (left, other) = if arrived.is_ok() {
            (from, to)
        } else {
            (to, from)
        };
        let erased = self.leave(left, other, way.assignments).await;
        if erased.is_ok() {
            self.strike_out(&journey);
        }
        arrived.and(erased.map_err(not_erased))
    }

    /// Ends journeys that broke off. Cheap where there are none.
    ///
    /// # Errors
    /// As of `read`.
    pub async fn settle(&self) -> Result<()> {
        let entries = std::fs::read_dir(self.journeys()).into_iter().flatten();
        for entry in entries.flatten() {
            self.settle_one(&entry.path()).await?;
        }
        Ok(())
    }

    async fn settle_one(&self, path: &Path) -> Result<()> {
        let Some(journey) = read_journey(path) else {
            return Ok(());
        };
        let _locks = self
            .lock_both(&journey.from.session, &journey.to.session)
            .await?;
        // Whoever held the locks may have been at it, and be done.
        let Some(journey) = read_journey(path) else {
            return Ok(());
        };
        let settings = settings::load(&self.host)?;
        let (from, to) = (journey.from.shelf()?, journey.to.shelf()?);
        let rests_at = |shelf: &Shelf| {
            let session = settings.session(&shelf.session);
            session.is_ok_and(|session| session.storage == shelf.storage)
        };
        tracing::info!(
            session = from.session,
            "a move of secrets broke off; ending it"
        );
        for (place, other) in [(&from, &to), (&to, &from)] {
            if !rests_at(place) {
                self.leave(place, other, &journey.assignments).await?;
            }
        }
        self.strike_out(&journey);
        Ok(())
    }

    /// In the order of the names, so that two who want both never wait for each other.
    async fn lock_both(&self, one: &str, other: &str) -> Result<Locks> {
        let mut names = vec![one, other];
        names.sort_unstable();
        names.dedup();
        let (mut tokens, mut role_writers) = (Vec::new(), Vec::new());
        for name in &names {
            tokens.push(self.lock_tokens(name).await?);
        }
        for name in &names {
            role_writers.push(self.keep_role_writers_out(name).await?);
        }
        Ok(Locks {
            _tokens: tokens,
            _role_writers: role_writers,
        })
    }

    /// A new name in AWS's cache may hold a sign-in that is not ours.
    fn refuse_taken(&self, from: &Shelf, to: &Shelf) -> Result<()> {
        if to.storage != Storage::Shared {
            return Ok(());
        }
        shared::check_tokens(&self.host.paths, to)?;
        if from.session == to.session {
            return Ok(());
        }
        let own = Key::Name(&from.session);
        let ours = match shared::content(&self.host.paths, from, own)? {
            Content::Tokens(tokens) if from.storage == Storage::Shared => Some(tokens),
            _ => None,
        };
        if self.mirrors(from).is_free(&to.session, ours.as_ref())? {
            return Ok(());
        }
        Err(taken(&to.session))
    }

    /// All that lies at the old place; `None` where there is no keychain and never was anything in it.
    async fn pack(&self, way: Move<'_>) -> Result<Option<Luggage>> {
        let tokens = match self.read_at(way.from).await {
            Err(error) if way.never_used && error.code() == Code::KeychainMissing => {
                return Ok(None);
            }
            tokens => tokens?,
        };
        let roles = self.all_roles(way.from, way.assignments).await?;
        Ok(Some(Luggage { tokens, roles }))
    }

    async fn unpack(&self, way: Move<'_>, luggage: &Luggage) -> Result<()> {
        let Move { from, to, .. } = way;
        if from.storage == Storage::Shared && to.storage == Storage::Shared {
            self.mirrors(to).inherit(&self.mirrors(from))?;
        }
        if let Some(tokens) = &luggage.tokens {
            self.write_tokens(to, tokens).await?;
        }
        self.write_all_roles(to, &luggage.roles).await
    }

    /// Erases what lies at a place, except what belongs to the other.
    async fn leave(&self, place: &Shelf, other: &Shelf, assignments: &Assignments) -> Result<()> {
        if place.session != other.session {
            self.unsaved.forget(&place.session);
        }
        let stays_in_cache = place.storage == Storage::Shared && other.storage == Storage::Shared;
        if !stays_in_cache {
            return self.remove_all(place, assignments).await;
        }
        // Two names in one cache: the mirrors are now those of the other.
        let name = Mirror::Name(place.session.clone());
        if !other.mirrors.contains(&name) {
            self.remove_role_files(
                Key::Name(&place.session),
                &self.role_files(place, assignments),
            )?;
            shared::remove_tokens(&self.host.paths, place)?;
        }
        self.mirrors(place).forget();
        self.forget_roles(place);
        Ok(())
    }

    fn journeys(&self) -> PathBuf {
        self.host.paths.state.join("moves")
    }

    fn journey_file(&self, journey: &Journey) -> PathBuf {
        self.journeys()
            .join(format!("{}.json", journey.from.session))
    }

    fn write_down(&self, journey: &Journey) -> Result<()> {
        let path = self.journey_file(journey);
        let json = serde_json::to_vec(journey).unwrap_or_default();
        files::private_folder(&self.journeys())
            .and_then(|()| files::replace(&path, &json, Mode::Private))
            .map_err(|error| {
                let message = "the move of a session's secrets could not be written down";
                Error::new(Code::StorageFailed, message).because(error)
            })
    }

    fn strike_out(&self, journey: &Journey) {
        let _ = files::remove(&self.journey_file(journey));
    }
}

impl Journey {
    fn of(way: Move<'_>) -> Journey {
        Journey {
            from: Place::of(way.from),
            to: Place::of(way.to),
            assignments: way.assignments.clone(),
        }
    }
}

fn read_journey(path: &Path) -> Option<Journey> {
    // Replacing a file makes another beside it for a moment.
    if path.extension().is_none_or(|it| it != "json") {
        return None;
    }
    let bytes = files::read(path).ok().flatten()?;
    serde_json::from_slice(&bytes).ok()
}

fn moved_meanwhile(session: &str) -> Error {
    let message = format!("another process moved the tokens of `{session}` at this moment");
    Error::new(Code::StorageFailed, message).with_hint("look with `daypass status`, then try again")
}

fn not_erased(error: Error) -> Error {
    let message = "the tokens were moved, but a copy could not be erased at the other place yet; \
                   Daypass tries again by itself";
    Error::new(error.code(), message).because(error)
}

fn taken(session: &str) -> Error {
    let message = format!(
        "AWS's token cache holds a sign-in of another tool under the name `{session}`, which would \
         be lost"
    );
    let hint = format!(
        "choose another name, or bring that one in with `daypass session import {session}`"
    );
    Error::new(Code::ConfigConflict, message).with_hint(hint)
}
