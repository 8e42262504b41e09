//! ARNs, read strictly: what is not one is refused with the reason.

use crate::portal_url::partition_of;
use crate::{Code, Error, Result};

/// Nothing that AWS names is longer.
const LONGEST: usize = 2_048;
/// The partitions whose consoles are known.
const PARTITIONS: [&str; 4] = ["aws", "aws-us-gov", "aws-cn", "aws-eusc"];

/// A resource's name in AWS: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arn {
    /// One of the four whose consoles are known.
    pub partition: &'static str,
    /// Lower-case letters, digits and dashes.
    pub service: String,
    /// Where the ARN names one; it is of the partition.
    pub region: Option<String>,
    /// Twelve digits, where the ARN names one.
    pub account: Option<String>,
    /// Never empty, without control characters.
    pub resource: String,
    /// As it was given, without blanks around it.
    pub text: String,
}

impl Arn {
    /// Whether the text wants to be an ARN, right or wrong.
    pub fn is_meant(text: &str) -> bool {
        let start = text.trim_start().as_bytes();
        start
            .get(..4)
            .is_some_and(|it| it.eq_ignore_ascii_case(b"arn:"))
    }

    /// Reads an ARN; blanks and quotation marks around it, as they come along when it is copied, do not matter.
    ///
    /// # Errors
    /// `Usage` with what is wrong with it.
    pub fn parse(text: &str) -> Result<Arn> {
        let text = text.trim().trim_matches(['"', '\'', '`', ',']).trim();
        if text.len() > LONGEST {
            return Err(refused("it is longer than 2,048 characters"));
        }
        if text.chars().any(is_unseen) {
            return Err(refused("it holds characters that cannot be seen"));
        }
        let mut fields = text.splitn(6, ':');
        let mut field = || fields.next().ok_or_else(|| refused("it has too few parts"));
        let (prefix, partition) = (field()?, field()?);
        let (service, region, account, resource) = (field()?, field()?, field()?, field()?);
        if prefix != "arn" {
            return Err(refused("it has to begin with `arn:`"));
        }
        let partition = known(partition)?;
        Ok(Arn {
            partition,
            service: checked_service(service)?,
            region: checked_region(region, partition)?,
            account: checked_account(account)?,
            resource: checked_resource(resource)?,
            text: text.to_owned(),
        })
    }

    /// The kind of resource and what follows it: `instance` and `i-1` of `instance/i-1`. The kind is
    /// empty where the resource is nothing but a name.
    pub fn kind(&self) -> (&str, &str) {
        let resource = self.resource.strip_prefix('/').unwrap_or(&self.resource);
        resource.split_once(['/', ':']).unwrap_or(("", resource))
    }
}

fn known(partition: &str) -> Result<&'static str> {
    PARTITIONS
        .into_iter()
        .find(|it| *it == partition)
        .ok_or_else(|| refused("its partition has no console that Daypass knows"))
}

fn checked_service(service: &str) -> Result<String> {
    let fits = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    let plain = !service.is_empty() && service.len() <= 64 && service.bytes().all(fits);
    if plain {
        Ok(service.to_owned())
    } else {
        Err(refused("its third part is not a service"))
    }
}

fn checked_region(region: &str, partition: &str) -> Result<Option<String>> {
    match region {
        "" => Ok(None),
        region if partition_of(region) == Some(partition) => Ok(Some(region.to_owned())),
        _ => Err(refused("its fourth part is not a Region of its partition")),
    }
}

/// `aws` stands for what AWS itself made, such as its policies.
fn checked_account(account: &str) -> Result<Option<String>> {
    let digits = account.len() == 12 && account.bytes().all(|it| it.is_ascii_digit());
    match account {
        "" | "aws" => Ok(None),
        account if digits => Ok(Some(account.to_owned())),
        _ => Err(refused("its fifth part is not an account id")),
    }
}

fn checked_resource(resource: &str) -> Result<String> {
    match resource.trim_matches(['/', ':', '*']) {
        "" => Err(refused("it names no resource")),
        _ => Ok(resource.to_owned()),
    }
}

/// Control characters, line ends, and those that turn the direction of writing.
fn is_unseen(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn refused(reason: &str) -> Error {
    Error::new(Code::Usage, format!("this is not an ARN: {reason}"))
        .with_hint("copy the whole ARN, such as arn:aws:s3:::my-bucket")
}
