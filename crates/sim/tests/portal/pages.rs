//! What people see, and what other web pages cannot do.

use crate::kit::{parameter, portal, portal_with};
use daypass_sim::{Browser, web};

#[tokio::test]
async fn a_person_sees_who_asks_and_decides() {
    let portal = portal_with(|o| o.browser = Browser::Manual);
    let client = portal.register().await;
    let url = portal.authorize_url(&client, &[]);
    let page = web::visit(&url).await.unwrap();
    for part in [
        "a-test",
        "Example Works",
        "jo@example.com",
        "Allow access",
        "Deny",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    let nonce = page.body.split("name=\"nonce\" value=\"").nth(1).unwrap();
    let nonce = nonce.split('"').next().unwrap();
    let press = |body: String| {
        let url = portal.url("/decide");
        async move { web::send("POST", &url, &[], &body).await.unwrap() }
    };
    assert_eq!(press("decision=approve".into()).await.status, 403);
    assert_eq!(
        press("nonce=guess&decision=approve".into()).await.status,
        403
    );
    assert_eq!(
        press(format!("nonce={nonce}&decision=maybe")).await.status,
        400
    );
    let approved = press(format!("nonce={nonce}&decision=approve")).await;
    assert_eq!(approved.status, 302);
    assert!(parameter(approved.header("location").unwrap(), "code").is_some());
    assert_eq!(
        press(format!("nonce={nonce}&decision=approve"))
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn a_person_who_denies_sends_back_a_no() {
    let portal = portal_with(|o| o.browser = Browser::Manual);
    let client = portal.register().await;
    let url = portal.authorize_url(&client, &[]);
    let nobody_listens = web::decide(&url, false).await;
    assert!(
        nobody_listens.is_err(),
        "the redirect leads to a port where nobody listens"
    );
    let entry = portal.sim.log().pop().unwrap();
    assert_eq!(
        (entry.operation.as_str(), entry.note.as_deref()),
        ("Decide", Some("denied"))
    );
}

#[tokio::test]
async fn pages_carry_the_headers_that_keep_others_out() {
    let portal = portal_with(|o| (o.hostile, o.accounts) = (true, 60));
    let page = web::visit(&portal.sim.start_url()).await.unwrap();
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    // One script, ours; what the names hold is text.
    assert_eq!(page.body.matches("<script").count(), 1);
    assert!(!page.body.contains("<img") && !page.body.contains("<svg"));
    assert!(page.body.contains("&lt;script&gt;"));
    assert!(!page.body.contains("src=\"") && !page.body.contains("href=\"http"));
}

#[tokio::test]
async fn the_front_door_leads_to_the_portal() {
    let portal = portal();
    let page = web::visit(portal.sim.base()).await.unwrap();
    assert_eq!(page.url, portal.sim.start_url());
    let head = web::send("HEAD", &portal.sim.start_url(), &[], "")
        .await
        .unwrap();
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[tokio::test]
async fn a_name_that_was_rebound_to_this_machine_is_refused() {
    let portal = portal();
    for path in [
        "/start",
        "/authorize",
        "/_sim/state",
        "/assignment/accounts",
    ] {
        for (host, refused) in [("evil.example", true), ("localhost:9", false)] {
            let answer = web::send("GET", &portal.url(path), &[("host", host)], "")
                .await
                .unwrap();
            let is_refusal = answer.body.contains("host name is not");
            assert_eq!(
                (answer.status == 403, is_refusal),
                (refused, refused),
                "{host} {path}"
            );
        }
    }
}

#[tokio::test]
async fn a_vanity_address_leads_to_the_start_url_in_one_step_or_two() {
    let real = "https://d-0000000000.awsapps.com/start";
    let plain = portal();
    let named = portal_with(|o| o.start_urls = vec![real.into()]);
    for method in ["GET", "HEAD"] {
        for (portal, target) in [(&plain, plain.sim.start_url()), (&named, real.into())] {
            let once = web::send(method, &portal.url("/_vanity"), &[], "").await;
            let once = once.unwrap();
            assert_eq!(
                (once.status, once.header("location")),
                (302, Some(&*target))
            );
            let twice = web::send(method, &portal.url("/_vanity/twice"), &[], "").await;
            let first = portal.url("/_vanity");
            assert_eq!(twice.unwrap().header("location"), Some(&*first));
        }
    }
}
