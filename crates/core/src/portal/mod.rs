//! Identity Center as Daypass needs it; `aws` is the SDK behind it, `pace` the request budget.
//! It stores nothing and decides nothing about sessions.

mod aws;
mod identity;
pub mod pace;
mod refusal;
mod sts;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::host::Host;
use crate::secrets::{Registration, Secret};
use crate::{Code, Error, Result, portal_url};

pub use aws::Portal;
pub use identity::user_of;
pub use refusal::{Refusal, Refused};
pub use sts::{Assumption, assume};

/// The scope that makes a sign-in renewable.
pub const SCOPE: &str = "sso:account:access";
/// What the service accepts as redirect address, without the port of the moment.
pub const REDIRECT_PATH: &str = "/oauth/callback";

/// Where the services of one access portal are reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The Region of the portal.
    pub region: String,
    /// Where OIDC is, if not where the Region says.
    pub oidc: Option<Url>,
    /// Where the portal API is, if not where the Region says.
    pub portal: Option<Url>,
    /// Where STS is, if not where the Region says.
    pub sts: Option<Url>,
}

/// A token as the service granted it.
#[derive(Debug)]
pub struct Granted {
    /// Opens the portal API.
    pub access_token: Secret,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Gets the next one.
    pub refresh_token: Option<Secret>,
}

/// A device authorization that was started.
#[derive(Debug)]
pub struct DeviceCode {
    /// For polling; only this process knows it.
    pub device_code: Secret,
    /// For the user to compare and type.
    pub user_code: String,
    /// The page where the code is typed.
    pub page: Url,
    /// The page with the code filled in.
    pub complete_page: Url,
    /// When the code ends.
    pub expires_at: Timestamp,
    /// Seconds between two polls.
    pub interval: u64,
}

/// An account as the portal lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAccount {
    /// Twelve digits.
    pub id: String,
    /// May be missing.
    pub name: Option<String>,
    /// May be missing.
    pub email: Option<String>,
}

/// One page of a listing, and where the next begins.
#[derive(Debug)]
pub struct Page<T> {
    /// What this page holds.
    pub items: Vec<T>,
    /// Asks for the next page; `None` at the end.
    pub next: Option<String>,
}

impl Endpoints {
    /// By the environment, and for a portal on this machine by its own origin: AWS is then never
    /// contacted.
    ///
    /// # Errors
    /// `Usage` where a variable is no address.
    pub fn find(host: &Host, start_url: &str, region: &str) -> Result<Endpoints> {
        let own = local_origin(start_url);
        let place = |variable: &str| {
            for variable in [variable, "AWS_ENDPOINT_URL"] {
                // For a portal on this machine only its own variables count: AWS is not meant.
                let counts = own.is_none() || variable != "AWS_ENDPOINT_URL";
                if let Some(text) = host.env.get(variable).filter(|_| counts) {
                    return address(variable, &text).map(Some);
                }
            }
            Ok(own.clone())
        };
        Ok(Endpoints {
            region: region.to_owned(),
            oidc: place("AWS_ENDPOINT_URL_SSO_OIDC")?,
            portal: place("AWS_ENDPOINT_URL_SSO")?,
            sts: place("AWS_ENDPOINT_URL_STS")?,
        })
    }

    /// Tells these endpoints from others, for what is measured of them.
    pub(crate) fn name(&self) -> String {
        let address = |url: &Option<Url>| url.as_ref().map(Url::to_string).unwrap_or_default();
        format!(
            "{} {} {}",
            self.region,
            address(&self.oidc),
            address(&self.portal)
        )
    }

    /// Whether the portal API answers at all; nothing of the user's is sent, and its clock is noted. It
    /// is asked for accounts without a token, since only what the API knows is surely refused by itself.
    ///
    /// # Errors
    /// `Offline` and its kin; `WrongRegion` where the Region gives no address.
    pub async fn reach(&self, host: &Host) -> Result<()> {
        let base = match &self.portal {
            Some(own) => own.as_str().trim_end_matches('/').to_owned(),
            None => format!(
                "https://portal.sso.{}.{}",
                self.region,
                suffix_of(&self.region)?
            ),
        };
        let address = Url::parse(&format!("{base}/assignment/accounts")).map_err(|error| {
            Error::new(Code::WrongRegion, "the Region gives no address").because(error)
        })?;
        host.net.reach(&address, &self.name()).await
    }

    /// How far the clock there is ahead of this machine's, to the second; `None` until it answered.
    pub fn skew(&self, host: &Host) -> Option<SignedDuration> {
        host.net.skew(&self.name())
    }

    /// The page where the browser asks for an authorization code.
    ///
    /// # Errors
    /// `WrongRegion` where the Region has not the form of one.
    pub fn authorize_page(&self) -> Result<Url> {
        let base = match &self.oidc {
            Some(base) => base.as_str().trim_end_matches('/').to_owned(),
            None => format!("https://oidc.{}.{}", self.region, suffix_of(&self.region)?),
        };
        Url::parse(&format!("{base}/authorize")).map_err(|error| {
            Error::new(Code::WrongRegion, "the Region gives no address").because(error)
        })
    }
}

fn local_origin(start_url: &str) -> Option<Url> {
    let url = Url::parse(start_url).ok()?;
    let local = url
        .host()
        .is_some_and(|host| portal_url::is_loopback(&host));
    let origin = Url::parse(&url.origin().ascii_serialization()).ok();
    origin.filter(|_| local)
}

fn address(variable: &str, text: &str) -> Result<Url> {
    Url::parse(text).map_err(|error| {
        Error::new(Code::Usage, format!("{variable} is not an address")).because(error)
    })
}

/// What follows the Region in the names of the services' hosts.
fn suffix_of(region: &str) -> Result<&'static str> {
    match portal_url::partition_of(region) {
        Some("aws" | "aws-us-gov") => Ok("amazonaws.com"),
        Some("aws-cn") => Ok("amazonaws.com.cn"),
        Some("aws-eusc") => Ok("amazonaws.eu"),
        Some("aws-iso") => Ok("c2s.ic.gov"),
        Some("aws-iso-b") => Ok("sc2s.sgov.gov"),
        Some("aws-iso-e") => Ok("cloud.adc-e.uk"),
        Some("aws-iso-f") => Ok("csp.hci.ic.gov"),
        _ => Err(Error::new(
            Code::WrongRegion,
            format!("`{region}` has not the form of a Region"),
        )),
    }
}

/// The redirect address as it is registered.
pub fn registered_redirect() -> String {
    format!("http://127.0.0.1{REDIRECT_PATH}")
}

/// What a grant needs beside the client.
#[derive(Debug)]
pub enum Grant<'a> {
    /// A code from the browser, with what proves that we asked for it.
    Code {
        /// The code.
        code: &'a Secret,
        /// The verifier of the challenge.
        verifier: &'a Secret,
        /// The redirect address with its port, byte for byte.
        redirect: &'a str,
    },
    /// A device code that the user may have approved.
    Device(&'a Secret),
    /// A refresh token.
    Refresh(&'a Secret),
}

/// How often a request is tried that the service refused before it looked at it.
const TRIES: u32 = 3;

/// Asks again, a little later each time, where the service was busy or in trouble.
///
/// # Errors
/// The last refusal.
pub async fn again_if_refused_early<T, F>(ask: impl FnMut() -> F) -> Result<T, Refused>
where
    F: Future<Output = Result<T, Refused>>,
{
    again_if(Refusal::is_passing, ask).await
}

/// The same for what must not be done twice: only a refusal for the number of requests shows that
/// nothing was done.
///
/// # Errors
/// The last refusal.
pub async fn again_if_throttled<T, F>(ask: impl FnMut() -> F) -> Result<T, Refused>
where
    F: Future<Output = Result<T, Refused>>,
{
    again_if(|refusal| refusal == Refusal::Throttled, ask).await
}

async fn again_if<T, F>(
    passes: impl Fn(Refusal) -> bool,
    mut ask: impl FnMut() -> F,
) -> Result<T, Refused>
where
    F: Future<Output = Result<T, Refused>>,
{
    let mut tries = 1;
    loop {
        match ask().await {
            Err(refused) if tries < TRIES && passes(refused.refusal) => {
                let spread = 0.5 + crate::host::random::fraction();
                tokio::time::sleep(Duration::from_millis(250 << tries).mul_f64(spread)).await;
                tries += 1;
            }
            answer => return answer,
        }
    }
}

/// How the client will sign in; registrations for the two are not interchangeable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Authorization code with PKCE on a loopback redirect.
    Browser,
    /// Device code.
    Device,
}

impl Granted {
    /// The tokens to keep, with the registration that they belong to.
    #[must_use]
    pub fn into_tokens(self, registration: Registration) -> crate::secrets::Tokens {
        crate::secrets::Tokens {
            access_token: self.access_token,
            access_token_expires_at: self.expires_at,
            refresh_token: self.refresh_token,
            registration: Some(registration),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Clock, Env};

    #[test]
    fn a_portal_on_this_machine_is_its_own_everything() {
        let folder = std::path::Path::new("/nowhere");
        let plain = Host::fake(folder, Env::table::<String, String>([]), Clock::real());
        let endpoints =
            Endpoints::find(&plain, "http://127.0.0.1:99/start", "eu-central-1").unwrap();
        assert_eq!(
            endpoints.authorize_page().unwrap().as_str(),
            "http://127.0.0.1:99/authorize"
        );
        assert_eq!(endpoints.portal.unwrap().as_str(), "http://127.0.0.1:99/");
        let set = Env::table([("AWS_ENDPOINT_URL_SSO_OIDC", "http://127.0.0.1:7")]);
        let set = Host::fake(folder, set, Clock::real());
        let endpoints = Endpoints::find(
            &set,
            "https://d-0000000000.awsapps.com/start",
            "eu-central-1",
        )
        .unwrap();
        assert_eq!(
            endpoints.authorize_page().unwrap().as_str(),
            "http://127.0.0.1:7/authorize"
        );
        assert_eq!(endpoints.portal, None);
    }

    #[test]
    fn the_authorize_page_is_beside_the_service_in_every_partition() {
        for (region, page) in [
            (
                "eu-central-1",
                "https://oidc.eu-central-1.amazonaws.com/authorize",
            ),
            (
                "us-gov-west-1",
                "https://oidc.us-gov-west-1.amazonaws.com/authorize",
            ),
            (
                "cn-north-1",
                "https://oidc.cn-north-1.amazonaws.com.cn/authorize",
            ),
            (
                "eusc-de-east-1",
                "https://oidc.eusc-de-east-1.amazonaws.eu/authorize",
            ),
        ] {
            let endpoints = Endpoints {
                region: region.into(),
                oidc: None,
                portal: None,
                sts: None,
            };
            assert_eq!(endpoints.authorize_page().unwrap().as_str(), page);
        }
    }
}
