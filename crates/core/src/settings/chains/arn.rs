//! The ARN of a role, read strictly: it is sent to AWS and written into the AWS config file.

use std::fmt;
use std::str::FromStr;

use crate::{Code, Error, Result};

/// The partitions whose roles can be assumed from here.
const PARTITIONS: [&str; 4] = ["aws", "aws-us-gov", "aws-cn", "aws-eusc"];
/// The longest that AWS takes.
const LONGEST: usize = 2048;
/// The longest name of a role, without its path.
const LONGEST_NAME: usize = 64;

/// `arn:PARTITION:iam::ACCOUNT:role/[PATH/]NAME`
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleArn {
    text: String,
    account_at: usize,
    name_at: usize,
}

impl RoleArn {
    /// Which part of AWS it is of.
    pub fn partition(&self) -> &str {
        self.text.split(':').nth(1).unwrap_or_default()
    }

    /// The role's account: twelve digits.
    pub fn account_id(&self) -> &str {
        self.text
            .get(self.account_at..self.account_at + 12)
            .unwrap_or_default()
    }

    /// The role's name, without its path.
    pub fn name(&self) -> &str {
        self.text.get(self.name_at..).unwrap_or_default()
    }

    /// All of it.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for RoleArn {
    type Err = Error;

    fn from_str(text: &str) -> Result<RoleArn> {
        read(text).ok_or_else(|| {
            Error::new(Code::Usage, "this is not the ARN of a role")
                .with_hint("such as arn:aws:iam::111122223333:role/Deploy")
        })
    }
}

fn read(text: &str) -> Option<RoleArn> {
    let rest = text.strip_prefix("arn:")?;
    let (partition, rest) = rest.split_once(':')?;
    let rest = rest.strip_prefix("iam::")?;
    let (account, resource) = rest.split_once(':')?;
    let path = resource.strip_prefix("role/")?;
    let fits = |it: char| it.is_ascii_alphanumeric() || "+=,.@-_".contains(it);
    let part = |part: &str| !part.is_empty() && part.chars().all(fits);
    let name = path.rsplit('/').next()?;
    let sound = PARTITIONS.contains(&partition)
        && account.len() == 12
        && account.bytes().all(|it| it.is_ascii_digit())
        && path.split('/').all(part)
        && name.len() <= LONGEST_NAME
        && text.len() <= LONGEST;
    sound.then(|| RoleArn {
        account_at: text.len() - rest.len(),
        name_at: text.len() - name.len(),
        text: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_arn_of_a_role_is_read() {
        let read = |text: &str| {
            let arn: Option<RoleArn> = text.parse().ok();
            arn.map(|it| {
                assert_eq!(it.to_string(), text);
                [it.partition(), it.account_id(), it.name()].map(str::to_owned)
            })
        };
        for (text, parts) in [
            (
                "arn:aws:iam::111122223333:role/Deploy",
                ["aws", "111122223333", "Deploy"],
            ),
            (
                "arn:aws-us-gov:iam::000000000001:role/a/b/C_d+e=f,g.h@i-j",
                ["aws-us-gov", "000000000001", "C_d+e=f,g.h@i-j"],
            ),
            (
                "arn:aws-cn:iam::111122223333:role/x",
                ["aws-cn", "111122223333", "x"],
            ),
        ] {
            assert_eq!(read(text), Some(parts.map(str::to_owned)), "{text}");
        }
        let long = format!("arn:aws:iam::111122223333:role/{}", "x".repeat(65));
        let deep = format!("arn:aws:iam::111122223333:role/{}x", "p/".repeat(1024));
        for text in [
            "",
            "Deploy",
            "arn:aws:iam::111122223333:user/Deploy",
            "arn:aws:iam::11112222333:role/Deploy",
            "arn:aws:iam::1111222233334:role/Deploy",
            "arn:aws:iam::11112222333x:role/Deploy",
            "arn:aws:iam:eu-west-1:111122223333:role/Deploy",
            "arn:aws:sts::111122223333:assumed-role/Deploy/jo",
            "arn:elsewhere:iam::111122223333:role/Deploy",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role//Deploy",
            "arn:aws:iam::111122223333:role/a b",
            "arn:aws:iam::111122223333:role/a\nregion = x",
            "arn:aws:iam::111122223333:role/\u{202e}x",
            " arn:aws:iam::111122223333:role/Deploy",
            &long,
            &deep,
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
