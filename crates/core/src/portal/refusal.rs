//! What the service said no with, by name; and the one place that turns it into codes and words.

use std::time::Duration;

use aws_sdk_sso::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::host::net;
use crate::{Code, Error};

/// A refusal that somebody acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The user has not approved yet.
    Pending,
    /// Polled too often.
    SlowDown,
    /// The code is too old.
    Expired,
    /// The user said no.
    Denied,
    /// The code or refresh token is not, or no longer, good.
    InvalidGrant,
    /// The registration is not, or no longer, good.
    InvalidClient,
    /// The access token is not, or no longer, good.
    Unauthorized,
    /// The assignment is not, or no longer, there.
    Forbidden,
    /// Too many requests.
    Throttled,
    /// Wrong start URL or Region, mostly.
    InvalidRequest,
    /// No answer from the service itself.
    Unreachable,
    /// The service is in trouble.
    Down,
}

impl Refusal {
    /// Whether the same request may well be granted a moment later.
    pub fn is_passing(self) -> bool {
        match self {
            Refusal::Throttled | Refusal::Down => true,
            Refusal::Pending
            | Refusal::SlowDown
            | Refusal::Expired
            | Refusal::Denied
            | Refusal::InvalidGrant
            | Refusal::InvalidClient
            | Refusal::Unauthorized
            | Refusal::Forbidden
            | Refusal::InvalidRequest
            | Refusal::Unreachable => false,
        }
    }
}

/// A refusal and what to tell the user of it.
#[derive(Debug)]
pub struct Refused {
    /// What it was.
    pub refusal: Refusal,
    /// The words.
    pub error: Error,
    /// How long the service asks to wait before the next request.
    pub pause: Option<Duration>,
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Error {
        refused.error
    }
}

/// Explains a failed call; `what` completes "could not …".
pub(super) fn explain<E>(what: &str, failure: SdkError<E, HttpResponse>) -> Refused
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    if let Some(error) = net::named(&failure) {
        tracing::debug!(what, ?error, "no answer of the service");
        return unanswered(what, error);
    }
    let (name, status) = (name_of(&failure), status_of(&failure));
    let refusal = classify(name.as_deref(), status);
    let pause = pause_of(&failure);
    let mut error = Error::new(
        code_of(refusal),
        format!("could not {what}: {}", words_of(refusal)),
    );
    if let Some(detail) = detail(name.as_deref(), status, &failure) {
        error = error.because(std::io::Error::other(detail));
    }
    tracing::debug!(what, ?refusal, name, status, "the service refused");
    Refused {
        refusal,
        error,
        pause,
    }
}

/// The same refusal, understood better.
pub(super) fn retold_as(refused: Refused, refusal: Refusal, code: Code, words: &str) -> Refused {
    Refused {
        refusal,
        error: Error::new(code, words).because(refused.error),
        pause: refused.pause,
    }
}

/// What came between, as the network named it.
fn unanswered(what: &str, error: &Error) -> Refused {
    let message = format!("could not {what}: {}", error.message());
    Refused {
        refusal: Refusal::Unreachable,
        error: net::retold(error, message),
        pause: None,
    }
}

/// What `Retry-After` says in seconds; the service gives no dates.
fn pause_of<E>(failure: &SdkError<E, HttpResponse>) -> Option<Duration> {
    let header = failure.raw_response()?.headers().get("retry-after")?;
    header.trim().parse().ok().map(Duration::from_secs)
}

fn status_of<E>(failure: &SdkError<E, HttpResponse>) -> Option<u16> {
    failure
        .raw_response()
        .map(|response| response.status().as_u16())
}

/// The name in the header; where something on the way took the header, the OAuth name in the body.
fn name_of<E: ProvideErrorMetadata>(failure: &SdkError<E, HttpResponse>) -> Option<String> {
    let typed = failure
        .as_service_error()
        .and_then(ProvideErrorMetadata::code)
        .map(str::to_owned);
    typed.or_else(|| {
        let body = failure.raw_response()?.body().bytes()?;
        let json: serde_json::Value = serde_json::from_slice(body).ok()?;
        json.get("error")?.as_str().map(str::to_owned)
    })
}

fn classify(name: Option<&str>, status: Option<u16>) -> Refusal {
    match (name.unwrap_or_default(), status) {
        ("AuthorizationPendingException" | "authorization_pending", _) => Refusal::Pending,
        ("SlowDownException" | "slow_down", _) => Refusal::SlowDown,
        ("ExpiredTokenException" | "expired_token", _) => Refusal::Expired,
        ("AccessDeniedException" | "access_denied", _) => Refusal::Denied,
        ("InvalidGrantException" | "invalid_grant", _) => Refusal::InvalidGrant,
        ("InvalidClientException" | "invalid_client", _)
        | ("UnauthorizedClientException" | "unauthorized_client", _) => Refusal::InvalidClient,
        ("UnauthorizedException", _) => Refusal::Unauthorized,
        ("ForbiddenException", _) => Refusal::Forbidden,
        ("TooManyRequestsException" | "ThrottlingException", _) | (_, Some(429)) => {
            Refusal::Throttled
        }
        ("InvalidRequestException" | "invalid_request" | "ResourceNotFoundException", _) => {
            Refusal::InvalidRequest
        }
        (_, Some(500..)) => Refusal::Down,
        // A 4xx with a name is the service's word; without one it came from something on the way.
        ("", _) => Refusal::Unreachable,
        (_, Some(401)) => Refusal::Unauthorized,
        (_, Some(403)) => Refusal::Forbidden,
        _ => Refusal::InvalidRequest,
    }
}

fn code_of(refusal: Refusal) -> Code {
    match refusal {
        Refusal::Pending | Refusal::SlowDown => Code::SignInFailed,
        Refusal::Expired => Code::SignInTimedOut,
        Refusal::Denied => Code::SignInDenied,
        Refusal::InvalidGrant | Refusal::Unauthorized => Code::SignInNeeded,
        Refusal::InvalidClient => Code::RegistrationExpired,
        Refusal::Forbidden => Code::NotPermitted,
        Refusal::Throttled => Code::Throttled,
        Refusal::InvalidRequest => Code::WrongRegion,
        Refusal::Unreachable => Code::Offline,
        Refusal::Down => Code::PortalDown,
    }
}

fn words_of(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Pending => "it is not approved yet",
        Refusal::SlowDown => "AWS asks to wait longer between two tries",
        Refusal::Expired => "it was not approved in time",
        Refusal::Denied => "the request was denied",
        Refusal::InvalidGrant => "the sign-in has ended",
        Refusal::InvalidClient => "the registration with AWS has ended",
        Refusal::Unauthorized => "AWS no longer accepts this sign-in",
        Refusal::Forbidden => "AWS says that you have no access",
        Refusal::Throttled => "AWS is limiting requests",
        Refusal::InvalidRequest => "AWS does not know this start URL in this Region",
        Refusal::Unreachable => "AWS could not be reached",
        Refusal::Down => "AWS has trouble of its own",
    }
}

/// For the details below the message: never a body, which may quote what we sent.
fn detail<E: std::error::Error>(
    name: Option<&str>,
    status: Option<u16>,
    failure: &SdkError<E, HttpResponse>,
) -> Option<String> {
    match (name, status) {
        (Some(name), Some(status)) => Some(format!("{name} (HTTP {status})")),
        (None, Some(200..=299)) => Some("the answer was cut short or damaged".to_owned()),
        (None, Some(status)) => Some(format!("HTTP {status} with an answer that is not from AWS")),
        (_, None) => Some(match failure {
            SdkError::TimeoutError(_) => "no answer in time".to_owned(),
            _ => "the request could not be made".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_service_itself_signs_anybody_out() {
        for (name, status, refusal) in [
            (
                Some("InvalidGrantException"),
                Some(400),
                Refusal::InvalidGrant,
            ),
            (Some("invalid_grant"), Some(400), Refusal::InvalidGrant),
            (
                Some("InvalidClientException"),
                Some(401),
                Refusal::InvalidClient,
            ),
            (
                Some("UnauthorizedException"),
                Some(401),
                Refusal::Unauthorized,
            ),
            (Some("ForbiddenException"), Some(403), Refusal::Forbidden),
            (
                Some("TooManyRequestsException"),
                Some(429),
                Refusal::Throttled,
            ),
            (None, Some(429), Refusal::Throttled),
            (None, Some(401), Refusal::Unreachable),
            (None, Some(403), Refusal::Unreachable),
            (None, Some(302), Refusal::Unreachable),
            (None, Some(200), Refusal::Unreachable),
            (None, None, Refusal::Unreachable),
            (None, Some(503), Refusal::Down),
            (Some("InternalServerException"), Some(500), Refusal::Down),
            (
                Some("AuthorizationPendingException"),
                Some(400),
                Refusal::Pending,
            ),
            (Some("slow_down"), Some(400), Refusal::SlowDown),
        ] {
            assert_eq!(classify(name, status), refusal, "{name:?} {status:?}");
        }
    }
}
