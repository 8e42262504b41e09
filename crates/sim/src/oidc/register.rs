//! RegisterClient: what a registration must say, and what it is good for.

use super::{DEVICE_GRANT, Exception, Refusal, body, invalid_request, is_start_url, needed};
use crate::mint;
use crate::reply::Reply;
use crate::request::Request;
use crate::world::{Client, World};
use serde::Deserialize;
use serde_json::json;

/// The only redirect that may be registered: without a port, any port at run time.
const REDIRECT: &str = "http://127.0.0.1/oauth/callback";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    client_name: Option<String>,
    client_type: Option<String>,
    scopes: Option<Vec<String>>,
    redirect_uris: Option<Vec<String>>,
    grant_types: Option<Vec<String>>,
    issuer_url: Option<String>,
    entitled_application_arn: Option<String>,
}

/// Registers a client.
pub(crate) fn register(world: &mut World, request: &Request) -> Result<Reply, Refusal> {
    let body: Body = body(request)?;
    let name = needed(body.client_name.clone(), "clientName")?;
    if needed(body.client_type.clone(), "clientType")? != "public" {
        let text = "Only public clients can be registered";
        return Err(Refusal::new(Exception::InvalidClientMetadata, text));
    }
    if body.entitled_application_arn.is_some() {
        return Err(invalid_request(
            "entitledApplicationArn is for other clients",
        ));
    }
    check_scopes(body.scopes.as_deref().unwrap_or_default())?;
    check_grants(world, &body)?;
    let client = client(world, name, body);
    let reply = answer(world, &client);
    world.clients.insert(client.id.clone(), client);
    Ok(reply)
}

fn client(world: &World, name: String, body: Body) -> Client {
    Client {
        id: mint::token("", 16),
        secret: mint::token("eyJraWQiOiJrZXkt", 96),
        name,
        scopes: body.scopes.unwrap_or_default(),
        grant_types: body.grant_types,
        redirect_uris: body.redirect_uris.unwrap_or_default(),
        expires_at: world.now() + world.options.client_ttl * 1000,
    }
}

fn answer(world: &World, client: &Client) -> Reply {
    let body = json!({
        "clientId": client.id,
        "clientSecret": client.secret,
        "clientIdIssuedAt": world.clock.now_s(),
        "clientSecretExpiresAt": client.expires_at.div_euclid(1000),
        // AWS leaves these two empty.
        "authorizationEndpoint": null,
        "tokenEndpoint": null,
    });
    Reply::json(200, &body)
}

/// In the family `sso` one scope exists; of other families only the form is known.
fn check_scopes(scopes: &[String]) -> Result<(), Refusal> {
    let is_word = |w: &str| {
        !w.is_empty()
            && w.bytes()
                .all(|b| b.is_ascii_lowercase() || b"_-".contains(&b))
    };
    let is_scope = |s: &String| match s.split_once(':') {
        Some(("sso", rest)) => rest == "account:access",
        Some(_) => s.split(':').all(is_word),
        None => s == "openid" || s == "aws",
    };
    match scopes.iter().all(is_scope) {
        true => Ok(()),
        false => Err(Refusal::new(Exception::InvalidScope, "Invalid scope")),
    }
}

fn check_grants(world: &World, body: &Body) -> Result<(), Refusal> {
    let known = ["authorization_code", "refresh_token", DEVICE_GRANT];
    let grants = body.grant_types.as_deref().unwrap_or_default();
    if body.grant_types.as_ref().is_some_and(Vec::is_empty) {
        return Err(invalid_request("grantTypes must not be empty"));
    }
    if !grants.iter().all(|g| known.contains(&g.as_str())) {
        return Err(Refusal::new(
            Exception::UnsupportedGrantType,
            "Unsupported grant type",
        ));
    }
    let uris = body.redirect_uris.as_deref().unwrap_or_default();
    if !uris.iter().all(|uri| uri == REDIRECT) {
        return Err(Refusal::new(
            Exception::InvalidRedirectUri,
            "Invalid redirect URI",
        ));
    }
    check_issuer(world, body, grants, uris)
}

fn check_issuer(
    world: &World,
    body: &Body,
    grants: &[String],
    uris: &[String],
) -> Result<(), Refusal> {
    let by_code = grants.iter().any(|g| g == "authorization_code");
    if by_code && uris.is_empty() {
        return Err(invalid_request(
            "redirectUris is needed for authorization_code",
        ));
    }
    match &body.issuer_url {
        Some(issuer) if !is_start_url(world, issuer) => Err(invalid_request("Invalid issuer URL")),
        None if by_code => Err(invalid_request(
            "issuerUrl is needed for authorization_code",
        )),
        _ => Ok(()),
    }
}
