//! One token, many processes: look, lock, look again, spend, save. Only the service's own word
//! signs anybody out.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;

use super::estimate::Known;
use super::plan::{Facts, Plan, plan};
use crate::portal::{self, Grant, Portal, Refusal};
use crate::secrets::{Secret, Storage, Tokens};
use crate::vault::{Held, Kept, Shelf, Vault};
use crate::{Code, Error, Result};

/// How often, and how far apart, AWS's cache is looked at before a refusal is believed.
const LOOKS: u32 = 6;
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// How eager a look at the tokens is.
#[derive(Debug, PartialEq)]
pub enum Eagerness {
    /// Renew when it is due: the keeper's look.
    WhenDue {
        /// From 0 to 1, see `plan`.
        jitter: f64,
    },
    /// Renew only what cannot be used: somebody waits for an answer.
    WhenUnusable,
    /// The service refused this access token although its time is not over.
    Refused(Secret),
}

/// Tokens that can be used, and how they came about.
#[derive(Debug)]
pub struct Usable {
    /// The tokens.
    pub tokens: Tokens,
    /// Whether this call renewed them.
    pub renewed: bool,
    /// Why a renewal that was due did not work; the tokens still hold.
    pub trouble: Option<Error>,
}

impl Usable {
    fn as_found(tokens: Tokens) -> Usable {
        Usable {
            tokens,
            renewed: false,
            trouble: None,
        }
    }
}

/// Why there is no token to use.
#[derive(Debug)]
pub enum Lack {
    /// Nobody is signed in.
    SignedOut(Error),
    /// The token cannot be renewed, and its time is over.
    RunOut(Error),
    /// The service says that the sign-in is over.
    Refused(Error),
    /// The registration that the sign-in was made with is over, and the sign-in with it.
    Unregistered(Error),
    /// Anything else; the sign-in may well be good.
    Trouble(Error),
}

impl From<Error> for Lack {
    fn from(error: Error) -> Lack {
        Lack::Trouble(error)
    }
}

impl From<Lack> for Error {
    fn from(lack: Lack) -> Error {
        match lack {
            Lack::SignedOut(error)
            | Lack::RunOut(error)
            | Lack::Refused(error)
            | Lack::Unregistered(error)
            | Lack::Trouble(error) => error,
        }
    }
}

/// What a look for tokens goes by.
pub struct Look<'a, N> {
    /// Where they rest.
    pub vault: &'a Vault,
    /// Who renews them.
    pub portal: &'a Portal,
    /// The session's place in the vault.
    pub shelf: &'a Shelf,
    /// What is known of the sign-in.
    pub known: Known,
    /// Tells the time.
    pub now: N,
    /// How eager it is.
    pub eagerness: Eagerness,
}

impl<N: Fn() -> Timestamp> Look<'_, N> {
    /// Renews or adopts tokens until they can be used.
    ///
    /// # Errors
    /// Where only the user can help; or where a renewal failed and the old token cannot be used any
    /// more.
    pub async fn usable_token(&self) -> Result<Usable, Lack> {
        let seen = self.vault.read(self.shelf).await?;
        let seen = seen.ok_or_else(|| self.signed_out())?;
        if !self.is_due(&seen) {
            return Ok(Usable::as_found(seen));
        }
        let began = (self.now)();
        let held = self.vault.under_lock(self.shelf).await?;
        let current = held.tokens().await?.ok_or_else(|| self.signed_out())?;
        if !self.is_due(&current) {
            tracing::debug!(
                session = self.shelf.session,
                "adopted a token that another process renewed"
            );
            return Ok(Usable::as_found(current));
        }
        // Whoever held the lock just now has found trouble: asking again would only queue up.
        match held.trouble_since(began) {
            Some(error) => self.kept(current, error),
            None => self.renew(&held, current).await,
        }
    }

    async fn renew(&self, held: &Held<'_>, current: Tokens) -> Result<Usable, Lack> {
        let room = match held.reserve().await {
            Ok(room) => room,
            Err(error) => return self.kept(current, error),
        };
        let spending = Spending::begin();
        let spent = spend(self.portal, &current, (self.now)()).await;
        match spent {
            Ok(renewed) => {
                drop(room);
                let kept = held.keep_renewed(&renewed, &current).await;
                drop(spending);
                match kept {
                    Ok(Kept::Ours) => Ok(self.renewed(renewed, None)),
                    Ok(Kept::Theirs(newer)) => Ok(Usable::as_found(newer)),
                    Ok(Kept::SignedOut) => Err(self.signed_out()),
                    // The old refresh token is gone: the new one serves this call all the same.
                    Err(error) => Ok(self.renewed(renewed, Some(error))),
                }
            }
            Err(Spent::Over(over)) => self.refused(held, &current, over).await,
            Err(Spent::RunOut) => Err(Lack::RunOut(self.ended())),
            Err(Spent::Failed(error)) => {
                held.note_trouble(&error, (self.now)());
                self.kept(current, error)
            }
        }
    }

    fn renewed(&self, tokens: Tokens, trouble: Option<Error>) -> Usable {
        let session = &self.shelf.session;
        match &trouble {
            Some(error) => {
                tracing::error!(?error, session, "the renewed tokens could not be kept");
            }
            None => {
                tracing::info!(session, expires_at = %tokens.access_token_expires_at, "renewed");
            }
        }
        Usable {
            tokens,
            renewed: true,
            trouble,
        }
    }

    /// A tool without our lock may have renewed meanwhile, and still be about to write: look again for
    /// a while before giving up.
    async fn refused(&self, held: &Held<'_>, current: &Tokens, over: Over) -> Result<Usable, Lack> {
        let looks = match self.shelf.storage {
            Storage::Keychain => 1,
            Storage::Shared => LOOKS,
        };
        for look in 0..looks {
            if look > 0 {
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
            match held.tokens().await? {
                Some(latest) if latest.access_token != current.access_token => {
                    return Ok(Usable::as_found(latest));
                }
                Some(_) => {}
                None => break,
            }
        }
        held.erase_tokens().await?;
        Err(match over {
            Over::Ended => Lack::Refused(self.ended()),
            Over::Unregistered => Lack::Unregistered(self.unregistered()),
        })
    }

    /// A renewal did not work: the token that is there serves for as long as it can.
    fn kept(&self, current: Tokens, error: Error) -> Result<Usable, Lack> {
        if !self.can_be_used(&current) || matches!(self.eagerness, Eagerness::Refused(_)) {
            return Err(Lack::Trouble(error));
        }
        tracing::info!(?error, "could not renew; the token still holds");
        Ok(Usable {
            tokens: current,
            renewed: false,
            trouble: Some(error),
        })
    }

    fn facts(&self, tokens: &Tokens) -> Facts {
        Facts::of(tokens, (self.now)(), self.known)
    }

    fn can_be_used(&self, tokens: &Tokens) -> bool {
        self.facts(tokens).is_usable((self.now)())
    }

    fn is_due(&self, tokens: &Tokens) -> bool {
        match &self.eagerness {
            Eagerness::WhenDue { jitter } => {
                plan(self.facts(tokens), (self.now)(), *jitter) == Plan::Renew
                    || !self.can_be_used(tokens)
            }
            Eagerness::WhenUnusable => !self.can_be_used(tokens),
            // Another process may have had it refused as well, and renewed it by now.
            Eagerness::Refused(token) => tokens.access_token == *token || !self.can_be_used(tokens),
        }
    }

    fn signed_out(&self) -> Lack {
        let message = format!("you are not signed in to `{}`", self.shelf.session);
        Lack::SignedOut(self.sign_in_needed(message))
    }

    fn ended(&self) -> Error {
        self.sign_in_needed(format!("the sign-in to `{}` has ended", self.shelf.session))
    }

    fn unregistered(&self) -> Error {
        let name = &self.shelf.session;
        let message =
            format!("AWS has ended Daypass's registration for `{name}`, and the sign-in with it");
        let hint = format!("sign in with `daypass login {name}`: it registers anew");
        Error::new(Code::RegistrationExpired, message).with_hint(hint)
    }

    fn sign_in_needed(&self, message: String) -> Error {
        let hint = format!("sign in with `daypass login {}`", self.shelf.session);
        Error::new(Code::SignInNeeded, message).with_hint(hint)
    }
}

static SPENDING: AtomicUsize = AtomicUsize::new(0);

/// Whether a refresh token is being spent at this moment. A program that is asked to end waits for
/// it: between the spending and the saving, ending would cost the sign-in.
pub fn is_spending() -> bool {
    SPENDING.load(Ordering::SeqCst) > 0
}

/// Waits on this thread until nothing is being spent, at most so long.
pub fn finish(patience: std::time::Duration) {
    let pause = std::time::Duration::from_millis(25);
    let mut waited = std::time::Duration::ZERO;
    while is_spending() && waited < patience {
        std::thread::sleep(pause);
        waited += pause;
    }
}

struct Spending;

impl Spending {
    fn begin() -> Spending {
        SPENDING.fetch_add(1, Ordering::SeqCst);
        Spending
    }
}

impl Drop for Spending {
    fn drop(&mut self) {
        SPENDING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// How the service ended a sign-in.
enum Over {
    /// The sign-in itself has ended.
    Ended,
    /// The registration that it was made with has.
    Unregistered,
}

enum Spent {
    /// The service says that the sign-in is over.
    Over(Over),
    /// The token cannot be renewed, and its time is over.
    RunOut,
    /// Anything else; the tokens may still be good.
    Failed(Error),
}

async fn spend(
    portal: &Portal,
    tokens: &Tokens,
    now: Timestamp,
) -> std::result::Result<Tokens, Spent> {
    let (Some(refresh), Some(registration)) = (&tokens.refresh_token, &tokens.registration) else {
        return Err(Spent::RunOut);
    };
    if !tokens.is_renewable(now) {
        return Err(Spent::RunOut);
    }
    let ask = || portal.token(registration, Grant::Refresh(refresh));
    let granted =
        portal::again_if_throttled(ask)
            .await
            .map_err(|refused| match refused.refusal {
                Refusal::InvalidGrant | Refusal::Expired => Spent::Over(Over::Ended),
                Refusal::InvalidClient => Spent::Over(Over::Unregistered),
                Refusal::Pending
                | Refusal::SlowDown
                | Refusal::Denied
                | Refusal::Unauthorized
                | Refusal::Forbidden
                | Refusal::Throttled
                | Refusal::InvalidRequest
                | Refusal::Unreachable
                | Refusal::Down => Spent::Failed(refused.error),
            })?;
    Ok(Tokens {
        access_token: granted.access_token,
        access_token_expires_at: granted.expires_at,
        // A service that does not rotate may send none: the old one then goes on.
        refresh_token: granted
            .refresh_token
            .or_else(|| tokens.refresh_token.as_ref().map(Secret::duplicate)),
        registration: tokens
            .registration
            .as_ref()
            .map(crate::secrets::Registration::duplicate),
    })
}
