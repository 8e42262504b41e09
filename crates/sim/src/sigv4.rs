//! AWS Signature Version 4, from the side that checks it.

use crate::request::Request;
use sha2::{Digest as _, Sha256};

/// The parts of an `Authorization` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) access_key_id: String,
    /// `DATE/REGION/SERVICE/aws4_request`
    scope: String,
    signed_headers: String,
    hex: String,
}

impl Signature {
    /// Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
    pub(crate) fn parse(header: &str) -> Option<Self> {
        let parts = header.strip_prefix("AWS4-HMAC-SHA256 ")?;
        let part = |name: &str| {
            let mut all = parts.split(',').filter_map(|p| p.trim().split_once('='));
            all.find(|(key, _)| *key == name)
                .map(|(_, value)| value.to_owned())
        };
        let credential = part("Credential")?;
        let (access_key_id, scope) = credential.split_once('/')?;
        let is_whole = scope.split('/').count() == 4 && scope.ends_with("/sts/aws4_request");
        is_whole.then_some(Self {
            access_key_id: access_key_id.to_owned(),
            scope: scope.to_owned(),
            signed_headers: part("SignedHeaders")?,
            hex: part("Signature")?,
        })
    }
}

/// True where `secret` signed this request: method, path, query, the signed headers (which
/// must include host, time and session token) and the body.
pub(crate) fn is_valid(request: &Request, signature: &Signature, secret: &str) -> bool {
    let signs = |name: &str| signature.signed_headers.split(';').any(|h| h == name);
    let date = request.header("x-amz-date").unwrap_or_default();
    let is_same_day = date
        .get(..8)
        .is_some_and(|day| signature.scope.starts_with(day));
    if !signs("host") || !signs("x-amz-date") || !signs("x-amz-security-token") || !is_same_day {
        return false;
    }
    let Some(canonical) = canonical_request(request, signature) else {
        return false;
    };
    let hashed = hex::encode(Sha256::digest(canonical.as_bytes()));
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{}\n{hashed}", signature.scope);
    hex::encode(hmac(
        &signing_key(secret, &signature.scope),
        text.as_bytes(),
    )) == signature.hex
}

/// The time in `x-amz-date`, in milliseconds since 1970.
pub(crate) fn signed_at_ms(request: &Request) -> Option<i64> {
    let text = request.header("x-amz-date")?.strip_suffix('Z')?;
    let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S", text).ok()?;
    Some(
        time.to_zoned(jiff::tz::TimeZone::UTC)
            .ok()?
            .timestamp()
            .as_millisecond(),
    )
}

fn canonical_request(request: &Request, signature: &Signature) -> Option<String> {
    let mut headers = String::new();
    for name in signature.signed_headers.split(';') {
        let all = request.headers.get_all(name).iter();
        let values: Option<Vec<_>> = all.map(|v| v.to_str().ok().map(one_spaced)).collect();
        let values = values.filter(|v| !v.is_empty())?;
        headers.push_str(&format!("{name}:{}\n", values.join(",")));
    }
    let body = hex::encode(Sha256::digest(&request.body));
    let declared = request.header("x-amz-content-sha256").unwrap_or(&body);
    if declared != body {
        return None;
    }
    let (method, path) = (&request.method, &request.path);
    let (query, signed) = (
        canonical_query(&request.raw_query),
        &signature.signed_headers,
    );
    Some(format!(
        "{method}\n{path}\n{query}\n{headers}\n{signed}\n{body}"
    ))
}

fn one_spaced(value: &str) -> String {
    value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn canonical_query(raw: &str) -> String {
    let pairs = raw.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<_> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    pairs.sort_unstable();
    let texts: Vec<_> = pairs
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    texts.join("&")
}

fn signing_key(secret: &str, scope: &str) -> Vec<u8> {
    let first = format!("AWS4{secret}").into_bytes();
    scope
        .split('/')
        .fold(first, |key, part| hmac(&key, part.as_bytes()))
}

/// HMAC with SHA-256 (RFC 2104); the block is 64 bytes.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    match key.len() <= block.len() {
        true => block[..key.len()].copy_from_slice(key),
        false => block[..32].copy_from_slice(&Sha256::digest(key)),
    }
    let pad = |with: u8| block.map(|b| b ^ with);
    let inner = Sha256::new()
        .chain_update(pad(0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(pad(0x5c))
        .chain_update(inner)
        .finalize()
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_the_one_of_rfc_4231() {
        let case_2 = hmac(b"Jefe", b"what do ya want for nothing?");
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex::encode(case_2), expected);
        let text = b"Test Using Larger Than Block-Size Key - Hash Key First";
        let expected = "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54";
        assert_eq!(hex::encode(hmac(&[0xaa; 131], text)), expected);
    }

    #[test]
    fn the_signing_key_is_the_one_of_the_aws_example() {
        let key = signing_key(
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            "20150830/us-east-1/iam/aws4_request",
        );
        let expected = "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9";
        assert_eq!(hex::encode(key), expected);
    }

    #[test]
    fn an_authorization_header_is_read_with_and_without_blanks() {
        let scope = "20250101/us-east-1/sts/aws4_request";
        for comma in [", ", ","] {
            let text = format!(
                "AWS4-HMAC-SHA256 Credential=ASIAX/{scope}{comma}SignedHeaders=host;x-amz-date\
                 {comma}Signature=ab"
            );
            let read = Signature::parse(&text).unwrap();
            assert_eq!(
                (read.access_key_id.as_str(), read.hex.as_str()),
                ("ASIAX", "ab")
            );
            assert_eq!(read.scope, scope);
        }
        for text in [
            "",
            "Bearer x",
            "AWS4-HMAC-SHA256 Credential=ASIAX, Signature=ab",
        ] {
            assert_eq!(Signature::parse(text), None);
        }
    }
}
