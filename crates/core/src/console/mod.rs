//! Console links and the places they lead to; a federation link is a secret and travels to the
//! browser by a one-use redirect on 127.0.0.1, so that it stands on no command line.

pub mod arn;
pub mod browsers;
mod hand_over;
pub mod pasted;
pub mod place;
#[cfg(test)]
mod place_tests;
mod resources;
pub mod services;

use jiff::{SignedDuration, Timestamp};
use url::{Url, form_urlencoded};

use crate::host::Host;
use crate::secrets::{RoleCredentials, Secret};
use crate::{Code, Error, Result, portal_url};

pub use hand_over::{HandOver, hand_over};
pub use place::Place;

/// How long a federation link can be used, by the service's word.
const LINK_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// The shortest and longest console session that may be asked for, in seconds.
const DURATION: std::ops::RangeInclusive<i64> = 900..=43_200;

/// A link that signs its holder in to the console.
#[derive(Debug)]
pub struct FederationLink {
    /// The whole address: a secret.
    pub address: Secret,
    /// When it can no longer be used.
    pub expires_at: Timestamp,
}

/// What a federation link is for.
pub struct Wanted<'a> {
    /// The console page to land on.
    pub destination: &'a Url,
    /// Where the console sends the user when its session ends.
    pub issuer: &'a str,
    /// The Region of the target; it tells the partition.
    pub region: &'a str,
    /// How long the console session shall last; only where the user asked for it.
    pub duration: Option<SignedDuration>,
}

/// Gets a federation link for role credentials.
///
/// # Errors
/// `Usage` for a duration that AWS does not take; `Offline`, `PortalDown` or `NotPermitted` where the
/// federation endpoint gives none.
pub async fn federation_link(
    host: &Host,
    keys: &RoleCredentials,
    wanted: &Wanted<'_>,
) -> Result<FederationLink> {
    if let Some(duration) = wanted.duration
        && !DURATION.contains(&duration.as_secs())
    {
        return Err(Error::new(
            Code::Usage,
            "a console session lasts from 15 minutes to 12 hours",
        ));
    }
    let endpoint = federation_endpoint(host, wanted.issuer, wanted.region)?;
    let now = host.clock.now();
    let token = match signin_token(host, &endpoint, keys, wanted.duration).await {
        // Some roles take no duration: what the user wants most is the console.
        Err(Trouble::Refused(_)) if wanted.duration.is_some() => {
            signin_token(host, &endpoint, keys, None).await
        }
        answer => answer,
    };
    let token = token.map_err(Trouble::into_error)?;
    Ok(FederationLink {
        address: login_address(endpoint, &token, wanted),
        expires_at: now.checked_add(LINK_LIFE).unwrap_or(now),
    })
}

/// The access portal's own shortcut to a console; it carries no secret.
///
/// # Errors
/// `Usage` for a portal whose shortcuts are not known.
pub fn portal_link(
    start_url: &str,
    account_id: &str,
    role: &str,
    destination: &Url,
) -> Result<Url> {
    let known = portal_url::parse(start_url).is_ok_and(|it| it.host.ends_with(".awsapps.com"));
    if !known || !start_url.ends_with("/start") {
        return Err(Error::new(
            Code::Usage,
            "shortcut links are not known to work for this access portal",
        )
        .with_hint("open it with --via federation"));
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("account_id", account_id)
        .append_pair("role_name", role)
        .append_pair("destination", destination.as_str())
        .finish();
    Url::parse(&format!("{start_url}/#/console?{query}")).map_err(|error| {
        Error::new(Code::Internal, "a shortcut link could not be built").because(error)
    })
}

enum Trouble {
    Refused(u16),
    Other(Error),
}

impl Trouble {
    fn into_error(self) -> Error {
        match self {
            Trouble::Refused(status) => Error::new(
                Code::NotPermitted,
                "AWS gave no console sign-in for these role credentials",
            )
            .because(std::io::Error::other(format!("HTTP {status}")))
            .with_hint("try again; if it keeps failing, open the account from the access portal"),
            Trouble::Other(error) => error,
        }
    }
}

/// Asks for the sign-in token in a form body: in an address, keys would end up in logs on the way.
async fn signin_token(
    host: &Host,
    endpoint: &Url,
    keys: &RoleCredentials,
    duration: Option<SignedDuration>,
) -> std::result::Result<Secret, Trouble> {
    let form = signin_form(keys, duration);
    let answer = host.net.post_form(endpoint, form).await;
    let (status, body) = answer.map_err(Trouble::Other)?;
    match status {
        200 => token_in(&body).ok_or_else(|| {
            let message = "the federation endpoint's answer is not from AWS";
            Trouble::Other(Error::new(Code::Offline, message))
        }),
        500.. => Err(Trouble::Other(Error::new(
            Code::PortalDown,
            "AWS's federation endpoint has trouble of its own",
        ))),
        429 => Err(Trouble::Other(Error::new(
            Code::Throttled,
            "AWS is limiting requests for console links",
        ))),
        status => Err(Trouble::Refused(status)),
    }
}

fn signin_form(keys: &RoleCredentials, duration: Option<SignedDuration>) -> String {
    let session = Secret::new(
        serde_json::json!({
            "sessionId": keys.access_key_id,
            "sessionKey": keys.secret_access_key.expose(),
            "sessionToken": keys.session_token.expose(),
        })
        .to_string(),
    );
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", "getSigninToken")
        .append_pair("Session", session.expose());
    if let Some(duration) = duration {
        form.append_pair("SessionDuration", &duration.as_secs().to_string());
    }
    form.finish()
}

fn token_in(body: &[u8]) -> Option<Secret> {
    let json: serde_json::Value = serde_json::from_slice(body).ok()?;
    json.get("SigninToken")?.as_str().map(Secret::new)
}

fn login_address(mut endpoint: Url, token: &Secret, wanted: &Wanted<'_>) -> Secret {
    endpoint
        .query_pairs_mut()
        .append_pair("Action", "login")
        .append_pair("Issuer", wanted.issuer)
        .append_pair("Destination", wanted.destination.as_str())
        .append_pair("SigninToken", token.expose());
    Secret::new(String::from(endpoint))
}

/// Where federation happens for a Region's partition; for a portal on this machine at its own origin,
/// since AWS is never contacted for one.
fn federation_endpoint(host: &Host, issuer: &str, region: &str) -> Result<Url> {
    let issuer = Url::parse(issuer).ok();
    let local = issuer.filter(|url| {
        url.host()
            .is_some_and(|host| portal_url::is_loopback(&host))
    });
    let base = match (host.env.get("DAYPASS_SIGNIN_ENDPOINT"), local) {
        (Some(text), _) => local_stand_in(&text)?,
        (None, Some(local)) => local.origin().ascii_serialization(),
        (None, None) => format!("https://{}", sign_in_host(region)?),
    };
    Url::parse(&format!("{}/federation", base.trim_end_matches('/'))).map_err(|error| {
        Error::new(Code::Usage, "the federation endpoint is not an address").because(error)
    })
}

fn local_stand_in(text: &str) -> Result<String> {
    let url = Url::parse(text).ok();
    let local = url
        .as_ref()
        .and_then(Url::host)
        .is_some_and(|host| portal_url::is_loopback(&host));
    if local {
        return Ok(text.to_owned());
    }
    Err(Error::new(
        Code::Usage,
        "DAYPASS_SIGNIN_ENDPOINT has to be an address on this machine",
    )
    .with_hint("unset DAYPASS_SIGNIN_ENDPOINT"))
}

fn sign_in_host(region: &str) -> Result<String> {
    match portal_url::partition_of(region) {
        Some("aws") => Ok("signin.aws.amazon.com".into()),
        Some("aws-us-gov") => Ok("signin.amazonaws-us-gov.com".into()),
        Some("aws-cn") => Ok("signin.amazonaws.cn".into()),
        Some("aws-eusc") => Ok(format!("{region}.signin.amazonaws-eusc.eu")),
        _ => Err(Error::new(
            Code::Usage,
            format!("there is no console link for the Region `{region}`"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Clock, Env};

    fn host(pairs: &[(&str, &str)]) -> Host {
        Host::fake(
            std::path::Path::new("/nowhere"),
            Env::table(pairs.iter().copied()),
            Clock::real(),
        )
    }

    const PORTAL: &str = "https://d-0000000000.awsapps.com/start";

    #[test]
    fn for_a_portal_on_this_machine_aws_is_never_asked() {
        let endpoint = federation_endpoint(&host(&[]), "http://127.0.0.1:9/start", "eu-central-1");
        assert_eq!(endpoint.unwrap().as_str(), "http://127.0.0.1:9/federation");
    }

    #[test]
    fn the_endpoint_follows_the_partition_of_the_target() {
        for (region, address) in [
            ("eu-central-1", "https://signin.aws.amazon.com/federation"),
            (
                "us-gov-west-1",
                "https://signin.amazonaws-us-gov.com/federation",
            ),
            ("cn-north-1", "https://signin.amazonaws.cn/federation"),
            (
                "eusc-de-east-1",
                "https://eusc-de-east-1.signin.amazonaws-eusc.eu/federation",
            ),
        ] {
            assert_eq!(
                federation_endpoint(&host(&[]), PORTAL, region)
                    .unwrap()
                    .as_str(),
                address
            );
        }
        assert!(federation_endpoint(&host(&[]), PORTAL, "us-iso-east-1").is_err());
    }

    #[test]
    fn a_stand_in_is_on_this_machine_or_refused() {
        let stand_in = |text| {
            federation_endpoint(
                &host(&[("DAYPASS_SIGNIN_ENDPOINT", text)]),
                PORTAL,
                "eu-west-1",
            )
        };
        assert_eq!(
            stand_in("http://127.0.0.1:9/").unwrap().as_str(),
            "http://127.0.0.1:9/federation"
        );
        for far in [
            "https://example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "nonsense",
        ] {
            assert_eq!(stand_in(far).unwrap_err().code(), Code::Usage, "{far}");
        }
    }

    #[test]
    fn parameters_are_encoded_exactly_once() {
        let destination =
            Url::parse("https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1&x=a%20b")
                .unwrap();
        let wanted = Wanted {
            destination: &destination,
            issuer: "https://d-0000000000.awsapps.com/start",
            region: "eu-west-1",
            duration: None,
        };
        let endpoint = Url::parse("https://signin.aws.amazon.com/federation").unwrap();
        let address = login_address(endpoint, &Secret::new("T+/="), &wanted);
        let url = Url::parse(address.expose()).unwrap();
        let pairs: Vec<_> = url
            .query_pairs()
            .map(|(k, v)| (k.into_owned(), v.into_owned()))
            .collect();
        let expected = [
            ("Action", "login"),
            ("Issuer", "https://d-0000000000.awsapps.com/start"),
            ("Destination", destination.as_str()),
            ("SigninToken", "T+/="),
        ];
        assert_eq!(pairs, expected.map(|(k, v)| (k.to_owned(), v.to_owned())));
    }
}
