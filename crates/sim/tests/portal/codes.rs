//! Sign-in by authorization code with PKCE.

use crate::kit::{REDIRECT, assert_refused, parameter, patched, portal, portal_with};
use daypass_sim::{Browser, web};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_sign_in_gives_tokens_for_an_hour_that_can_be_renewed() {
    let portal = portal();
    let tokens = portal.sign_in(&portal.register().await).await;
    assert_eq!(
        (&tokens["tokenType"], &tokens["expiresIn"]),
        (&json!("Bearer"), &json!(3600))
    );
    assert!(tokens["accessToken"].is_string() && tokens["refreshToken"].is_string());
}

#[tokio::test]
async fn without_the_scope_the_token_is_long_and_not_renewable() {
    let portal = portal();
    let client = portal.register_as(json!({"scopes": null})).await;
    let url = portal.authorize_url(&client, &[("scopes", "")]);
    let answer = web::send("GET", &url, &[], "").await.unwrap();
    let code = parameter(answer.header("location").unwrap(), "code").unwrap();
    let tokens = portal
        .post("/token", &portal.exchange(&client, &code))
        .await
        .json();
    assert_eq!(tokens["expiresIn"], 8 * 3600);
    assert!(tokens.get("refreshToken").is_none());
}

#[tokio::test]
async fn exchanges_out_of_order_are_refused() {
    let portal = portal();
    let client = portal.register().await;
    let table = [
        (
            json!({"codeVerifier": "x".repeat(43)}),
            400,
            "InvalidGrantException",
        ),
        (
            json!({"codeVerifier": "short"}),
            400,
            "InvalidRequestException",
        ),
        (
            json!({"codeVerifier": null}),
            400,
            "InvalidRequestException",
        ),
        (json!({"code": "another"}), 400, "InvalidGrantException"),
        (json!({"code": null}), 400, "InvalidRequestException"),
        (json!({"redirectUri": null}), 400, "InvalidRequestException"),
        (
            json!({"redirectUri": "http://127.0.0.1:33660/oauth/callback"}),
            400,
            "InvalidGrantException",
        ),
        (
            json!({"redirectUri": "http://127.0.0.1/oauth/callback"}),
            400,
            "InvalidGrantException",
        ),
        (
            json!({"redirectUri": format!("{REDIRECT}/")}),
            400,
            "InvalidGrantException",
        ),
        (
            json!({"clientSecret": "another"}),
            401,
            "InvalidClientException",
        ),
        (
            json!({"clientId": "another"}),
            401,
            "InvalidClientException",
        ),
        (json!({"clientId": null}), 400, "InvalidRequestException"),
        (
            json!({"clientSecret": null}),
            400,
            "InvalidRequestException",
        ),
        (json!({"grantType": null}), 400, "InvalidRequestException"),
        (
            json!({"grantType": "password"}),
            400,
            "UnsupportedGrantTypeException",
        ),
        (
            json!({"code_verifier": "x"}),
            400,
            "InvalidRequestException",
        ),
        (
            json!({"scope": "sso:account:access"}),
            400,
            "InvalidRequestException",
        ),
    ];
    for (change, status, exception) in table {
        let what = change.to_string();
        let code = portal.code(&client).await;
        let body = patched(portal.exchange(&client, &code), change);
        assert_refused(
            &portal.post("/token", &body).await,
            status,
            exception,
            &what,
        );
    }
}

#[tokio::test]
async fn a_code_works_once_and_not_after_a_wrong_verifier() {
    let portal = portal();
    let client = portal.register().await;
    let code = portal.code(&client).await;
    let exchange = portal.exchange(&client, &code);
    assert_eq!(portal.post("/token", &exchange).await.status, 200);
    assert_refused(
        &portal.post("/token", &exchange).await,
        400,
        "InvalidGrantException",
        "again",
    );

    let code = portal.code(&client).await;
    let exchange = portal.exchange(&client, &code);
    let wrong = patched(exchange.clone(), json!({"codeVerifier": "y".repeat(64)}));
    assert_refused(
        &portal.post("/token", &wrong).await,
        400,
        "InvalidGrantException",
        "wrong",
    );
    assert_refused(
        &portal.post("/token", &exchange).await,
        400,
        "InvalidGrantException",
        "late",
    );
}

#[tokio::test]
async fn a_code_is_for_its_client_and_for_a_minute() {
    let portal = portal();
    let (client, other) = (portal.register().await, portal.register().await);
    let code = portal.code(&client).await;
    let answer = portal.post("/token", &portal.exchange(&other, &code)).await;
    assert_refused(&answer, 400, "InvalidGrantException", "another client");
    portal.sim.advance(Duration::from_secs(61));
    let answer = portal
        .post("/token", &portal.exchange(&client, &code))
        .await;
    assert_refused(&answer, 400, "ExpiredTokenException", "a minute later");
}

#[tokio::test]
async fn a_client_that_did_not_register_the_grant_cannot_use_it() {
    let portal = portal();
    let device = portal.register_device().await;
    let answer = portal.post("/token", &portal.exchange(&device, "x")).await;
    assert_refused(
        &answer,
        400,
        "UnauthorizedClientException",
        "a code for a device client",
    );
    let client = portal
        .register_as(json!({"grantTypes": ["authorization_code"]}))
        .await;
    assert!(portal.sign_in(&client).await.get("refreshToken").is_none());
    let answer = portal.renew(&client, "x").await;
    assert_refused(
        &answer,
        400,
        "UnauthorizedClientException",
        "renewal not registered",
    );
}

#[tokio::test]
async fn an_expired_registration_is_an_invalid_client() {
    let portal = portal_with(|o| o.client_ttl = 10);
    let client = portal.register().await;
    let code = portal.code(&client).await;
    portal.sim.advance(Duration::from_secs(11));
    let answer = portal
        .post("/token", &portal.exchange(&client, &code))
        .await;
    assert_refused(
        &answer,
        401,
        "InvalidClientException",
        "expired registration",
    );
}

#[tokio::test]
async fn the_browser_is_never_sent_to_an_address_that_is_not_the_clients() {
    let portal = portal();
    let client = portal.register().await;
    let table: &[&[(&str, &str)]] = &[
        &[("client_id", "unknown")],
        &[("client_id", "")],
        &[("redirect_uri", "")],
        &[("redirect_uri", "http://localhost:33659/oauth/callback")],
        &[("redirect_uri", "http://127.0.0.1:33659/other")],
        &[("redirect_uri", "https://example.com/oauth/callback")],
    ];
    for change in table {
        let url = portal.authorize_url(&client, change);
        let answer = web::send("GET", &url, &[], "").await.unwrap();
        assert_eq!(
            (answer.status, answer.header("location")),
            (400, None),
            "{change:?}"
        );
    }
}

#[tokio::test]
async fn other_faults_of_the_authorize_address_come_back_by_redirect() {
    let portal = portal();
    let client = portal.register().await;
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[("response_type", "token")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
        (&[("state", "")], "invalid_request"),
        (&[("scopes", "sso:account:access admin")], "invalid_scope"),
    ];
    for (change, error) in table {
        let url = portal.authorize_url(&client, change);
        let answer = web::send("GET", &url, &[], "").await.unwrap();
        let location = answer.header("location").unwrap();
        assert!(location.starts_with(REDIRECT), "{location}");
        assert_eq!(
            parameter(location, "error").as_deref(),
            Some(*error),
            "{change:?}"
        );
        assert_eq!(parameter(location, "code"), None);
    }
}

#[tokio::test]
async fn a_wrong_region_shows_after_the_browser_said_yes() {
    let portal = portal();
    let client = portal.register().await;
    let url = portal
        .authorize_url(&client, &[])
        .replace("/authorize", "/_region/us-east-1/authorize");
    let answer = web::send("GET", &url, &[], "").await.unwrap();
    let location = answer.header("location").unwrap();
    assert_eq!(
        parameter(location, "error").as_deref(),
        Some("invalid_grant")
    );
    assert_eq!(
        parameter(location, "error_description").as_deref(),
        Some("Invalid grant provided")
    );
    let home = url.replace("us-east-1", "eu-central-1");
    let answer = web::send("GET", &home, &[], "").await.unwrap();
    assert!(parameter(answer.header("location").unwrap(), "code").is_some());
}

#[tokio::test]
async fn a_person_who_denies_sends_the_tool_an_error() {
    let portal = portal_with(|o| o.browser = Browser::Deny);
    let client = portal.register().await;
    let answer = web::send("GET", &portal.authorize_url(&client, &[]), &[], "")
        .await
        .unwrap();
    let location = answer.header("location").unwrap();
    assert_eq!(
        parameter(location, "error").as_deref(),
        Some("access_denied")
    );
    assert_eq!(parameter(location, "state").as_deref(), Some("a-state"));
}
