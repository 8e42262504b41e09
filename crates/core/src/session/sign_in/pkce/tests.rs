//! What is heard of what comes to the listener, and the address that the browser is sent to.

use super::*;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;

use crate::host::Env;

#[test]
fn only_our_state_with_one_code_or_one_error_is_heard() {
    let code = |text: &str| Said::Code(Secret::new(text));
    for (query, expected) in [
        ("code=abc&state=S", code("abc")),
        ("state=S&code=a%2Fb", code("a/b")),
        (
            "state=S&error=access_denied&error_description=no",
            Said::Error("access_denied".into()),
        ),
        ("code=abc", Said::Foreign),
        ("code=abc&state=T", Said::Foreign),
        ("code=abc&state=", Said::Foreign),
        ("code=&state=S", Said::Foreign),
        ("code=a&code=b&state=S", Said::Foreign),
        ("code=a&state=S&state=S", Said::Foreign),
        ("code=a&error=x&state=S", Said::Foreign),
        ("error=access_denied", Said::Foreign),
        ("", Said::Foreign),
    ] {
        assert_eq!(read(query, "S"), expected, "{query}");
    }
}

#[test]
fn the_address_is_the_one_that_the_aws_cli_builds() {
    let page = Url::parse("https://oidc.eu-central-1.amazonaws.com/authorize").unwrap();
    let redirect = "http://127.0.0.1:33659/oauth/callback";
    let address = authorize_address(page, "ID", redirect, "UUID", "CHALLENGE");
    assert_eq!(
        address.as_str(),
        "https://oidc.eu-central-1.amazonaws.com/authorize?response_type=code&client_id=ID\
         &redirect_uri=http%3A%2F%2F127.0.0.1%3A33659%2Foauth%2Fcallback&state=UUID\
         &code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess&code_challenge=CHALLENGE"
    );
}

#[test]
fn the_challenge_is_that_of_the_standard() {
    let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(
        challenge(&verifier),
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
}

proptest! {
    #[test]
    fn no_query_breaks_the_reader(query in ".{0,300}", state in "[a-z]{1,8}") {
        let _ = read(&query, &state);
    }

    #[test]
    fn without_the_state_nothing_is_heard(code in "[a-z]{1,20}", state in "[A-Z]{5,8}") {
        let query = format!("code={code}&state=guess");
        prop_assert_eq!(read(&query, &state), Said::Foreign);
    }
}

/// A million in a long run, set by this variable; a share of them otherwise.
fn inputs() -> usize {
    let wanted = Env::real().get("DAYPASS_TEST_INPUTS");
    wanted.and_then(|it| it.parse().ok()).unwrap_or(50_000)
}

/// Throws the same dice in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    /// Pieces of genuine requests, broken and put together anew.
    fn text(&mut self) -> String {
        const PIECES: [&str; 14] = [
            "/oauth/callback",
            "code=",
            "state=",
            "&",
            "error=access_denied",
            "SSSSSSSS",
            "%",
            "%0",
            "%00",
            "%C3%28",
            "+",
            "=",
            ";",
            "\u{202e}ä🦀",
        ];
        let mut text = String::new();
        for _ in 0..self.below(12) {
            match self.below(20) {
                0..14 => text.push_str(PIECES[self.below(14) as usize]),
                _ => text.extend(char::from_u32(self.below(0x2_0000) as u32)),
            }
        }
        text
    }
}

#[test]
fn nothing_that_comes_to_the_listener_breaks_it_or_is_heard_without_the_state() {
    let state = "S".repeat(43);
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..inputs() {
        let (path, query, host) = (dice.text(), dice.text(), dice.text());
        let [plain, get, origin] = [2, 2, 3].map(|sides| dice.below(sides) == 0);
        let mut headers = HeaderMap::new();
        let host = if plain { "127.0.0.1:7" } else { host.as_str() };
        if let Ok(host) = HeaderValue::from_str(host) {
            headers.insert(HeaderName::from_static("host"), host);
        }
        if origin && let Ok(origin) = HeaderValue::from_str(&path) {
            headers.insert(HeaderName::from_static("origin"), origin);
        }
        let path = if plain { REDIRECT_PATH } else { path.as_str() };
        let asked = Asked {
            method: if get { "GET" } else { "POST" },
            path,
            query: &query,
            headers: &headers,
        };
        let heard = matches!(answer(&asked, 7, &state), Next::End(..));
        assert!(!heard, "{path:?} {query:?} {headers:?}");
    }
}
