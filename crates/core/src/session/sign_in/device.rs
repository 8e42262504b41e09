//! Device code: polls only for a code that this process created, never faster than it may.

use std::time::Duration;

use crate::host::Clock;
use crate::portal::{DeviceCode, Flow, Grant, Portal, Refusal, Refused};
use crate::secrets::{Registration, Tokens};
use crate::{Code, Error, Result};

/// Added to the pause each time the service asks to slow down, for good.
const SLOW_DOWN: u64 = 5;
/// The longest pause: a service that asks for more is not waited for longer.
const LONGEST: u64 = 60;

/// A sign-in that waits for the user to approve a code.
pub struct Pending {
    /// What the user has to see.
    pub code: DeviceCode,
    client: Registration,
}

/// Registers and asks for a code. Where the service does not know the client that it has just
/// registered, once more.
///
/// # Errors
/// The service refuses.
pub async fn begin(portal: &Portal, start_url: &str) -> Result<Pending> {
    match ask(portal, start_url).await {
        Err(refused) if refused.refusal == Refusal::InvalidClient => {
            tracing::info!("registering again");
            Ok(ask(portal, start_url).await?)
        }
        answer => Ok(answer?),
    }
}

async fn ask(portal: &Portal, start_url: &str) -> Result<Pending, Refused> {
    let client = portal.register(Flow::Device, start_url).await?;
    let code = portal.start_device(&client, start_url).await?;
    Ok(Pending { code, client })
}

impl Pending {
    /// Polls until the user has approved or denied, or the code has ended.
    ///
    /// # Errors
    /// `SignInDenied`, `SignInTimedOut`, or what the service refuses with.
    pub async fn tokens(self, portal: &Portal, clock: &Clock) -> Result<Tokens> {
        let mut pause = self.code.interval.clamp(1, LONGEST);
        loop {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            if clock.now() >= self.code.expires_at {
                return Err(timed_out());
            }
            let grant = Grant::Device(&self.code.device_code);
            match portal.token(&self.client, grant).await {
                Ok(granted) => return Ok(granted.into_tokens(self.client)),
                Err(refused) => {
                    pause = next_pause(refused.refusal, pause).ok_or_else(|| explain(refused))?
                }
            }
        }
    }
}

/// The next pause, or `None` where polling ends.
fn next_pause(refusal: Refusal, pause: u64) -> Option<u64> {
    match refusal {
        Refusal::Pending => Some(pause),
        Refusal::SlowDown => Some((pause + SLOW_DOWN).min(LONGEST)),
        // The approval may be given meanwhile: trouble on the way does not end it.
        Refusal::Unreachable | Refusal::Down | Refusal::Throttled => Some(pause),
        Refusal::Expired
        | Refusal::Denied
        | Refusal::InvalidGrant
        | Refusal::InvalidClient
        | Refusal::Unauthorized
        | Refusal::Forbidden
        | Refusal::InvalidRequest => None,
    }
}

fn explain(refused: Refused) -> Error {
    match refused.refusal {
        Refusal::Denied => Error::new(Code::SignInDenied, "the sign-in was denied on the page"),
        Refusal::Expired => timed_out(),
        Refusal::InvalidClient => refused.error,
        _ => Error::new(Code::SignInFailed, "the access portal ended the sign-in")
            .because(refused.error),
    }
}

fn timed_out() -> Error {
    Error::new(Code::SignInTimedOut, "nobody approved the code in time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses() {
        for (refusal, pause, next) in [
            (Refusal::Pending, 5, Some(5)),
            (Refusal::SlowDown, 5, Some(10)),
            (Refusal::SlowDown, 10, Some(15)),
            (Refusal::SlowDown, 58, Some(60)),
            (Refusal::Unreachable, 5, Some(5)),
            (Refusal::Denied, 5, None),
            (Refusal::Expired, 5, None),
            (Refusal::InvalidGrant, 5, None),
        ] {
            assert_eq!(next_pause(refusal, pause), next, "{refusal:?}");
        }
    }
}
