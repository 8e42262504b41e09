//! Looks at a session's tokens, has them renewed where needed, and remembers how that went.

use jiff::{SignedDuration, Timestamp};

use super::{Daypass, Failure, Seen, SeenTokens, Slice, Trouble};
use crate::secrets::Tokens;
use crate::session::estimate;
use crate::session::record::{self, Record};
use crate::session::renew::{Eagerness, Lack, Look, Usable};
use crate::settings::SessionSettings;
use crate::vault::Shelf;
use crate::{Code, Error, Result};

/// Two tokens that end within this are of one grant: what is at rest has whole seconds.
const SAME_END: SignedDuration = SignedDuration::from_secs(1);

impl Daypass {
    /// Looks at a session's tokens as they are now; nothing is sent.
    ///
    /// # Errors
    /// `SessionUnknown`, or the vault's.
    pub async fn look(&self, name: &str) -> Result<()> {
        let session = self.settings_of(name)?;
        let shelf = self.shelf(&session);
        let read = self.vault().read(&shelf).await;
        // What could not be looked at is not signed out.
        let tokens = read.inspect_err(|error| self.note_trouble(name, error))?;
        self.saw(name, tokens.as_ref(), None);
        self.spread(&shelf).await;
        Ok(())
    }

    /// Moves that broke off are ended, and copies for other tools brought in line. The session itself
    /// does not need that: where it does not work, a later look tries again.
    pub(super) async fn spread(&self, shelf: &Shelf) {
        let settled = self.vault().settle().await;
        if let Err(error) = settled.and(self.vault().spread(shelf).await) {
            tracing::warn!(?error, "copies of a session's tokens are not in line yet");
        }
    }

    /// Makes sure that the session can be used, with a renewal where its access token has ended.
    ///
    /// # Errors
    /// `SignInNeeded` where only the user can help; `Offline` and its kin, or the vault's.
    pub async fn make_usable(&self, name: &str) -> Result<()> {
        let session = self.settings_of(name)?;
        let usable = self.tokens(&session, Eagerness::WhenUnusable).await;
        usable.map(drop)
    }

    /// What is known of a session's sign-in.
    pub(super) fn known_of(&self, session: &SessionSettings) -> estimate::Known {
        estimate::known(&self.record(&session.name), session.length)
    }

    /// What is remembered of a session.
    pub(super) fn record(&self, name: &str) -> Record {
        self.world().records.get(name).cloned().unwrap_or_default()
    }

    /// Tokens that can be used, renewed where needed.
    ///
    /// # Errors
    /// `SignInNeeded` where only the user can help; `Offline` and its kin.
    pub(super) async fn tokens(
        &self,
        session: &SessionSettings,
        eagerness: Eagerness,
    ) -> Result<Usable> {
        let (daypass, session) = (self.clone(), session.clone());
        // Whoever waits may go away: a refresh token that is being spent is still kept.
        let looked = self
            .0
            .runtime
            .spawn(async move { daypass.look_for_tokens(&session, eagerness).await });
        let broke_off =
            |error| Error::new(Code::Internal, "a look for tokens broke off").because(error);
        looked.await.map_err(broke_off)?
    }

    async fn look_for_tokens(
        &self,
        session: &SessionSettings,
        eagerness: Eagerness,
    ) -> Result<Usable> {
        let shelf = self.shelf(session);
        let look = Look {
            vault: self.vault(),
            portal: &self.portal(session).await?,
            shelf: &shelf,
            known: self.known_of(session),
            now: || self.now(),
            eagerness,
        };
        let usable = look.usable_token().await;
        self.note(session, &usable).await;
        self.remember_clock(&session.name).await;
        self.spread(&shelf).await;
        Ok(usable?)
    }

    /// Remembers how a look for tokens ended.
    async fn note(&self, session: &SessionSettings, usable: &Result<Usable, Lack>) {
        let name = &session.name;
        match usable {
            Ok(usable) => self.note_usable(session, usable).await,
            Err(Lack::SignedOut(_)) => self.note_end(name),
            Err(Lack::RunOut(_)) => self.note_run_out(name).await,
            Err(Lack::Refused(_)) => self.note_refusal(name).await,
            Err(Lack::Unregistered(error)) => {
                self.note_run_out(name).await;
                self.saw(name, None, None);
                self.note_trouble(name, error);
            }
            Err(Lack::Trouble(error)) => self.note_trouble(name, error),
        }
    }

    async fn note_usable(&self, session: &SessionSettings, usable: &Usable) {
        let name = &session.name;
        // First what is remembered, so that nobody sees new tokens with an old estimate.
        if usable.renewed {
            let now = self.now();
            self.remember(name, |record| {
                record.is_granted(&usable.tokens, now, session.length)
            })
            .await;
        }
        match &usable.trouble {
            Some(error) => {
                self.saw(name, Some(&usable.tokens), None);
                self.note_trouble(name, error);
            }
            None => {
                // Only an answer of the service shows that it can be reached, to us or to whoever
                // put another token here.
                let answered = usable.renewed || self.is_news(name, &usable.tokens);
                self.saw(name, Some(&usable.tokens), answered.then_some(true));
                if answered || self.is_calm(name) {
                    self.forget_trouble(name);
                }
            }
        }
    }

    /// Whether the trouble of a session, if any, was not one of the network.
    fn is_calm(&self, name: &str) -> bool {
        self.world().seen.get(name).is_none_or(|seen| seen.online)
    }

    /// Trouble that says nothing about the sign-in itself: it is kept, and tried again.
    pub(super) fn note_trouble(&self, name: &str, error: &Error) {
        let failure = Failure::of(error);
        let unreachable = error.code().is_trouble_on_the_way();
        self.change(Slice::Sessions, |world| {
            if let Some(seen) = world.seen.get_mut(name).filter(|_| unreachable) {
                seen.online = false;
            }
            let trouble = Trouble {
                failure,
                retry_at: None,
            };
            world.troubles.insert(name.to_owned(), trouble);
        });
    }

    /// The portal answered: whatever was on the way is not there any more.
    pub(super) fn was_reached(&self, name: &str) {
        let on_the_way = |trouble: &Trouble| trouble.failure.code.is_trouble_on_the_way();
        if self.world().troubles.get(name).is_some_and(on_the_way) {
            self.change(Slice::Sessions, |world| {
                world.troubles.remove(name);
                if let Some(seen) = world.seen.get_mut(name) {
                    seen.online = true;
                }
            });
        }
    }

    pub(super) fn forget_trouble(&self, name: &str) {
        if self.world().troubles.contains_key(name) {
            self.change(Slice::Sessions, |world| world.troubles.remove(name));
        }
    }

    /// The service refused another token: the sign-in is over, and its length is known better.
    async fn note_refusal(&self, name: &str) {
        let now = self.now();
        self.remember(name, |record| record.is_refused(now)).await;
        self.forget_trouble(name);
        self.saw(name, None, Some(true));
    }

    /// The tokens have run out, and there is no way to others.
    pub(super) async fn note_run_out(&self, name: &str) {
        let now = self.now();
        if self.record(name).ended_at.is_none() {
            self.remember(name, |record| {
                record.ended_at = record.ended_at.or(Some(now));
            })
            .await;
        }
        self.forget_trouble(name);
        self.tick();
    }

    /// There are no tokens.
    pub(super) fn note_end(&self, name: &str) {
        self.forget_trouble(name);
        self.saw(name, None, None);
    }

    /// Whoever ends a sign-in for a reason of the service's writes that down; otherwise it was signed
    /// out, here or in another tool, and nobody has to be told.
    pub(super) async fn note_sign_out_elsewhere(&self, name: &str) {
        let record = self.record(name);
        if record.signed_in_at.is_some() && record.ended_at.is_none() {
            tracing::info!(session = name, "signed out elsewhere");
            self.remember(name, |record| {
                if record.ended_at.is_none() {
                    record.is_signed_out();
                }
            })
            .await;
        }
    }

    /// Publishes what was seen, where it is news; `online` is `None` where nobody tried.
    pub(super) fn saw(&self, name: &str, tokens: Option<&Tokens>, online: Option<bool>) {
        let tokens = tokens.map(|tokens| SeenTokens {
            expires_at: tokens.access_token_expires_at,
            renewable: tokens.is_renewable(self.now()),
        });
        let old = self.world().seen.get(name).copied();
        let online = online.unwrap_or(old.is_none_or(|old| old.online || tokens.is_none()));
        let new = Seen { tokens, online };
        if old != Some(new) {
            self.change(Slice::Sessions, |world| {
                world.seen.insert(name.to_owned(), new)
            });
        }
        self.tick();
    }

    /// Tokens that the record knows nothing of: another tool signed in, or these are of a client that
    /// is not the one that this sign-in was made with.
    pub(super) async fn note_sign_in_elsewhere(&self, name: &str, tokens: &Tokens) {
        let (record, now) = (self.record(name), self.now());
        let good = tokens.is_renewable(now) || tokens.access_token_expires_at > now;
        let known = record.signed_in_at.is_some() && record.ended_at.is_none();
        if !good || (known && !record.is_of_another_client(tokens)) {
            return;
        }
        tracing::info!(session = name, "another tool signed in");
        self.forget_role_credentials(name).await;
        self.remember(name, |current| {
            // Our own sign-in may have written it down meanwhile.
            if current.signed_in_at == record.signed_in_at && current.ended_at == record.ended_at {
                current.is_adopted(tokens, now);
            }
        })
        .await;
    }

    /// Whoever signed in may be another user: role credentials of the one before serve nobody.
    pub(super) async fn forget_role_credentials(&self, name: &str) {
        let erased = async {
            let shelf = self.shelf(&self.settings_of(name)?);
            let held = self.vault().under_lock(&shelf).await?;
            held.erase_roles(&self.assignments_of(name)).await
        };
        if let Err(error) = erased.await {
            tracing::warn!(
                ?error,
                session = name,
                "earlier role credentials are still held"
            );
        }
    }

    /// Whether these tokens are not the ones that were seen last.
    pub(super) fn is_news(&self, name: &str, tokens: &Tokens) -> bool {
        let seen = self.world().seen.get(name).and_then(|seen| seen.tokens);
        seen.is_none_or(|seen| {
            let apart = tokens
                .access_token_expires_at
                .duration_since(seen.expires_at);
            apart.abs() > SAME_END
        })
    }

    /// What is remembered is a convenience: a disk that takes nothing more does not end a sign-in.
    pub(super) async fn remember(&self, name: &str, change: impl FnOnce(&mut Record)) {
        let _turn = self.0.records_turn.lock().await;
        let updated = record::update(self.host(), |records| {
            change(records.entry(name.to_owned()).or_default())
        });
        match updated.await {
            Ok(records) => self.change(Slice::Sessions, |world| world.records = records),
            Err(error) => tracing::warn!(?error, "a sign-in is not remembered"),
        }
    }

    /// When the keeper tries again after trouble.
    pub(super) fn retries_at(&self, name: &str, at: Timestamp) {
        let waits = |trouble: &Trouble| trouble.retry_at != Some(at);
        if self.world().troubles.get(name).is_some_and(waits) {
            self.change(Slice::Sessions, |world| {
                if let Some(trouble) = world.troubles.get_mut(name) {
                    trouble.retry_at = Some(at);
                }
            });
        }
    }
}
