//! Sessions that the AWS config file already knows: `[sso-session]` blocks and portals of older
//! profiles, found, and brought in with the sign-ins that AWS's tools made for them.

use std::collections::BTreeSet;

use super::sessions::{NewSession, check};
use super::{Daypass, Slice, cache_names};
use crate::aws_config::{AwsConfig, SsoSession};
use crate::secrets::{Storage, Tokens};
use crate::settings::{self, SessionSettings};
use crate::vault::{Mirror, Shelf};
use crate::{Code, Error, Result, portal_url};

/// How much of a value that makes no sense is shown.
const SHOWN: usize = 120;

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

/// A session that was found, and what it takes to register it.
struct Candidate {
    found: FoundSession,
    /// Start URLs byte for byte, of older profiles.
    spellings: Vec<String>,
    session: Result<SessionSettings>,
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

    async fn candidates(&self, allow_custom_portal: bool) -> Result<Vec<Candidate>> {
        self.take_in_settings();
        let config = self.profiles().await?;
        let mut candidates = Vec::new();
        for block in config.sso_sessions() {
            candidates.push(self.named(block, &candidates, allow_custom_portal));
        }
        for portal in legacy_portals(&config) {
            if let Some(candidate) = self.legacy(portal, &candidates, allow_custom_portal) {
                candidates.push(candidate);
            }
        }
        for candidate in &mut candidates {
            candidate.found.signed_in = self.is_signed_in(candidate).await;
        }
        Ok(candidates)
    }

    fn named(&self, block: &SsoSession, earlier: &[Candidate], custom: bool) -> Candidate {
        let session = self.read_block(block, earlier, custom);
        let registered = match self.settings_of(&block.name) {
            Ok(known) => session.as_ref().is_ok_and(|it| same_portal(it, &known)),
            Err(_) => false,
        };
        let session = match self.settings_of(&block.name) {
            Ok(_) if registered => session,
            Ok(known) => session.and_then(|_| Err(other_portal(&known))),
            Err(_) => session.and_then(|it| self.check_new_name(&it.name, None).map(|()| it)),
        };
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Candidate::of(
            session,
            (&block.name, &text(&block.start_url), &text(&block.region)),
            registered,
        )
    }

    fn read_block(
        &self,
        block: &SsoSession,
        earlier: &[Candidate],
        custom: bool,
    ) -> Result<SessionSettings> {
        let absent = |key: &str| {
            let message = format!("`{key}` is missing in its block of the AWS config file");
            Error::new(Code::ConfigBroken, message).with_hint("add the line, or leave this one out")
        };
        let start_url = block.start_url.clone();
        let start_url = start_url.ok_or_else(|| absent("sso_start_url"))?;
        let region = block.region.clone().ok_or_else(|| absent("sso_region"))?;
        let only_case = |it: &&Candidate| {
            it.found.name != block.name && it.found.name.eq_ignore_ascii_case(&block.name)
        };
        if let Some(other) = earlier.iter().find(only_case) {
            let message = format!(
                "its name differs from `{}` only by case, which some disks and keychains do not tell \
                 apart",
                shown(&other.found.name)
            );
            return Err(Error::new(Code::SessionExists, message)
                .with_hint("rename one of the two in the AWS config file"));
        }
        check(wanted(&block.name, start_url, region, custom))
    }

    /// A portal of older profiles; `None` where a session of another kind covers it.
    fn legacy(&self, portal: Legacy, earlier: &[Candidate], custom: bool) -> Option<Candidate> {
        let Legacy {
            region, spellings, ..
        } = portal;
        let first = spellings.first()?;
        let covers = |it: &Candidate| {
            let session = it.session.as_ref();
            session.is_ok_and(|it| cache_names::is_at(it, first, &region))
        };
        if earlier.iter().any(covers) {
            return None;
        }
        let known = self.snapshot_of_settings();
        let known = known
            .iter()
            .find(|it| cache_names::is_at(it, first, &region));
        let name = match known {
            Some(known) => known.name.clone(),
            None => self.free_name(first, earlier),
        };
        let session = check(wanted(&name, first.clone(), region.clone(), custom));
        let candidate = Candidate::of(session, (&name, first, &region), known.is_some());
        Some(Candidate {
            found: FoundSession {
                legacy: true,
                ..candidate.found
            },
            spellings,
            session: candidate.session,
        })
    }

    /// A name by the address that nobody uses: not here, not in the config file, not in the cache.
    fn free_name(&self, address: &str, earlier: &[Candidate]) -> String {
        let suggested = portal_url::parse(address).map(|it| it.suggested_name());
        let base = suggested.ok().filter(|it| it.len() <= 48);
        let base = base.unwrap_or_else(|| "work".to_owned());
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let taken = |name: &str| {
            let block = earlier
                .iter()
                .any(|it| it.found.name.eq_ignore_ascii_case(name));
            block || self.check_new_name(name, None).is_err() || !self.vault().is_free(name)
        };
        let mut names = std::iter::once(base.clone()).chain(numbered);
        names.find(|name| !taken(name)).unwrap_or(base)
    }

    async fn is_signed_in(&self, candidate: &Candidate) -> bool {
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

    fn snapshot_of_settings(&self) -> Vec<SessionSettings> {
        self.world().settings.sessions.clone()
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

impl Candidate {
    fn of(
        session: Result<SessionSettings>,
        (name, start_url, region): (&str, &str, &str),
        registered: bool,
    ) -> Candidate {
        let custom = portal_url::parse(start_url).is_ok_and(|it| it.custom);
        let start_url = match &session {
            Ok(session) => session.start_url.clone(),
            Err(_) => shown(start_url),
        };
        let name = match &session {
            Ok(session) => session.name.clone(),
            Err(_) => shown(name),
        };
        let problem = session.as_ref().err().map(|it| shown_whole(it.message()));
        Candidate {
            found: FoundSession {
                name,
                start_url,
                region: shown(region),
                legacy: false,
                signed_in: false,
                registered,
                custom,
                problem,
            },
            spellings: Vec::new(),
            session,
        }
    }
}

/// A portal of older profiles, with every spelling of its address.
struct Legacy {
    /// The address as it is compared.
    plain: String,
    region: String,
    spellings: Vec<String>,
}

fn legacy_portals(config: &AwsConfig) -> Vec<Legacy> {
    let mut portals: Vec<Legacy> = Vec::new();
    for (address, region) in config.profiles().iter().filter_map(|it| it.legacy_portal()) {
        let plain = portal_url::parse(address).map_or(address.to_owned(), |it| it.start_url);
        let same = |it: &&mut Legacy| it.plain == plain && it.region == region;
        match portals.iter_mut().find(same) {
            Some(known) if known.spellings.iter().any(|it| it == address) => {}
            Some(known) => known.spellings.push(address.to_owned()),
            None => portals.push(Legacy {
                plain,
                region: region.to_owned(),
                spellings: vec![address.to_owned()],
            }),
        }
    }
    portals
}

fn wanted(name: &str, start_url: String, region: String, custom: bool) -> NewSession {
    NewSession {
        name: name.to_owned(),
        start_url,
        region: Some(region),
        storage: Some(Storage::Shared),
        length: None,
        allow_custom_portal: custom,
    }
}

fn same_portal(one: &SessionSettings, other: &SessionSettings) -> bool {
    (&one.start_url, &one.region) == (&other.start_url, &other.region)
}

fn other_portal(known: &SessionSettings) -> Error {
    let message = format!(
        "a session `{}` is registered for another access portal, {}",
        known.name, known.start_url
    );
    let hint = format!(
        "rename that one: `daypass session set {} --name NEW`",
        known.name
    );
    Error::new(Code::SessionExists, message).with_hint(hint)
}

fn not_found(name: &str) -> Error {
    let message = format!("the AWS config file has no session `{}`", shown(name));
    Error::new(Code::SessionUnknown, message)
        .with_hint("see what it has with `daypass session import --dry-run`")
}

/// A value of the file for people: escaped, and not longer than a line.
fn shown(text: &str) -> String {
    text.chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect()
}

fn shown_whole(text: &str) -> String {
    text.chars().take(4 * SHOWN).collect()
}
