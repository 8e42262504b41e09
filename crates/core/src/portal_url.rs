//! Any address a user may paste, read into a portal: start URL, partition, Region; or a plain refusal.
//! No network: an address of the user's own that leads to a portal is not followed here.

use url::{Host, Url};

use crate::{Code, Error, Result};

/// An access portal, as its address tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalUrl {
    /// The start URL without fragment and without a slash at its end.
    pub start_url: String,
    /// The host, internationalised names as punycode, with the port where there is one.
    pub host: String,
    /// The Region, where the address holds it.
    pub region: Option<String>,
    /// The partition, where the address tells it.
    pub partition: Option<&'static str>,
    /// Outside the AWS host list, or on this machine: only with the user's explicit word.
    pub custom: bool,
}

impl PortalUrl {
    /// A short name for a session at this portal: the first telling part of its host.
    pub fn suggested_name(&self) -> String {
        let host = self.host.split(':').next().unwrap_or_default();
        let path = self.start_url.rsplit('/').next().unwrap_or_default();
        let first = host.split('.').next().unwrap_or_default();
        let telling = if first == "start" { path } else { first };
        let plain = telling
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '-');
        let generated = telling.starts_with("d-") || telling.starts_with("ssoins-");
        if self.custom || generated || !plain || telling.is_empty() {
            "work".into()
        } else {
            telling.into()
        }
    }
}

/// Reads a pasted address.
///
/// # Errors
/// `PortalUrlInvalid` with the reason in plain words.
pub fn parse(text: &str) -> Result<PortalUrl> {
    let text = text.trim();
    if text.is_empty() || text.len() > 2048 {
        return Err(refused("the address is empty or too long"));
    }
    if text.chars().any(|it| it.is_control() || it.is_whitespace()) {
        return Err(refused("the address holds spaces or control characters"));
    }
    if let Some(scheme) = scheme_in(text)
        && !matches!(scheme.as_str(), "https" | "http")
    {
        return Err(refused("the address has to begin with https://"));
    }
    let whole = if text.contains("://") {
        text.into()
    } else {
        format!("https://{text}")
    };
    let url =
        Url::parse(&whole).map_err(|error| refused("this is not an address").because(error))?;
    check_shape(&url)?;
    Ok(read(&url))
}

fn refused(reason: &str) -> Error {
    Error::new(
        Code::PortalUrlInvalid,
        format!("not an access portal: {reason}"),
    )
}

/// The scheme of `scheme:…`, where it is not the colon of a port.
fn scheme_in(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once(':')?;
    let port = rest.starts_with(|it: char| it.is_ascii_digit());
    (!port && !scheme.contains(['.', '/'])).then(|| scheme.to_ascii_lowercase())
}

fn check_shape(url: &Url) -> Result<()> {
    let host = url
        .host()
        .ok_or_else(|| refused("the address has no host"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("the address holds a user name"));
    }
    let name = url.host_str().unwrap_or_default();
    if name.ends_with('.') || name.contains('*') || name.contains('_') {
        return Err(refused("the host is not a plain name"));
    }
    match (url.scheme(), is_loopback(&host)) {
        ("https", _) | ("http", true) => {}
        ("http", false) => return Err(refused("the address has to begin with https://")),
        _ => return Err(refused("the address has to begin with https://")),
    }
    match host {
        Host::Domain(name) if !name.contains('.') && name != "localhost" => {
            Err(refused("the host is not a full name"))
        }
        _ if url.port().is_some() && is_aws(name) => {
            Err(refused("an AWS portal has no port in its address"))
        }
        _ => Ok(()),
    }
}

/// Whether an address points to this machine.
pub fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

fn read(url: &Url) -> PortalUrl {
    let name = url.host_str().unwrap_or_default().to_owned();
    let region = region_in(&name);
    let partition = region
        .as_deref()
        .and_then(partition_of)
        .or_else(|| partition_in(&name));
    let host = url
        .port()
        .map(|port| format!("{name}:{port}"))
        .unwrap_or(name.clone());
    let mut plain = url.clone();
    plain.set_fragment(None);
    plain.set_query(None);
    let start_url = plain.as_str().trim_end_matches('/').to_owned();
    PortalUrl {
        start_url,
        host,
        region,
        partition,
        custom: !is_aws(&name),
    }
}

/// Suffixes below which a portal is AWS's own.
const SUFFIXES: [&str; 8] = [
    ".app.aws",
    ".portal.amazonaws.com",
    ".portal.amazonaws.com.cn",
    ".app.amazonwebservices.com.cn",
    ".portal.amazonaws.eu",
    ".api.amazonwebservices.eu",
    ".awsapps.com",
    ".awsapps.cn",
];

/// Hosts of issuer addresses.
const ISSUERS: [&str; 4] = [
    "identitycenter.amazonaws.com",
    "identitycenter.amazonaws.com.cn",
    "identitycenter.amazonaws.eu",
    "identitycenter.us-gov.amazonaws.com",
];

fn is_aws(host: &str) -> bool {
    ISSUERS.contains(&host)
        || SUFFIXES.iter().any(|suffix| {
            host.strip_suffix(suffix)
                .is_some_and(|rest| !rest.is_empty())
        })
}

/// The label of the host that has the form of a Region.
fn region_in(host: &str) -> Option<String> {
    if !is_aws(host) {
        return None;
    }
    host.split('.')
        .find(|label| partition_of(label).is_some())
        .map(str::to_owned)
}

fn partition_in(host: &str) -> Option<&'static str> {
    let ends = |suffix: &str| host.ends_with(suffix);
    if !is_aws(host) {
        None
    } else if ends(".us-gov-home.awsapps.com") || ends("us-gov.amazonaws.com") {
        Some("aws-us-gov")
    } else if ends(".cn") {
        Some("aws-cn")
    } else if ends(".eu") {
        Some("aws-eusc")
    } else {
        Some("aws")
    }
}

/// The partition of a Region; `None` where the text has not the form of a Region.
pub fn partition_of(region: &str) -> Option<&'static str> {
    let mut parts = region.split('-');
    let (first, rest) = (parts.next()?, parts.collect::<Vec<_>>());
    let (number, middle) = rest.split_last()?;
    let numbered =
        !number.is_empty() && number.len() <= 2 && number.bytes().all(|it| it.is_ascii_digit());
    let worded = middle
        .iter()
        .all(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_lowercase()));
    if !numbered || !worded || middle.is_empty() {
        return None;
    }
    match (first, middle) {
        ("us", ["gov", _]) => Some("aws-us-gov"),
        ("us", ["iso", _]) => Some("aws-iso"),
        ("us", ["isob", _]) => Some("aws-iso-b"),
        ("eu", ["isoe", _]) => Some("aws-iso-e"),
        ("us", ["isof", _]) => Some("aws-iso-f"),
        ("eusc", ["de", _]) => Some("aws-eusc"),
        ("cn", [_]) => Some("aws-cn"),
        ("us" | "eu" | "ap" | "sa" | "ca" | "me" | "af" | "il" | "mx", [_]) => Some("aws"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, start_url: &str, region: Option<&str>, partition: Option<&str>) {
        let portal = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(
            (
                portal.start_url.as_str(),
                portal.region.as_deref(),
                portal.partition,
                portal.custom
            ),
            (start_url, region, partition, false),
            "{text}"
        );
    }

    #[test]
    fn the_forms_that_aws_gives_out() {
        let start = "https://d-0000000000.awsapps.com/start";
        for text in [
            start,
            "https://d-0000000000.awsapps.com/start/",
            "https://d-0000000000.awsapps.com/start#",
            "https://d-0000000000.awsapps.com/start/#/",
            "https://d-0000000000.awsapps.com/start#/?tab=accounts",
            "  https://D-0000000000.AWSAPPS.com/start  ",
            "d-0000000000.awsapps.com/start",
            "HTTPS://d-0000000000.awsapps.com:443/start",
        ] {
            reads(text, start, None, Some("aws"));
        }
        reads(
            "https://ssoins-0123456789abcdef.eu-west-1.portal.amazonaws.com",
            "https://ssoins-0123456789abcdef.eu-west-1.portal.amazonaws.com",
            Some("eu-west-1"),
            Some("aws"),
        );
        reads(
            "https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws/",
            "https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws",
            Some("eu-west-1"),
            Some("aws"),
        );
        reads(
            "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/acme",
            "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/acme",
            Some("us-gov-west-1"),
            Some("aws-us-gov"),
        );
        reads(
            "https://start.home.awsapps.cn/directory/acme#/",
            "https://start.home.awsapps.cn/directory/acme",
            None,
            Some("aws-cn"),
        );
        reads(
            "https://acme.eusc-de-east-1.portal.amazonaws.eu",
            "https://acme.eusc-de-east-1.portal.amazonaws.eu",
            Some("eusc-de-east-1"),
            Some("aws-eusc"),
        );
    }

    #[test]
    fn what_is_refused() {
        for text in [
            "",
            "   ",
            "http://d-0000000000.awsapps.com/start",
            "ftp://d-0000000000.awsapps.com/start",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://user@d-0000000000.awsapps.com/start",
            "https://user:secret@d-0000000000.awsapps.com/start",
            "https://d-0000000000.awsapps.com./start",
            "https://d-0000000000.awsapps.com:8443/start",
            "https://d-0000000000.awsapps.com/st art",
            "https://",
            "https://portal",
            "http://example.com/start",
        ] {
            assert_eq!(
                parse(text).map_err(|it| it.code()),
                Err(Code::PortalUrlInvalid),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_needs_the_users_word() {
        for text in [
            "https://evil-awsapps.com/start",
            "https://awsapps.com.evil.example/start",
            "https://awsapps.com/start",
            "https://aws.example.com",
            "https://xn--d-0000000000-6bb.example/start",
            "http://127.0.0.1:9/start",
            "http://localhost:9/start",
            "http://[::1]:9/start",
        ] {
            assert!(
                parse(text)
                    .unwrap_or_else(|error| panic!("{text}: {error}"))
                    .custom,
                "{text}"
            );
        }
    }

    #[test]
    fn regions_and_their_partitions() {
        for (region, partition) in [
            ("eu-central-1", Some("aws")),
            ("us-gov-west-1", Some("aws-us-gov")),
            ("cn-north-1", Some("aws-cn")),
            ("eusc-de-east-1", Some("aws-eusc")),
            ("us-isob-east-1", Some("aws-iso-b")),
            ("eu-central", None),
            ("start", None),
            ("d-0000000000", None),
            ("eu-central-1x", None),
            ("", None),
        ] {
            assert_eq!(partition_of(region), partition, "{region}");
        }
    }

    #[test]
    fn names_that_are_offered() {
        for (text, name) in [
            ("https://harbourline.awsapps.com/start", "harbourline"),
            ("https://d-0000000000.awsapps.com/start", "work"),
            (
                "https://start.us-gov-home.awsapps.com/directory/acme",
                "acme",
            ),
            ("http://127.0.0.1:1/start", "work"),
        ] {
            assert_eq!(parse(text).unwrap().suggested_name(), name, "{text}");
        }
    }
}
