//! A sign-in as `aws sso login` makes it: always afresh, with a registration that is kept beside the
//! token. The person at the browser is the portal's own (`--browser auto`).

use crate::cache::{self, Cache, Found};
use crate::renewal::{expires_at, stamp};
use crate::{now, tell, wire};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::thread;
use std::time::Duration;
use testkit::http::{self, Response};
use testkit::{Context, Result, bail, ensure};

const SCOPE: &str = "sso:account:access";
const REGISTERED: &str = "http://127.0.0.1/oauth/callback";
/// Nobody listens there: the code is taken off the redirect.
const REDIRECT: &str = "http://127.0.0.1:9/oauth/callback";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// A registration with less than this left is not used again.
const ENOUGH: SignedDuration = SignedDuration::from_mins(15);

/// Where to sign in.
pub(crate) struct Portal {
    pub(crate) session: String,
    pub(crate) start_url: String,
    pub(crate) region: String,
    /// With a device code in the place of a redirect.
    pub(crate) device: bool,
}

/// Signs in and writes the token file.
///
/// # Errors
/// Whatever the portal refuses with, or the file system.
pub(crate) fn sign_in(cache: &Cache, portal: &Portal) -> Result<()> {
    let client = client(cache, portal)?;
    let answer = match portal.device {
        true => by_device(&client, portal)?,
        false => by_redirect(&client)?,
    };
    let mut token = json!({
        "startUrl": portal.start_url, "region": portal.region,
        "accessToken": answer["accessToken"], "expiresAt": expires_at(&answer)?,
        "clientId": client["clientId"], "clientSecret": client["clientSecret"],
        "registrationExpiresAt": client["expiresAt"],
    });
    if answer["refreshToken"].is_string() {
        token["refreshToken"] = answer["refreshToken"].clone();
    }
    cache::write(&cache.token(&portal.session), &token, Duration::ZERO)?;
    tell("login", json!({ "session": portal.session }));
    Ok(())
}

fn client(cache: &Cache, portal: &Portal) -> Result<Value> {
    let path = cache.registration(&portal.session, &portal.start_url, &portal.region);
    match kept(&path, portal.device)? {
        Some(client) => Ok(client),
        None => register(&path, portal),
    }
}

/// A registration is for one of the two grants.
fn kept(path: &Path, device: bool) -> Result<Option<Value>> {
    let Found::Whole(client) = cache::read(path)? else {
        return Ok(None);
    };
    let end: Timestamp = client["expiresAt"]
        .as_str()
        .context("no expiresAt")?
        .parse()?;
    let fits = client["grantTypes"].is_array() != device;
    Ok((fits && end.duration_since(now()) > ENOUGH).then_some(client))
}

fn register(path: &Path, portal: &Portal) -> Result<Value> {
    let mut body = json!({
        "clientName": format!("botocore-client-{}", portal.session),
        "clientType": "public", "scopes": [SCOPE],
    });
    let grants = json!(["authorization_code", "refresh_token"]);
    if !portal.device {
        body["grantTypes"] = grants.clone();
        body["redirectUris"] = json!([REGISTERED]);
        body["issuerUrl"] = portal.start_url.as_str().into();
    }
    let answer = granted(wire::oidc("/client/register", &body)?)?;
    let end = answer["clientSecretExpiresAt"]
        .as_i64()
        .context("no clientSecretExpiresAt")?;
    let mut client = json!({
        "clientId": answer["clientId"], "clientSecret": answer["clientSecret"],
        "expiresAt": stamp(Timestamp::from_second(end)?), "scopes": [SCOPE],
    });
    if !portal.device {
        client["grantTypes"] = grants;
    }
    cache::write(path, &client, Duration::ZERO)?;
    Ok(client)
}

fn by_redirect(client: &Value) -> Result<Value> {
    let (verifier, state) = (random()?, random()?);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let id = client["clientId"].as_str().context("no clientId")?;
    let address = format!(
        "{}?response_type=code&client_id={id}\
         &redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Foauth%2Fcallback&state={state}\
         &code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess&code_challenge={challenge}",
        wire::authorize_page()?
    );
    let page = http::get(&address)?;
    let back = page.header("location").context("nobody approved")?;
    ensure!(back.starts_with(REDIRECT), "the browser was sent elsewhere");
    ensure!(
        http::query(back, "state").as_deref() == Some(&state),
        "State parameter does not match expected value."
    );
    let code = http::query(back, "code").context("the browser came back without a code")?;
    let body = json!({
        "clientId": client["clientId"], "clientSecret": client["clientSecret"],
        "grantType": "authorization_code", "code": code, "codeVerifier": verifier,
        "redirectUri": REDIRECT,
    });
    granted(wire::oidc("/token", &body)?)
}

fn by_device(client: &Value, portal: &Portal) -> Result<Value> {
    let body = json!({
        "clientId": client["clientId"], "clientSecret": client["clientSecret"],
        "startUrl": portal.start_url,
    });
    let device = granted(wire::oidc("/device_authorization", &body)?)?;
    let page = device["verificationUriComplete"]
        .as_str()
        .context("no verificationUriComplete")?;
    http::visit(page)?;
    let interval = Duration::from_secs(device["interval"].as_u64().unwrap_or(5));
    let body = json!({
        "clientId": client["clientId"], "clientSecret": client["clientSecret"],
        "grantType": DEVICE, "deviceCode": device["deviceCode"],
    });
    loop {
        let answer = wire::oidc("/token", &body)?;
        match wire::reason(&answer).as_str() {
            "AuthorizationPendingException" => thread::sleep(interval),
            _ => return granted(answer),
        }
    }
}

fn granted(answer: Response) -> Result<Value> {
    if answer.status != 200 {
        bail!("the portal refused: {}", wire::reason(&answer));
    }
    answer.json()
}

fn random() -> Result<String> {
    let mut bytes = [0; 48];
    getrandom::fill(&mut bytes).map_err(|error| testkit::anyhow!("{error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
