//! The ways out of this machine: straight, or by the user's proxy; and whose word on certificates
//! counts. The environment goes before the settings. What stays on this machine goes straight.

use std::fmt;
use std::time::SystemTime;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper_util::client::proxy::matcher::Matcher;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::Url;

use super::{CONNECT_TIME, READ_TIME};
use crate::host::Env;
use crate::{Code, Error, Result};

/// What the user's settings say of the network; each counts where the environment says nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// The proxy: `http://HOST:PORT`, perhaps with a name and password in it.
    pub proxy: Option<String>,
    /// Hosts that are reached without it, separated by commas.
    pub no_proxy: Option<String>,
    /// The path of a PEM file with certificates that count beside the system's.
    pub ca_bundle: Option<String>,
}

impl fmt::Debug for Choices {
    /// A proxy's address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Choices")
            .field("proxy", &self.proxy.is_some())
            .field("no_proxy", &self.no_proxy)
            .field("ca_bundle", &self.ca_bundle)
            .finish()
    }
}

/// All that the ways depend on.
#[derive(PartialEq, Eq)]
pub(super) struct Plan {
    https: Option<Said>,
    http: Option<Said>,
    no_proxy: String,
    bundle: Option<(Said, Version)>,
}

/// When a file was changed, and its size.
type Version = (Option<SystemTime>, u64);

/// A value and who said it.
#[derive(Clone, PartialEq, Eq)]
struct Said {
    value: String,
    by: &'static str,
}

/// What the environment and the settings ask for now.
///
/// # Errors
/// `CertificateUntrusted` where the named certificates cannot be read.
pub(super) fn plan(env: &Env, choices: &Choices) -> Result<Plan> {
    let said = |names: &[&'static str], setting: &Option<String>, by| {
        let set = names.iter().find_map(|by| {
            let value = env.get(by)?;
            Some(Said { value, by })
        });
        set.or_else(|| {
            let value = setting.clone().filter(|it| !it.is_empty())?;
            Some(Said { value, by })
        })
    };
    let proxy = |names: &[&'static str]| said(names, &choices.proxy, "`proxy` in settings.toml");
    let no_proxy = said(&["NO_PROXY", "no_proxy"], &choices.no_proxy, "");
    let bundle = said(
        &["AWS_CA_BUNDLE"],
        &choices.ca_bundle,
        "`ca_bundle` in settings.toml",
    );
    Ok(Plan {
        https: proxy(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]),
        http: proxy(&["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]),
        no_proxy: no_proxy.map(|it| it.value).unwrap_or_default(),
        bundle: bundle.map(versioned).transpose()?,
    })
}

fn versioned(said: Said) -> Result<(Said, Version)> {
    let about = std::fs::metadata(&said.value)
        .map_err(|error| unfit(&said, "cannot be read").because(error))?;
    let version = (about.modified().ok(), about.len());
    Ok((said, version))
}

/// The ways as they are now.
pub(super) struct Ways {
    pub(super) plan: Plan,
    proxies: Matcher,
    straight: SharedHttpConnector,
    /// For https and for http.
    by_proxy: [Option<SharedHttpConnector>; 2],
}

impl fmt::Debug for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ways")
    }
}

/// The way to one address.
pub(super) struct Way<'a> {
    pub(super) connector: &'a SharedHttpConnector,
    /// The proxy's address without a name or password, where one is used.
    pub(super) proxy: Option<String>,
}

impl Ways {
    /// Makes the connectors; nothing is connected yet.
    ///
    /// # Errors
    /// `ProxyFailed` where the proxy's address is none, `CertificateUntrusted` where the named file
    /// holds no certificate.
    pub(super) fn open(plan: Plan) -> Result<Ways> {
        let context = trust(plan.bundle.as_ref().map(|(said, _)| said))?;
        let mut proxies = Matcher::builder().no(plan.no_proxy.clone());
        let mut by_proxy = [None, None];
        if let Some(said) = &plan.https {
            let config = ProxyConfig::https(whole(&said.value)).map_err(|_| no_proxy(said))?;
            by_proxy[0] = Some(connector(config, &context));
            proxies = proxies.https(whole(&said.value));
        }
        if let Some(said) = &plan.http {
            let config = ProxyConfig::http(whole(&said.value)).map_err(|_| no_proxy(said))?;
            by_proxy[1] = Some(connector(config, &context));
            proxies = proxies.http(whole(&said.value));
        }
        Ok(Ways {
            straight: connector(ProxyConfig::disabled(), &context),
            proxies: proxies.build(),
            by_proxy,
            plan,
        })
    }

    /// Whether anything goes by a proxy.
    pub(super) fn names_a_proxy(&self) -> bool {
        self.by_proxy.iter().any(Option::is_some)
    }

    /// The way to an address.
    pub(super) fn to(&self, address: &str) -> Way<'_> {
        let straight = Way {
            connector: &self.straight,
            proxy: None,
        };
        let Ok(target) = address.parse::<http::Uri>() else {
            return straight;
        };
        let index = usize::from(target.scheme_str() != Some("https"));
        let proxy = self
            .proxies
            .intercept(&target)
            .filter(|_| !is_local(address));
        match (proxy, &self.by_proxy[index]) {
            (Some(proxy), Some(connector)) => Way {
                connector,
                proxy: Some(proxy.uri().to_string().trim_end_matches('/').to_owned()),
            },
            _ => straight,
        }
    }
}

/// `HOST:PORT` alone is meant as http.
fn whole(proxy: &str) -> String {
    match proxy.contains("://") {
        true => proxy.to_owned(),
        false => format!("http://{proxy}"),
    }
}

/// Never the value itself: it may hold a password.
fn no_proxy(said: &Said) -> Error {
    let message = format!(
        "{} is not the address of a proxy that Daypass can use",
        said.by
    );
    Error::new(Code::ProxyFailed, message)
        .with_hint("write it as http://HOST:PORT or https://HOST:PORT")
}

fn is_local(address: &str) -> bool {
    match Url::parse(address).ok().as_ref().and_then(Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn connector(proxy: ProxyConfig, context: &tls::TlsContext) -> SharedHttpConnector {
    let settings = HttpConnectorSettings::builder()
        .connect_timeout(CONNECT_TIME)
        .read_timeout(READ_TIME)
        .build();
    let ring = tls::rustls_provider::CryptoMode::Ring;
    SharedHttpConnector::new(
        Connector::builder()
            .connector_settings(settings)
            .proxy_config(proxy)
            .tls_provider(tls::Provider::Rustls(ring))
            .tls_context(context.clone())
            .build(),
    )
}

/// The system's certificates, and those of the named file beside them.
fn trust(bundle: Option<&Said>) -> Result<tls::TlsContext> {
    let mut store = tls::TrustStore::default();
    if let Some(said) = bundle {
        store = store.with_pem_certificate(certificates(said)?);
    }
    let context = tls::TlsContext::builder().with_trust_store(store).build();
    context.map_err(|error| {
        let message = "the certificates of this system cannot be used";
        Error::new(Code::CertificateUntrusted, message).because(error)
    })
}

/// The certificates of a file that can be used, as PEM again: the client below panics over others.
fn certificates(said: &Said) -> Result<String> {
    let bytes =
        std::fs::read(&said.value).map_err(|error| unfit(said, "cannot be read").because(error))?;
    let fits = |certificate: &CertificateDer<'static>| {
        RootCertStore::empty().add(certificate.clone()).is_ok()
    };
    let found = CertificateDer::pem_slice_iter(&bytes).filter_map(std::result::Result::ok);
    let pem: String = found.filter(fits).map(|it| to_pem(&it)).collect();
    match pem.is_empty() {
        true => Err(unfit(said, "holds no certificate in PEM form")),
        false => Ok(pem),
    }
}

fn to_pem(certificate: &CertificateDer<'_>) -> String {
    let text = STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

fn unfit(said: &Said, why: &str) -> Error {
    let path: String = said.value.escape_debug().collect();
    let message = format!("{} names {path}, which {why}", said.by);
    Error::new(Code::CertificateUntrusted, message)
        .with_hint(format!("mend {}, or take it away", said.by))
}

#[cfg(test)]
mod tests;
