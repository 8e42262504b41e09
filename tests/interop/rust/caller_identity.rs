//! Asks STS who a profile's credentials belong to, by the AWS SDK for Rust: `daypass-interop-rust PROFILE`.

use anyhow::{Context, Result};
use aws_config::BehaviorVersion;
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use serde_json::json;
use std::io::Write;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let profile = std::env::args().nth(1).context("the profile is missing")?;
    let http = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .profile_name(profile)
        .http_client(http)
        .load()
        .await;
    let sts = aws_sdk_sts::Client::new(&config);
    let answer = sts.get_caller_identity().send().await?;
    let told = json!({
        "UserId": answer.user_id(), "Account": answer.account(), "Arn": answer.arn(),
    });
    Ok(writeln!(std::io::stdout(), "{told}")?)
}
