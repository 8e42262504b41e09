//! The control API, over HTTP and in the process.

use crate::kit::{REDIRECT, portal, portal_with};
use daypass_sim::{Options, Sim, web};
use serde_json::{Value, json};

#[tokio::test]
async fn controls_answer_and_refuse_in_json() {
    let portal = portal();
    let account = portal.first_account();
    let table = [
        (
            "set",
            json!({"token_ttl": 30, "clock_offset_s": -60, "browser": "manual"}),
            200,
        ),
        ("set", json!({"token_ttl": "x"}), 400),
        ("set", json!({"unknown": 1}), 400),
        ("set", json!({"port": 80}), 400),
        ("fault", json!({"fault": "5xx@/token", "times": 2}), 200),
        ("fault", json!({"fault": "storm"}), 400),
        ("fault", json!({}), 400),
        ("fault", json!({"clear": true}), 200),
        ("expire", json!({"what": "sessions"}), 200),
        (
            "expire",
            json!({"what": ["access_tokens", "role_credentials", "codes"]}),
            200,
        ),
        ("expire", json!({}), 200),
        ("expire", json!({"what": "milk"}), 400),
        ("revoke", json!({}), 200),
        ("revoke", json!({"session": 1}), 200),
        (
            "assign",
            json!({"account_id": account, "role_name": "Extra"}),
            200,
        ),
        (
            "assign",
            json!({"account_id": "1", "role_name": "Extra"}),
            400,
        ),
        (
            "accounts",
            json!({"accounts": [{"id": "000000000001", "roles": ["A"]}]}),
            200,
        ),
        ("accounts", json!({"accounts": [{"id": "1"}]}), 400),
        (
            "accounts",
            json!({"accounts": [{"id": "000000000001"}, {"id": "000000000001"}]}),
            400,
        ),
        ("log", json!({"since": 0, "clear": true}), 200),
        ("nonsense", json!({}), 404),
    ];
    for (name, body, status) in table {
        let answer = portal.post(&format!("/_sim/{name}"), &body).await;
        assert_eq!(answer.status, status, "{name} {body}: {}", answer.body);
        assert_eq!(
            answer.json().get("error").is_some(),
            status != 200,
            "{}",
            answer.body
        );
    }
    for name in ["state", "stats", "log", "accounts", "set", "fault"] {
        let answer = web::visit(&portal.url(&format!("/_sim/{name}")))
            .await
            .unwrap();
        assert!(answer.status == 200 && answer.json().is_object(), "{name}");
    }
    assert_eq!(
        web::visit(&portal.url("/_sim/revoke"))
            .await
            .unwrap()
            .status,
        400
    );
}

#[tokio::test]
async fn what_is_set_takes_effect_at_once() {
    let portal = portal();
    portal
        .post(
            "/_sim/set",
            &json!({"token_ttl": 30, "clock_offset_s": 86_400}),
        )
        .await;
    let client = portal.register().await;
    assert_eq!(portal.sign_in(&client).await["expiresIn"], 30);
    let real = web::visit(&portal.url("/_sim/state")).await.unwrap();
    let date = jiff::fmt::rfc2822::parse(real.header("date").unwrap())
        .unwrap()
        .timestamp();
    portal.sim.set(|o| o.clock_offset_s = 0);
    let later = web::visit(&portal.url("/_sim/state")).await.unwrap();
    let now = jiff::fmt::rfc2822::parse(later.header("date").unwrap())
        .unwrap()
        .timestamp();
    assert!((86_390..=86_400).contains(&(date.as_second() - now.as_second())));
    portal.sim.set(|o| o.accounts = 77);
    assert_eq!(portal.sim.organisation().accounts.len(), 77);
}

#[tokio::test]
async fn web_pages_have_no_control() {
    let portal = portal();
    for origin in ["https://example.com", "null", portal.sim.base()] {
        for method in ["GET", "POST"] {
            let url = portal.url("/_sim/state");
            let answer = web::send(method, &url, &[("origin", origin)], "")
                .await
                .unwrap();
            assert_eq!(answer.status, 403, "{method} {origin}");
            assert!(answer.json().get("base").is_none());
        }
    }
}

#[tokio::test]
async fn nothing_that_can_be_read_here_holds_a_secret() {
    let portal = portal();
    let client = portal.register().await;
    let code = portal.code(&client).await;
    let tokens = portal
        .post("/token", &portal.exchange(&client, &code))
        .await
        .json();
    let access = tokens["accessToken"].as_str().unwrap();
    portal
        .renew(&client, tokens["refreshToken"].as_str().unwrap())
        .await;
    let keys = portal.role_credentials().await;
    // Secrets in places where they do not belong.
    portal
        .get(
            access,
            &format!("/assignment/accounts?next_token={access}&{access}=1"),
        )
        .await;
    portal.get(access, &format!("/token/{access}")).await;
    web::visit(&portal.url(&format!("/{access}")))
        .await
        .unwrap();
    let session = json!({
        "sessionId": keys["accessKeyId"], "sessionKey": keys["secretAccessKey"],
        "sessionToken": keys["sessionToken"],
    });
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("Action", "getSigninToken")
        .append_pair("Session", &session.to_string())
        .finish();
    let signin = web::visit(&portal.url(&format!("/federation?{query}")))
        .await
        .unwrap()
        .json();
    let signin = signin["SigninToken"].as_str().unwrap().to_owned();
    let login = format!("/federation?Action=login&SigninToken={signin}&Destination=x");
    web::visit(&portal.url(&login)).await.unwrap();

    let mut all = String::new();
    for name in ["state", "stats", "log", "accounts", "set", "fault"] {
        all += &web::visit(&portal.url(&format!("/_sim/{name}")))
            .await
            .unwrap()
            .body;
    }
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let secrets = [
        client.secret,
        code,
        access.to_owned(),
        text(&tokens["refreshToken"]),
        text(&keys["secretAccessKey"]),
        text(&keys["sessionToken"]),
        signin,
        crate::kit::VERIFIER.to_owned(),
        "a-state".to_owned(),
    ];
    for secret in secrets {
        // Not even a recognisable part of it.
        let part = &secret[..secret.len().min(20)];
        assert!(!all.contains(part), "{part}");
    }
    assert!(all.contains("GetSigninToken") && all.contains("33659"));
}

#[tokio::test]
async fn the_log_tells_what_was_asked_and_how_it_ended() {
    let portal = portal();
    let client = portal.register().await;
    portal.sign_in(&client).await;
    portal.renew(&client, "spent").await;
    let log = portal.sim.log();
    let told: Vec<_> = log
        .iter()
        .map(|e| (e.operation.as_str(), e.status, e.note.as_deref()))
        .collect();
    let expected = [
        ("RegisterClient", 200, None),
        ("Authorize", 302, None),
        ("CreateToken", 200, Some("authorization_code")),
        ("CreateToken", 400, Some("refresh_token")),
    ];
    assert_eq!(told, expected);
    assert_eq!(log[1].query["redirect_uri"], REDIRECT);
    assert_eq!(log[3].error.as_deref(), Some("InvalidGrantException"));
    assert_eq!(
        portal.sim.counts()["CreateToken"].errors["InvalidGrantException"],
        1
    );
    let since = web::visit(&portal.url("/_sim/log?since=3"))
        .await
        .unwrap()
        .json();
    assert_eq!(since["entries"].as_array().unwrap().len(), 1);
    portal.sim.clear_log();
    assert_eq!(
        (portal.sim.log().len(), portal.sim.count("CreateToken")),
        (0, 0)
    );
}

#[test]
fn many_portals_run_beside_each_other_and_end_when_dropped() {
    let sims: Vec<_> = (0..5)
        .map(|_| Sim::start(Options::default()).unwrap())
        .collect();
    let bases: std::collections::BTreeSet<_> = sims.iter().map(|s| s.base().to_owned()).collect();
    assert_eq!(bases.len(), 5);
    let address = bases
        .first()
        .unwrap()
        .trim_start_matches("http://")
        .to_owned();
    assert!(std::net::TcpStream::connect(&address).is_ok());
    drop(sims);
    assert!(std::net::TcpStream::connect(&address).is_err());
}

#[test]
fn options_that_cannot_be_served_are_refused_at_the_start() {
    assert!(
        Sim::start(Options {
            page_size: 0,
            ..Options::default()
        })
        .is_err()
    );
    let first = Sim::start(Options::default()).unwrap();
    let port = first.base().rsplit(':').next().unwrap().parse().unwrap();
    assert!(
        Sim::start(Options {
            port,
            ..Options::default()
        })
        .is_err()
    );
}

#[tokio::test]
async fn peaks_show_how_many_requests_were_under_way_at_once() {
    let portal = portal_with(|o| o.latency_ms = 200);
    let token = portal.access_token().await;
    let calls = (0..6).map(|_| {
        let (url, token) = (portal.url("/assignment/accounts"), token.clone());
        tokio::spawn(async move {
            let bearer = [("x-amz-sso_bearer_token", token.as_str())];
            web::send("GET", &url, &bearer, "").await.unwrap().status
        })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), 200);
    }
    let stats = portal.sim.control("stats", &json!({})).unwrap();
    assert_eq!(
        (&stats["peak_in_flight"], &stats["in_flight"]),
        (&json!(6), &json!(0))
    );
    assert_eq!(stats["operations"]["ListAccounts"]["requests"], 6);
}

#[tokio::test]
async fn odd_requests_are_answered_and_leave_the_portal_running() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let portal = portal();
    let address = portal.sim.base().trim_start_matches("http://").to_owned();
    let lines = [
        "CONNECT 127.0.0.1:1 HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "GET //start HTTP/1.1",
        "GET /_region/x/nothing HTTP/1.1",
        "GET /_sim HTTP/1.1",
        "BREW /token HTTP/1.1",
        "GET /%00%ff?%00=%ff HTTP/1.1",
    ];
    for line in lines {
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        let head = format!("{line}\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 4"), "{line}: {answer}");
    }
    let large = "x".repeat(300 * 1024);
    let refused = web::send("POST", &portal.url("/token"), &[], &large)
        .await
        .unwrap();
    assert_eq!(refused.status, 413);
    assert_eq!(
        web::visit(&portal.url("/_sim/state")).await.unwrap().status,
        200
    );
}
