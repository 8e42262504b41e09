//! The only listeners of Daypass: on 127.0.0.1, on a port of the moment, for one purpose, for a while.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use zeroize::Zeroizing;

use crate::{Code, Error, Result};

/// The largest request head that is read, in bytes.
const HEAD_LIMIT: usize = 8 * 1024;
/// How long a request head may take.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// How many connections may be open at once; more are closed as they come.
const CONNECTIONS: usize = 2048;
/// How long to wait where a connection could not be taken.
const OUT_OF_BREATH: Duration = Duration::from_millis(50);
/// How long the last answers may take to leave after the end.
const FAREWELL: Duration = Duration::from_millis(300);

/// What a request asked for, as far as an answer may depend on it.
pub struct Asked<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// The path, as it came.
    pub path: &'a str,
    /// The query without `?`; empty where there is none.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
}

impl Asked<'_> {
    /// Whether the request was made to exactly this origin by a plain navigation of a whole tab: a
    /// page that rebinds a host name, or that fetches, embeds or frames across origins, shows itself
    /// by these headers. Browsers that do not send the last two are taken at their word.
    pub fn is_navigation_to(&self, port: u16) -> bool {
        let host = self.headers.get(header::HOST).map(HeaderValue::as_bytes);
        let says = |name: &str, plain: &str| self.headers.get(name).is_none_or(|it| it == plain);
        host == Some(format!("127.0.0.1:{port}").as_bytes())
            && !self.headers.contains_key(header::ORIGIN)
            && says("sec-fetch-mode", "navigate")
            && says("sec-fetch-dest", "document")
    }

    /// Whether the request was made to exactly this origin by a program that is no browser: no page,
    /// also none that rebinds a host name, can make one that looks so.
    pub fn is_from_a_program_to(&self, port: u16) -> bool {
        let hosts: Vec<_> = self.headers.get_all(header::HOST).iter().collect();
        let browsers = [header::ORIGIN.as_str(), "sec-fetch-site", "sec-fetch-mode"];
        hosts == [format!("127.0.0.1:{port}").as_str()]
            && !browsers.iter().any(|name| self.headers.contains_key(*name))
    }
}

/// The answer to a request.
pub struct Reply {
    status: StatusCode,
    location: Option<String>,
    kind: &'static str,
    body: Zeroizing<String>,
}

const HTML: &str = "text/html; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";

impl Reply {
    /// A page of our own, as complete HTML.
    pub fn page(body: impl Into<String>) -> Reply {
        Reply::of(200, HTML, body)
    }

    /// A refusal with a short text.
    pub fn refusal(status: u16, text: impl Into<String>) -> Reply {
        Reply::of(status, TEXT, text)
    }

    /// A JSON document; wiped once it has left.
    pub fn json(status: u16, document: impl Into<String>) -> Reply {
        Reply::of(status, JSON, document)
    }

    fn of(status: u16, kind: &'static str, body: impl Into<String>) -> Reply {
        Reply {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
            location: None,
            kind,
            body: Zeroizing::new(body.into()),
        }
    }

    /// Sends the browser elsewhere.
    pub fn redirect(address: impl Into<String>) -> Reply {
        Reply {
            location: Some(address.into()),
            ..Reply::of(302, TEXT, "")
        }
    }

    /// The status and the body, for tests.
    #[cfg(test)]
    pub(crate) fn shown(self) -> (u16, String) {
        (self.status.as_u16(), self.body.to_string())
    }

    fn into_response(self) -> Response<Full<Bytes>> {
        let body = Bytes::from_owner(Wiped(self.body));
        let mut response = Response::new(Full::new(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_TYPE, self.kind),
            (header::CACHE_CONTROL, "no-store"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::CONNECTION, "close"),
            (
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'unsafe-inline'",
            ),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Some(Ok(location)) = self.location.map(HeaderValue::try_from) {
            headers.insert(header::LOCATION, location);
        }
        response
    }
}

/// Bytes on their way, wiped where they were.
struct Wiped(Zeroizing<String>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// What becomes of the listener after an answer.
pub enum Next<T> {
    /// It goes on listening.
    Stay(Reply),
    /// It ends with this value once the answer has left.
    End(Reply, T),
}

/// A listener on 127.0.0.1. It is bound before anybody is told of it.
pub struct Loopback {
    listener: TcpListener,
    port: u16,
}

impl Loopback {
    /// Binds a free port.
    ///
    /// # Errors
    /// The system gives no port.
    #[expect(clippy::disallowed_methods, reason = "the one place that listens")]
    pub async fn bind() -> Result<Loopback> {
        let failed =
            |error| Error::new(Code::SignInFailed, "no port on 127.0.0.1 is free").because(error);
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .await
            .map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        Ok(Loopback { listener, port })
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Answers requests until an answer ends it; the port is closed before this returns.
    pub async fn serve<T, F>(self, answer: F) -> T
    where
        T: Send + 'static,
        F: Fn(&Asked<'_>) -> Next<T> + Send + Sync + 'static,
    {
        let (ended, mut end) = mpsc::channel(1);
        let answer = Arc::new(answer);
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let mut open = JoinSet::new();
        let value = loop {
            tokio::select! {
                biased;
                Some(value) = end.recv() => break value,
                Some(_) = open.join_next(), if !open.is_empty() => {}
                accepted = self.listener.accept() => {
                    let Ok((stream, _)) = accepted else {
                        // The system has no more to give: asking at once would only spin.
                        tokio::time::sleep(OUT_OF_BREATH).await;
                        continue;
                    };
                    let Ok(place) = places.clone().try_acquire_owned() else {
                        continue;
                    };
                    let (answer, ended) = (answer.clone(), ended.clone());
                    open.spawn(async move {
                        let _place = place;
                        let serve = service_fn(|request: Request<Incoming>| {
                            let reply = reply_to(&request, answer.as_ref(), &ended);
                            async move { Ok::<_, Infallible>(reply.into_response()) }
                        });
                        let connection = http1::Builder::new()
                            .timer(TokioTimer::new())
                            .header_read_timeout(HEAD_TIME)
                            .max_buf_size(HEAD_LIMIT)
                            .keep_alive(false)
                            .serve_connection(TokioIo::new(stream), serve);
                        // What a stranger's connection dies of is nobody's concern.
                        let _ = connection.await;
                    });
                }
            }
        };
        drop(self.listener);
        let _ = tokio::time::timeout(FAREWELL, async {
            while open.join_next().await.is_some() {}
        })
        .await;
        value
    }
}

fn reply_to<T>(
    request: &Request<Incoming>,
    answer: &(impl Fn(&Asked<'_>) -> Next<T> + ?Sized),
    ended: &mpsc::Sender<T>,
) -> Reply {
    let uri = request.uri();
    let asked = Asked {
        method: request.method().as_str(),
        path: uri.path(),
        query: uri.query().unwrap_or_default(),
        headers: request.headers(),
    };
    match answer(&asked) {
        Next::Stay(reply) => reply,
        Next::End(reply, value) => match ended.try_send(value) {
            Ok(()) => reply,
            Err(_) => Reply::refusal(410, "This address was used already.\n"),
        },
    }
}

#[cfg(test)]
mod tests;
