//! Roles beside the permission sets, and whom they let assume them.

use std::fmt;

use crate::organisation::{Organisation, is_account_id};
use serde::{Deserialize, Serialize};

/// A role that other roles may assume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustingRole {
    /// `arn:aws:iam::ACCOUNT:role/[PATH/]NAME`
    pub arn: String,
    /// Whom it trusts: `ACCOUNT/NAME` of a permission set or role, or `ACCOUNT` for all of an account.
    pub trusts: Vec<String>,
    /// What must come with the request, where the role asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

impl TrustingRole {
    /// True where it lets this role assume it.
    pub(crate) fn trusts_role(&self, account: &str, role: &str) -> bool {
        let one = format!("{account}/{role}");
        self.trusts.iter().any(|it| *it == one || it == account)
    }

    /// True where this external id, or none, is what it asks for.
    pub(crate) fn accepts(&self, external_id: Option<&str>) -> bool {
        let wanted = self.external_id.as_deref();
        wanted.is_none() || wanted == external_id
    }
}

impl Organisation {
    /// The role of this ARN.
    pub(crate) fn trusting(&self, arn: &RoleArn) -> Option<&TrustingRole> {
        let text = arn.to_string();
        self.roles.iter().find(|role| role.arn == text)
    }
}

/// The name of a role, as STS reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RoleArn {
    partition: String,
    pub(crate) account: String,
    /// With its path.
    whole_name: String,
}

impl RoleArn {
    /// Reads `arn:PARTITION:iam::ACCOUNT:role/[PATH/]NAME`.
    pub(crate) fn parse(text: &str) -> Option<RoleArn> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = parts[..] else {
            return None;
        };
        let whole_name = resource.strip_prefix("role/")?;
        let fits = |it: char| it.is_ascii_alphanumeric() || "+=,.@-_".contains(it);
        let part = |part: &str| !part.is_empty() && part.chars().all(fits);
        let known = ["aws", "aws-us-gov", "aws-cn", "aws-eusc"].contains(&partition);
        let name = whole_name.rsplit('/').next()?;
        let sound = known
            && is_account_id(account)
            && whole_name.split('/').all(part)
            && name.len() <= 64
            && text.len() <= 2048;
        sound.then(|| RoleArn {
            partition: partition.to_owned(),
            account: account.to_owned(),
            whole_name: whole_name.to_owned(),
        })
    }

    /// The name without its path.
    pub(crate) fn name(&self) -> &str {
        self.whole_name.rsplit('/').next().unwrap_or_default()
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (partition, account, name) = (&self.partition, &self.account, &self.whole_name);
        write!(f, "arn:{partition}:iam::{account}:role/{name}")
    }
}

/// A sentence on what is wrong with these roles, if anything.
pub(crate) fn fault(roles: &[TrustingRole]) -> Option<String> {
    let bad = roles.iter().find(|it| RoleArn::parse(&it.arn).is_none());
    bad.map(|it| format!("{:?} is not the ARN of a role", it.arn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_read_strictly() {
        let name = |text: &str| RoleArn::parse(text).map(|it| it.name().to_owned());
        for (text, read) in [
            ("arn:aws:iam::111122223333:role/Deploy", Some("Deploy")),
            ("arn:aws:iam::111122223333:role/a/b/Deploy", Some("Deploy")),
            ("arn:aws-cn:iam::111122223333:role/x", Some("x")),
            ("arn:aws:iam::111122223333:user/Deploy", None),
            ("arn:aws:iam::1:role/Deploy", None),
            ("arn:aws:iam:eu-west-1:111122223333:role/Deploy", None),
            ("arn:aws:iam::111122223333:role/", None),
            ("arn:aws:iam::111122223333:role/a//b", None),
            ("arn:aws:iam::111122223333:role/a b", None),
            ("arn:other:iam::111122223333:role/a", None),
            ("Deploy", None),
        ] {
            assert_eq!(name(text).as_deref(), read, "{text}");
        }
    }
}
