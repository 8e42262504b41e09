//! Sign-in by device code.

use crate::kit::{Client, DEVICE, Portal, assert_refused, patched, portal, portal_with};
use daypass_sim::web::{self, Answer};
use daypass_sim::{Browser, Expire};
use serde_json::{Value, json};
use std::time::Duration;

impl Portal {
    fn device_start(&self, client: &Client) -> Value {
        json!({
            "clientId": client.id, "clientSecret": client.secret,
            "startUrl": self.sim.start_url(),
        })
    }

    async fn device(&self, client: &Client) -> Value {
        let answer = self
            .post("/device_authorization", &self.device_start(client))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    async fn poll(&self, client: &Client, device: &Value) -> Answer {
        let body = json!({
            "clientId": client.id, "clientSecret": client.secret,
            "grantType": DEVICE, "deviceCode": device["deviceCode"],
        });
        self.post("/token", &body).await
    }
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[tokio::test]
async fn a_device_waits_until_the_page_was_opened_and_then_signs_in_once() {
    let portal = portal();
    let client = portal.register_device().await;
    let device = portal.device(&client).await;
    assert_eq!(
        (&device["expiresIn"], &device["interval"]),
        (&json!(600), &json!(5))
    );
    let pending = portal.poll(&client, &device).await;
    assert_refused(&pending, 400, "AuthorizationPendingException", "before");
    let page = web::visit(device["verificationUriComplete"].as_str().unwrap())
        .await
        .unwrap();
    assert!(page.body.contains("Request approved"));
    portal.sim.advance(seconds(5));
    let tokens = portal.poll(&client, &device).await;
    assert_eq!(tokens.status, 200);
    assert!(tokens.json()["refreshToken"].is_string());
    portal.sim.advance(seconds(5));
    let again = portal.poll(&client, &device).await;
    assert_refused(&again, 400, "InvalidGrantException", "again");
}

#[tokio::test]
async fn polls_that_come_too_fast_slow_the_client_down_for_good() {
    let portal = portal();
    let client = portal.register_device().await;
    let device = portal.device(&client).await;
    let table = [
        (0, "AuthorizationPendingException"),
        (5, "AuthorizationPendingException"),
        (3, "SlowDownException"),
        (5, "SlowDownException"),
        (15, "AuthorizationPendingException"),
        (14, "SlowDownException"),
        (20, "AuthorizationPendingException"),
    ];
    for (pause, exception) in table {
        portal.sim.advance(seconds(pause));
        assert_refused(
            &portal.poll(&client, &device).await,
            400,
            exception,
            &pause.to_string(),
        );
    }
}

#[tokio::test]
async fn a_device_code_ends_by_time_or_by_a_no() {
    let portal = portal();
    let client = portal.register_device().await;
    let late = portal.device(&client).await;
    portal.sim.advance(seconds(601));
    assert_refused(
        &portal.poll(&client, &late).await,
        400,
        "ExpiredTokenException",
        "late",
    );
    let page = web::visit(late["verificationUriComplete"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(page.status, 400);

    let ended = portal.device(&client).await;
    assert_eq!(portal.sim.expire(Expire::DeviceCodes), 1);
    assert_refused(
        &portal.poll(&client, &ended).await,
        400,
        "ExpiredTokenException",
        "ended",
    );

    portal.sim.set(|o| o.browser = Browser::Deny);
    let denied = portal.device(&client).await;
    web::visit(denied["verificationUriComplete"].as_str().unwrap())
        .await
        .unwrap();
    assert_refused(
        &portal.poll(&client, &denied).await,
        400,
        "AccessDeniedException",
        "denied",
    );
}

#[tokio::test]
async fn starts_and_polls_out_of_order_are_refused() {
    let portal = portal();
    let client = portal.register_device().await;
    let table = [
        (
            json!({"startUrl": "https://d-1.awsapps.com/start"}),
            400,
            "InvalidRequestException",
        ),
        (json!({"startUrl": null}), 400, "InvalidRequestException"),
        (json!({"clientId": null}), 400, "InvalidRequestException"),
        (
            json!({"clientSecret": null}),
            400,
            "InvalidRequestException",
        ),
        (
            json!({"clientId": "another"}),
            401,
            "InvalidClientException",
        ),
        (
            json!({"clientSecret": "another"}),
            401,
            "InvalidClientException",
        ),
        (json!({"scopes": []}), 400, "InvalidRequestException"),
    ];
    for (change, status, exception) in table {
        let what = change.to_string();
        let body = patched(portal.device_start(&client), change);
        let answer = portal.post("/device_authorization", &body).await;
        assert_refused(&answer, status, exception, &what);
    }
    let unknown = json!({"deviceCode": "unknown"});
    assert_refused(
        &portal.poll(&client, &unknown).await,
        400,
        "InvalidGrantException",
        "unknown",
    );
    let missing = json!({"deviceCode": null});
    let answer = portal.poll(&client, &missing).await;
    assert_refused(&answer, 400, "InvalidRequestException", "missing");
}

#[tokio::test]
async fn a_device_code_is_for_its_client_alone() {
    let portal = portal();
    let (client, other) = (
        portal.register_device().await,
        portal.register_device().await,
    );
    let device = portal.device(&client).await;
    assert_refused(
        &portal.poll(&other, &device).await,
        400,
        "InvalidGrantException",
        "other",
    );
    let pkce = portal.register().await;
    let answer = portal
        .post("/device_authorization", &portal.device_start(&pkce))
        .await;
    assert_refused(&answer, 400, "UnauthorizedClientException", "a PKCE client");
}

#[tokio::test]
async fn a_wrong_region_and_a_wrong_address_say_nothing() {
    let portal = portal();
    let client = portal.register_device().await;
    let start = portal.device_start(&client);
    let elsewhere = portal
        .post("/_region/us-east-1/device_authorization", &start)
        .await;
    portal.sim.set(|o| o.wrong_region = true);
    let wrong = portal.post("/device_authorization", &start).await;
    for answer in [elsewhere, wrong] {
        assert_refused(&answer, 400, "InvalidRequestException", "wrong Region");
        assert!(answer.json()["error_description"].is_null());
    }
}

#[tokio::test]
async fn a_person_types_the_code_in_any_spelling() {
    let portal = portal_with(|o| o.browser = Browser::Manual);
    let client = portal.register_device().await;
    let device = portal.device(&client).await;
    let code = device["userCode"].as_str().unwrap();
    let typed = code.to_lowercase().replace('-', "%20");
    let page = web::visit(device["verificationUri"].as_str().unwrap())
        .await
        .unwrap();
    assert!(page.body.contains("name=\"user_code\""));
    let url = portal.url(&format!("/device?user_code={typed}"));
    assert!(web::visit(&url).await.unwrap().body.contains(code));
    let done = web::decide(&url, true).await.unwrap();
    assert!(done.body.contains("Request approved"));
    assert_eq!(portal.poll(&client, &device).await.status, 200);
}
