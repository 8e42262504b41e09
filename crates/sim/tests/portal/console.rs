//! Federation links and portal shortcut links.

use crate::kit::{Portal, patched, portal};
use daypass_sim::Expire;
use daypass_sim::web::{self, Answer};
use serde_json::{Value, json};
use std::time::Duration;
use url::form_urlencoded::Serializer;

const S3: &str = "https://eu-central-1.console.aws.amazon.com/s3/home?region=eu-central-1";

fn form(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

pub(crate) fn session(keys: &Value) -> Value {
    json!({
        "sessionId": keys["accessKeyId"], "sessionKey": keys["secretAccessKey"],
        "sessionToken": keys["sessionToken"],
    })
}

impl Portal {
    pub(crate) async fn ask_signin_token(&self, fields: &[(&str, &str)]) -> Answer {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        web::send("POST", &self.url("/federation"), &kind, &form(fields))
            .await
            .unwrap()
    }

    async fn signin_token(&self, keys: &Value, duration: Option<&str>) -> String {
        let session = session(keys).to_string();
        let mut fields = vec![("Action", "getSigninToken"), ("Session", session.as_str())];
        fields.extend(duration.map(|seconds| ("SessionDuration", seconds)));
        let answer = self.ask_signin_token(&fields).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["SigninToken"].as_str().unwrap().to_owned()
    }

    fn login_url(&self, token: &str, destination: &str) -> String {
        let fields = [
            ("Action", "login"),
            ("Issuer", &self.sim.start_url()),
            ("Destination", destination),
            ("SigninToken", token),
        ];
        self.url(&format!("/federation?{}", form(&fields)))
    }
}

#[tokio::test]
async fn a_federation_link_opens_the_console_of_its_account_and_role() {
    let portal = portal();
    let keys = portal.role_credentials().await;
    let token = portal.signin_token(&keys, Some("3600")).await;
    let page = web::visit(&portal.login_url(&token, S3)).await.unwrap();
    assert!(page.status == 200 && page.url.contains("/_console?session="));
    let account = &portal.sim.organisation().accounts[0];
    for part in [
        account.id.as_str(),
        account.name.as_deref().unwrap(),
        "ReadOnly",
        S3,
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    let json = [("accept", "application/json")];
    let facts = web::send("GET", &page.url, &json, "").await.unwrap().json();
    assert_eq!(
        (&facts["role_name"], &facts["destination"]),
        (&json!("ReadOnly"), &json!(S3))
    );
    let state = portal.sim.control("state", &json!({})).unwrap();
    assert_eq!(
        state["console_logins"][0]["account_id"],
        account.id.as_str()
    );
    portal.sim.advance(Duration::from_secs(3601));
    assert_eq!(web::visit(&page.url).await.unwrap().status, 401);
}

#[tokio::test]
async fn a_signin_token_can_be_asked_for_by_get_too() {
    let portal = portal();
    let session = session(&portal.role_credentials().await).to_string();
    let query = form(&[("Action", "getSigninToken"), ("Session", &session)]);
    let answer = web::visit(&portal.url(&format!("/federation?{query}")))
        .await
        .unwrap();
    assert!(answer.json()["SigninToken"].is_string());
}

#[tokio::test]
async fn sessions_that_are_not_in_order_get_no_token() {
    let portal = portal();
    let good = session(&portal.role_credentials().await);
    let (other, text) = (session(&portal.role_credentials().await), good.to_string());
    let changed = |change: Value| patched(good.clone(), change).to_string();
    let bad_sessions = [
        changed(json!({"sessionKey": "another"})),
        changed(json!({"sessionToken": other["sessionToken"]})),
        changed(json!({"sessionId": other["sessionId"]})),
        changed(json!({"sessionId": "ASIAUNKNOWN"})),
        changed(json!({"sessionToken": null})),
        changed(json!({"more": 1})),
        "no json".into(),
    ];
    for bad in &bad_sessions {
        let answer = portal
            .ask_signin_token(&[("Action", "getSigninToken"), ("Session", bad)])
            .await;
        assert_eq!(answer.status, 400, "{bad}");
        assert!(answer.header("content-type").unwrap().starts_with("text/"));
    }
    for (duration, status) in [
        ("900", 200),
        ("43200", 200),
        ("899", 400),
        ("43201", 400),
        ("x", 400),
    ] {
        let fields = [
            ("Action", "getSigninToken"),
            ("Session", &text),
            ("SessionDuration", duration),
        ];
        assert_eq!(
            portal.ask_signin_token(&fields).await.status,
            status,
            "{duration}"
        );
    }
    for fields in [
        &[("Action", "getSigninToken")][..],
        &[("Session", &text)],
        &[("Action", "x")],
    ] {
        assert_eq!(
            portal.ask_signin_token(fields).await.status,
            400,
            "{fields:?}"
        );
    }
    portal.sim.expire(Expire::RoleCredentials);
    let fields = [("Action", "getSigninToken"), ("Session", text.as_str())];
    assert_eq!(portal.ask_signin_token(&fields).await.status, 400);
}

#[tokio::test]
async fn a_link_opens_nothing_late_or_for_elsewhere() {
    let portal = portal();
    let keys = portal.role_credentials().await;
    let token = portal.signin_token(&keys, None).await;
    let table = [
        (portal.login_url(&token, "https://example.com/"), 400),
        (
            portal.login_url(&token, "http://console.aws.amazon.com/"),
            400,
        ),
        (portal.login_url(&token, ""), 400),
        (portal.login_url("unknown", S3), 400),
        (portal.login_url("", S3), 400),
        (portal.login_url(&token, S3), 200),
    ];
    for (url, status) in table {
        assert_eq!(web::visit(&url).await.unwrap().status, status, "{url}");
    }
    portal.sim.advance(Duration::from_secs(901));
    let late = web::visit(&portal.login_url(&token, S3)).await.unwrap();
    assert_eq!(late.status, 400);
    assert!(
        late.header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
}

#[tokio::test]
async fn a_shortcut_link_opens_what_the_user_is_assigned_to() {
    let portal = portal();
    let account = portal.first_account();
    let link = |role: &str, place: &str| {
        let query = form(&[
            ("account_id", &account),
            ("role_name", role),
            ("destination", place),
        ]);
        portal.url(&format!("/start/console?{query}"))
    };
    let page = web::visit(&link("ReadOnly", S3)).await.unwrap();
    assert!(page.status == 200 && page.body.contains(S3) && page.body.contains(&account));
    assert_eq!(web::visit(&link("Nobody", S3)).await.unwrap().status, 403);
    assert_eq!(
        web::visit(&link("ReadOnly", "https://example.com"))
            .await
            .unwrap()
            .status,
        400
    );
}
