//! The least that a program of the AWS SDK for Rust does for role credentials: a token from a file, one
//! request, one line of JSON. What `cargo xtask bench credentials` measures Daypass against.
//!
//!     daypass-bare-credentials TOKEN_FILE REGION ACCOUNT ROLE

use anyhow::{Context, Result, bail};
use aws_config::{BehaviorVersion, Region};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use serde_json::{Value, json};
use std::io::Write;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [file, region, account, role] = words.as_slice() else {
        bail!("say: TOKEN_FILE REGION ACCOUNT ROLE");
    };
    let token: Value = serde_json::from_slice(&std::fs::read(file)?)?;
    let http = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region.clone()))
        .no_credentials()
        .http_client(http)
        .load()
        .await;
    let asked = aws_sdk_sso::Client::new(&config)
        .get_role_credentials()
        .access_token(token["accessToken"].as_str().context("no token")?)
        .account_id(account)
        .role_name(role);
    let answer = asked.send().await?;
    let keys = answer.role_credentials().context("no credentials")?;
    let document = json!({
        "Version": 1, "AccessKeyId": keys.access_key_id(), "SecretAccessKey": keys.secret_access_key(),
        "SessionToken": keys.session_token(), "Expiration": keys.expiration(),
    });
    Ok(writeln!(std::io::stdout(), "{document}")?)
}
