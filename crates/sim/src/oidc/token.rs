//! CreateToken: the three grants, and what each refuses.

use super::{DEVICE_GRANT, Exception, LEGACY_LIFE_S, Refusal, body, client, device, needed};
use crate::mint;
use crate::options::{LastToken, Rotation};
use crate::reply::{Asker, Reply};
use crate::request::Request;
use crate::world::{AccessToken, AuthorizationCode, Client, RefreshToken, World};
use serde::Deserialize;
use serde_json::json;

const CODE_GRANT: &str = "authorization_code";
const REFRESH_GRANT: &str = "refresh_token";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    client_id: Option<String>,
    client_secret: Option<String>,
    grant_type: Option<String>,
    device_code: Option<String>,
    code: Option<String>,
    refresh_token: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    /// Known to the API, without effect.
    #[serde(rename = "scope")]
    _scope: Option<Vec<String>>,
}

/// Exchanges a code or a refresh token for tokens.
pub(crate) fn create(world: &mut World, request: &Request) -> Reply {
    let body: Body = match body(request) {
        Ok(body) => body,
        Err(refusal) => return refusal.into(),
    };
    let note = grant_name(body.grant_type.as_deref().unwrap_or_default());
    let asker = asker(world, &body);
    exchange(world, body)
        .unwrap_or_else(Reply::from)
        .noted(note)
        .asked_by(asker)
}

/// Whose request this is, as far as it names a client and a token that are known.
fn asker(world: &World, body: &Body) -> Asker {
    let client = body.client_id.as_ref().and_then(|id| world.clients.get(id));
    let token = body.refresh_token.as_ref();
    Asker {
        client: client.map(|client| client.name.clone()),
        session: token
            .and_then(|token| world.refresh_tokens.get(token))
            .map(|token| token.session),
    }
}

/// The grant type for the log; what is not a grant type is not repeated there.
fn grant_name(grant: &str) -> &'static str {
    match grant {
        CODE_GRANT => CODE_GRANT,
        REFRESH_GRANT => REFRESH_GRANT,
        DEVICE_GRANT => "device_code",
        _ => "other",
    }
}

fn exchange(world: &mut World, body: Body) -> Result<Reply, Refusal> {
    let id = needed(body.client_id.clone(), "clientId")?;
    let secret = needed(body.client_secret.clone(), "clientSecret")?;
    let grant = needed(body.grant_type.clone(), "grantType")?;
    let client = client(world, &id, &secret)?;
    if ![CODE_GRANT, REFRESH_GRANT, DEVICE_GRANT].contains(&grant.as_str()) {
        return Err(Refusal::new(
            Exception::UnsupportedGrantType,
            "Unsupported grant type",
        ));
    }
    if !client.may_use(&grant) {
        let text = "Client is not registered for this grant type";
        return Err(Refusal::new(Exception::UnauthorizedClient, text));
    }
    if grant == REFRESH_GRANT {
        return renew(world, &client, needed(body.refresh_token, "refreshToken")?);
    }
    let scopes = match grant.as_str() {
        CODE_GRANT => redeem(world, &client, body)?,
        _ => device::poll(world, &client, body.device_code)?,
    };
    let now = world.now();
    let session = world.open_session(now, &client, grant_name(&grant), &scopes);
    Ok(tokens(now, world, session, None))
}

/// Checks an authorization code against its PKCE verifier and gives the scopes it is for.
fn redeem(world: &mut World, client: &Client, body: Body) -> Result<Vec<String>, Refusal> {
    let code = needed(body.code, "code")?;
    let verifier = needed(body.code_verifier, "codeVerifier")?;
    let redirect_uri = needed(body.redirect_uri, "redirectUri")?;
    check_verifier(&verifier)?;
    let now = world.now();
    let invalid = |text| Refusal::new(Exception::InvalidGrant, text);
    let found = world
        .codes
        .get_mut(&code)
        .filter(|c| c.client == client.id && !c.spent);
    let found = found.ok_or_else(|| invalid("Invalid authorization code provided"))?;
    // One attempt only, whatever comes of it.
    found.spent = true;
    let AuthorizationCode {
        challenge,
        scopes,
        expires_at,
        redirect_uri: asked,
        ..
    } = found;
    if now >= *expires_at {
        return Err(Refusal::new(
            Exception::ExpiredToken,
            "Authorization code is expired",
        ));
    }
    if redirect_uri != *asked {
        return Err(invalid("Redirect URI does not match"));
    }
    match mint::pkce_challenge(&verifier) == *challenge {
        true => Ok(scopes.clone()),
        false => Err(invalid("Invalid code verifier provided")),
    }
}

/// RFC 7636: 43 to 128 unreserved characters.
fn check_verifier(verifier: &str) -> Result<(), Refusal> {
    let is_unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    match (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_unreserved) {
        true => Ok(()),
        false => Err(super::invalid_request("Malformed codeVerifier")),
    }
}

fn renew(world: &mut World, client: &Client, token: String) -> Result<Reply, Refusal> {
    let invalid = || Refusal::new(Exception::InvalidGrant, "Invalid refresh token provided");
    let RefreshToken { session, spent } = world
        .refresh_tokens
        .get(&token)
        .cloned()
        .ok_or_else(invalid)?;
    if world
        .sessions
        .get(&session)
        .is_none_or(|s| s.client != client.id)
    {
        return Err(invalid());
    }
    if spent {
        revoke_if_strict(world, session);
        return Err(invalid());
    }
    world.live_session(session).ok_or_else(invalid)?;
    let now = world.now();
    if world.options.rotation == Rotation::Same {
        return Ok(tokens(now, world, session, Some(token)));
    }
    world.refresh_tokens.insert(
        token,
        RefreshToken {
            session,
            spent: true,
        },
    );
    Ok(tokens(now, world, session, None))
}

fn revoke_if_strict(world: &mut World, session: u64) {
    if !world.options.reuse_revokes {
        return;
    }
    if let Some(session) = world.sessions.get_mut(&session) {
        session.revoked = true;
    }
}

/// Fresh tokens for a session; `kept` is a refresh token that stays valid.
fn tokens(now: i64, world: &mut World, session: u64, kept: Option<String>) -> Reply {
    let (scoped, renewable, ends_at) = match world.sessions.get(&session) {
        Some(s) => (s.scoped, s.renewable, s.ends_at),
        None => (false, false, now),
    };
    let life_s = if scoped {
        world.options.token_ttl
    } else {
        LEGACY_LIFE_S
    };
    let expires_at = match world.options.last_token {
        LastToken::Clipped => (now + life_s * 1000).min(ends_at),
        LastToken::Full => now + life_s * 1000,
    };
    let access = mint::token("aoa", 96);
    world.access_tokens.insert(
        access.clone(),
        AccessToken {
            session,
            expires_at,
        },
    );
    let mut body = json!({
        "accessToken": access,
        "tokenType": "Bearer",
        "expiresIn": (expires_at - now).div_euclid(1000),
    });
    if renewable {
        let refresh = kept.unwrap_or_else(|| mint::token("aor", 96));
        world.refresh_tokens.insert(
            refresh.clone(),
            RefreshToken {
                session,
                spent: false,
            },
        );
        body["refreshToken"] = refresh.into();
    }
    Reply::json(200, &body)
}
