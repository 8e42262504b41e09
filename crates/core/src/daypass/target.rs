//! From what a user types to one assignment: `ACCOUNT/ROLE`, search words, or account and role apart.

use super::Daypass;
use crate::accounts::rank::Search;
use crate::accounts::{Assignment, chains, is_account_id};
use crate::console::Place;
use crate::settings::SessionSettings;
use crate::{Code, Error, Result};

/// How an assignment is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Taken as given: needs no list.
    Exact {
        /// Twelve digits.
        account_id: String,
        /// The permission set.
        role: String,
    },
    /// An account by id or exact name, and a permission set.
    Named {
        /// Twelve digits, or the exact name.
        account: String,
        /// The permission set.
        role: String,
    },
    /// Search words with one clear best match.
    Words(Vec<String>),
}

impl Target {
    /// Reads what stands on a command line.
    pub fn of_words(words: Vec<String>) -> Target {
        match words.as_slice() {
            // An account's name may hold a slash, a permission set's cannot.
            [one] => match one.rsplit_once('/') {
                Some((account, role)) if !account.is_empty() && !role.is_empty() => Target::Named {
                    account: account.to_owned(),
                    role: role.to_owned(),
                },
                _ => Target::Words(words),
            },
            _ => Target::Words(words),
        }
    }
}

impl Daypass {
    /// The one assignment that is meant. What the copy on disk does not know is asked of the portal.
    ///
    /// # Errors
    /// `Usage`, `SessionUnknown`, `SessionAmbiguous`, `AccountUnknown`, `TargetAmbiguous` with
    /// candidates; `SignInNeeded` and the network's where the portal has to be asked.
    pub async fn resolve(&self, target: &Target, session: Option<&str>) -> Result<Assignment> {
        let sessions = self.sessions_for(session)?;
        if !matches!(target, Target::Exact { .. }) {
            self.look_for_chains();
        }
        match target {
            Target::Exact { account_id, role } => {
                if !is_account_id(account_id) {
                    return Err(Error::new(Code::Usage, "an account id has 12 digits"));
                }
                let name = self.one_of(&sessions, account_id, role)?;
                Ok(Assignment {
                    session: name,
                    account_id: account_id.clone(),
                    role: role.clone(),
                })
            }
            Target::Named { account, role } => self.resolve_named(&sessions, account, role).await,
            Target::Words(words) => self.resolve_words(&sessions, &words.join(" ")).await,
        }
    }

    /// The assignment that a place alone means: the only permission set of the account that it names, else
    /// the one that was used last. What the copy on disk does not know is asked of the portal.
    ///
    /// # Errors
    /// `Usage` for a place that is none, or names no account; else as of `resolve`.
    pub async fn resolve_place(&self, place: &str, session: Option<&str>) -> Result<Assignment> {
        let sessions = self.sessions_for(session)?;
        let place = Place::parse(place)?;
        let account = place.account().ok_or_else(|| {
            let message = "say which account and permission set: the place names no account";
            Error::new(Code::Usage, message)
                .with_hint("for example `daypass console pay prod ro --destination s3`")
        })?;
        if self.all_in(&sessions, account).is_empty() {
            self.learn(&sessions, Some(account)).await?;
            self.learn_roles(&sessions, account).await?;
        }
        let candidates = self.all_in(&sessions, account);
        let snapshot = self.snapshot();
        let mut recent = snapshot.marks.recent().into_iter();
        match (
            candidates.as_slice(),
            recent.find(|it| candidates.contains(it)),
        ) {
            ([], _) => Err(self.no_access(account)),
            ([one], _) => Ok(one.clone()),
            (_, Some(last)) => Ok(last.clone()),
            (several, None) => Err(too_many(several)),
        }
    }

    /// The permission sets of an account, as far as the lists know them.
    fn all_in(&self, sessions: &[SessionSettings], account: &str) -> Vec<Assignment> {
        let mut found = Vec::new();
        for session in sessions {
            let list = self.list(&session.name);
            let roles = list.account(account).map(|it| it.roles.known().to_vec());
            found.extend(
                roles
                    .unwrap_or_default()
                    .into_iter()
                    .map(|role| Assignment {
                        session: session.name.clone(),
                        account_id: account.to_owned(),
                        role,
                    }),
            );
        }
        found
    }

    /// Asks for the permission sets of an account that was only just listed.
    async fn learn_roles(&self, sessions: &[SessionSettings], account: &str) -> Result<()> {
        let listed = |it: &&SessionSettings| self.list(&it.name).account(account).is_some();
        let listed: Vec<_> = sessions.iter().filter(listed).cloned().collect();
        match self.all_in(sessions, account).is_empty() && !listed.is_empty() {
            true => self.learn(&listed, Some(account)).await,
            false => Ok(()),
        }
    }

    fn no_access(&self, account: &str) -> Error {
        let message = format!("no session here has access to the account {account}");
        Error::new(Code::AccountUnknown, message)
            .with_hint("sign in where it is, or name the account and permission set to open it as")
    }

    fn sessions_for(&self, session: Option<&str>) -> Result<Vec<SessionSettings>> {
        match session {
            Some(name) => Ok(vec![self.settings_of(name)?]),
            None => match self.world().settings.sessions.clone() {
                none if none.is_empty() => {
                    Err(Error::new(Code::SessionUnknown, "there is no session yet")
                        .with_hint("add one with `daypass session add NAME --start-url URL`"))
                }
                sessions => Ok(sessions),
            },
        }
    }

    /// The session that is meant where none is named: the only one there is.
    ///
    /// # Errors
    /// `SessionUnknown`, `SessionAmbiguous`.
    pub fn only_session(&self, session: Option<&str>) -> Result<String> {
        let sessions = self.sessions_for(session)?;
        match sessions.as_slice() {
            [one] => Ok(one.name.clone()),
            several => Err(ambiguous(
                several.iter().map(|it| it.name.clone()).collect(),
            )),
        }
    }

    /// The session among several whose copy has the pair.
    fn one_of(&self, sessions: &[SessionSettings], account_id: &str, role: &str) -> Result<String> {
        if let [one] = sessions {
            return Ok(one.name.clone());
        }
        let has = |session: &&SessionSettings| {
            let list = self.rows_of(&session.name);
            list.account(account_id)
                .is_some_and(|it| it.roles.known().iter().any(|it| it == role))
        };
        match sessions.iter().filter(has).collect::<Vec<_>>().as_slice() {
            [one] => Ok(one.name.clone()),
            _ => Err(ambiguous(
                sessions.iter().map(|it| it.name.clone()).collect(),
            )),
        }
    }

    async fn resolve_named(
        &self,
        sessions: &[SessionSettings],
        account: &str,
        role: &str,
    ) -> Result<Assignment> {
        match self.known(sessions, account, role).as_slice() {
            [one] => return Ok(one.clone()),
            [] => {}
            several => return Err(too_many(several)),
        }
        self.learn(sessions, Some(account)).await?;
        match self.known(sessions, account, role).as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(self.unknown(&format!("{account}/{role}"))),
            several => Err(too_many(several)),
        }
    }

    /// What the lists know under this name.
    fn known(&self, sessions: &[SessionSettings], account: &str, role: &str) -> Vec<Assignment> {
        let by_id = is_account_id(account);
        let mut found = Vec::new();
        for session in sessions {
            let list = self.rows_of(&session.name);
            let fits = list.pairs().filter(|(its, its_role)| {
                let named = if by_id {
                    its.id == account
                } else {
                    its.name.as_deref() == Some(account)
                };
                named && (*its_role == role || chains::name_of(its_role) == Some(role))
            });
            found.extend(fits.map(|(its, role)| Assignment {
                session: session.name.clone(),
                account_id: its.id.clone(),
                role: role.to_owned(),
            }));
        }
        found
    }

    async fn resolve_words(&self, sessions: &[SessionSettings], query: &str) -> Result<Assignment> {
        if query.trim().is_empty() {
            return Err(
                Error::new(Code::Usage, "say which account and permission set")
                    .with_hint("for example `daypass console pay prod ro`"),
            );
        }
        match self.chains_named(sessions, query.trim()).as_slice() {
            [] => {}
            [one] => return Ok(one.clone()),
            several => return Err(too_many(several)),
        }
        if let Some(found) = self.best(sessions, query)? {
            return Ok(found);
        }
        // Words that a fresh list does not know are a slip: all accounts are not read again for one.
        let stale: Vec<_> = sessions
            .iter()
            .filter(|it| !self.is_fresh(&it.name))
            .cloned()
            .collect();
        if !stale.is_empty() {
            self.learn(&stale, None).await?;
        }
        self.best(sessions, query)?
            .ok_or_else(|| self.unknown(query))
    }

    /// The account that is meant, as session and id: by id, by its whole name or alias, or by search
    /// words that fit one account best. Hidden ones count too.
    ///
    /// # Errors
    /// As of `resolve`.
    pub async fn resolve_account(
        &self,
        words: &str,
        session: Option<&str>,
    ) -> Result<(String, String)> {
        let sessions = self.sessions_for(session)?;
        if let Some(found) = self.best_account(&sessions, words)? {
            return Ok(found);
        }
        let stale = sessions.iter().filter(|it| !self.is_fresh(&it.name));
        let stale: Vec<_> = stale.cloned().collect();
        if !stale.is_empty() {
            self.learn(&stale, None).await?;
        }
        self.best_account(&sessions, words)?
            .ok_or_else(|| self.unknown(words))
    }

    fn best_account(
        &self,
        sessions: &[SessionSettings],
        words: &str,
    ) -> Result<Option<(String, String)>> {
        let names: Vec<String> = sessions.iter().map(|it| it.name.clone()).collect();
        let search = Search {
            sessions: Some(&names),
            with_hidden: true,
            ..Search::of(words)
        };
        let mut best: Vec<(String, String)> = self.find(&search, |found| {
            let least = found.hits.first().map(|it| it.fit());
            let best = found.hits.iter().take_while(|it| Some(it.fit()) == least);
            best.map(|it| (it.session.to_owned(), it.account.id.clone()))
                .collect()
        });
        best.sort();
        best.dedup();
        match best.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            several if several.iter().all(|it| it.1 == several[0].1) => {
                Err(ambiguous(several.iter().map(|it| it.0.clone()).collect()))
            }
            several => {
                let shown = several.iter().take(8).map(|it| it.1.clone());
                Err(Error::new(Code::TargetAmbiguous, "several accounts fit")
                    .with_candidates(shown.collect())
                    .with_hint("add a word, or give the account's id"))
            }
        }
    }

    /// The session of an account that is taken as given.
    ///
    /// # Errors
    /// `Usage`, `SessionUnknown`, `SessionAmbiguous`.
    pub fn session_of(&self, account_id: &str, session: Option<&str>) -> Result<String> {
        if !is_account_id(account_id) {
            return Err(Error::new(Code::Usage, "an account id has 12 digits"));
        }
        let sessions = self.sessions_for(session)?;
        let has = |it: &&SessionSettings| self.list(&it.name).account(account_id).is_some();
        let having: Vec<_> = sessions.iter().filter(has).collect();
        match (sessions.as_slice(), having.as_slice()) {
            ([one], _) => Ok(one.name.clone()),
            (_, [one]) => Ok(one.name.clone()),
            (several, _) => Err(ambiguous(
                several.iter().map(|it| it.name.clone()).collect(),
            )),
        }
    }

    /// The clear best match, if anything matches.
    fn best(&self, sessions: &[SessionSettings], query: &str) -> Result<Option<Assignment>> {
        let names: Vec<String> = sessions.iter().map(|it| it.name.clone()).collect();
        let search = Search {
            sessions: Some(&names),
            ..Search::of(query)
        };
        let hits = self.find(&search, |found| {
            let hits = found.hits.into_iter();
            let hits = hits.filter_map(|hit| Some((hit.fit(), hit.assignment()?)));
            hits.take(8).collect::<Vec<_>>()
        });
        match hits.as_slice() {
            [] => Ok(None),
            [(_, one)] => Ok(Some(one.clone())),
            [(best, one), (next, _), ..] if best < next => Ok(Some(one.clone())),
            several => Err(too_many(
                &several.iter().map(|(_, it)| it.clone()).collect::<Vec<_>>(),
            )),
        }
    }

    /// Asks the portals for what the copies lack. An account that is known is asked for alone.
    async fn learn(&self, sessions: &[SessionSettings], account: Option<&str>) -> Result<()> {
        let (mut last, mut failures) = (None, 0);
        for session in sessions {
            let known = account.filter(|id| self.list(&session.name).account(id).is_some());
            let read = match known {
                Some(id) => self.read_roles(&session.name, id).await.map(drop),
                None => self.read_accounts(&session.name).await,
            };
            failures += usize::from(read.is_err());
            last = read.err().or(last);
        }
        match last {
            // With several sessions, one that cannot be asked does not hide what another knows.
            Some(error) if failures == sessions.len() => Err(error),
            _ => Ok(()),
        }
    }
}

fn ambiguous(names: Vec<String>) -> Error {
    Error::new(Code::SessionAmbiguous, "there are several sessions").with_candidates(names)
}

fn too_many(candidates: &[Assignment]) -> Error {
    let sessions: std::collections::BTreeSet<_> = candidates.iter().map(|it| &it.session).collect();
    let pairs: std::collections::BTreeSet<_> = candidates
        .iter()
        .map(|it| (&it.account_id, &it.role))
        .collect();
    if sessions.len() > 1 && pairs.len() == 1 {
        return ambiguous(sessions.into_iter().cloned().collect());
    }
    let shown = candidates
        .iter()
        .map(|it| format!("{}/{}", it.account_id, it.role));
    Error::new(Code::TargetAmbiguous, "several assignments fit").with_candidates(shown.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_on_a_command_line() {
        let words = |text: &str| Target::of_words(text.split(' ').map(str::to_owned).collect());
        let named = |account: &str, role: &str| Target::Named {
            account: account.into(),
            role: role.into(),
        };
        assert_eq!(
            words("111122223333/ReadOnly"),
            named("111122223333", "ReadOnly")
        );
        assert_eq!(words("a/b/ReadOnly"), named("a/b", "ReadOnly"));
        assert_eq!(
            words("pay prod ro"),
            Target::Words(vec!["pay".into(), "prod".into(), "ro".into()])
        );
        assert_eq!(words("/x"), Target::Words(vec!["/x".into()]));
    }
}
