//! Chained roles that stand in the AWS config file: profiles with `role_arn` and `source_profile` that
//! lead to an assignment of a session here. They are shown, and never written into the settings.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::cache_names::is_at;
use super::{Daypass, Slice};
use crate::accounts::chains as rows;
use crate::accounts::{Assignment, is_account_id};
use crate::aws_config::{AwsConfig, Profile};
use crate::settings::SessionSettings;
use crate::settings::chains::{self, Chain, DEEPEST, Source};

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Those that are not in the settings too.
    pub(super) chains: Vec<Chain>,
    /// The row of each profile that is a chained role.
    pub(super) profiles: BTreeMap<String, Assignment>,
    /// Profiles that cannot be one, and why.
    pub(super) refused: Vec<RefusedProfile>,
}

/// A profile that leads to an assignment and cannot be a chained role here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedProfile {
    /// Its name.
    pub name: String,
    /// Why not.
    pub reason: String,
}

impl Daypass {
    /// Reads the chained roles of the AWS config file again where that has changed; tells whether there
    /// are others than before.
    pub fn look_for_chains(&self) -> bool {
        let config = self.aws_config_now().unwrap_or_default();
        let (sessions, own) = {
            let settings = &self.world().settings;
            (settings.sessions.clone(), settings.chains.clone())
        };
        let found = find(&config, &sessions, &own);
        if found == *self.world().found {
            return false;
        }
        self.change(Slice::Accounts, |world| world.found = found.into());
        true
    }

    /// Profiles of the AWS config file that lead to an assignment and cannot be a chained role.
    pub fn refused_profiles(&self) -> Vec<RefusedProfile> {
        self.world().found.refused.clone()
    }

    /// The row of a profile that is a chained role.
    pub(super) fn row_of_profile(&self, profile: &str) -> Option<Assignment> {
        self.look_for_chains();
        self.world().found.profiles.get(profile).cloned()
    }
}

fn find(config: &AwsConfig, sessions: &[SessionSettings], own: &[Chain]) -> Found {
    let profiles = config.profiles().iter();
    let mut search = Search {
        config,
        profiles: profiles.map(|it| (it.name.as_str(), it)).collect(),
        sessions,
        own,
        known: HashMap::new(),
        found: Found::default(),
    };
    for profile in config.profiles() {
        if profile.value("role_arn").is_some() {
            // What is wrong with it was written down.
            let _ = search.link(&profile.name, &mut HashSet::new());
        }
    }
    search.found
}

/// Where a profile leads: the session, and what a role is assumed from there.
type Link = (String, Source);
/// `None` where it leads to no session here; the error says why it cannot be shown.
type Led = Result<Option<Link>, String>;

struct Search<'a> {
    config: &'a AwsConfig,
    profiles: HashMap<&'a str, &'a Profile>,
    sessions: &'a [SessionSettings],
    own: &'a [Chain],
    known: HashMap<&'a str, Led>,
    found: Found,
}

impl<'a> Search<'a> {
    fn link(&mut self, name: &str, passed: &mut HashSet<&'a str>) -> Led {
        let Some(profile) = self.profiles.get(name).copied() else {
            return Ok(None);
        };
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        if profile.value("role_arn").is_none() {
            return Ok(self.base(profile));
        }
        if !passed.insert(&profile.name) {
            return Err("it leads back to itself".to_owned());
        }
        let led = self.of_role(profile, passed);
        passed.remove(profile.name.as_str());
        if let Err(reason) = &led {
            self.found.refused.push(RefusedProfile {
                name: profile.name.clone(),
                reason: reason.clone(),
            });
        }
        self.known.insert(&profile.name, led.clone());
        led
    }

    fn of_role(&mut self, profile: &'a Profile, passed: &mut HashSet<&'a str>) -> Led {
        // A profile that names itself has keys of its own.
        let source = profile.value("source_profile");
        let Some(source) = source.filter(|it| *it != profile.name) else {
            return Ok(None);
        };
        if passed.len() > DEEPEST {
            return Err(format!(
                "more than {DEEPEST} roles stand one behind the other"
            ));
        }
        let further = self.link(source, passed).map_err(|reason| {
            let source: String = source.escape_debug().collect();
            format!("its source profile `{source}` cannot be used: {reason}")
        })?;
        let Some((session, source)) = further else {
            return Ok(None);
        };
        if profile.value("mfa_serial").is_some() {
            return Err("it asks for the code of an MFA device".to_owned());
        }
        let chain = chain_of(profile, &session, source)?;
        self.add(profile, chain).map(Some)
    }

    /// Takes it in, unless it is one of the settings' own.
    fn add(&mut self, profile: &Profile, chain: Chain) -> Result<Link, String> {
        let same = |it: &&Chain| {
            Chain {
                name: chain.name.clone(),
                ..(*it).clone()
            } == chain
        };
        let own = self.own.iter().find(same);
        let twin = chains::find(self.own, &chain.session, &chain.name).is_some();
        let row = match own {
            Some(own) => own,
            None if twin => {
                return Err("Daypass has another chained role of this name".to_owned());
            }
            None => &chain,
        };
        let (name, place) = (row.name.clone(), rows::row_of(row));
        self.found.profiles.insert(profile.name.clone(), place);
        let link = (chain.session.clone(), Source::Chain(name));
        if own.is_none() {
            self.found.chains.push(chain);
        }
        Ok(link)
    }

    /// An assignment of a session here, by the session's name or by its portal.
    fn base(&self, profile: &Profile) -> Option<Link> {
        let legacy = profile.legacy_portal();
        let (session, account_id, role) = match (legacy, profile.assigned()) {
            (Some((address, region)), _) => (
                self.at(address, region)?,
                profile.value("sso_account_id")?.to_owned(),
                profile.value("sso_role_name")?.to_owned(),
            ),
            (None, Some(it)) => (self.named(&it.session)?, it.account_id, it.role),
            (None, None) => return None,
        };
        if let Some(name) = rows::name_of(&role) {
            return Some((session, Source::Chain(name.to_owned())));
        }
        is_account_id(&account_id).then_some((session, Source::Assignment { account_id, role }))
    }

    fn named(&self, name: &str) -> Option<String> {
        if self.sessions.iter().any(|it| it.name == name) {
            return Some(name.to_owned());
        }
        let block = self.config.sso_session(name)?;
        self.at(block.start_url.as_deref()?, block.region.as_deref()?)
    }

    fn at(&self, address: &str, region: &str) -> Option<String> {
        let mut here = self.sessions.iter().filter(|it| is_at(it, address, region));
        here.next().map(|it| it.name.clone())
    }
}

/// As AWS would be asked for it; a value that it would not take is refused.
fn chain_of(profile: &Profile, session: &str, source: Source) -> Result<Chain, String> {
    let text = |key: &str| profile.value(key).map(str::to_owned);
    let words = |error: crate::Error| error.message().to_owned();
    let duration = text("duration_seconds").map(|it| it.parse());
    let chain = Chain {
        session: session.to_owned(),
        name: profile.name.clone(),
        source,
        role: text("role_arn")
            .unwrap_or_default()
            .parse()
            .map_err(words)?,
        external_id: text("external_id"),
        session_name: text("role_session_name"),
        duration: duration
            .transpose()
            .map_err(|_| "its duration is not a number of seconds".to_owned())?,
    };
    chain.check().map_err(words)?;
    Ok(chain)
}

#[cfg(test)]
#[path = "found_chains_tests.rs"]
mod tests;
