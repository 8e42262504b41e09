//! A small browser for tests: one request, or a visit that follows redirects. It talks to
//! 127.0.0.1 only.

use bytes::Bytes;
use http::{HeaderMap, Request, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use std::io;
use tokio::net::TcpStream;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The address that answered, after redirects.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as text.
    pub body: String,
}

impl Answer {
    /// A header's value, where it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON; `null` where it is something else.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// Sends one request and follows nothing.
///
/// # Errors
/// The address is not on 127.0.0.1, or the connection failed or broke off.
pub async fn send(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<Answer> {
    let uri: Uri = url.parse().map_err(io::Error::other)?;
    let authority = uri
        .authority()
        .ok_or_else(|| io::Error::other("an address has a host"))?;
    if !["127.0.0.1", "localhost"].contains(&authority.host()) {
        return Err(io::Error::other("only loopback addresses are visited"));
    }
    let stream = TcpStream::connect(("127.0.0.1", authority.port_u16().unwrap_or(80))).await?;
    let path = uri.path_and_query().map_or("/", |p| p.as_str());
    let mut request = Request::builder().method(method).uri(path);
    if !headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("host"))
    {
        request = request.header("host", authority.as_str());
    }
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    let body = Full::new(Bytes::copy_from_slice(body.as_bytes()));
    exchange(stream, url, request.body(body).map_err(io::Error::other)?).await
}

async fn exchange(
    stream: TcpStream,
    url: &str,
    request: Request<Full<Bytes>>,
) -> io::Result<Answer> {
    let io = TokioIo::new(stream);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io)
        .await
        .map_err(io::Error::other)?;
    let driver = tokio::spawn(connection);
    let answer = sender
        .send_request(request)
        .await
        .map_err(io::Error::other)?;
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    driver.abort();
    Ok(Answer {
        url: url.to_owned(),
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

/// Opens an address as a browser does: by GET, following up to ten redirects.
///
/// # Errors
/// As for [`send`]; also when a redirect leads off this machine.
pub async fn visit(url: &str) -> io::Result<Answer> {
    let mut answer = send("GET", url, &[], "").await?;
    for _ in 0..10 {
        let Some(location) = answer
            .header("location")
            .filter(|_| answer.status / 100 == 3)
        else {
            break;
        };
        let here = url::Url::parse(&answer.url).map_err(io::Error::other)?;
        let next = here.join(location).map_err(io::Error::other)?;
        answer = send("GET", next.as_str(), &[], "").await?;
    }
    Ok(answer)
}

/// Opens the page of a sign-in and presses its button: what `--browser manual` waits for.
///
/// # Errors
/// As for [`visit`]; also where the page asks nothing.
pub async fn decide(url: &str, approve: bool) -> io::Result<Answer> {
    let page = visit(url).await?;
    let nonce = page.body.split("name=\"nonce\" value=\"").nth(1);
    let nonce = nonce.and_then(|rest| rest.split('"').next());
    let nonce = nonce.ok_or_else(|| io::Error::other("the page asks nothing"))?;
    let here = url::Url::parse(&page.url).map_err(io::Error::other)?;
    let form = here.join("/decide").map_err(io::Error::other)?;
    let decision = if approve { "approve" } else { "deny" };
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("nonce={nonce}&decision={decision}");
    let answer = send("POST", form.as_str(), &kind, &body).await?;
    match answer
        .header("location")
        .filter(|_| answer.status / 100 == 3)
    {
        Some(next) => visit(next).await,
        None => Ok(answer),
    }
}
