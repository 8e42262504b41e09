//! A small HTTP/1.1 client over plain TCP, loopback only: control API, WebDriver, redirects.

use crate::{Context, Result, anyhow, bail, ensure};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

const TIME_LIMIT: Duration = Duration::from_secs(60);
const REDIRECTS: usize = 10;

/// What came back.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header names in lower case, and their values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("not JSON: {}", self.text()))
    }
}

/// The pages that a browser went through, the last one first in mind.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Every address, in order.
    pub addresses: Vec<String>,
    /// What the last one answered.
    pub landed: Response,
}

impl Visit {
    /// The last address.
    pub fn address(&self) -> &str {
        self.addresses
            .last()
            .map(String::as_str)
            .unwrap_or_default()
    }
}

/// `GET`, without following a redirect.
pub fn get(url: &str) -> Result<Response> {
    request("GET", url, &[], b"")
}

/// `GET` as a browser does it, through every redirect that stays on this machine.
pub fn visit(url: &str) -> Result<Visit> {
    let mut addresses = vec![url.to_owned()];
    for _ in 0..REDIRECTS {
        let here = addresses.last().cloned().unwrap_or_default();
        let landed = get(&here)?;
        let target = match landed.header("location") {
            Some(location) if (300..400).contains(&landed.status) => resolve(&here, location)?,
            _ => return Ok(Visit { addresses, landed }),
        };
        addresses.push(target);
    }
    bail!("more than {REDIRECTS} redirects from {url}")
}

/// `POST` of JSON; the answer's JSON.
pub fn post_json(url: &str, body: &Value) -> Result<Value> {
    call_json("POST", url, Some(body))
}

/// `GET` of JSON.
pub fn get_json(url: &str) -> Result<Value> {
    call_json("GET", url, None)
}

fn call_json(method: &str, url: &str, body: Option<&Value>) -> Result<Value> {
    let bytes = body.map(Value::to_string).unwrap_or_default();
    let kind = [("content-type", "application/json")];
    let response = request(method, url, &kind, bytes.as_bytes())?;
    ensure!(
        response.status < 300,
        "{method} {url}: {} {}",
        response.status,
        response.text()
    );
    if response.body.is_empty() {
        Ok(Value::Null)
    } else {
        response.json()
    }
}

/// Any request to this machine.
pub fn request(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Response> {
    let (authority, path) = split(url)?;
    let mut stream = connect(&authority)?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {authority}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    ));
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    read(&mut stream).with_context(|| format!("reading the answer to {method} {authority}"))
}

/// `HOST:PORT` and the path with its query, without the fragment.
pub fn split(url: &str) -> Result<(String, String)> {
    let rest = url
        .strip_prefix("http://")
        .with_context(|| format!("not plain http: {url}"))?;
    let rest = rest.split('#').next().unwrap_or(rest);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let slash = if path.starts_with('/') { "" } else { "/" };
    Ok((authority.to_owned(), format!("{slash}{path}")))
}

fn connect(authority: &str) -> Result<TcpStream> {
    let mut addresses = authority
        .to_socket_addrs()
        .with_context(|| authority.to_owned())?;
    let local = |address: &SocketAddr| match address.ip() {
        IpAddr::V4(ip) => ip.is_loopback(),
        IpAddr::V6(ip) => ip.is_loopback(),
    };
    let address = addresses
        .find(local)
        .with_context(|| format!("{authority} is not this machine"))?;
    let stream = TcpStream::connect_timeout(&address, TIME_LIMIT)
        .with_context(|| format!("connecting to {authority}"))?;
    stream.set_read_timeout(Some(TIME_LIMIT))?;
    Ok(stream)
}

fn read(stream: &mut TcpStream) -> Result<Response> {
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes);
    // A server may close hard once all is said; what counts is whether the answer is whole.
    let (head, rest) = halves(&bytes).ok_or_else(|| anyhow!("no whole answer: {ended:?}"))?;
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .context("no status line")?;
    let headers: Vec<_> = lines.filter_map(header_line).collect();
    let mut response = Response {
        status: status.parse()?,
        headers,
        body: Vec::new(),
    };
    response.body = body(&response, rest)?;
    Ok(response)
}

fn halves(bytes: &[u8]) -> Option<(String, &[u8])> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some((
        String::from_utf8_lossy(&bytes[..end]).into_owned(),
        &bytes[end + 4..],
    ))
}

fn header_line(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    Some((name.to_ascii_lowercase(), value.trim().to_owned()))
}

fn body(response: &Response, rest: &[u8]) -> Result<Vec<u8>> {
    if response
        .header("transfer-encoding")
        .is_some_and(|value| value.contains("chunked"))
    {
        return chunks(rest);
    }
    match response.header("content-length") {
        Some(length) => {
            let length: usize = length.parse()?;
            Ok(rest
                .get(..length)
                .context("the answer is cut short")?
                .to_vec())
        }
        None => Ok(rest.to_vec()),
    }
}

fn chunks(mut rest: &[u8]) -> Result<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = rest
            .windows(2)
            .position(|two| two == b"\r\n")
            .context("a chunk without size")?;
        let digits = String::from_utf8_lossy(&rest[..end]);
        let size = usize::from_str_radix(digits.split(';').next().unwrap_or_default().trim(), 16)?;
        let start = end + 2;
        if size == 0 {
            return Ok(whole);
        }
        whole.extend(
            rest.get(start..start + size)
                .context("a chunk is cut short")?,
        );
        rest = rest
            .get(start + size + 2..)
            .context("a chunk without an end")?;
    }
}

fn resolve(from: &str, location: &str) -> Result<String> {
    if location.contains("://") {
        return Ok(location.to_owned());
    }
    let (authority, path) = split(from)?;
    if location.starts_with('/') {
        return Ok(format!("http://{authority}{location}"));
    }
    let folder = path.split('?').next().unwrap_or_default().rsplit_once('/');
    Ok(format!(
        "http://{authority}{}/{location}",
        folder.map(|(dir, _)| dir).unwrap_or_default()
    ))
}

/// The value of a query parameter, decoded.
pub fn query(url: &str, name: &str) -> Option<String> {
    let query = url.split('#').next()?.split_once('?')?.1;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.into_iter().find(|(key, _)| *key == name)?.1;
    Some(decode(value))
}

/// Percent and plus decoding, as in a form.
pub fn decode(text: &str) -> String {
    let bytes = text.replace('+', " ").into_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|two| std::str::from_utf8(two).ok());
        let code = hex.and_then(|two| u8::from_str_radix(two, 16).ok());
        match (byte, code) {
            (b'%', Some(code)) => {
                out.push(code);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
