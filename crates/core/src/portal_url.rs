//! Any address a user may paste, read into a portal: start URL, partition, Region; or a plain refusal.
//! No network: where an address of the user's own leads is found out elsewhere and judged here.

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
    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        let url = Url::parse(&self.start_url).ok();
        url.as_ref()
            .and_then(Url::host)
            .is_some_and(|host| is_loopback(&host))
    }

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
    if let Some(reason) = disguise(&whole) {
        return Err(refused(reason));
    }
    let url =
        Url::parse(&whole).map_err(|error| refused("this is not an address").because(error))?;
    check_shape(&url)?;
    let portal = read(&url);
    // Letters that turn into those of AWS are nobody's way to write its name.
    match portal.custom || authority_of(&whole).is_ascii() {
        true => Ok(portal),
        false => Err(refused(
            "the host is written with letters that only look like others",
        )),
    }
}

/// Judges where an address of the user's own leads, by the redirect that it answered with. One
/// redirect counts, and only to a portal of AWS.
///
/// # Errors
/// `PortalNotAllowed`, with the host that it leads to where it leads anywhere.
pub fn led_to(from: &PortalUrl, status: u16, target: Option<&str>) -> Result<PortalUrl> {
    let host = &from.host;
    let not_allowed = |what: String| Err(Error::new(Code::PortalNotAllowed, what));
    let target = target.filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308));
    let Some(target) = target else {
        return not_allowed(format!(
            "{host} is not an access portal of AWS, and leads to none"
        ));
    };
    let absolute = target
        .get(..8)
        .is_some_and(|it| it.eq_ignore_ascii_case("https://"));
    match parse(target).ok().filter(|_| absolute) {
        Some(portal) if !portal.custom => Ok(portal),
        Some(portal) => not_allowed(format!(
            "{host} leads to {}, which is not an access portal of AWS",
            portal.host
        )),
        None => not_allowed(format!(
            "{host} leads to something that is not an access portal of AWS"
        )),
    }
}

/// What a browser and a reader would understand differently.
fn disguise(whole: &str) -> Option<&'static str> {
    if whole.contains('\\') {
        return Some("the address holds a backslash");
    }
    let authority = authority_of(whole);
    if authority.contains('%') {
        return Some("the host is not a plain name");
    }
    authority
        .contains('@')
        .then_some("the address holds a user name")
}

/// What stands between `//` and the path, as it was typed.
fn authority_of(whole: &str) -> &str {
    let rest = whole.split_once("://").map_or(whole, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
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
    let empty_label = name.split('.').any(str::is_empty);
    if empty_label || name.contains(['*', '_']) {
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
    if plain.path() == "/" && gives_start(&name) {
        plain.set_path("/start");
    }
    let start_url = plain.as_str().trim_end_matches('/').to_owned();
    PortalUrl {
        start_url,
        host,
        region,
        partition,
        custom: !is_aws(&name),
    }
}

/// Whether portals at this host are all at `/start`, which who types an address may leave out.
fn gives_start(host: &str) -> bool {
    let name = host.strip_suffix(".awsapps.com");
    name.is_some_and(|name| !name.is_empty() && !name.contains('.'))
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

/// Suffixes behind which the Region stands, and whether `portal` comes between it and the id.
const REGIONAL: [(&str, bool); 7] = [
    (".portal.amazonaws.com", false),
    (".portal.amazonaws.com.cn", false),
    (".portal.amazonaws.eu", false),
    (".us-gov-home.awsapps.com", false),
    (".app.aws", true),
    (".app.amazonwebservices.com.cn", true),
    (".api.amazonwebservices.eu", true),
];

/// The Region in the host, where this form has one and it is of the partition of the host.
fn region_in(host: &str) -> Option<String> {
    let (rest, marked) = REGIONAL
        .iter()
        .find_map(|(suffix, marked)| Some((host.strip_suffix(suffix)?, *marked)))?;
    let (id, region) = rest.rsplit_once('.')?;
    let partition = partition_of(region)?;
    let whole = !marked || id.ends_with(".portal");
    let fits = match partition_in(host) {
        // These two share their hosts.
        Some("aws") => matches!(partition, "aws" | "aws-us-gov"),
        other => other == Some(partition),
    };
    (whole && fits).then(|| region.to_owned())
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
mod tests;
