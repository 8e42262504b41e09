//! The network beyond this machine: one HTTP client for the SDK and for the few calls beside it,
//! with the user's proxy and certificates. What goes wrong on the way is named here.

mod skew;
mod trouble;
mod ways;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use jiff::SignedDuration;
use url::Url;

use super::{Clock, Env};
use crate::{Code, Error, Result};

pub(crate) use trouble::{named, retold};
pub use ways::Choices;
use ways::Ways;

/// How long a connection may take to come up.
pub const CONNECT_TIME: Duration = Duration::from_secs(5);
/// How long one answer may take.
pub const READ_TIME: Duration = Duration::from_secs(15);
/// How long an address of the user's own may take to say where it leads.
const LOOK_TIME: Duration = Duration::from_secs(5);

/// The network as this process uses it. Clones share connections and what was measured.
#[derive(Clone, Debug)]
pub struct Net(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    env: Env,
    clock: Clock,
    choices: Mutex<Choices>,
    ways: Mutex<Option<Arc<Ways>>>,
    /// How far the clocks of others are ahead of ours.
    skews: Mutex<BTreeMap<String, SignedDuration>>,
}

impl Net {
    /// With the environment's proxy and certificates; nothing is read or sent yet.
    pub fn new(env: Env, clock: Clock) -> Net {
        Net(Arc::new(Inner {
            env,
            clock,
            choices: Mutex::default(),
            ways: Mutex::default(),
            skews: Mutex::default(),
        }))
    }

    /// Takes the user's settings over, for what the environment does not say.
    pub fn choose(&self, choices: &Choices) {
        let mut known = lock(&self.0.choices);
        if *known != *choices {
            known.clone_from(choices);
        }
    }

    /// A client whose answers tell how far the clock of `whose` is ahead. An unfit proxy or
    /// certificate file shows at the first call, as the error that `named` finds.
    pub fn client(&self, whose: &str) -> SharedHttpClient {
        let carrier = Carrier {
            net: self.clone(),
            whose: whose.to_owned(),
        };
        let connector = SharedHttpConnector::new(carrier);
        http_client_fn(move |_, _| connector.clone())
    }

    /// How far the clock of `whose` is ahead of ours, to the second; `None` until it answered.
    pub fn skew(&self, whose: &str) -> Option<SignedDuration> {
        lock(&self.0.skews).get(whose).copied()
    }

    /// Posts a form and returns the status and the body, whatever they are.
    ///
    /// # Errors
    /// `Offline` and its kin where no answer came.
    pub async fn post_form(&self, address: &Url, form: String) -> Result<(u16, Vec<u8>)> {
        let mut request = request("POST", address, SdkBody::from(form))?;
        let headers = request.headers_mut();
        headers.insert("content-type", "application/x-www-form-urlencoded");
        headers.insert("accept", "application/json");
        let answer = self.carry(request, None).await;
        let response = answer.map_err(|error| trouble::of(&error, host_of(address)))?;
        let status = response.status().as_u16();
        let body = ByteStream::new(response.into_body()).collect();
        let body = tokio::time::timeout(READ_TIME, body).await;
        let body = body.map_err(|late| trouble::offline(host_of(address)).because(late))?;
        let body = body.map_err(|error| trouble::offline(host_of(address)).because(error))?;
        Ok((status, body.into_bytes().to_vec()))
    }

    /// Where an address leads, without going there: its status, and the target of a redirect as it
    /// was written. Nothing of ours but the address is sent.
    ///
    /// # Errors
    /// `Offline` and its kin where no answer came within five seconds.
    pub async fn look(&self, address: &Url) -> Result<(u16, Option<String>)> {
        let mut answer = self.look_by("HEAD", address).await?;
        if matches!(answer.0, 405 | 501) {
            answer = self.look_by("GET", address).await?;
        }
        Ok(answer)
    }

    /// Whether anything answers at an address; its clock is remembered as that of `whose`.
    ///
    /// # Errors
    /// `Offline` and its kin where no answer came, or that of somebody else.
    pub async fn reach(&self, address: &Url, whose: &str) -> Result<()> {
        let call = self.carry(request("GET", address, SdkBody::empty())?, Some(whose));
        let answer = tokio::time::timeout(LOOK_TIME, call).await;
        let host = host_of(address);
        let answer = answer.map_err(|_| trouble::offline(host).because("no answer in time"))?;
        answer.map(drop).map_err(|error| trouble::of(&error, host))
    }

    /// Whether a proxy is named for anything, by the environment or the settings.
    ///
    /// # Errors
    /// As of every call, where the named proxy or the named certificates cannot be used.
    pub fn check(&self) -> Result<bool> {
        Ok(self.ways()?.names_a_proxy())
    }

    async fn look_by(&self, method: &str, address: &Url) -> Result<(u16, Option<String>)> {
        let host = host_of(address);
        let ways = self.ways()?;
        let way = ways.to(address.as_str());
        let call = way
            .connector
            .call(request(method, address, SdkBody::empty())?);
        let answer = tokio::time::timeout(LOOK_TIME, call).await;
        let answer = answer.map_err(|_| trouble::offline(host).because("no answer in time"))?;
        let response = answer.map_err(|error| {
            trouble::of(
                &trouble::name(error, host, &way.proxy, self.any_skew()),
                host,
            )
        })?;
        let target = response.headers().get("location").map(str::to_owned);
        Ok((response.status().as_u16(), target))
    }

    /// One request: its way, what came of it, and the clock of who answered.
    async fn carry(
        &self,
        request: HttpRequest,
        whose: Option<&str>,
    ) -> Result<HttpResponse, ConnectorError> {
        let ways = self
            .ways()
            .map_err(|error| ConnectorError::user(error.into()))?;
        let address = Url::parse(request.uri()).ok();
        let host = address.as_ref().map(host_of).unwrap_or_default();
        let way = ways.to(request.uri());
        let sent_at = self.0.clock.now();
        match way.connector.call(request).await {
            Ok(response) => {
                if let Some(error) = trouble::impostor(&response, host, &way.proxy, whose.is_some())
                {
                    return Err(ConnectorError::other(error.into(), None));
                }
                let skew = skew::read(response.headers(), sent_at, self.0.clock.now());
                if let Some((whose, skew)) = whose.zip(skew) {
                    lock(&self.0.skews).insert(whose.to_owned(), skew);
                }
                Ok(response)
            }
            Err(error) => Err(trouble::name(error, host, &way.proxy, self.any_skew())),
        }
    }

    /// The clock is the same for all: whoever answered last can tell.
    fn any_skew(&self) -> Option<SignedDuration> {
        lock(&self.0.skews)
            .values()
            .max_by_key(|it| it.abs())
            .copied()
    }

    /// The ways out, made anew where the environment, the settings or the certificates changed.
    fn ways(&self) -> Result<Arc<Ways>> {
        let plan = ways::plan(&self.0.env, &lock(&self.0.choices))?;
        let mut known = lock(&self.0.ways);
        if let Some(ways) = known.as_ref().filter(|ways| ways.plan == plan) {
            return Ok(ways.clone());
        }
        let ways = Arc::new(Ways::open(plan)?);
        *known = Some(ways.clone());
        Ok(ways)
    }
}

/// The network, for one whose clock is watched.
#[derive(Clone, Debug)]
struct Carrier {
    net: Net,
    whose: String,
}

impl HttpConnector for Carrier {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let own = self.clone();
        HttpConnectorFuture::new(async move { own.net.carry(request, Some(&own.whose)).await })
    }
}

fn request(method: &str, address: &Url, body: SdkBody) -> Result<HttpRequest> {
    let mut request = HttpRequest::new(body);
    let prepared = request
        .set_method(method)
        .and_then(|()| request.set_uri(address.as_str()));
    prepared.map_err(|error| {
        Error::new(Code::Internal, "a request could not be built").because(error)
    })?;
    Ok(request)
}

fn host_of(address: &Url) -> &str {
    address.host_str().unwrap_or_default()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
