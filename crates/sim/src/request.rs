//! A request as the rest of the simulator sees it: read whole, its parts easy to ask for.

use bytes::Bytes;
use http::HeaderMap;
use url::form_urlencoded;

/// One request, body included.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The query as it came, without the question mark.
    pub(crate) raw_query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Came below `/_region/` of a Region where the portal does not live.
    pub(crate) wrong_region: bool,
}

impl Request {
    /// The request without the `/_region/NAME` at the front of its path, and with the
    /// mark whether NAME is a Region other than `home`.
    pub(crate) fn at_region(mut self, home: &str) -> Self {
        if let Some(rest) = self.path.strip_prefix("/_region/") {
            let (name, path) = rest.split_once('/').unwrap_or((rest, ""));
            self.wrong_region = name != home;
            self.path = format!("/{path}");
        }
        self
    }

    /// A query parameter, decoded; the first one where it is repeated.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        find(self.raw_query.as_bytes(), name)
    }

    /// A parameter of the query or, failing that, of a form in the body.
    pub(crate) fn param(&self, name: &str) -> Option<String> {
        self.query(name).or_else(|| find(&self.body, name))
    }

    /// A form field in the body.
    pub(crate) fn form(&self, name: &str) -> Option<String> {
        find(&self.body, name)
    }

    /// All query parameters, decoded, in order.
    pub(crate) fn query_pairs(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.raw_query.as_bytes())
            .into_owned()
            .collect()
    }

    /// A header's value, where it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// True where the `Host` header names this machine by a loopback name: a page on
    /// another site that resolves its own name to 127.0.0.1 does not pass.
    pub(crate) fn has_loopback_host(&self) -> bool {
        let host = self.header("host").unwrap_or_default();
        let (name, port) = host.split_once(':').unwrap_or((host, "0"));
        let is_port = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
        is_port && (name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost"))
    }
}

fn find(encoded: &[u8], name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(encoded);
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_host(host: &str) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert("host", host.parse().unwrap());
        Request {
            method: "GET".into(),
            path: "/_region/us-east-1/token".into(),
            raw_query: "a=1&b=x%20y&a=2".into(),
            headers,
            body: Bytes::from_static(b"Action=login&b=z"),
            wrong_region: false,
        }
    }

    #[test]
    fn only_loopback_names_are_a_host_of_ours() {
        let table = [
            ("127.0.0.1", true),
            ("127.0.0.1:8080", true),
            ("localhost:1", true),
            ("LOCALHOST", true),
            ("127.0.0.1.example.com", false),
            ("example.com:80", false),
            ("127.0.0.1:", false),
            ("127.0.0.1:80@example.com", false),
            ("", false),
        ];
        for (host, ours) in table {
            assert_eq!(to_host(host).has_loopback_host(), ours, "{host}");
        }
    }

    #[test]
    fn parameters_are_decoded_and_the_query_comes_first() {
        let request = to_host("localhost");
        assert_eq!(request.query("a").as_deref(), Some("1"));
        assert_eq!(request.param("b").as_deref(), Some("x y"));
        assert_eq!(request.param("Action").as_deref(), Some("login"));
        assert_eq!(request.form("b").as_deref(), Some("z"));
    }

    #[test]
    fn the_region_is_taken_off_the_path() {
        let right = to_host("localhost").at_region("us-east-1");
        assert_eq!((right.path.as_str(), right.wrong_region), ("/token", false));
        assert!(to_host("localhost").at_region("eu-west-1").wrong_region);
    }
}
