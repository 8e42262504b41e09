//! What the AWS config file knows, as sessions that could be registered: each portal and name once,
//! each with the reason where it cannot be.

use super::import::FoundSession;
use super::sessions::{NewSession, check};
use super::{Daypass, cache_names};
use crate::aws_config::{AwsConfig, SsoSession};
use crate::secrets::Storage;
use crate::settings::SessionSettings;
use crate::{Code, Error, Result, portal_url};

/// How much of a value that makes no sense is shown.
const SHOWN: usize = 120;

/// A session that was found, and what it takes to register it.
pub(super) struct Candidate {
    pub(super) found: FoundSession,
    /// Start URLs byte for byte, of older profiles.
    pub(super) spellings: Vec<String>,
    pub(super) session: Result<SessionSettings>,
}

impl Daypass {
    /// The sessions of the file, in its order.
    pub(super) async fn candidates(&self, allow_custom_portal: bool) -> Result<Vec<Candidate>> {
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

    fn snapshot_of_settings(&self) -> Vec<SessionSettings> {
        self.world().settings.sessions.clone()
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

/// A value of the file for people: escaped, and not longer than a line.
pub(super) fn shown(text: &str) -> String {
    text.chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect()
}

fn shown_whole(text: &str) -> String {
    text.chars().take(4 * SHOWN).collect()
}
