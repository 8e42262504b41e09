//! Credentials of chained roles: assumed one after the other, from an assignment on. Each rests where
//! the session's role credentials rest, and is fetched once for all processes that wait.

use sha2::{Digest, Sha256};

use jiff::{SignedDuration, Timestamp};

use super::{Access, FRESH, LEAST, Source};
use crate::accounts::Assignment;
use crate::portal::{self, Assumption, Endpoints, Refusal, Refused};
use crate::secrets::RoleCredentials;
use crate::settings::chains::{Chain, MARK, Path};
use crate::{Code, Error, Result};

/// The name of a role session where nothing better is known.
const NAMELESS: &str = "daypass";

/// The roles to assume, each as it rests.
pub struct Ladder<'a> {
    base: Assignment,
    rungs: Vec<Rung<'a>>,
    /// Who is signed in, for the names of role sessions that have no other.
    user: Option<String>,
    endpoints: Endpoints,
}

struct Rung<'a> {
    chain: &'a Chain,
    /// The name under which its credentials rest: of all that leads to them, so that credentials got
    /// another way are never taken for these.
    key: String,
}

impl<'a> Ladder<'a> {
    /// Of a way that begins in this session.
    pub fn new(
        session: &str,
        path: &'a Path,
        user: Option<String>,
        endpoints: Endpoints,
    ) -> Ladder<'a> {
        let mut digest = Sha256::new();
        let mut note = |text: &str| {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
            digest.clone()
        };
        note(&path.account_id);
        note(&path.role);
        let rungs = path.hops.iter().map(|chain| {
            note(chain.role.as_str());
            note(chain.external_id.as_deref().unwrap_or_default());
            note(chain.session_name.as_deref().unwrap_or_default());
            let so_far = note(&chain.seconds().to_string()).finalize();
            Rung {
                key: format!("{MARK}{}:{}", chain.name, &hex::encode(so_far)[..16]),
                chain,
            }
        });
        Ladder {
            rungs: rungs.collect(),
            base: Assignment {
                session: session.to_owned(),
                account_id: path.account_id.clone(),
                role: path.role.clone(),
            },
            user: user.filter(|it| it.len() >= 2 && it.len() <= 64 && it.chars().all(fits)),
            endpoints,
        }
    }

    /// The account id and the name under which each of its credentials rest.
    pub fn places(&self) -> impl Iterator<Item = (&str, &str)> {
        let places = self.rungs.iter();
        places.map(|it| (it.chain.role.account_id(), it.key.as_str()))
    }

    /// The same with the base's.
    fn all_places(&self) -> Vec<(String, String)> {
        let base = (self.base.account_id.as_str(), self.base.role.as_str());
        let places = self.places().chain([base]);
        places
            .map(|(account_id, key)| (account_id.to_owned(), key.to_owned()))
            .collect()
    }

    fn source_of(&self, at: usize) -> String {
        match at.checked_sub(1).and_then(|before| self.rungs.get(before)) {
            Some(rung) => named(rung.chain),
            None => {
                let role: String = self.base.role.escape_debug().collect();
                format!("{role} in {}", self.base.account_id)
            }
        }
    }
}

impl Rung<'_> {
    /// Held credentials with less than this left are fetched again.
    fn margin(&self) -> SignedDuration {
        FRESH.min(SignedDuration::from_secs(self.chain.seconds() / 4))
    }

    fn account_id(&self) -> &str {
        self.chain.role.account_id()
    }
}

impl<A: Access> Source<'_, A> {
    /// Credentials for the last role of a ladder: what rests here is used as far up as it is fresh.
    ///
    /// # Errors
    /// As of `credentials`; `NotPermitted` with the role that may not be assumed.
    pub async fn assumed(&self, ladder: &Ladder<'_>) -> Result<RoleCredentials> {
        let stopped = match self.climbed(ladder).await {
            Err(stopped) if stopped.held_is_void => {
                // What rests here has time left, and AWS takes it no longer: all of it is got anew.
                self.vault
                    .erase_roles_at(self.shelf, &ladder.all_places())
                    .await?;
                self.climbed(ladder).await
            }
            climbed => climbed,
        };
        match stopped {
            Ok(keys) => Ok(keys),
            Err(stopped) => self.last_resort(ladder, stopped.error).await,
        }
    }

    async fn climbed(&self, ladder: &Ladder<'_>) -> Result<RoleCredentials, Stopped> {
        let began = self.host.clock.now();
        for (at, rung) in ladder.rungs.iter().enumerate().rev() {
            let held = self.held(rung.account_id(), &rung.key, rung.margin());
            if let Some(held) = held.await? {
                return self.climb_from(ladder, at + 1, held, began).await;
            }
        }
        let keys = self.credentials(&ladder.base).await;
        let keys = keys.map_err(|error| not_begun(ladder, error))?;
        self.climb_from(ladder, 0, keys, began).await
    }

    async fn climb_from(
        &self,
        ladder: &Ladder<'_>,
        next: usize,
        mut keys: RoleCredentials,
        began: Timestamp,
    ) -> Result<RoleCredentials, Stopped> {
        for at in next..ladder.rungs.len() {
            keys = self.climb(ladder, at, &keys, began).await?;
        }
        Ok(keys)
    }

    /// Better keys for a few minutes than none, while only the network is in the way.
    async fn last_resort(&self, ladder: &Ladder<'_>, error: Error) -> Result<RoleCredentials> {
        let last = ladder.rungs.last();
        let last = last.filter(|_| error.code().is_trouble_on_the_way());
        match last {
            Some(rung) => self
                .held(rung.account_id(), &rung.key, LEAST)
                .await?
                .ok_or(error),
            None => Err(error),
        }
    }

    /// One role more, unless another process has assumed it, or has met trouble, since this call began.
    async fn climb(
        &self,
        ladder: &Ladder<'_>,
        at: usize,
        keys: &RoleCredentials,
        began: Timestamp,
    ) -> Result<RoleCredentials, Stopped> {
        let rung = &ladder.rungs[at];
        let (account_id, key) = (rung.account_id(), rung.key.as_str());
        loop {
            let turn = self.vault.role_turn(self.shelf, account_id, key).await?;
            if let Some(held) = self.held(account_id, key, rung.margin()).await? {
                return Ok(held);
            }
            let Some(turn) = turn else { continue };
            if let Some(error) = turn.trouble_since(began) {
                return Err(error.into());
            }
            let assumed = self
                .assume(ladder, rung, keys)
                .await
                .map_err(|refused| Stopped {
                    held_is_void: refused.refusal == Refusal::Unauthorized,
                    error: explain(ladder, at, refused.error),
                });
            if let Err(Stopped { error, .. }) = &assumed
                && error.code().is_trouble_on_the_way()
            {
                turn.note_trouble(error, self.host.clock.now());
            }
            return Ok(self.keep(account_id, key, assumed?).await?);
        }
    }

    async fn assume(
        &self,
        ladder: &Ladder<'_>,
        rung: &Rung<'_>,
        keys: &RoleCredentials,
    ) -> Result<RoleCredentials, Refused> {
        let session_name = rung.chain.session_name.as_ref().or(ladder.user.as_ref());
        let wish = Assumption {
            role: rung.chain.role.as_str(),
            session_name: session_name.map_or(NAMELESS, String::as_str),
            external_id: rung.chain.external_id.as_deref(),
            seconds: rung.chain.seconds(),
        };
        portal::assume(self.host, &ladder.endpoints, keys, wish).await
    }
}

/// Why a role was not reached.
struct Stopped {
    error: Error,
    /// AWS no longer takes credentials that rest here and have time left.
    held_is_void: bool,
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Stopped {
        Stopped {
            error,
            held_is_void: false,
        }
    }
}

fn fits(it: char) -> bool {
    it.is_ascii_alphanumeric() || "+=,.@-_".contains(it)
}

fn named(chain: &Chain) -> String {
    format!("{} in {}", chain.role.name(), chain.role.account_id())
}

/// The way ends before its first role.
fn not_begun(ladder: &Ladder<'_>, error: Error) -> Error {
    if error.code() != Code::NotPermitted && error.code() != Code::AccountUnknown {
        return error;
    }
    let name = ladder.rungs.last().map_or("", |it| it.chain.name.as_str());
    let message = format!(
        "`{name}` begins with {}, which you do not have",
        ladder.source_of(0)
    );
    let hint = format!("ask for that permission set, or take `{name}` away: daypass chain remove");
    Error::new(error.code(), message)
        .with_hint(hint)
        .because(error)
}

/// Which role could not be assumed, from where, and what still works.
fn explain(ladder: &Ladder<'_>, at: usize, error: Error) -> Error {
    let (chain, source) = (ladder.rungs[at].chain, ladder.source_of(at));
    let place = match ladder.rungs.len() {
        1 => String::new(),
        all => format!(" (role {} of {all})", at + 1),
    };
    let message = format!(
        "could not assume {} from {source}{place}: {}",
        named(chain),
        error.message()
    );
    if error.code() != Code::NotPermitted {
        return Error::new(error.code(), message)
            .with_hint(error.hint().to_owned())
            .because(error);
    }
    let external = match chain.external_id {
        Some(_) => "and that the external id is the one that it asks for",
        None => "and whether it asks for an external id",
    };
    let hint = format!(
        "{source} itself still works; ask the owner of {} whether {} trusts it, {external}",
        chain.role.account_id(),
        chain.role.name()
    );
    Error::new(Code::NotPermitted, message)
        .with_hint(hint)
        .because(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::chains::Source as From;

    fn path(change: impl FnOnce(&mut Path)) -> Path {
        let chain = |name: &str, source: From| Chain {
            session: "work".into(),
            name: name.into(),
            source,
            role: "arn:aws:iam::444455556666:role/Deploy".parse().unwrap(),
            external_id: None,
            session_name: None,
            duration: None,
        };
        let (account_id, role) = ("111122223333".to_owned(), "ReadOnly".to_owned());
        let base = From::Assignment {
            account_id: account_id.clone(),
            role: role.clone(),
        };
        let hops = vec![chain("a", base), chain("b", From::Chain("a".into()))];
        let mut path = Path {
            account_id,
            role,
            hops,
        };
        change(&mut path);
        path
    }

    fn last_key(path: &Path) -> String {
        let endpoints = Endpoints {
            region: "eu-central-1".into(),
            oidc: None,
            portal: None,
            sts: None,
        };
        let ladder = Ladder::new("work", path, None, endpoints);
        ladder.places().last().unwrap().1.to_owned()
    }

    #[test]
    fn credentials_rest_under_the_whole_way_that_leads_to_them() {
        let usual = last_key(&path(|_| ()));
        assert_eq!(usual, last_key(&path(|_| ())));
        assert!(usual.starts_with("chain:b:"), "{usual}");
        let others = [
            last_key(&path(|it| it.account_id = "000000000001".into())),
            last_key(&path(|it| it.role = "Admin".into())),
            last_key(&path(|it| it.hops[0].external_id = Some("sesame".into()))),
            last_key(&path(|it| it.hops[0].session_name = Some("sesame".into()))),
            last_key(&path(|it| it.hops[0].duration = Some(900))),
            last_key(&path(|it| {
                it.hops[0].role = it.hops[0]
                    .role
                    .to_string()
                    .replace('4', "5")
                    .parse()
                    .unwrap()
            })),
            last_key(&path(|it| it.hops[1].external_id = Some("sesame".into()))),
            last_key(&path(|it| it.hops[1].name = "c".into())),
        ];
        let distinct: std::collections::BTreeSet<_> = others.iter().chain([&usual]).collect();
        assert_eq!(distinct.len(), others.len() + 1, "{others:?}");
    }

    #[test]
    fn short_lives_are_used_for_most_of_their_time() {
        for (seconds, margin) in [(900, 225), (1800, 450), (3600, 900)] {
            let path = path(|it| it.hops[1].duration = Some(seconds));
            let rung = Rung {
                chain: &path.hops[1],
                key: String::new(),
            };
            assert_eq!(rung.margin().as_secs(), margin, "{seconds}");
        }
    }
}
