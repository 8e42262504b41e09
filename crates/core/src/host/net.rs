//! The network beyond this machine: one HTTP client for the SDK and for the few calls beside it,
//! with the user's proxy and certificates. Addresses on this machine never go through a proxy.

use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use url::Url;

use super::Env;
use crate::{Code, Error, Result};

/// How long a connection may take to come up.
pub const CONNECT_TIME: Duration = Duration::from_secs(5);
/// How long one answer may take.
pub const READ_TIME: Duration = Duration::from_secs(15);

/// A client with the proxy and the certificates of the environment.
///
/// # Errors
/// `AWS_CA_BUNDLE` names a file that cannot be read or holds no certificates.
pub fn client(env: &Env) -> Result<SharedHttpClient> {
    let connector = SharedHttpConnector::new(connector(env)?);
    Ok(http_client_fn(move |_, _| connector.clone()))
}

/// Posts a form and returns the status and the body, whatever they are.
///
/// # Errors
/// `Offline` where no answer came.
pub async fn post_form(env: &Env, address: &Url, form: String) -> Result<(u16, Vec<u8>)> {
    let host = address.host_str().unwrap_or_default();
    let offline = || Error::new(Code::Offline, format!("{host} could not be reached"));
    let mut request = HttpRequest::new(SdkBody::from(form));
    let prepared = request
        .set_method("POST")
        .and_then(|()| request.set_uri(address.as_str()));
    prepared.map_err(|error| {
        Error::new(Code::Internal, "a request could not be built").because(error)
    })?;
    request
        .headers_mut()
        .insert("content-type", "application/x-www-form-urlencoded");
    request.headers_mut().insert("accept", "application/json");
    let response = connector(env)?
        .call(request)
        .await
        .map_err(|error| offline().because(error))?;
    let status = response.status().as_u16();
    let body = ByteStream::new(response.into_body()).collect().await;
    let body = body.map_err(|error| offline().because(error))?;
    Ok((status, body.into_bytes().to_vec()))
}

/// Sends what stays on this machine straight, the rest by the proxy.
#[derive(Clone, Debug)]
struct ByAddress {
    straight: SharedHttpConnector,
    proxied: SharedHttpConnector,
}

impl HttpConnector for ByAddress {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let way = if is_local(request.uri()) {
            &self.straight
        } else {
            &self.proxied
        };
        way.call(request)
    }
}

fn is_local(address: &str) -> bool {
    match Url::parse(address).ok().as_ref().and_then(Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn connector(env: &Env) -> Result<ByAddress> {
    let settings = HttpConnectorSettings::builder()
        .connect_timeout(CONNECT_TIME)
        .read_timeout(READ_TIME)
        .build();
    let context = tls_context(env)?;
    let make = |proxy: ProxyConfig| {
        SharedHttpConnector::new(
            Connector::builder()
                .connector_settings(settings.clone())
                .proxy_config(proxy)
                .tls_provider(tls::Provider::Rustls(
                    tls::rustls_provider::CryptoMode::Ring,
                ))
                .tls_context(context.clone())
                .build(),
        )
    };
    Ok(ByAddress {
        straight: make(ProxyConfig::disabled()),
        proxied: make(ProxyConfig::from_env()),
    })
}

/// The system's certificates, and those of `AWS_CA_BUNDLE` beside them.
fn tls_context(env: &Env) -> Result<tls::TlsContext> {
    let mut store = tls::TrustStore::default();
    if let Some(path) = env.get("AWS_CA_BUNDLE") {
        let failed = || {
            Error::new(
                Code::StorageFailed,
                format!("AWS_CA_BUNDLE names {path}, which cannot be read"),
            )
        };
        let pem = std::fs::read(&path).map_err(|error| {
            failed()
                .because(error)
                .with_hint("mend or unset AWS_CA_BUNDLE")
        })?;
        store = store.with_pem_certificate(pem);
    }
    tls::TlsContext::builder()
        .with_trust_store(store)
        .build()
        .map_err(|error| {
            Error::new(
                Code::Internal,
                "the certificates of this system cannot be used",
            )
            .because(error)
        })
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_this_machine_goes_past_the_proxy() {
        for local in [
            "http://127.0.0.1:80/x",
            "http://localhost/",
            "http://[::1]:9/",
        ] {
            assert!(is_local(local), "{local}");
        }
        for far in [
            "https://portal.sso.eu-west-1.amazonaws.com/",
            "http://localhost.example/",
            "nonsense",
        ] {
            assert!(!is_local(far), "{far}");
        }
    }
}
