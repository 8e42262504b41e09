//! What went wrong on the way, by name: the network, the proxy, a certificate, the clock, or somebody
//! who answers in the place of the service.

use std::error::Error as StdError;
use std::io;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use jiff::SignedDuration;
use rustls::CertificateError;
use url::Url;

use crate::{Code, Error};

/// A clock that is off by less is not what is wrong.
const CLOCK_MARGIN: SignedDuration = SignedDuration::from_mins(2);
/// A network that wants something from the user first says so by this status.
const NETWORK_AUTHENTICATION_REQUIRED: u16 = 511;
const PROXY_AUTHENTICATION_REQUIRED: u16 = 407;

/// The error of ours inside another, where this room named it; it completes "could not …: ".
pub(crate) fn named<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Error> {
    chain(error).find_map(|it| it.downcast_ref::<Error>())
}

/// The same, or `Offline`.
pub(super) fn of(error: &ConnectorError, host: &str) -> Error {
    match named(error) {
        Some(error) => retold(error, error.message()),
        None => offline(host).because(innermost(error)),
    }
}

/// An error that cannot be taken out of another, with a message that says more.
pub(crate) fn retold(error: &Error, message: impl Into<String>) -> Error {
    let again = Error::new(error.code(), message).with_hint(error.hint());
    match error.causes().first() {
        Some(cause) => again.because(cause.clone()),
        None => again,
    }
}

pub(super) fn offline(host: &str) -> Error {
    Error::new(Code::Offline, format!("{host} could not be reached"))
}

/// Names why no answer came. `skew` is how far the clocks of others are ahead, where it is known.
pub(super) fn name(
    error: ConnectorError,
    host: &str,
    proxy: &Option<String>,
    skew: Option<SignedDuration>,
) -> ConnectorError {
    let named = by_certificate(&error, host, skew)
        .or_else(|| by_proxy(&error, proxy.as_deref()))
        .unwrap_or_else(|| offline(host))
        .because(innermost(&error));
    match (error.is_timeout(), error.is_io()) {
        (true, _) => ConnectorError::timeout(named.into()),
        (_, true) => ConnectorError::io(named.into()),
        _ => ConnectorError::other(named.into(), None),
    }
}

fn by_certificate(
    error: &ConnectorError,
    host: &str,
    skew: Option<SignedDuration>,
) -> Option<Error> {
    match chain(error).find_map(|it| it.downcast_ref::<rustls::Error>())? {
        rustls::Error::InvalidCertificate(why) if is_the_clock(why, skew) => Some(Error::new(
            Code::ClockWrong,
            format!("by this machine's clock, the certificate of {host} does not hold now"),
        )),
        rustls::Error::InvalidCertificate(why) => Some(untrusted(host, why)),
        rustls::Error::NoCertificatesPresented => Some(Error::new(
            Code::CertificateUntrusted,
            format!("{host} showed no certificate"),
        )),
        // Not even TLS: somebody on the way answers every connection with a page of his own.
        rustls::Error::InvalidMessage(_) => Some(Error::new(
            Code::CaptivePortal,
            format!("something on this network answered in the place of {host}"),
        )),
        _ => None,
    }
}

/// A certificate that begins in the future speaks of a clock that is behind; one that has ended
/// speaks of the clock only where that is known to be ahead: certificates do end.
fn is_the_clock(why: &CertificateError, skew: Option<SignedDuration>) -> bool {
    match why {
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            skew.is_none_or(|ahead| ahead > CLOCK_MARGIN)
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            skew.is_some_and(|ahead| ahead < -CLOCK_MARGIN)
        }
        _ => false,
    }
}

fn untrusted(host: &str, why: &CertificateError) -> Error {
    let (why, hint) = match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "has ended, by this machine's clock",
            Some("check the clock of this machine; if it is right, ask whoever runs this network"),
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            "is that of another",
            Some(
                "open any web page in a browser: this network may want something from you first, or \
                 inspect traffic; for the latter see `ca_bundle` in settings.toml",
            ),
        ),
        _ => (
            "is not vouched for by anybody whom this machine trusts",
            None,
        ),
    };
    let error = Error::new(
        Code::CertificateUntrusted,
        format!("the certificate of {host} {why}"),
    );
    match hint {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

/// The client below tells how far it came only in words and in where they stand.
fn by_proxy(error: &ConnectorError, proxy: Option<&str>) -> Option<Error> {
    let proxy = proxy?;
    let failed = |what: &str| Error::new(Code::ProxyFailed, format!("the proxy {proxy} {what}"));
    let words: Vec<String> = chain(error).map(ToString::to_string).collect();
    let says = |text: &str| words.iter().any(|it| it.contains(text));
    if says("proxy authorization required") {
        return Some(wants_password(proxy));
    }
    if says("failed to create underlying connection") || says("tcp connect error") {
        return Some(failed("could not be reached"));
    }
    if says("tunnel error") {
        return Some(failed("did not let the connection through"));
    }
    let connecting = says("HTTP connect timeout") || says("client error (Connect)");
    connecting.then(|| failed("did not bring the connection up"))
}

fn wants_password(proxy: &str) -> Error {
    let message = format!("the proxy {proxy} wants a name and a password (407)");
    Error::new(Code::ProxyFailed, message).with_hint(
        "put them into the proxy's address, http://NAME:PASSWORD@HOST:PORT, in HTTPS_PROXY or as \
         `proxy` under [network] in settings.toml",
    )
}

/// Whether somebody on the way answered in the place of the service, which never redirects and
/// never grants anything with a page. `refuses_plainly`: nor refuses anything with one.
pub(super) fn impostor(
    response: &HttpResponse,
    host: &str,
    proxy: &Option<String>,
    refuses_plainly: bool,
) -> Option<Error> {
    let status = response.status().as_u16();
    let page = response
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.trim_start().starts_with("text/html"));
    let signed = response.headers().get("x-amzn-requestid").is_some();
    let what = match status {
        PROXY_AUTHENTICATION_REQUIRED => {
            return Some(wants_password(proxy.as_deref().unwrap_or("on the way")));
        }
        NETWORK_AUTHENTICATION_REQUIRED => "by asking for a sign-in to the network".to_owned(),
        300..=399 => format!("with a redirect{}", target(response)),
        200..=299 if page => "with a web page".to_owned(),
        400..=499 if page && !signed && refuses_plainly => "with a web page".to_owned(),
        _ => return None,
    };
    let message = format!("something on this network answered in the place of {host}, {what}");
    Some(Error::new(Code::CaptivePortal, message))
}

/// Where a redirect leads: only a host that can be read, as punycode.
fn target(response: &HttpResponse) -> String {
    let target = response.headers().get("location").map(Url::parse);
    match target.and_then(Result::ok).as_ref().and_then(Url::host_str) {
        Some(host) => format!(" to {host}"),
        None => String::new(),
    }
}

fn innermost(error: &(dyn StdError + 'static)) -> String {
    chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// An error and its causes; `io::Error` hides the first of its own from `source`.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        wrapped
            .map(|it| it as &(dyn StdError + 'static))
            .or_else(|| error.source())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::body::SdkBody;

    const HOST: &str = "oidc.eu-central-1.amazonaws.com";

    fn tls(why: rustls::Error) -> ConnectorError {
        let inner = io::Error::new(io::ErrorKind::InvalidData, why);
        ConnectorError::io(io::Error::other(inner).into())
    }

    fn code(error: ConnectorError, proxy: Option<&str>, skew: Option<i64>) -> Code {
        let skew = skew.map(SignedDuration::from_mins);
        let error = name(error, HOST, &proxy.map(str::to_owned), skew);
        super::named(&error).expect("it is named").code()
    }

    #[test]
    fn certificates_and_clocks() {
        use CertificateError as Why;
        for (why, skew, expected) in [
            (Why::UnknownIssuer, None, Code::CertificateUntrusted),
            (Why::NotValidForName, Some(180), Code::CertificateUntrusted),
            (Why::NotValidYet, None, Code::ClockWrong),
            (Why::NotValidYet, Some(180), Code::ClockWrong),
            (Why::NotValidYet, Some(0), Code::CertificateUntrusted),
            (Why::Expired, None, Code::CertificateUntrusted),
            (Why::Expired, Some(0), Code::CertificateUntrusted),
            (Why::Expired, Some(-180), Code::ClockWrong),
            (Why::Expired, Some(180), Code::CertificateUntrusted),
        ] {
            let error = tls(rustls::Error::InvalidCertificate(why.clone()));
            assert_eq!(code(error, None, skew), expected, "{why:?} {skew:?}");
        }
        let page = rustls::InvalidMessage::InvalidContentType;
        let error = tls(rustls::Error::InvalidMessage(page));
        assert_eq!(code(error, None, None), Code::CaptivePortal);
    }

    #[test]
    fn proxies_and_the_rest() {
        let said = |text: &str| ConnectorError::io(text.into());
        let proxy = Some("http://p:1");
        for (text, proxy, expected) in [
            (
                "tunnel error: proxy authorization required",
                proxy,
                Code::ProxyFailed,
            ),
            ("tunnel error: unsuccessful", proxy, Code::ProxyFailed),
            ("tcp connect error", proxy, Code::ProxyFailed),
            ("tcp connect error", None, Code::Offline),
            ("dns error", None, Code::Offline),
            ("connection reset", proxy, Code::Offline),
        ] {
            assert_eq!(code(said(text), proxy, None), expected, "{text} {proxy:?}");
        }
    }

    #[test]
    fn who_answers_in_the_place_of_aws() {
        let answer = |status: u16, headers: &[(&'static str, &'static str)]| {
            let status = status.try_into().unwrap();
            let mut response = HttpResponse::new(status, SdkBody::empty());
            for (name, value) in headers {
                response.headers_mut().insert(*name, *value);
            }
            impostor(&response, HOST, &None, true).map(|it| it.code())
        };
        let page = ("content-type", "text/html; charset=utf-8");
        let id = ("x-amzn-requestid", "1");
        for (status, headers, expected) in [
            (
                302,
                &[("location", "http://hotel.example/")][..],
                Some(Code::CaptivePortal),
            ),
            (511, &[], Some(Code::CaptivePortal)),
            (200, &[page], Some(Code::CaptivePortal)),
            (200, &[page, id], Some(Code::CaptivePortal)),
            (403, &[page], Some(Code::CaptivePortal)),
            (403, &[page, id], None),
            (407, &[], Some(Code::ProxyFailed)),
            (503, &[page], None),
            (200, &[("content-type", "application/json")], None),
            (200, &[], None),
            (400, &[id], None),
        ] {
            assert_eq!(answer(status, headers), expected, "{status} {headers:?}");
        }
    }
}
