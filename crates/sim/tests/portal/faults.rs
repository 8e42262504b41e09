//! Faults on purpose.

use crate::kit::{assert_refused, portal, portal_with};
use daypass_sim::{FaultRule, web};
use std::time::{Duration, Instant};

fn rule(text: &str) -> FaultRule {
    text.parse().unwrap()
}

#[tokio::test]
async fn each_fault_looks_as_it_does_in_life() {
    let portal = portal_with(|o| o.slow_ms = 300);
    let token = portal.access_token().await;
    let get = || portal.get(&token, "/assignment/accounts");
    let fault = |text: &str| portal.sim.fault(rule(text), 1);

    fault("5xx");
    assert_eq!(get().await.status, 503);
    fault("429");
    assert_eq!(get().await.status, 429);
    fault("nonjson");
    let page = get().await;
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
    fault("slow");
    let start = Instant::now();
    assert_eq!(get().await.status, 200);
    assert!(start.elapsed() >= Duration::from_millis(300));
    let bearer = [("x-amz-sso_bearer_token", token.as_str())];
    for text in ["reset", "truncated"] {
        fault(text);
        let url = portal.url("/assignment/accounts");
        assert!(web::send("GET", &url, &bearer, "").await.is_err(), "{text}");
    }
    assert_eq!(get().await.status, 200);
    let faults: Vec<_> = portal
        .sim
        .log()
        .into_iter()
        .filter_map(|e| e.fault)
        .collect();
    assert_eq!(
        faults,
        ["5xx", "429", "nonjson", "slow", "reset", "truncated"]
    );
}

#[tokio::test]
async fn a_reset_is_a_reset_on_the_wire() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let portal = portal();
    portal.sim.fault(rule("reset"), 1);
    let address = portal.sim.base().trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!("GET /assignment/accounts HTTP/1.1\r\nhost: {address}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let end = stream.read(&mut [0; 64]).await;
    assert_eq!(end.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_lost_answer_to_a_renewal_has_spent_the_refresh_token() {
    let portal = portal();
    let client = portal.register().await;
    let tokens = portal.sign_in(&client).await;
    let token = tokens["refreshToken"].as_str().unwrap();
    portal.sim.fault(rule("5xx@/token"), 1);
    let failed = portal.renew(&client, token).await;
    assert_refused(&failed, 500, "InternalServerException", "nothing was done");
    portal.sim.fault(rule("reset@/token"), 1);
    let body = serde_json::json!({
        "clientId": client.id, "clientSecret": client.secret,
        "grantType": "refresh_token", "refreshToken": token,
    });
    let url = portal.url("/token");
    assert!(
        web::send("POST", &url, &[], &body.to_string())
            .await
            .is_err()
    );
    assert_refused(
        &portal.renew(&client, token).await,
        400,
        "InvalidGrantException",
        "spent",
    );
}

#[tokio::test]
async fn a_rule_with_a_path_leaves_other_paths_alone() {
    let portal = portal_with(|o| o.faults = vec![rule("5xx@/assignment/roles")]);
    let token = portal.access_token().await;
    assert_eq!(portal.get(&token, "/assignment/accounts").await.status, 200);
    let account = portal.first_account();
    let roles = format!("/assignment/roles?account_id={account}");
    assert_eq!(portal.get(&token, &roles).await.status, 503);
    portal.sim.set(|o| o.fault_rate = 0.0);
    assert_eq!(portal.get(&token, &roles).await.status, 200);
}
