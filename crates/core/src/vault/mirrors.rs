//! Further files of AWS's token cache that show the same sign-in, so that no tool needs one of its
//! own. Only what is ours is changed there: somebody else's live sign-in is neither replaced nor
//! erased.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Shelf;
use super::shared::{self, Content, Key};
use crate::host::Paths;
use crate::host::files::{self, Mode};
use crate::secrets::Tokens;
use crate::{Code, Error, Result};

/// How many digests are remembered: some days of renewals.
const REMEMBERED: usize = 64;

/// A file of AWS's token cache beside the one of the session's own name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mirror {
    /// For profiles of the older kind: the start URL, byte for byte as they spell it.
    Address(String),
    /// For an `[sso-session]` of another name at the same portal.
    Name(String),
}

/// What is remembered of the tokens that were ours, as digests which open nothing.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Ledger {
    /// Files that were written, also for profiles that are gone by now.
    mirrors: BTreeSet<Mirror>,
    /// Access tokens and clients, the latest last.
    digests: Vec<String>,
}

impl Ledger {
    fn knows(&self, tokens: &Tokens) -> bool {
        let known = |digest: String| self.digests.contains(&digest);
        known(digest_of(tokens.access_token.expose())) || client_digest(tokens).is_some_and(known)
    }

    fn note(&mut self, digest: String) {
        self.digests.retain(|known| *known != digest);
        self.digests.push(digest);
        let surplus = self.digests.len().saturating_sub(REMEMBERED);
        self.digests.drain(..surplus);
    }
}

fn digest_of(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes())[..16])
}

fn client_digest(tokens: &Tokens) -> Option<String> {
    let client = tokens.registration.as_ref()?;
    Some(digest_of(&format!("client {}", client.client_id)))
}

/// The mirrors of one session.
pub(super) struct Mirrors<'a> {
    paths: &'a Paths,
    shelf: &'a Shelf,
    now: Timestamp,
}

impl<'a> Mirrors<'a> {
    pub(super) fn of(paths: &'a Paths, shelf: &'a Shelf, now: Timestamp) -> Mirrors<'a> {
        Mirrors { paths, shelf, now }
    }

    /// The newest continuation of these tokens. A tool that renewed a mirror has spent the refresh
    /// token: then only what it got in return is good.
    pub(super) fn newest(&self, own: Tokens) -> Result<Tokens> {
        let mut newest = own;
        for mirror in &self.shelf.mirrors {
            let (Mirror::Name(_), Content::Tokens(found)) = (mirror, self.content(mirror)?) else {
                continue;
            };
            if continues(&newest, &found) {
                newest = found;
            }
        }
        Ok(newest)
    }

    /// Whether tokens that were found in place of spent ones come after these: a later renewal, or a
    /// sign-in of its own.
    pub(super) fn comes_after(&self, found: &Tokens, renewed: &Tokens) -> bool {
        match same_client(found, renewed) {
            true => found.access_token_expires_at > renewed.access_token_expires_at,
            false => !self.has_ended(found),
        }
    }

    /// Whether some file lacks these tokens that should have them.
    pub(super) fn lag(&self, tokens: &Tokens) -> Result<bool> {
        let own = shared::content(self.paths, self.shelf, Key::Name(&self.shelf.session))?;
        let stale = matches!(&own, Content::Tokens(own) if own.access_token != tokens.access_token);
        Ok(stale || !self.behind(&self.ledger(), tokens)?.is_empty())
    }

    /// Takes over what was ours under another name.
    pub(super) fn inherit(&self, from: &Mirrors<'_>) -> Result<()> {
        self.keep(&from.ledger())
    }

    /// Whether nobody else's live sign-in stands under this session name.
    pub(super) fn is_free(&self, name: &str, own: Option<&Tokens>) -> Result<bool> {
        Ok(match self.content(&Mirror::Name(name.to_owned()))? {
            Content::Absent | Content::Useless => true,
            Content::Tokens(found) => {
                self.is_ours(&self.ledger(), own, &found) || self.has_ended(&found)
            }
            Content::Torn | Content::Foreign => false,
        })
    }

    /// Remembers that these tokens are ours; done before they are written anywhere.
    pub(super) fn note(&self, tokens: &Tokens) -> Result<()> {
        let mut ledger = self.ledger();
        ledger.mirrors.extend(self.shelf.mirrors.iter().cloned());
        ledger.note(digest_of(tokens.access_token.expose()));
        if let Some(client) = client_digest(tokens) {
            ledger.note(client);
        }
        self.keep(&ledger)
    }

    /// Writes these tokens to every mirror that may have them.
    pub(super) fn write(&self, tokens: &Tokens) -> Result<()> {
        for mirror in self.behind(&self.ledger(), tokens)? {
            shared::write_mirror(self.paths, self.shelf, mirror, tokens)?;
        }
        Ok(())
    }

    /// Removes the mirrors that hold tokens of ours.
    pub(super) fn remove(&self, own: Option<&Tokens>) -> Result<()> {
        self.ours(own)?
            .iter()
            .try_for_each(|mirror| shared::remove_mirror(self.paths, mirror))
    }

    /// The mirrors that are not somebody else's: tokens and role credentials there are ours.
    pub(super) fn ours(&self, own: Option<&Tokens>) -> Result<BTreeSet<Mirror>> {
        let ledger = self.ledger();
        let mut ours = BTreeSet::new();
        for mirror in self.all(&ledger) {
            let is_ours = match self.content(&mirror)? {
                Content::Tokens(found) => self.is_ours(&ledger, own, &found),
                Content::Absent => true,
                Content::Torn | Content::Useless | Content::Foreign => false,
            };
            if is_ours {
                ours.insert(mirror);
            }
        }
        Ok(ours)
    }

    /// Forgets what was ours; done last.
    pub(super) fn forget(&self) {
        let _ = files::remove(&self.file());
    }

    fn behind(&self, ledger: &Ledger, tokens: &Tokens) -> Result<Vec<&'a Mirror>> {
        let mut behind = Vec::new();
        for mirror in &self.shelf.mirrors {
            let may_write = match self.content(mirror)? {
                Content::Absent => true,
                Content::Tokens(found) if found.access_token == tokens.access_token => false,
                Content::Tokens(found) => {
                    self.is_ours(ledger, Some(tokens), &found) || self.has_ended(&found)
                }
                Content::Torn | Content::Useless | Content::Foreign => false,
            };
            if may_write {
                behind.push(mirror);
            }
        }
        Ok(behind)
    }

    fn is_ours(&self, ledger: &Ledger, own: Option<&Tokens>, found: &Tokens) -> bool {
        ledger.knows(found)
            || own.is_some_and(|own| {
                own.access_token == found.access_token || same_client(own, found)
            })
    }

    /// A sign-in that can still be renewed has not ended, whatever became of its access token.
    fn has_ended(&self, tokens: &Tokens) -> bool {
        tokens.access_token_expires_at <= self.now && !tokens.is_renewable(self.now)
    }

    fn content(&self, mirror: &Mirror) -> Result<Content> {
        shared::content(self.paths, self.shelf, Key::of(mirror))
    }

    fn all(&self, ledger: &Ledger) -> BTreeSet<Mirror> {
        let now = self.shelf.mirrors.iter().cloned();
        now.chain(ledger.mirrors.iter().cloned()).collect()
    }

    fn ledger(&self) -> Ledger {
        let bytes = files::read(&self.file()).ok().flatten();
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    fn keep(&self, ledger: &Ledger) -> Result<()> {
        let path = self.file();
        let json = serde_json::to_vec(ledger).unwrap_or_default();
        files::private_folder(path.parent().unwrap_or(Path::new(".")))
            .and_then(|()| files::replace(&path, &json, Mode::Private))
            .map_err(|error| {
                let message = "which files of AWS's cache are ours could not be written down";
                Error::new(Code::StorageFailed, message).because(error)
            })
    }

    fn file(&self) -> PathBuf {
        let name = format!("{}.json", self.shelf.session);
        self.paths.state.join("mirrors").join(name)
    }
}

/// Each sign-in of Daypass has a client of its own, and so has each session name of the AWS CLI.
fn same_client(one: &Tokens, other: &Tokens) -> bool {
    match (&one.registration, &other.registration) {
        (Some(one), Some(other)) => one.client_id == other.client_id,
        _ => false,
    }
}

fn continues(known: &Tokens, found: &Tokens) -> bool {
    same_client(known, found)
        && found.refresh_token.is_some()
        && found.access_token_expires_at > known.access_token_expires_at
}
