//! One token, many processes: look, lock, look again, spend, save. Only the service's own word
//! signs anybody out.

use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::{SignedDuration, Timestamp};

use super::plan::{Facts, Plan, plan};
use crate::portal::{self, Grant, Portal, Refusal};
use crate::secrets::{Secret, Tokens};
use crate::vault::{Shelf, Vault};
use crate::{Code, Error, Result};

/// How eager a look at the tokens is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Eagerness {
    /// Renew when it is due: the keeper's look.
    WhenDue {
        /// From 0 to 1, see `plan`.
        jitter: f64,
    },
    /// Renew only what cannot be used: somebody waits for an answer.
    WhenUnusable,
    /// The service refused the token although its time is not over.
    Refused,
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

/// Renews or adopts tokens until they can be used.
///
/// # Errors
/// `SignInNeeded` where only the user can help; `Offline` and its kin where a renewal failed and the
/// old token cannot be used any more.
pub async fn usable_token(
    vault: &Vault,
    portal: &Portal,
    shelf: &Shelf,
    life: Option<SignedDuration>,
    now: impl Fn() -> Timestamp,
    eagerness: Eagerness,
) -> Result<Usable> {
    let seen = vault.read(shelf).await?.ok_or_else(|| signed_out(shelf))?;
    if !is_due(&seen, now(), life, eagerness) {
        return Ok(Usable::as_found(seen));
    }
    let held = vault.under_lock(shelf).await?;
    let current = held.tokens().await?.ok_or_else(|| signed_out(shelf))?;
    let adopted = current.access_token != seen.access_token;
    let again = if adopted && eagerness == Eagerness::Refused {
        Eagerness::WhenUnusable
    } else {
        eagerness
    };
    if !is_due(&current, now(), life, again) {
        tracing::debug!(
            session = shelf.session,
            "adopted a token that another process renewed"
        );
        return Ok(Usable::as_found(current));
    }
    let room = match held.reserve().await {
        Ok(room) => room,
        Err(error) => return kept(current, error, now(), eagerness),
    };
    let spending = Spending::begin();
    match spend(portal, &current, now()).await {
        Ok(renewed) => {
            drop(room);
            // The old refresh token is gone: whatever becomes of the new one, it serves this call.
            let saved = held.save(&renewed).await;
            drop(spending);
            if let Err(error) = saved {
                tracing::error!(
                    ?error,
                    session = shelf.session,
                    "the renewed tokens could not be kept"
                );
                return Ok(Usable {
                    tokens: renewed,
                    renewed: true,
                    trouble: Some(error),
                });
            }
            tracing::info!(session = shelf.session, expires_at = %renewed.access_token_expires_at, "renewed");
            Ok(Usable {
                tokens: renewed,
                renewed: true,
                trouble: None,
            })
        }
        Err(Spent::Over(over)) => {
            // A tool without our lock may have renewed meanwhile: look once more before giving up.
            match held.tokens().await? {
                Some(latest) if latest.access_token != current.access_token => {
                    Ok(Usable::as_found(latest))
                }
                _ => {
                    held.erase_tokens().await?;
                    Err(over.explain(shelf))
                }
            }
        }
        Err(Spent::RunOut) => Err(ended(shelf)),
        Err(Spent::Failed(error)) => kept(current, error, now(), eagerness),
    }
}

/// A renewal did not work: the token that is there serves for as long as it can.
fn kept(current: Tokens, error: Error, now: Timestamp, eagerness: Eagerness) -> Result<Usable> {
    if !usable(&current, now) || eagerness == Eagerness::Refused {
        return Err(error);
    }
    tracing::info!(?error, "could not renew; the token still holds");
    Ok(Usable {
        tokens: current,
        renewed: false,
        trouble: Some(error),
    })
}

static SPENDING: AtomicUsize = AtomicUsize::new(0);

/// Whether a refresh token is being spent at this moment. A program that is asked to end waits for
/// it: between the spending and the saving, ending would cost the sign-in.
pub fn is_spending() -> bool {
    SPENDING.load(Ordering::SeqCst) > 0
}

/// Waits on this thread until nothing is being spent, at most so long.
pub fn finish(patience: std::time::Duration) {
    let pause = std::time::Duration::from_millis(10);
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

impl Over {
    fn explain(self, shelf: &Shelf) -> Error {
        match self {
            Over::Ended => ended(shelf),
            Over::Unregistered => unregistered(shelf),
        }
    }
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
    let granted = portal::again_if_refused_early(ask)
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

fn usable(tokens: &Tokens, now: Timestamp) -> bool {
    Facts::of(tokens, now, None).is_usable(now)
}

fn is_due(
    tokens: &Tokens,
    now: Timestamp,
    life: Option<SignedDuration>,
    eagerness: Eagerness,
) -> bool {
    match eagerness {
        Eagerness::WhenDue { jitter } => {
            plan(Facts::of(tokens, now, life), now, jitter) == Plan::Renew || !usable(tokens, now)
        }
        Eagerness::WhenUnusable => !usable(tokens, now),
        Eagerness::Refused => true,
    }
}

fn signed_out(shelf: &Shelf) -> Error {
    let message = format!("you are not signed in to `{}`", shelf.session);
    Error::new(Code::SignInNeeded, message)
        .with_hint(format!("sign in with `daypass login {}`", shelf.session))
}

fn unregistered(shelf: &Shelf) -> Error {
    let name = &shelf.session;
    let message =
        format!("AWS has ended Daypass's registration for `{name}`, and the sign-in with it");
    Error::new(Code::RegistrationExpired, message).with_hint(format!(
        "sign in with `daypass login {name}`: it registers anew"
    ))
}

fn ended(shelf: &Shelf) -> Error {
    let message = format!("the sign-in to `{}` has ended", shelf.session);
    Error::new(Code::SignInNeeded, message)
        .with_hint(format!("sign in with `daypass login {}`", shelf.session))
}
