//! The SSO OIDC API: registration, the device grant and tokens, as strict as AWS's.

pub(crate) mod device;
pub(crate) mod register;
pub(crate) mod token;

use crate::reply::Reply;
use crate::request::Request;
use crate::world::{Client, World};
use serde::de::DeserializeOwned;
use serde_json::json;

/// The scope that makes a session renewable.
pub(crate) const ACCOUNT_SCOPE: &str = "sso:account:access";
/// The grant type of the device flow.
pub(crate) const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// Life of a session that was registered without scopes: fixed, not renewable.
pub(crate) const LEGACY_LIFE_S: i64 = 8 * 3600;

/// The exceptions of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exception {
    AuthorizationPending,
    SlowDown,
    ExpiredToken,
    AccessDenied,
    InvalidGrant,
    InvalidClient,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidScope,
    InvalidRequest,
    InvalidRedirectUri,
    InvalidClientMetadata,
    InternalServer,
}

impl Exception {
    /// Name, HTTP status and OAuth error code.
    fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::AuthorizationPending => (
                "AuthorizationPendingException",
                400,
                "authorization_pending",
            ),
            Self::SlowDown => ("SlowDownException", 400, "slow_down"),
            Self::ExpiredToken => ("ExpiredTokenException", 400, "expired_token"),
            Self::AccessDenied => ("AccessDeniedException", 400, "access_denied"),
            Self::InvalidGrant => ("InvalidGrantException", 400, "invalid_grant"),
            Self::InvalidClient => ("InvalidClientException", 401, "invalid_client"),
            Self::UnauthorizedClient => ("UnauthorizedClientException", 400, "unauthorized_client"),
            Self::UnsupportedGrantType => (
                "UnsupportedGrantTypeException",
                400,
                "unsupported_grant_type",
            ),
            Self::InvalidScope => ("InvalidScopeException", 400, "invalid_scope"),
            Self::InvalidRequest => ("InvalidRequestException", 400, "invalid_request"),
            Self::InvalidRedirectUri => {
                ("InvalidRedirectUriException", 400, "invalid_redirect_uri")
            }
            Self::InvalidClientMetadata => (
                "InvalidClientMetadataException",
                400,
                "invalid_client_metadata",
            ),
            Self::InternalServer => ("InternalServerException", 500, "server_error"),
        }
    }
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) exception: Exception,
    /// `None` where AWS sends no text.
    pub(crate) description: Option<String>,
}

impl Refusal {
    /// A refusal with a text.
    pub(crate) fn new(exception: Exception, description: &str) -> Self {
        Self {
            exception,
            description: Some(description.to_owned()),
        }
    }

    /// A refusal without a text.
    pub(crate) fn bare(exception: Exception) -> Self {
        Self {
            exception,
            description: None,
        }
    }

    /// The OAuth error code, as it also appears in redirects.
    pub(crate) fn code(&self) -> &'static str {
        self.exception.row().2
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        let (name, status, code) = refusal.exception.row();
        let body = json!({ "error": code, "error_description": refusal.description });
        Reply::json(status, &body).failed(name).with(
            "x-amzn-ErrorType",
            format!("{name}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/"),
        )
    }
}

/// Shorthand for the commonest refusal.
pub(crate) fn invalid_request(description: &str) -> Refusal {
    Refusal::new(Exception::InvalidRequest, description)
}

/// The body of a request; unknown fields and wrong types are refused.
pub(crate) fn body<T: DeserializeOwned>(request: &Request) -> Result<T, Refusal> {
    // The parser's own message may quote the value, which may be a secret.
    serde_json::from_slice(&request.body).map_err(|_| invalid_request("Invalid request body"))
}

/// A field that must be there and not be empty.
pub(crate) fn needed(field: Option<String>, name: &str) -> Result<String, Refusal> {
    let missing = || invalid_request(&format!("Missing required parameter: {name}"));
    field.filter(|value| !value.is_empty()).ok_or_else(missing)
}

/// The client that these two words belong to, while its registration lasts.
pub(crate) fn client(world: &World, id: &str, secret: &str) -> Result<Client, Refusal> {
    let refused = |text| Refusal::new(Exception::InvalidClient, text);
    let client = world
        .clients
        .get(id)
        .ok_or_else(|| refused("Invalid client provided"))?;
    if client.secret != secret {
        return Err(refused("Invalid client provided"));
    }
    match world.now() < client.expires_at {
        true => Ok(client.clone()),
        false => Err(refused("Client is expired")),
    }
}

/// True for the address of this portal in any spelling that the service accepts: with or
/// without a final slash, a fragment, or both.
pub(crate) fn is_start_url(world: &World, text: &str) -> bool {
    let Some(plain) = plain_start_url(text) else {
        return false;
    };
    let own = world.start_url();
    let local = own.replacen("127.0.0.1", "localhost", 1);
    let others = world.options.start_urls.iter().cloned();
    others
        .chain([own, local])
        .any(|url| plain_start_url(&url).as_ref() == Some(&plain))
}

fn plain_start_url(text: &str) -> Option<String> {
    let mut url = url::Url::parse(text).ok()?;
    url.set_fragment(None);
    Some(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    #[test]
    fn the_start_url_is_known_in_the_spellings_of_browsers() {
        let extra = "https://d-0000000000.awsapps.com/start".to_owned();
        let options = Options {
            start_urls: vec![extra],
            ..Options::default()
        };
        let world = World::new("http://127.0.0.1:4000".into(), options);
        let table = [
            ("http://127.0.0.1:4000/start", true),
            ("http://127.0.0.1:4000/start/", true),
            ("http://127.0.0.1:4000/start/#/", true),
            ("http://127.0.0.1:4000/start#", true),
            ("http://localhost:4000/start", true),
            ("https://d-0000000000.awsapps.com/start#/", true),
            ("https://D-0000000000.awsapps.com/start", true),
            ("https://d-0000000001.awsapps.com/start", false),
            ("http://127.0.0.1:4001/start", false),
            ("http://127.0.0.1:4000/stop", false),
            ("http://127.0.0.1:4000/start?x=1", false),
            ("start", false),
        ];
        for (text, known) in table {
            assert_eq!(is_start_url(&world, text), known, "{text}");
        }
    }
}
