//! AssumeRole: what it grants, to whom, and every value that it refuses.

use crate::console::session;
use crate::identity::{Signer, assert_error};
use crate::kit::{Portal, portal};
use daypass_sim::web::{self, Answer};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

const DEPLOY: &str = "arn:aws:iam::444455556666:role/ops/Deploy";
const AUDIT: &str = "arn:aws:iam::777788889999:role/Audit";
const PLAIN: [(&str, &str); 2] = [("RoleArn", DEPLOY), ("RoleSessionName", "jo")];

/// A portal where the first account's `ReadOnly` may deploy, and who deploys may audit.
fn trusting() -> Portal {
    let portal = portal();
    let first = portal.first_account();
    let roles = json!({ "roles": [
        { "arn": DEPLOY, "trusts": [format!("{first}/ReadOnly")] },
        { "arn": AUDIT, "trusts": ["444455556666/Deploy"], "external_id": "sesame" },
    ]});
    portal.sim.control("roles", &roles).unwrap();
    portal
}

async fn assume(portal: &Portal, keys: &Value, fields: &[(&str, &str)]) -> Answer {
    let body = Serializer::new(String::new())
        .extend_pairs([("Action", "AssumeRole"), ("Version", "2011-06-15")])
        .extend_pairs(fields)
        .finish();
    let signer = Signer {
        body: &body,
        ..Signer::of(keys)
    };
    signer.call(portal, &body).await
}

fn between<'a>(text: &'a str, name: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("<{name}>")).unwrap();
    rest.split_once('<').unwrap().0
}

/// The credentials of an answer, in the form of the portal's.
fn keys_of(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.body);
    json!({
        "accessKeyId": between(&answer.body, "AccessKeyId"),
        "secretAccessKey": between(&answer.body, "SecretAccessKey"),
        "sessionToken": between(&answer.body, "SessionToken"),
    })
}

#[tokio::test]
async fn a_role_is_assumed_from_a_permission_set_and_another_from_it() {
    let portal = trusting();
    let keys = portal.role_credentials().await;
    let deploy = keys_of(&assume(&portal, &keys, &PLAIN).await);
    let identity = Signer::of(&deploy);
    let identity = identity.call(&portal, identity.body).await;
    let arn = "arn:aws:sts::444455556666:assumed-role/Deploy/jo";
    assert_eq!(between(&identity.body, "Arn"), arn);

    let further = [
        ("RoleArn", AUDIT),
        ("RoleSessionName", "jo.audits"),
        ("ExternalId", "sesame"),
        ("DurationSeconds", "900"),
    ];
    let audit = assume(&portal, &deploy, &further).await;
    let arn = "arn:aws:sts::777788889999:assumed-role/Audit/jo.audits";
    assert_eq!(between(&audit.body, "Arn"), arn);
    let end: jiff::Timestamp = between(&audit.body, "Expiration").parse().unwrap();
    let left = end.duration_since(portal.now()).as_secs();
    assert!((880..=910).contains(&left), "{left}");
}

#[tokio::test]
async fn who_is_not_trusted_or_lacks_the_external_id_is_refused() {
    let portal = trusting();
    let keys = portal.role_credentials().await;
    let audit = [("RoleArn", AUDIT), ("RoleSessionName", "jo")];
    let with = |id: &'static str| [audit[0], audit[1], ("ExternalId", id)];
    assert_error(
        &assume(&portal, &keys, &with("sesame")).await,
        403,
        "AccessDenied",
    );
    let deploy = keys_of(&assume(&portal, &keys, &PLAIN).await);
    assert_error(&assume(&portal, &deploy, &audit).await, 403, "AccessDenied");
    assert_error(
        &assume(&portal, &deploy, &with("wrong")).await,
        403,
        "AccessDenied",
    );
    keys_of(&assume(&portal, &deploy, &with("sesame")).await);
    let nobody = [("RoleArn", "arn:aws:iam::444455556666:role/None"), PLAIN[1]];
    assert_error(&assume(&portal, &keys, &nobody).await, 403, "AccessDenied");
}

#[tokio::test]
async fn every_value_has_its_form() {
    let portal = trusting();
    let keys = portal.role_credentials().await;
    let long = "x".repeat(65);
    let longer = "x".repeat(1225);
    for (name, value, code) in [
        ("RoleArn", "Deploy", "ValidationError"),
        (
            "RoleArn",
            "arn:aws:iam::444455556666:user/Deploy",
            "ValidationError",
        ),
        ("RoleSessionName", "j", "ValidationError"),
        ("RoleSessionName", "jo smith", "ValidationError"),
        ("RoleSessionName", &long, "ValidationError"),
        ("DurationSeconds", "899", "ValidationError"),
        ("DurationSeconds", "3601", "ValidationError"),
        ("DurationSeconds", "43201", "ValidationError"),
        ("DurationSeconds", "soon", "MalformedInput"),
        ("ExternalId", "x", "ValidationError"),
        ("ExternalId", "a b", "ValidationError"),
        ("ExternalId", &longer, "ValidationError"),
    ] {
        let mut fields: Vec<_> = PLAIN.into_iter().filter(|it| it.0 != name).collect();
        fields.push((name, value));
        assert_error(&assume(&portal, &keys, &fields).await, 400, code);
    }
    for missing in 0..2 {
        let fields = [PLAIN[1 - missing]];
        assert_error(
            &assume(&portal, &keys, &fields).await,
            400,
            "ValidationError",
        );
    }
}

#[tokio::test]
async fn a_chained_role_opens_a_console_but_for_no_duration() {
    let portal = trusting();
    let keys = portal.role_credentials().await;
    let deploy = keys_of(&assume(&portal, &keys, &PLAIN).await);
    let session = session(&deploy).to_string();
    let mut fields = vec![("Action", "getSigninToken"), ("Session", session.as_str())];
    assert_eq!(portal.ask_signin_token(&fields).await.status, 200);
    fields.push(("SessionDuration", "900"));
    assert_eq!(portal.ask_signin_token(&fields).await.status, 400);
}

#[tokio::test]
async fn a_signature_is_needed_and_the_log_keeps_no_secret() {
    let portal = trusting();
    let keys = portal.role_credentials().await;
    let body = "Action=AssumeRole&RoleSessionName=jo";
    let unsigned = web::send("POST", portal.sim.base(), &[], body)
        .await
        .unwrap();
    assert_error(&unsigned, 403, "MissingAuthenticationToken");
    let deploy = keys_of(&assume(&portal, &keys, &PLAIN).await);
    let log = portal.sim.control("log", &json!({})).unwrap().to_string();
    for secret in ["secretAccessKey", "sessionToken"] {
        assert!(!log.contains(deploy[secret].as_str().unwrap()), "{secret}");
    }
    assert!(log.contains("444455556666/Deploy"), "{log}");
}

#[tokio::test]
async fn roles_of_the_organisation_are_read_strictly() {
    let portal = trusting();
    let bad = json!({ "roles": [{ "arn": "Deploy", "trusts": [] }] });
    assert!(portal.sim.control("roles", &bad).is_err());
    let told = portal.sim.control("roles", &Value::Null);
    assert!(told.is_err(), "nothing is no list of roles");
}
