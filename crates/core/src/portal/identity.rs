//! Whose keys these are, by AWS's own word: the portal itself tells no user name.

use super::refusal::explain;
use super::sts::client;
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
    let client = client(host, endpoints, keys).await;
    let answer = client
        .get_caller_identity()
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
