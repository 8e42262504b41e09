//! The SDK behind the portal: unsigned clients, no retries of their own, one HTTP client.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_sso::Client as Sso;
use aws_sdk_sso::config::timeout::TimeoutConfig;
use aws_sdk_sso::config::{BehaviorVersion, Region, retry::RetryConfig};
use aws_sdk_ssooidc::Client as Oidc;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::refusal::explain;
use super::{
    DeviceCode, Endpoints, Flow, Grant, Granted, ListedAccount, Page, Refused, SCOPE,
    registered_redirect,
};
use crate::host::{Clock, Host, Net, net};
use crate::secrets::{Registration, RoleCredentials, Secret};
use crate::{Code, Error, Result};

/// What the user reads on the page that asks for approval.
const CLIENT_NAME: &str = "Daypass";
/// The most that a listing gives at once.
const PAGE_SIZE: i32 = 100;

/// One access portal, as its services answer. Clones share connections.
#[derive(Clone, Debug)]
pub struct Portal {
    oidc: Oidc,
    sso: Sso,
    clock: Clock,
    net: Net,
    name: String,
    /// Where the client was registered: the authorize page is beside it.
    registered_at: Arc<Mutex<Option<Url>>>,
}

impl Portal {
    /// Prepares the clients; nothing is sent yet.
    pub async fn new(host: &Host, endpoints: &Endpoints) -> Portal {
        let name = endpoints.name();
        // The user's FIPS, dual-stack and `services` settings come from AWS's own reader.
        let shared = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(endpoints.region.clone()))
            .http_client(host.net.client(&name))
            .no_credentials()
            .retry_config(RetryConfig::disabled())
            .timeout_config(time_outs())
            .load()
            .await;
        let mut oidc = aws_sdk_ssooidc::config::Builder::from(&shared);
        let mut sso = aws_sdk_sso::config::Builder::from(&shared);
        // Unset, what AWS's own reader found stays.
        if let Some(address) = &endpoints.oidc {
            oidc.set_endpoint_url(Some(base(address)));
        }
        if let Some(address) = &endpoints.portal {
            sso.set_endpoint_url(Some(base(address)));
        }
        Portal {
            oidc: Oidc::from_conf(oidc.build()),
            sso: Sso::from_conf(sso.build()),
            clock: host.clock.clone(),
            net: host.net.clone(),
            name,
            registered_at: Arc::default(),
        }
    }

    /// How far the portal's clock is ahead of this machine's, to the second; `None` until a call was
    /// answered in this process.
    pub fn skew(&self) -> Option<SignedDuration> {
        self.net.skew(&self.name)
    }

    /// Registers a client for one way to sign in.
    ///
    /// # Errors
    /// Whatever the service refuses with.
    pub async fn register(&self, flow: Flow, start_url: &str) -> Result<Registration, Refused> {
        let call = self
            .oidc
            .register_client()
            .client_name(CLIENT_NAME)
            .client_type("public")
            .scopes(SCOPE);
        let call = match flow {
            Flow::Device => call,
            Flow::Browser => call
                .grant_types("authorization_code")
                .grant_types("refresh_token")
                .redirect_uris(registered_redirect())
                .issuer_url(start_url),
        };
        let place = self.registered_at.clone();
        let answer = call
            .customize()
            .mutate_request(move |request| note(&place, request.uri()))
            .send()
            .await
            .map_err(|it| explain("register with the access portal", it))?;
        let end =
            Timestamp::from_second(answer.client_secret_expires_at()).unwrap_or(Timestamp::MAX);
        let (id, secret) = (answer.client_id(), answer.client_secret());
        Ok(Registration {
            client_id: id.ok_or_else(|| incomplete("clientId"))?.to_owned(),
            client_secret: Secret::new(secret.ok_or_else(|| incomplete("clientSecret"))?),
            expires_at: end,
        })
    }

    /// The page where the browser asks for an authorization code: beside the registration, which the
    /// AWS config file may have led elsewhere.
    ///
    /// # Errors
    /// `WrongRegion` where the Region has not the form of one.
    pub fn authorize_page(&self, endpoints: &Endpoints) -> Result<Url> {
        let place = &self.registered_at;
        let known = place.lock().unwrap_or_else(PoisonError::into_inner).clone();
        known.map_or_else(|| endpoints.authorize_page(), Ok)
    }

    /// Starts a device authorization.
    ///
    /// # Errors
    /// Whatever the service refuses with.
    pub async fn start_device(
        &self,
        client: &Registration,
        start_url: &str,
    ) -> Result<DeviceCode, Refused> {
        let call = self
            .oidc
            .start_device_authorization()
            .client_id(&client.client_id);
        let call = call
            .client_secret(client.client_secret.expose())
            .start_url(start_url);
        let answer = call
            .send()
            .await
            .map_err(|it| explain("start a sign-in with a code", it))?;
        let text =
            |field: Option<&str>, name| field.map(str::to_owned).ok_or_else(|| incomplete(name));
        let page = text(answer.verification_uri(), "verificationUri")?;
        let complete = answer
            .verification_uri_complete()
            .unwrap_or(&page)
            .to_owned();
        Ok(DeviceCode {
            device_code: Secret::new(text(answer.device_code(), "deviceCode")?),
            user_code: text(answer.user_code(), "userCode")?,
            page: page.parse().map_err(|_| incomplete("verificationUri"))?,
            complete_page: complete
                .parse()
                .map_err(|_| incomplete("verificationUriComplete"))?,
            expires_at: self.after(answer.expires_in()),
            interval: u64::try_from(answer.interval())
                .ok()
                .filter(|it| *it > 0)
                .unwrap_or(5),
        })
    }

    /// Asks for a token, once.
    ///
    /// # Errors
    /// Whatever the service refuses with; also that a device code is not approved yet.
    pub async fn token(&self, client: &Registration, grant: Grant<'_>) -> Result<Granted, Refused> {
        let call = self.oidc.create_token().client_id(&client.client_id);
        let call = call.client_secret(client.client_secret.expose());
        let call = match grant {
            Grant::Code {
                code,
                verifier,
                redirect,
            } => call
                .grant_type("authorization_code")
                .code(code.expose())
                .code_verifier(verifier.expose())
                .redirect_uri(redirect),
            Grant::Device(code) => call
                .grant_type("urn:ietf:params:oauth:grant-type:device_code")
                .device_code(code.expose()),
            Grant::Refresh(token) => call
                .grant_type("refresh_token")
                .refresh_token(token.expose()),
        };
        let answer = call
            .send()
            .await
            .map_err(|it| explain("get an access token", it))?;
        Ok(Granted {
            access_token: Secret::new(
                answer
                    .access_token()
                    .ok_or_else(|| incomplete("accessToken"))?,
            ),
            expires_at: self.after(answer.expires_in()),
            refresh_token: answer.refresh_token().map(Secret::new),
        })
    }

    /// One page of the accounts that the user can reach.
    ///
    /// # Errors
    /// Whatever the service refuses with.
    pub async fn accounts(
        &self,
        token: &Secret,
        from: Option<String>,
    ) -> Result<Page<ListedAccount>, Refused> {
        let call = self.sso.list_accounts().access_token(token.expose());
        let call = call.max_results(PAGE_SIZE).set_next_token(from);
        let answer = call
            .send()
            .await
            .map_err(|it| explain("read the accounts", it))?;
        let items = answer.account_list().iter().filter_map(|account| {
            let id = account.account_id()?.to_owned();
            let text = |field: Option<&str>| field.filter(|it| !it.is_empty()).map(str::to_owned);
            Some(ListedAccount {
                id,
                name: text(account.account_name()),
                email: text(account.email_address()),
            })
        });
        Ok(Page {
            items: items.collect(),
            next: next(answer.next_token()),
        })
    }

    /// One page of the permission sets that the user has in an account.
    ///
    /// # Errors
    /// Whatever the service refuses with.
    pub async fn roles(
        &self,
        token: &Secret,
        account_id: &str,
        from: Option<String>,
    ) -> Result<Page<String>, Refused> {
        let call = self
            .sso
            .list_account_roles()
            .access_token(token.expose())
            .account_id(account_id);
        let call = call.max_results(PAGE_SIZE).set_next_token(from);
        let answer = call
            .send()
            .await
            .map_err(|it| explain("read the permission sets", it))?;
        let items = answer
            .role_list()
            .iter()
            .filter_map(|role| role.role_name().map(str::to_owned));
        Ok(Page {
            items: items.collect(),
            next: next(answer.next_token()),
        })
    }

    /// Keys for an assignment.
    ///
    /// # Errors
    /// Whatever the service refuses with.
    pub async fn role_credentials(
        &self,
        token: &Secret,
        account_id: &str,
        role: &str,
    ) -> Result<RoleCredentials, Refused> {
        let call = self.sso.get_role_credentials().access_token(token.expose());
        let call = call.account_id(account_id).role_name(role);
        let answer = call
            .send()
            .await
            .map_err(|it| explain("get role credentials", it))?;
        let keys = answer
            .role_credentials()
            .ok_or_else(|| incomplete("roleCredentials"))?;
        let text =
            |field: Option<&str>, name| field.map(str::to_owned).ok_or_else(|| incomplete(name));
        Ok(RoleCredentials {
            access_key_id: text(keys.access_key_id(), "accessKeyId")?,
            secret_access_key: Secret::new(text(keys.secret_access_key(), "secretAccessKey")?),
            session_token: Secret::new(text(keys.session_token(), "sessionToken")?),
            expires_at: Timestamp::from_millisecond(keys.expiration()).unwrap_or(Timestamp::MIN),
        })
    }

    /// Ends the session at the portal.
    ///
    /// # Errors
    /// Whatever the service refuses with.
    pub async fn log_out(&self, token: &Secret) -> Result<(), Refused> {
        let call = self.sso.logout().access_token(token.expose());
        call.send()
            .await
            .map(drop)
            .map_err(|it| explain("sign out at the access portal", it))
    }

    /// A point in time by the service's number of seconds, which may be nonsense.
    fn after(&self, seconds: i32) -> Timestamp {
        let now = self.clock.now();
        now.checked_add(SignedDuration::from_secs(i64::from(seconds.max(0))))
            .unwrap_or(now)
    }
}

pub(super) fn time_outs() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(net::CONNECT_TIME)
        .read_timeout(net::READ_TIME)
        .operation_attempt_timeout(Duration::from_secs(20))
        .operation_timeout(Duration::from_secs(30))
        .build()
}

/// Keeps the authorize page that belongs to the address of a registration.
fn note(place: &Mutex<Option<Url>>, address: &str) {
    let page = address.strip_suffix("/client/register");
    let page = page.and_then(|base| Url::parse(&format!("{base}/authorize")).ok());
    *place.lock().unwrap_or_else(PoisonError::into_inner) = page;
}

pub(super) fn base(address: &Url) -> String {
    address.as_str().trim_end_matches('/').to_owned()
}

fn next(token: Option<&str>) -> Option<String> {
    token.filter(|token| !token.is_empty()).map(str::to_owned)
}

fn incomplete(field: &str) -> Refused {
    let message = format!("the access portal's answer lacks `{field}`");
    Refused {
        refusal: super::Refusal::Down,
        error: Error::new(Code::PortalDown, message),
        pause: None,
    }
}
