//! RegisterClient.

use crate::kit::{DEVICE, assert_refused, patched, portal, portal_with};
use serde_json::json;

#[tokio::test]
async fn a_registration_has_seconds_and_lasts_as_long_as_asked() {
    let portal = portal_with(|o| o.client_ttl = 1000);
    let answer = portal
        .post("/client/register", &portal.registration())
        .await
        .json();
    let time = |name: &str| answer[name].as_i64().unwrap();
    assert_eq!(
        time("clientSecretExpiresAt") - time("clientIdIssuedAt"),
        1000
    );
    assert!(answer["clientId"].is_string() && answer["clientSecret"].is_string());
    assert!(answer["authorizationEndpoint"].is_null());
}

#[tokio::test]
async fn registrations_out_of_order_are_refused() {
    let portal = portal();
    let table = [
        (json!({"clientName": null}), "InvalidRequestException"),
        (json!({"clientName": ""}), "InvalidRequestException"),
        (json!({"clientType": null}), "InvalidRequestException"),
        (
            json!({"clientType": "confidential"}),
            "InvalidClientMetadataException",
        ),
        (json!({"client_name": "x"}), "InvalidRequestException"),
        (json!({"clientName": 7}), "InvalidRequestException"),
        (
            json!({"scopes": ["sso:account:acess"]}),
            "InvalidScopeException",
        ),
        (json!({"scopes": ["SSO"]}), "InvalidScopeException"),
        (
            json!({"grantTypes": ["password"]}),
            "UnsupportedGrantTypeException",
        ),
        (json!({"grantTypes": []}), "InvalidRequestException"),
        (json!({"redirectUris": null}), "InvalidRequestException"),
        (json!({"issuerUrl": null}), "InvalidRequestException"),
        (
            json!({"issuerUrl": "https://d-1.awsapps.com/start"}),
            "InvalidRequestException",
        ),
        (
            json!({"redirectUris": ["http://127.0.0.1:80/oauth/callback"]}),
            "InvalidRedirectUriException",
        ),
        (
            json!({"redirectUris": ["http://localhost/oauth/callback"]}),
            "InvalidRedirectUriException",
        ),
        (
            json!({"redirectUris": ["http://127.0.0.1/callback"]}),
            "InvalidRedirectUriException",
        ),
        (
            json!({"redirectUris": ["https://example.com/oauth/callback"]}),
            "InvalidRedirectUriException",
        ),
    ];
    for (change, exception) in table {
        let what = change.to_string();
        let answer = portal
            .post("/client/register", &patched(portal.registration(), change))
            .await;
        assert_refused(&answer, 400, exception, &what);
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_without_being_repeated() {
    let portal = portal();
    let url = portal.url("/client/register");
    let answer = daypass_sim::web::send("POST", &url, &[], "clientSecret=abc")
        .await
        .unwrap();
    assert_refused(&answer, 400, "InvalidRequestException", "a form");
    assert!(!answer.body.contains("abc"));
}

#[tokio::test]
async fn what_the_service_accepts_is_accepted() {
    let portal =
        portal_with(|o| o.start_urls = vec!["https://d-0000000000.awsapps.com/start".into()]);
    let table = [
        json!({"issuerUrl": "https://d-0000000000.awsapps.com/start/#/"}),
        json!({"scopes": null}),
        json!({"scopes": ["sso:account:access", "codewhisperer:completions"]}),
        json!({"grantTypes": null, "redirectUris": null, "issuerUrl": null, "scopes": null}),
        json!({"grantTypes": [DEVICE, "refresh_token"], "redirectUris": null, "issuerUrl": null}),
    ];
    for change in table {
        portal.register_as(change).await;
    }
}
