//! Sessions that the AWS config file already knows: `[sso-session]` blocks and portals of older
//! profiles, found, and brought in with the sign-ins that AWS's tools made for them.

use std::collections::BTreeSet;

use super::candidates::{Candidate, shown};
use super::{Daypass, Slice};
use crate::secrets::{Storage, Tokens};
use crate::settings::{self, SessionSettings};
use crate::vault::{Mirror, Shelf};
use crate::{Code, Error, Result};

/// A session of the AWS config file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSession {
    /// Its name there; for older profiles, which have none, one that is free.
    pub name: String,
    /// The portal's start URL, without what a browser appends; as it stands there where it is none.
    pub start_url: String,
    /// The portal's Region.
    pub region: String,
    /// Whether it is found in profiles of the older kind, with the start URL in the profile itself.
    pub legacy: bool,
    /// Whether AWS's cache holds a live sign-in for it, which can be taken over.
    pub signed_in: bool,
    /// Whether it is a session of Daypass already.
    pub registered: bool,
    /// Whether its address lies outside the AWS host list: it then needs the user's explicit word.
    pub custom: bool,
    /// Why it cannot be brought in; control characters are escaped.
    pub problem: Option<String>,
}

/// What became of one session that was to be brought in.
#[derive(Debug)]
pub struct Imported {
    /// Its name.
    pub name: String,
    /// What was done.
    pub outcome: Outcome,
}

/// What was done with a session of the AWS config file.
#[derive(Debug)]
pub enum Outcome {
    /// It is registered now.
    Added {
        /// Where its tokens rest.
        storage: Storage,
        /// Whether a sign-in of AWS's tools was taken over, so that none is needed.
        signed_in: bool,
    },
    /// It was registered before; nothing was changed.
    Kept,
    /// It cannot be brought in; the others can.
    Refused(Error),
}

impl Daypass {
    /// The sessions that the AWS config file knows, each portal and name once; nothing is sent, and
    /// nothing is changed. An address outside the AWS host list is a problem unless it is allowed.
    ///
    /// # Errors
    /// `ConfigNotWritable` where the file cannot be read at all.
    pub async fn found_sessions(&self, allow_custom_portal: bool) -> Result<Vec<FoundSession>> {
        let candidates = self.candidates(allow_custom_portal).await?;
        Ok(candidates.into_iter().map(|it| it.found).collect())
    }

    /// Registers sessions of the AWS config file by the names of `found_sessions`, all that can be
    /// where none is named. With storage `shared`, the default here, sign-ins that AWS's tools made
    /// go on; with `keychain` those tools keep theirs, and Daypass needs one of its own.
    ///
    /// # Errors
    /// As of `found_sessions`; what is wrong with single sessions is in the answer.
    pub async fn import_sessions(
        &self,
        names: &[String],
        storage: Option<Storage>,
        allow_custom_portal: bool,
    ) -> Result<Vec<Imported>> {
        let candidates = self.candidates(allow_custom_portal).await?;
        let known: BTreeSet<String> = candidates.iter().map(|it| it.found.name.clone()).collect();
        let mut imported = Vec::new();
        for candidate in candidates {
            if names.is_empty() || names.contains(&candidate.found.name) {
                let name = candidate.found.name.clone();
                let outcome = self.import(candidate, storage).await;
                imported.push(Imported { name, outcome });
            }
        }
        let unknown = names.iter().filter(|name| !known.contains(*name));
        imported.extend(unknown.map(|name| Imported {
            name: name.clone(),
            outcome: Outcome::Refused(not_found(name)),
        }));
        Ok(imported)
    }

    async fn import(&self, candidate: Candidate, storage: Option<Storage>) -> Outcome {
        if candidate.found.registered {
            return Outcome::Kept;
        }
        let added = match candidate.session {
            Ok(session) => {
                let storage = storage.unwrap_or(Storage::Shared);
                let session = SessionSettings { storage, ..session };
                self.take_in(session, &candidate.spellings).await
            }
            Err(error) => Err(error),
        };
        added.unwrap_or_else(Outcome::Refused)
    }

    async fn take_in(&self, session: SessionSettings, spellings: &[String]) -> Result<Outcome> {
        let storage = session.storage;
        let session = self.register(session).await?;
        let signed_in = storage == Storage::Shared && self.adopt(&session, spellings).await?;
        Ok(Outcome::Added { storage, signed_in })
    }

    /// Takes a sign-in over that AWS's tools made. One of an older profile is copied to the session's
    /// own name; it cannot be renewed.
    async fn adopt(&self, session: &SessionSettings, spellings: &[String]) -> Result<bool> {
        let shelf = self.shelf(session);
        let held = self.vault().under_lock(&shelf).await?;
        let tokens = match held.tokens().await? {
            Some(tokens) => Some(tokens),
            None => self.newest_of(&shelf, spellings)?,
        };
        let live = tokens.filter(|tokens| self.is_live(tokens));
        if let Some(tokens) = &live {
            held.save(tokens).await?;
        }
        drop(held);
        if let Some(tokens) = &live {
            self.note_sign_in_elsewhere(&session.name, tokens).await;
        }
        self.saw(&session.name, live.as_ref(), None);
        Ok(live.is_some())
    }

    fn newest_of(&self, shelf: &Shelf, spellings: &[String]) -> Result<Option<Tokens>> {
        let mut newest: Option<Tokens> = None;
        for spelling in spellings {
            let mirror = Mirror::Address(spelling.clone());
            let Some(found) = self.vault().read_mirror(shelf, &mirror)? else {
                continue;
            };
            let newer = newest.as_ref().is_none_or(|newest| {
                found.access_token_expires_at > newest.access_token_expires_at
            });
            if newer {
                newest = Some(found);
            }
        }
        Ok(newest)
    }

    fn is_live(&self, tokens: &Tokens) -> bool {
        let now = self.host().clock.now();
        tokens.access_token_expires_at > now || tokens.is_renewable(now)
    }

    /// Whether AWS's cache, or for a registered session Daypass, has a live sign-in for it.
    pub(super) async fn is_signed_in(&self, candidate: &Candidate) -> bool {
        let Ok(session) = &candidate.session else {
            return false;
        };
        if candidate.found.registered {
            let snapshot = self.snapshot();
            let known = snapshot.session(&candidate.found.name);
            return known.is_some_and(|it| it.state.is_usable());
        }
        let shelf = Shelf {
            mirrors: Vec::new(),
            ..self.shelf(session).at(Storage::Shared)
        };
        let own = self.vault().read(&shelf).await.ok().flatten();
        let tokens = own.or_else(|| self.newest_of(&shelf, &candidate.spellings).ok().flatten());
        tokens.is_some_and(|tokens| self.is_live(&tokens))
    }

    /// Another process may have registered sessions since this one read the settings.
    pub(super) fn take_in_settings(&self) {
        let Ok(settings) = settings::load(self.host()) else {
            return;
        };
        if settings != self.world().settings {
            self.change(Slice::Sessions, |world| world.settings = settings);
        }
    }
}

fn not_found(name: &str) -> Error {
    let message = format!("the AWS config file has no session `{}`", shown(name));
    Error::new(Code::SessionUnknown, message)
        .with_hint("see what it has with `daypass session import --dry-run`")
}
