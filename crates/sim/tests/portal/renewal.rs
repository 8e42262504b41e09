//! Renewal, and how sessions end.

use crate::kit::{assert_refused, portal, portal_with};
use daypass_sim::{Expire, LastToken, Renewals, Rotation, web};
use std::time::Duration;

const GONE: &str = "Invalid refresh token provided";

#[tokio::test]
async fn a_renewal_gives_new_tokens_and_spends_the_old_one() {
    let portal = portal();
    let client = portal.register().await;
    let first = portal.sign_in(&client).await;
    let old = first["refreshToken"].as_str().unwrap();
    let second = portal.renew(&client, old).await.json();
    assert_ne!(first["refreshToken"], second["refreshToken"]);
    assert_ne!(first["accessToken"], second["accessToken"]);
    let again = portal.renew(&client, old).await;
    assert_refused(&again, 400, "InvalidGrantException", "spent");
    assert_eq!(again.json()["error_description"], GONE);
    // Without --reuse-revokes the session goes on.
    let new = second["refreshToken"].as_str().unwrap();
    assert_eq!(portal.renew(&client, new).await.status, 200);
    let access = first["accessToken"].as_str().unwrap();
    assert_eq!(portal.get(access, "/assignment/accounts").await.status, 200);
}

#[tokio::test]
async fn a_spent_token_ends_the_session_where_that_is_asked_for() {
    let portal = portal_with(|o| o.reuse_revokes = true);
    let client = portal.register().await;
    let first = portal.sign_in(&client).await;
    let old = first["refreshToken"].as_str().unwrap();
    let second = portal.renew(&client, old).await.json();
    assert_eq!(portal.renew(&client, old).await.status, 400);
    let new = second["refreshToken"].as_str().unwrap();
    assert_refused(
        &portal.renew(&client, new).await,
        400,
        "InvalidGrantException",
        "revoked",
    );
    let access = second["accessToken"].as_str().unwrap();
    assert_eq!(portal.get(access, "/assignment/accounts").await.status, 401);
}

#[tokio::test]
async fn without_rotation_the_refresh_token_stays() {
    let portal = portal_with(|o| o.rotation = Rotation::Same);
    let client = portal.register().await;
    let first = portal.sign_in(&client).await;
    let token = first["refreshToken"].as_str().unwrap();
    for _ in 0..3 {
        assert_eq!(
            portal.renew(&client, token).await.json()["refreshToken"],
            token
        );
    }
}

#[tokio::test]
async fn a_refresh_token_is_for_its_client_alone() {
    let portal = portal();
    let (client, other) = (portal.register().await, portal.register().await);
    let tokens = portal.sign_in(&client).await;
    let token = tokens["refreshToken"].as_str().unwrap();
    assert_refused(
        &portal.renew(&other, token).await,
        400,
        "InvalidGrantException",
        "other",
    );
    assert_refused(
        &portal.renew(&client, "x").await,
        400,
        "InvalidGrantException",
        "unknown",
    );
    assert_refused(
        &portal.renew(&client, "").await,
        400,
        "InvalidRequestException",
        "empty",
    );
    assert_eq!(portal.renew(&client, token).await.status, 200);
}

#[tokio::test]
async fn access_tokens_shrink_towards_the_end_of_the_session() {
    let portal = portal_with(|o| (o.token_ttl, o.session_ttl) = (3600, 5000));
    let client = portal.register().await;
    let tokens = portal.sign_in(&client).await;
    let mut refresh = tokens["refreshToken"].as_str().unwrap().to_owned();
    portal.sim.advance(Duration::from_secs(3601));
    let access = tokens["accessToken"].as_str().unwrap();
    assert_eq!(portal.get(access, "/assignment/accounts").await.status, 401);
    let renewed = portal.renew(&client, &refresh).await.json();
    assert!((1390..=1399).contains(&renewed["expiresIn"].as_i64().unwrap()));
    refresh = renewed["refreshToken"].as_str().unwrap().to_owned();
    portal.sim.advance(Duration::from_secs(1400));
    let over = portal.renew(&client, &refresh).await;
    assert_refused(&over, 400, "InvalidGrantException", "over");
    assert_eq!(over.json()["error_description"], GONE);
}

#[tokio::test]
async fn where_tokens_are_given_full_lives_the_end_of_the_session_is_a_refusal() {
    let portal = portal_with(|o| {
        (o.token_ttl, o.session_ttl, o.last_token) = (3600, 5000, LastToken::Full);
    });
    let client = portal.register().await;
    let tokens = portal.sign_in(&client).await;
    portal.sim.advance(Duration::from_secs(4000));
    let refresh = tokens["refreshToken"].as_str().unwrap();
    let renewed = portal.renew(&client, refresh).await.json();
    assert_eq!(renewed["expiresIn"], 3600);
    let access = renewed["accessToken"].as_str().unwrap();
    assert_eq!(portal.get(access, "/assignment/accounts").await.status, 200);
    portal.sim.advance(Duration::from_secs(1001));
    assert_eq!(portal.get(access, "/assignment/accounts").await.status, 401);
    let refresh = renewed["refreshToken"].as_str().unwrap();
    assert_refused(
        &portal.renew(&client, refresh).await,
        400,
        "InvalidGrantException",
        "over",
    );
}

#[tokio::test]
async fn the_log_tells_who_renewed_and_how_often() {
    let portal = portal();
    let (client, other) = (portal.register().await, portal.register().await);
    let mut refresh = Vec::new();
    for client in [&client, &other] {
        let tokens = portal.sign_in(client).await;
        refresh.push(tokens["refreshToken"].as_str().unwrap().to_owned());
    }
    let (first, spent) = (refresh[0].clone(), refresh[0].clone());
    let next = portal.renew(&client, &first).await.json();
    let next = next["refreshToken"].as_str().unwrap();
    portal.renew(&client, &spent).await;
    portal.sim.fault("reset@/token".parse().unwrap(), 1);
    let body = serde_json::json!({
        "clientId": client.id, "clientSecret": client.secret,
        "grantType": "refresh_token", "refreshToken": next,
    });
    let agent = [("user-agent", "some-tool/1.2 lang/x")];
    let lost = web::send("POST", &portal.url("/token"), &agent, &body.to_string()).await;
    assert!(lost.is_err());
    portal.renew(&other, &refresh[1]).await;
    portal.renew(&other, "never-given-out").await;
    let counts = |granted, lost, refused| Renewals {
        granted,
        lost,
        refused,
    };
    let told: Vec<_> = portal
        .sim
        .renewals()
        .into_iter()
        .map(|(who, how)| (who.session, who.program, how))
        .collect();
    let expected = [
        (None, None, counts(0, 0, 1)),
        (Some(1), None, counts(1, 0, 1)),
        (Some(1), Some("some-tool/1.2".to_owned()), counts(1, 1, 0)),
        (Some(2), None, counts(1, 0, 0)),
    ];
    assert_eq!(told, expected);
    let log = web::visit(&portal.url("/_sim/log")).await.unwrap().json();
    assert_eq!(log["renewals"][2]["lost"], 1);
    assert_eq!(log["renewals"][2]["client"], "a-test");
}

#[tokio::test]
async fn each_way_to_end_a_session_leaves_its_own_marks() {
    let portal = portal();
    let client = portal.register().await;
    // What happens; the status of a portal call, and of a renewal, after it.
    let table: [(&str, u16, u16); 6] = [
        ("nothing", 200, 200),
        ("access_tokens", 401, 200),
        ("sessions", 401, 400),
        ("revoke", 401, 400),
        ("logout", 401, 400),
        ("clients", 200, 401),
    ];
    for (event, call, renewal) in table {
        let tokens = portal.sign_in(&client).await;
        let access = tokens["accessToken"].as_str().unwrap();
        match event {
            "access_tokens" => assert!(portal.sim.expire(Expire::AccessTokens) > 0),
            "sessions" => assert!(portal.sim.expire(Expire::Sessions) > 0),
            "clients" => assert_eq!(portal.sim.expire(Expire::Clients), 1),
            "revoke" => assert!(portal.sim.revoke() > 0),
            "logout" => {
                let bearer = [("x-amz-sso_bearer_token", access)];
                let out = web::send("POST", &portal.url("/logout"), &bearer, "")
                    .await
                    .unwrap();
                assert_eq!((out.status, out.body.as_str()), (200, ""));
            }
            _ => {}
        }
        assert_eq!(
            portal.get(access, "/assignment/accounts").await.status,
            call,
            "{event}"
        );
        let token = tokens["refreshToken"].as_str().unwrap();
        assert_eq!(
            portal.renew(&client, token).await.status,
            renewal,
            "{event}"
        );
    }
}

#[tokio::test]
async fn a_renewal_is_carried_out_also_when_its_client_goes_away() {
    use tokio::io::AsyncWriteExt as _;
    let portal = portal();
    let client = portal.register().await;
    let tokens = portal.sign_in(&client).await;
    portal.sim.set(|o| o.latency_ms = 200);
    let body = serde_json::json!({
        "clientId": client.id, "clientSecret": client.secret,
        "grantType": "refresh_token", "refreshToken": tokens["refreshToken"],
    })
    .to_string();
    let address = portal.sim.base().trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /token HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(stream);
    tokio::time::sleep(Duration::from_millis(400)).await;
    let (_, renewals) = portal.sim.renewals().pop().unwrap();
    assert_eq!(renewals.granted, 1);
    let token = tokens["refreshToken"].as_str().unwrap();
    assert_eq!(portal.renew(&client, token).await.status, 400);
}
