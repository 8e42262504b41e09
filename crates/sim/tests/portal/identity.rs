//! GetCallerIdentity, signed as AWS's tools sign it.

use crate::kit::{Portal, portal};
use daypass_sim::Expire;
use daypass_sim::web::{self, Answer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::time::Duration;

const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

/// HMAC-SHA-256 by its definition, apart from the one under test.
fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let key = if key.len() > 64 {
        Sha256::digest(key).to_vec()
    } else {
        key.to_vec()
    };
    let pad = |with: u8| -> Vec<u8> {
        (0..64)
            .map(|i| key.get(i).copied().unwrap_or(0) ^ with)
            .collect()
    };
    let inner = Sha256::digest([pad(0x36), text.as_bytes().to_vec()].concat());
    Sha256::digest([pad(0x5c), inner.to_vec()].concat()).to_vec()
}

pub(crate) struct Signer<'a> {
    pub(crate) id: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) token: &'a str,
    pub(crate) body: &'a str,
}

impl<'a> Signer<'a> {
    pub(crate) fn of(keys: &'a Value) -> Self {
        let text = |name: &str| keys[name].as_str().unwrap();
        Self {
            id: text("accessKeyId"),
            secret: text("secretAccessKey"),
            token: text("sessionToken"),
            body: BODY,
        }
    }

    /// Signs, then sends `sent` in the place of the signed body.
    pub(crate) async fn call(&self, portal: &Portal, sent: &str) -> Answer {
        let date = portal.now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let scope = format!("{}/eu-central-1/sts/aws4_request", &date[..8]);
        let host = portal.sim.base().trim_start_matches("http://");
        let signed = "content-type;host;x-amz-date;x-amz-security-token";
        let kind = "application/x-www-form-urlencoded";
        let canonical = format!(
            "POST\n/\n\ncontent-type:{kind}\nhost:{host}\nx-amz-date:{date}\n\
             x-amz-security-token:{}\n\n{signed}\n{}",
            self.token,
            hex::encode(Sha256::digest(self.body))
        );
        let hashed = hex::encode(Sha256::digest(canonical));
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashed}");
        let first = format!("AWS4{}", self.secret).into_bytes();
        let key = scope.split('/').fold(first, |key, part| hmac(&key, part));
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={signed}, Signature={}",
            self.id,
            hex::encode(hmac(&key, &text))
        );
        let headers = [
            ("content-type", kind),
            ("x-amz-date", &date),
            ("x-amz-security-token", self.token),
            ("authorization", &authorization),
        ];
        web::send("POST", portal.sim.base(), &headers, sent)
            .await
            .unwrap()
    }
}

pub(crate) fn assert_error(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{code}: {}", answer.body);
    assert!(
        answer.body.contains(&format!("<Code>{code}</Code>")),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn the_answer_names_account_role_and_user() {
    let portal = portal();
    let keys = portal.role_credentials().await;
    let answer = Signer::of(&keys).call(&portal, BODY).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let account = portal.first_account();
    assert!(
        answer
            .body
            .contains(&format!("<Account>{account}</Account>"))
    );
    let arn = format!("<Arn>arn:aws:sts::{account}:assumed-role/AWSReservedSSO_ReadOnly_");
    assert!(answer.body.contains(&arn) && answer.body.contains("/jo@example.com</Arn>"));
}

#[tokio::test]
async fn every_part_of_the_credentials_counts() {
    let portal = portal();
    let (keys, others) = (
        portal.role_credentials().await,
        portal.role_credentials().await,
    );
    let (good, other) = (Signer::of(&keys), Signer::of(&others));
    let wrong_secret = Signer {
        secret: other.secret,
        ..Signer::of(&keys)
    };
    assert_error(
        &wrong_secret.call(&portal, BODY).await,
        403,
        "SignatureDoesNotMatch",
    );
    let wrong_token = Signer {
        token: other.token,
        ..Signer::of(&keys)
    };
    assert_error(
        &wrong_token.call(&portal, BODY).await,
        403,
        "InvalidClientTokenId",
    );
    let unknown = Signer {
        id: "ASIAUNKNOWN",
        ..Signer::of(&keys)
    };
    assert_error(
        &unknown.call(&portal, BODY).await,
        403,
        "InvalidClientTokenId",
    );
    let changed = format!("{BODY}&More=1");
    assert_error(
        &good.call(&portal, &changed).await,
        403,
        "SignatureDoesNotMatch",
    );
}

#[tokio::test]
async fn other_actions_and_unsigned_requests_are_refused() {
    let portal = portal();
    let keys = portal.role_credentials().await;
    let other = "Action=GetSessionToken";
    let signer = Signer {
        body: other,
        ..Signer::of(&keys)
    };
    assert_error(&signer.call(&portal, other).await, 400, "InvalidAction");
    let unsigned = web::send("POST", portal.sim.base(), &[], BODY)
        .await
        .unwrap();
    assert_error(&unsigned, 403, "MissingAuthenticationToken");
    let odd = [("authorization", "Bearer x")];
    let odd = web::send("POST", portal.sim.base(), &odd, BODY)
        .await
        .unwrap();
    assert_error(&odd, 400, "IncompleteSignature");
    let empty = web::send("POST", portal.sim.base(), &[], "").await.unwrap();
    assert_error(&empty, 400, "MissingAction");
}

#[tokio::test]
async fn credentials_expire_and_live_on_after_sign_out() {
    let portal = portal();
    let keys = portal.role_credentials().await;
    portal.sim.revoke();
    assert_eq!(Signer::of(&keys).call(&portal, BODY).await.status, 200);
    portal.sim.advance(Duration::from_secs(3601));
    assert_error(
        &Signer::of(&keys).call(&portal, BODY).await,
        403,
        "ExpiredToken",
    );
    let keys = portal.role_credentials().await;
    portal.sim.expire(Expire::RoleCredentials);
    assert_error(
        &Signer::of(&keys).call(&portal, BODY).await,
        403,
        "ExpiredToken",
    );
}
