//! Accounts, roles and role credentials.

use crate::kit::{portal, portal_with};
use daypass_sim::{Account, Organisation, web};
use std::time::Duration;

#[tokio::test]
async fn pages_together_are_the_whole_list_in_order() {
    let portal = portal_with(|o| (o.accounts, o.page_size) = (57, 10));
    let token = portal.access_token().await;
    let (mut ids, mut next, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let path = format!("/assignment/accounts?max_result=100{next}");
        let page = portal.get(&token, &path).await.json();
        let list = page["accountList"].as_array().unwrap();
        ids.extend(
            list.iter()
                .map(|a| a["accountId"].as_str().unwrap().to_owned()),
        );
        pages += 1;
        match page["nextToken"].as_str() {
            Some(token) => next = format!("&next_token={token}"),
            None => break,
        }
    }
    let expected: Vec<_> = portal
        .sim
        .organisation()
        .accounts
        .into_iter()
        .map(|a| a.id)
        .collect();
    assert_eq!((ids, pages), (expected, 6));
}

#[tokio::test]
async fn names_and_addresses_may_be_missing() {
    let portal = portal();
    let bare = Account {
        id: "000000000007".into(),
        name: None,
        email: None,
        roles: vec![],
    };
    portal.sim.set_organisation(Organisation {
        accounts: vec![bare],
        ..Organisation::default()
    });
    let token = portal.access_token().await;
    let page = portal.get(&token, "/assignment/accounts").await;
    assert_eq!(
        page.body,
        r#"{"accountList":[{"accountId":"000000000007"}],"nextToken":null}"#
    );
}

#[tokio::test]
async fn calls_out_of_order_are_refused() {
    let portal = portal_with(|o| o.page_size = 2);
    let token = portal.access_token().await;
    let account = portal.first_account();
    let foreign = portal.get(&token, "/assignment/accounts").await.json()["nextToken"].clone();
    let foreign = foreign.as_str().unwrap();
    let table = [
        (
            "/assignment/accounts?max_result=0",
            400,
            "InvalidRequestException",
        ),
        (
            "/assignment/accounts?max_result=101",
            400,
            "InvalidRequestException",
        ),
        (
            "/assignment/accounts?max_result=x",
            400,
            "InvalidRequestException",
        ),
        (
            "/assignment/accounts?next_token=MQ",
            400,
            "InvalidRequestException",
        ),
        (
            "/assignment/accounts?next_token=",
            400,
            "InvalidRequestException",
        ),
        ("/assignment/roles", 400, "InvalidRequestException"),
        (
            "/assignment/roles?account_id=12",
            400,
            "InvalidRequestException",
        ),
        (
            "/assignment/roles?account_id=999999999999",
            404,
            "ResourceNotFoundException",
        ),
        (
            &format!("/assignment/roles?account_id={account}&next_token={foreign}"),
            400,
            "InvalidRequestException",
        ),
        (
            "/federation/credentials?role_name=ReadOnly",
            400,
            "InvalidRequestException",
        ),
        (
            &format!("/federation/credentials?account_id={account}"),
            400,
            "InvalidRequestException",
        ),
        (
            &format!("/federation/credentials?account_id={account}&role_name=Nobody"),
            403,
            "ForbiddenException",
        ),
        (
            "/federation/credentials?account_id=999999999999&role_name=ReadOnly",
            403,
            "ForbiddenException",
        ),
        ("/assignment", 404, "UnknownOperationException"),
    ];
    for (path, status, error) in table {
        let answer = portal.get(&token, path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        let named = answer.header("x-amzn-errortype").unwrap();
        assert_eq!(named.split(':').next(), Some(error), "{path}");
        assert!(answer.json()["message"].is_string());
    }
}

#[tokio::test]
async fn without_a_token_that_counts_nothing_is_shown() {
    let portal = portal();
    let good = portal.access_token().await;
    let paths = [
        "/assignment/accounts",
        "/assignment/roles",
        "/federation/credentials",
    ];
    for path in paths {
        for token in ["", "aoa-unknown", &good[..good.len() - 1]] {
            let answer = portal.get(token, path).await;
            assert_eq!(answer.status, 401, "{path}");
            assert_eq!(
                answer.json()["message"],
                "Session token not found or invalid"
            );
            let named = answer.header("x-amzn-errortype").unwrap();
            assert!(named.starts_with("UnauthorizedException:"));
        }
    }
    let elsewhere = portal
        .get(&good, "/_region/us-east-1/assignment/accounts")
        .await;
    assert_eq!(elsewhere.status, 401);
    assert_eq!(
        web::send("POST", &portal.url("/logout"), &[], "")
            .await
            .unwrap()
            .status,
        401
    );
}

#[tokio::test]
async fn role_credentials_end_in_milliseconds_and_outlive_the_session() {
    let portal = portal_with(|o| o.role_ttl = 900);
    let keys = portal.role_credentials().await;
    let now = portal.sim.control("state", &serde_json::json!({})).unwrap()["now"].clone();
    let now: jiff::Timestamp = now.as_str().unwrap().parse().unwrap();
    let left = keys["expiration"].as_i64().unwrap() - now.as_millisecond();
    assert!((890_000..=900_000).contains(&left), "{left}");
    assert!(keys["accessKeyId"].as_str().unwrap().starts_with("ASIA"));
    portal.sim.revoke();
    let state = portal.sim.control("state", &serde_json::json!({})).unwrap();
    assert_eq!(state["role_credentials"], 1);
    portal.sim.advance(Duration::from_secs(901));
    let state = portal.sim.control("state", &serde_json::json!({})).unwrap();
    assert_eq!(state["role_credentials"], 0);
}

#[tokio::test]
async fn an_assignment_can_be_taken_away() {
    let portal = portal();
    let (token, account) = (portal.access_token().await, portal.first_account());
    let path = format!("/federation/credentials?account_id={account}&role_name=ReadOnly");
    assert_eq!(portal.get(&token, &path).await.status, 200);
    portal.sim.assign(&account, "ReadOnly", false);
    let answer = portal.get(&token, &path).await;
    assert_eq!(
        (answer.status, answer.json()["message"].as_str()),
        (403, Some("No access"))
    );
}

#[tokio::test]
async fn beyond_the_budget_the_portal_says_429() {
    let portal = portal_with(|o| (o.rate_limit, o.rate_burst) = (Some(0.01), Some(3.0)));
    let token = portal.access_token().await;
    for _ in 0..3 {
        assert_eq!(portal.get(&token, "/assignment/accounts").await.status, 200);
    }
    let answer = portal.get(&token, "/assignment/accounts").await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("retry-after"), None);
    portal.sim.set(|o| o.retry_after = Some(3));
    let answer = portal.get(&token, "/assignment/accounts").await;
    assert_eq!(answer.header("retry-after"), Some("3"));
    assert_eq!(answer.json()["message"], "HTTP 429 Unknown Code");
    assert!(
        answer
            .header("x-amzn-errortype")
            .unwrap()
            .starts_with("TooManyRequestsException:")
    );
    // Sign-in has no part in this budget.
    portal.access_token().await;
}
