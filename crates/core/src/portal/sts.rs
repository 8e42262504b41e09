//! STS as Daypass needs it: who somebody is, and a role assumed from another.

use aws_config::Region;
use aws_sdk_sts::Client;
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::{BehaviorVersion, Credentials, SharedCredentialsProvider};
use aws_sdk_sts::error::ProvideErrorMetadata;
use jiff::Timestamp;

use super::aws::{base, time_outs};
use super::refusal::{explain, retold_as};
use super::{Endpoints, Refusal, Refused};
use crate::host::Host;
use crate::secrets::{RoleCredentials, Secret};
use crate::{Code, Error};

/// A role to assume.
#[derive(Clone, Copy, Debug)]
pub struct Assumption<'a> {
    /// Its ARN.
    pub role: &'a str,
    /// The name of the role session.
    pub session_name: &'a str,
    /// What the role's owner asks for along with the request.
    pub external_id: Option<&'a str>,
    /// How long its credentials shall last, in seconds.
    pub seconds: i64,
}

/// A client that signs with these keys.
pub(super) async fn client(host: &Host, endpoints: &Endpoints, keys: &RoleCredentials) -> Client {
    let provider = Credentials::new(
        &keys.access_key_id,
        keys.secret_access_key.expose(),
        Some(keys.session_token.expose().to_owned()),
        None,
        "Daypass",
    );
    let shared = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(endpoints.region.clone()))
        .http_client(host.net.client(&endpoints.name()))
        .credentials_provider(SharedCredentialsProvider::new(provider))
        .retry_config(RetryConfig::disabled())
        .timeout_config(time_outs())
        .load()
        .await;
    let mut config = aws_sdk_sts::config::Builder::from(&shared);
    if let Some(address) = &endpoints.sts {
        config.set_endpoint_url(Some(base(address)));
    }
    Client::from_conf(config.build())
}

/// Credentials of a role, asked for with those of another.
///
/// # Errors
/// Whatever the service refuses with.
pub async fn assume(
    host: &Host,
    endpoints: &Endpoints,
    keys: &RoleCredentials,
    wish: Assumption<'_>,
) -> Result<RoleCredentials, Refused> {
    let client = client(host, endpoints, keys).await;
    let call = client
        .assume_role()
        .role_arn(wish.role)
        .role_session_name(wish.session_name)
        .set_external_id(wish.external_id.map(str::to_owned))
        .duration_seconds(i32::try_from(wish.seconds).unwrap_or(i32::MAX));
    let answer = call.send().await.map_err(|failure| {
        let name = failure.code().map(str::to_owned);
        let refused = explain("assume a role", failure);
        match name.as_deref().and_then(known) {
            Some((refusal, code, words)) => retold_as(refused, refusal, code, words),
            None => refused,
        }
    })?;
    let incomplete = || Refused {
        refusal: Refusal::Down,
        error: Error::new(Code::PortalDown, "AWS's answer holds no credentials"),
        pause: None,
    };
    let given = answer.credentials().ok_or_else(incomplete)?;
    let end = Timestamp::from_second(given.expiration().secs());
    Ok(RoleCredentials {
        access_key_id: given.access_key_id().to_owned(),
        secret_access_key: Secret::new(given.secret_access_key()),
        session_token: Secret::new(given.session_token()),
        expires_at: end.map_err(|_| incomplete())?,
    })
}

/// What STS says no with, beside what every service does.
fn known(name: &str) -> Option<(Refusal, Code, &'static str)> {
    Some(match name {
        "AccessDenied" | "AccessDeniedException" => (
            Refusal::Forbidden,
            Code::NotPermitted,
            "AWS does not allow it",
        ),
        "ExpiredToken" | "ExpiredTokenException" | "InvalidClientTokenId" => (
            Refusal::Unauthorized,
            Code::NotPermitted,
            "AWS no longer takes the credentials that ask for it",
        ),
        "SignatureDoesNotMatch" | "RequestExpired" => (
            Refusal::Unreachable,
            Code::ClockWrong,
            "AWS does not take the signature: the clock of this machine may be wrong",
        ),
        "RegionDisabledException" => (
            Refusal::Forbidden,
            Code::NotPermitted,
            "STS is switched off in this Region for that account",
        ),
        "ValidationError" | "ValidationException" | "MalformedInput" => (
            Refusal::InvalidRequest,
            Code::NotPermitted,
            "AWS does not take the role's ARN, its duration or one of its names",
        ),
        "PackedPolicyTooLarge" => (
            Refusal::InvalidRequest,
            Code::NotPermitted,
            "the sign-in carries more tags than AWS takes along",
        ),
        _ => return None,
    })
}
