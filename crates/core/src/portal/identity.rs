//! Whose keys these are, by AWS's own word: the portal itself tells no user name.

use aws_config::Region;
use aws_sdk_sts::Client;
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::{BehaviorVersion, Credentials, SharedCredentialsProvider};

use super::aws::{base, time_outs};
use super::refusal::explain;
use super::{Endpoints, Refused};
use crate::host::Host;
use crate::secrets::RoleCredentials;

/// Longer names are no names of a user.
const LONGEST: usize = 128;

/// The user name in the role session of these keys; `None` where they are of another kind.
///
/// # Errors
/// Whatever the service refuses with.
pub async fn user_of(
    host: &Host,
    endpoints: &Endpoints,
    keys: &RoleCredentials,
) -> Result<Option<String>, Refused> {
    let provider = Credentials::new(
        &keys.access_key_id,
        keys.secret_access_key.expose(),
        Some(keys.session_token.expose().to_owned()),
        None,
        "Daypass",
    );
    let shared = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(endpoints.region.clone()))
        .http_client(host.net.client(&endpoints.name()))
        .credentials_provider(SharedCredentialsProvider::new(provider))
        .retry_config(RetryConfig::disabled())
        .timeout_config(time_outs())
        .load()
        .await;
    let mut config = aws_sdk_sts::config::Builder::from(&shared);
    if let Some(address) = &endpoints.sts {
        config.set_endpoint_url(Some(base(address)));
    }
    let call = Client::from_conf(config.build()).get_caller_identity();
    let answer = call
        .send()
        .await
        .map_err(|it| explain("ask AWS who is signed in", it))?;
    Ok(answer.arn().and_then(user_in))
}

/// `arn:PARTITION:sts::ACCOUNT:assumed-role/AWSReservedSSO_…/USER`
fn user_in(arn: &str) -> Option<String> {
    let (_, session) = arn.split_once(":assumed-role/AWSReservedSSO_")?;
    let (_, user) = session.split_once('/')?;
    let fits = |it: char| it.is_ascii_graphic() && it != '/';
    let is_name = !user.is_empty() && user.len() <= LONGEST && user.chars().all(fits);
    is_name.then(|| user.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_role_session_of_a_permission_set_names_a_user() {
        for (arn, user) in [
            (
                "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ReadOnly_0a1b/jo@example.com",
                Some("jo@example.com"),
            ),
            (
                "arn:aws-cn:sts::111122223333:assumed-role/AWSReservedSSO_A_0/wei",
                Some("wei"),
            ),
            ("arn:aws:sts::111122223333:assumed-role/Deploy/ci", None),
            ("arn:aws:iam::111122223333:user/jo", None),
            ("arn:aws:sts::1:assumed-role/AWSReservedSSO_A_0/", None),
            ("arn:aws:sts::1:assumed-role/AWSReservedSSO_A_0/a b", None),
            ("arn:aws:sts::1:assumed-role/AWSReservedSSO_A_0/a/b", None),
            ("", None),
        ] {
            assert_eq!(user_in(arn).as_deref(), user, "{arn}");
        }
    }
}
