//! The two services behind a sign-in, as that tool reaches them.

use serde_json::{Value, json};
use std::env;
use testkit::http::{self, Response};
use testkit::{Context, Result};

/// What the portal's log shows of this program.
const AGENT: &str = "daypass-stand-in-aws/1.0 md/imitation";

/// `POST` to the OIDC service.
pub(crate) fn oidc(path: &str, body: &Value) -> Result<Response> {
    let url = format!("{}{path}", endpoint("AWS_ENDPOINT_URL_SSO_OIDC")?);
    let headers = [("content-type", "application/json"), ("user-agent", AGENT)];
    http::request("POST", &url, &headers, body.to_string().as_bytes())
}

/// Any call of the portal with an access token; the status of the answer.
pub(crate) fn portal(method: &str, path: &str, access_token: &str) -> Result<u16> {
    let url = format!("{}{path}", endpoint("AWS_ENDPOINT_URL_SSO")?);
    let headers = [
        ("x-amz-sso_bearer_token", access_token),
        ("user-agent", AGENT),
    ];
    Ok(http::request(method, &url, &headers, b"")?.status)
}

/// The page where the browser asks for a code.
pub(crate) fn authorize_page() -> Result<String> {
    Ok(format!(
        "{}/authorize",
        endpoint("AWS_ENDPOINT_URL_SSO_OIDC")?
    ))
}

/// Spends a refresh token.
pub(crate) fn renew(token: &Value) -> Result<Response> {
    oidc(
        "/token",
        &json!({
            "clientId": token["clientId"], "clientSecret": token["clientSecret"],
            "grantType": "refresh_token", "refreshToken": token["refreshToken"],
        }),
    )
}

/// Why the service said no.
pub(crate) fn reason(answer: &Response) -> String {
    let kind = answer.header("x-amzn-errortype").unwrap_or("unnamed");
    kind.split(':').next().unwrap_or(kind).to_owned()
}

fn endpoint(variable: &str) -> Result<String> {
    env::var(variable).with_context(|| format!("{variable} is unset: AWS is never contacted"))
}
