//! Asks STS who credentials belong to, by the AWS SDK for Rust: of a profile, or of what the environment
//! leads to. `daypass-interop-rust [PROFILE]`

use anyhow::Result;
use aws_config::BehaviorVersion;
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use serde_json::json;
use std::io::Write;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let http = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let mut config = aws_config::defaults(BehaviorVersion::latest()).http_client(http);
    if let Some(profile) = std::env::args().nth(1) {
        config = config.profile_name(profile);
    }
    let config = config.load().await;
    let sts = aws_sdk_sts::Client::new(&config);
    let answer = sts.get_caller_identity().send().await?;
    let told = json!({
        "UserId": answer.user_id(), "Account": answer.account(), "Arn": answer.arn(),
    });
    Ok(writeln!(std::io::stdout(), "{told}")?)
}
