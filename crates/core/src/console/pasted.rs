//! Console addresses that the user pasted: kept as they are, but for the label of a console that
//! holds several sessions.

use url::Url;

use crate::portal_url::partition_of;
use crate::{Code, Error, Result};

/// The consoles of the partitions.
const DOMAINS: [(&str, &str); 4] = [
    ("aws", "console.aws.amazon.com"),
    ("aws-us-gov", "console.amazonaws-us-gov.com"),
    ("aws-cn", "console.amazonaws.cn"),
    ("aws-eusc", "console.amazonaws-eusc.eu"),
];
/// Services whose console has a host of its own below the domain.
const HOSTS: [&str; 2] = ["s3", "health"];

/// A page of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Without the label of a session.
    pub url: Url,
    /// The partition of its host.
    pub partition: &'static str,
    /// The account that the label named.
    pub account: Option<String>,
}

/// The domain of the console in a Region.
///
/// # Errors
/// `Usage` for a Region whose console is not known.
pub fn domain(region: &str) -> Result<&'static str> {
    let partition = partition_of(region);
    let known = DOMAINS.iter().find(|(it, _)| Some(*it) == partition);
    known.map(|(_, domain)| *domain).ok_or_else(|| {
        Error::new(
            Code::Usage,
            format!("there is no console for the Region `{region}`"),
        )
        .with_hint("give a Region such as eu-central-1 with --region")
    })
}

impl Page {
    /// Reads a console's address.
    ///
    /// # Errors
    /// `Usage` with the reason.
    pub fn parse(text: &str) -> Result<Page> {
        let text = text.trim();
        // A backslash is read as a slash, and line ends as nothing: no address of the console has them.
        if text.contains(|it: char| it == '\\' || it.is_control()) {
            return Err(refused(
                "it has to begin with https:// and hold no odd characters",
            ));
        }
        let mut url =
            Url::parse(text).map_err(|error| refused("it cannot be read").because(error))?;
        let plain = url.scheme() == "https"
            && url.username().is_empty()
            && url.password().is_none()
            && url.port().is_none();
        if !plain {
            return Err(refused("it has to begin with https:// and the host"));
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let known = DOMAINS.iter().find_map(|(partition, domain)| {
            let before = host.strip_suffix(domain)?;
            let labels = before.strip_suffix('.').filter(|it| !it.is_empty());
            let labels = labels.or(before.is_empty().then_some(""))?;
            Some((*partition, *domain, labels))
        });
        let (partition, domain, before) =
            known.ok_or_else(|| refused("its host is not the console's"))?;
        let (account, label) =
            labels(before, partition).ok_or_else(|| refused("its host is not the console's"))?;
        let host = match label {
            "" => domain.to_owned(),
            label => format!("{label}.{domain}"),
        };
        url.set_host(Some(&host))
            .map_err(|error| refused("its host cannot be read").because(error))?;
        Ok(Page {
            url,
            partition,
            account,
        })
    }

    /// The Region that its host or its query names.
    pub fn region(&self) -> Option<String> {
        let first = self.url.host_str().and_then(|it| it.split('.').next());
        let asked = self.url.query_pairs().find(|(key, _)| key == "region");
        let of_host = first.map(str::to_owned);
        let fits = |it: &String| partition_of(it) == Some(self.partition);
        of_host
            .filter(fits)
            .or_else(|| asked.map(|(_, value)| value.into_owned()).filter(fits))
    }
}

/// The account of a session's label, and the label of the Region or service: `""` where there is none.
/// `None` where something else stands there.
fn labels<'a>(before: &'a str, partition: &str) -> Option<(Option<String>, &'a str)> {
    let (session, rest) = match before.split_once('.') {
        Some((session, rest)) => (Some(session), rest),
        None if account_in(before).is_some() => (Some(before), ""),
        None => (None, before),
    };
    let account = match session {
        Some(label) => Some(account_in(label)?.to_owned()),
        None => None,
    };
    let known = rest.is_empty() || partition_of(rest) == Some(partition) || HOSTS.contains(&rest);
    known.then_some((account, rest))
}

/// With several sessions in one browser, the console's host begins with the account and a few characters.
fn account_in(label: &str) -> Option<&str> {
    let (account, rest) = label.split_once('-')?;
    let fits = account.len() == 12
        && account.bytes().all(|it| it.is_ascii_digit())
        && !rest.is_empty()
        && rest.bytes().all(|it| it.is_ascii_alphanumeric());
    fits.then_some(account)
}

fn refused(reason: &str) -> Error {
    Error::new(Code::Usage, format!("not a console address: {reason}"))
        .with_hint("copy the address from the console's own pages")
}
