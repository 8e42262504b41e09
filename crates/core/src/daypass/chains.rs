//! Chained roles: rows of their own, kept with the settings; their credentials.

use std::sync::Arc;

use super::{Daypass, World};
use crate::accounts::chains::{self as rows, Chained};
use crate::accounts::{Assignment, Lists};
use crate::credentials::Ladder;
use crate::secrets::RoleCredentials;
use crate::settings::chains::{self, Chain, Path, RoleArn, Source};
use crate::settings::{SessionSettings, Settings};
use crate::{Code, Error, Result, portal_url};

/// A chained role to add.
#[derive(Clone, Debug)]
pub struct NewChain {
    /// Its own name; the role's where nothing is said.
    pub name: Option<String>,
    /// From where it is assumed: a row of the lists, or another chained role.
    pub base: Assignment,
    /// The role.
    pub role: RoleArn,
    /// What the role's owner asks for along with the request.
    pub external_id: Option<String>,
    /// The name of the role session; who is signed in where nothing is said.
    pub session_name: Option<String>,
    /// How long its credentials shall last, in seconds; an hour where nothing is said.
    pub duration: Option<i64>,
    /// Whether it takes the place of one of the same name.
    pub replace: bool,
}

/// The lists with the chained roles in them, and what these are made of.
#[derive(Default)]
pub(super) struct Rows {
    of_lists: Lists,
    of_chains: Vec<Chain>,
    /// So many of them are of the settings.
    own: usize,
    pub(super) lists: Lists,
    pub(super) chained: Arc<[Chained]>,
}

impl Rows {
    /// Makes them anew where lists or chained roles have changed; tells whether the latter did.
    fn follow(&mut self, lists: &Lists, chains: &[Chain], own: usize) -> bool {
        let same_chains = self.of_chains == chains && self.own == own;
        let same_lists = self.of_lists.len() == lists.len()
            && self
                .of_lists
                .iter()
                .zip(lists)
                .all(|(one, other)| one.0 == other.0 && Arc::ptr_eq(one.1, other.1));
        if !same_chains || !same_lists {
            self.lists = rows::laid_over(lists, chains);
            self.chained = rows::all(chains, own, lists).into();
            (self.of_lists, self.of_chains) = (lists.clone(), chains.to_vec());
            self.own = own;
        }
        !same_chains
    }
}

impl World {
    /// Where lists or chained roles have changed, the rows do too.
    pub(super) fn lay_rows(&mut self) {
        let all = self.all_chains();
        if self
            .rows
            .follow(&self.lists, &all, self.settings.chains.len())
        {
            self.accounts_revision += 1;
        }
    }

    /// Those of the settings, then those that were found in the AWS config file.
    pub(super) fn all_chains(&self) -> Vec<Chain> {
        [&self.settings.chains[..], &self.found.chains[..]].concat()
    }
}

impl Daypass {
    /// The chained roles, in the order of the settings.
    pub fn chained(&self) -> Arc<[Chained]> {
        self.snapshot().chained.clone()
    }

    /// Adds a chained role, as a row of its own in the account of its role.
    ///
    /// # Errors
    /// `Usage` for a value that AWS does not take, a name that is taken, a way that leads back to
    /// itself; `SessionUnknown`, `SettingsBroken`, `StorageFailed`.
    pub async fn add_chain(&self, new: NewChain) -> Result<Chained> {
        let session = self.settings_of(&new.base.session)?;
        let chain = chain_of(&new);
        chain.check()?;
        check_partition(&session, &chain.role)?;
        let (session, name) = (chain.session.clone(), chain.name.clone());
        let found = self.world().found.chains.clone();
        self.change_settings(|settings| {
            put(settings, chain, new.replace)?;
            chains::check_all(&settings.chains)?;
            let all = [&settings.chains[..], &found[..]].concat();
            chains::path(&all, &session, &name).map(drop)
        })
        .await?;
        self.known_chain(&session, &name)
    }

    /// Takes a chained role away, and its credentials.
    ///
    /// # Errors
    /// `AccountUnknown` where there is none of that name; `Usage` where others build on it;
    /// `SettingsBroken`, `StorageFailed`, or the vault's.
    pub async fn remove_chain(&self, session: &str, name: &str) -> Result<Chained> {
        self.take_in_settings();
        self.look_for_chains();
        let gone = self.known_chain(session, name)?;
        if gone.found {
            let name = &gone.chain.name;
            let message =
                format!("`{name}` is not of Daypass: it is a profile of the AWS config file");
            return Err(Error::new(Code::Usage, message)
                .with_hint(format!("take [profile {name}] out of the file")));
        }
        let held = self.places_of(session, name);
        let taken = |chain: &Chain| chain.session == session && chain.name == gone.chain.name;
        self.change_settings(|settings| {
            refuse_needed(&settings.chains, &gone.chain)?;
            settings.chains.retain(|it| !taken(it));
            Ok(())
        })
        .await?;
        self.pin(&rows::row_of(&gone.chain), false).await?;
        if let (Ok(session), Some(places)) = (self.settings_of(session), held) {
            self.vault()
                .erase_roles_at(&self.own_shelf(&session), &places)
                .await?;
        }
        Ok(gone)
    }

    /// The chained role of this name.
    ///
    /// # Errors
    /// `AccountUnknown`.
    pub fn known_chain(&self, session: &str, name: &str) -> Result<Chained> {
        let chained = self.chained();
        let is_it =
            |it: &&Chained| it.chain.session == session && it.chain.name.eq_ignore_ascii_case(name);
        let found = chained.iter().find(is_it).cloned();
        found.ok_or_else(|| unknown(name))
    }

    /// The session of the chained role of this name, where just one has it.
    ///
    /// # Errors
    /// `AccountUnknown`, `SessionAmbiguous`.
    pub fn session_of_chain(&self, name: &str) -> Result<String> {
        self.look_for_chains();
        let chained = self.chained();
        let named = chained.iter().map(|it| &it.chain);
        let named = named.filter(|it| it.name.eq_ignore_ascii_case(name));
        let sessions: Vec<String> = named.map(|it| it.session.clone()).collect();
        match sessions.as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(unknown(name)),
            _ => Err(Error::new(
                Code::SessionAmbiguous,
                format!("several sessions have a chained role `{name}`"),
            )
            .with_candidates(sessions)),
        }
    }

    /// The rows of the chained roles of this name in some sessions.
    pub(super) fn chains_named(&self, sessions: &[SessionSettings], name: &str) -> Vec<Assignment> {
        let chained = self.chained();
        let here = |it: &&Chained| {
            it.chain.name.eq_ignore_ascii_case(name)
                && sessions
                    .iter()
                    .any(|session| session.name == it.chain.session)
        };
        let named = chained.iter().filter(here);
        named.map(|it| rows::row_of(&it.chain)).collect()
    }

    /// The way to a chained role, also to one that another process added, or that stands only in the
    /// AWS config file.
    ///
    /// # Errors
    /// As of `chains::path`.
    pub(super) fn chain_path(&self, session: &str, name: &str) -> Result<Path> {
        self.take_in_settings();
        let path = chains::path(&self.world().all_chains(), session, name);
        if path.is_ok() || !self.look_for_chains() {
            return path;
        }
        chains::path(&self.world().all_chains(), session, name)
    }

    /// Where the credentials of the last role on a way rest, as account id and name.
    fn places_of(&self, session: &str, name: &str) -> Option<Vec<(String, String)>> {
        let settings = self.settings_of(session).ok()?;
        let path = self.chain_path(session, name).ok()?;
        let ladder = Ladder::new(session, &path, None, self.endpoints(&settings).ok()?);
        let last = ladder.places().last();
        last.map(|(account_id, key)| vec![(account_id.to_owned(), key.to_owned())])
    }

    /// Credentials of a chained role, assumed one after the other.
    pub(super) async fn chained_credentials(
        &self,
        session: &SessionSettings,
        assignment: &Assignment,
        name: &str,
    ) -> Result<RoleCredentials> {
        let path = self.chain_path(&session.name, name)?;
        let meant = path.hops.last().map(|it| it.role.account_id());
        if meant != Some(assignment.account_id.as_str()) {
            let message = format!(
                "the chained role `{name}` is not of the account {}",
                assignment.account_id
            );
            return Err(Error::new(Code::AccountUnknown, message)
                .with_hint("see where it leads with `daypass chain list`"));
        }
        let user = self.record(&session.name).user;
        let ladder = Ladder::new(&session.name, &path, user, self.endpoints(session)?);
        self.ask_source(session, async |source| source.assumed(&ladder).await)
            .await
    }
}

fn unknown(name: &str) -> Error {
    let name: String = name.escape_debug().collect();
    Error::new(
        Code::AccountUnknown,
        format!("there is no chained role `{name}`"),
    )
    .with_hint("see them with `daypass chain list`")
}

fn chain_of(new: &NewChain) -> Chain {
    let source = match new.base.chain() {
        Some(name) => Source::Chain(name.to_owned()),
        None => Source::Assignment {
            account_id: new.base.account_id.clone(),
            role: new.base.role.clone(),
        },
    };
    let name = new.name.clone();
    Chain {
        session: new.base.session.clone(),
        name: name.unwrap_or_else(|| new.role.name().to_owned()),
        source,
        role: new.role.clone(),
        external_id: new.external_id.clone(),
        session_name: new.session_name.clone(),
        duration: new.duration,
    }
}

/// Puts it in the place of one of the same name, or behind the others.
fn put(settings: &mut Settings, chain: Chain, replace: bool) -> Result<()> {
    let same =
        |it: &&mut Chain| it.session == chain.session && it.name.eq_ignore_ascii_case(&chain.name);
    match settings.chains.iter_mut().find(same) {
        Some(known) if replace => {
            *known = chain;
            Ok(())
        }
        Some(known) => {
            let message = format!("a chained role `{}` exists already", known.name);
            Err(Error::new(Code::Usage, message)
                .with_hint("give it another name with --name, or replace that one with --replace"))
        }
        None => {
            settings.chains.push(chain);
            Ok(())
        }
    }
}

fn refuse_needed(chains: &[Chain], gone: &Chain) -> Result<()> {
    let builds = |it: &&Chain| {
        let source =
            matches!(&it.source, Source::Chain(name) if name.eq_ignore_ascii_case(&gone.name));
        it.session == gone.session && source
    };
    match chains.iter().find(builds) {
        None => Ok(()),
        Some(other) => {
            let message = format!("`{}` is assumed from `{}`", other.name, gone.name);
            let hint = format!("first take `{}` away", other.name);
            Err(Error::new(Code::Usage, message).with_hint(hint))
        }
    }
}

/// Nobody can assume a role of another partition.
fn check_partition(session: &SessionSettings, role: &RoleArn) -> Result<()> {
    let own = portal_url::partition_of(&session.region);
    match own {
        Some(own) if own != role.partition() => {
            let message = format!(
                "the role is of the partition {}, and `{}` is of {own}",
                role.partition(),
                session.name
            );
            Err(Error::new(Code::Usage, message)
                .with_hint("give the ARN of a role of the same partition"))
        }
        _ => Ok(()),
    }
}
