//! Who is answered, and what.

use http::HeaderMap;
use jiff::SignedDuration;

use super::*;

const PORT: u16 = 4321;
const NOW: &str = "2026-03-02T09:00:00Z";

fn keys() -> RoleCredentials {
    RoleCredentials {
        access_key_id: "ASIAEXAMPLE".into(),
        secret_access_key: Secret::new("a/b+c"),
        session_token: Secret::new("TOKEN=="),
        expires_at: "2026-03-02T10:00:00Z".parse().unwrap(),
    }
}

fn endpoint() -> Endpoint {
    let until = "2026-03-02T17:00:00Z".parse().unwrap();
    let terms = Terms::of(&keys(), SignedDuration::ZERO);
    Endpoint::new(PORT, "111122223333", until, (keys(), terms)).unwrap()
}

/// Asks with these headers beside the right ones, or in their place; an empty one is left out.
fn ask(
    endpoint: &Endpoint,
    line: &str,
    headers: &[(&'static str, &str)],
    now: &str,
) -> (u16, String) {
    let mut map = HeaderMap::new();
    map.insert("host", "127.0.0.1:4321".parse().unwrap());
    map.insert("authorization", endpoint.token.expose().parse().unwrap());
    for (name, value) in headers {
        match value.is_empty() {
            true => drop(map.remove(*name)),
            false => drop(map.insert(*name, value.parse().unwrap())),
        }
    }
    let (method, path) = line.split_once(' ').unwrap();
    let asked = Asked {
        method,
        path,
        query: "",
        headers: &map,
    };
    endpoint.answer(&asked, now.parse().unwrap()).shown()
}

#[test]
fn whoever_knows_the_token_gets_the_document_of_a_container_provider() {
    let (status, body) = ask(&endpoint(), "GET /credentials", &[], NOW);
    assert_eq!(status, 200);
    assert_eq!(
        body,
        "{\"AccessKeyId\":\"ASIAEXAMPLE\",\"SecretAccessKey\":\"a/b+c\",\"Token\":\"TOKEN==\",\
         \"Expiration\":\"2026-03-02T10:00:00Z\",\"AccountId\":\"111122223333\"}"
    );
}

#[test]
fn everybody_else_gets_a_refusal_that_holds_no_key() {
    let endpoint = endpoint();
    let bearer = format!("Bearer {}", endpoint.token.expose());
    let (longer, shorter) = (
        format!("{}A", endpoint.token.expose()),
        &endpoint.token.expose()[1..],
    );
    let get = "GET /credentials";
    for (line, headers, expected) in [
        (get, ("authorization", ""), 401),
        (get, ("authorization", "x"), 401),
        (get, ("authorization", bearer.as_str()), 401),
        (get, ("authorization", longer.as_str()), 401),
        (get, ("authorization", shorter), 401),
        (get, ("host", ""), 403),
        (get, ("host", "localhost:4321"), 403),
        (get, ("host", "evil.example:4321"), 403),
        (get, ("host", "127.0.0.1"), 403),
        (get, ("host", "127.0.0.1:4322"), 403),
        (get, ("origin", "http://127.0.0.1:4321"), 403),
        (get, ("origin", "null"), 403),
        (get, ("sec-fetch-site", "same-origin"), 403),
        (get, ("sec-fetch-mode", "navigate"), 403),
        ("POST /credentials", ("x", "y"), 405),
        ("PUT /credentials", ("x", "y"), 405),
        ("OPTIONS /credentials", ("x", "y"), 405),
        ("HEAD /credentials", ("x", "y"), 405),
        ("GET /", ("x", "y"), 404),
        ("GET /credentials/", ("x", "y"), 404),
        ("GET //credentials", ("x", "y"), 404),
    ] {
        let (status, body) = ask(&endpoint, line, &[headers], NOW);
        assert_eq!(status, expected, "{line} {headers:?}");
        let document: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert!(document["code"].is_string(), "{body}");
        let message = document["message"].as_str().unwrap();
        assert!(message.starts_with("Daypass: "), "{body}");
        assert!(!body.contains("a/b+c") && !body.contains(endpoint.token.expose()));
    }
}

#[test]
fn two_tokens_are_none() {
    let endpoint = endpoint();
    let mut map = HeaderMap::new();
    map.insert("host", "127.0.0.1:4321".parse().unwrap());
    map.append("authorization", "x".parse().unwrap());
    map.append("authorization", endpoint.token.expose().parse().unwrap());
    let asked = Asked {
        method: "GET",
        path: "/credentials",
        query: "",
        headers: &map,
    };
    let (status, _) = endpoint.answer(&asked, NOW.parse().unwrap()).shown();
    assert_eq!(status, 401);
}

#[test]
fn nothing_is_handed_out_past_its_time() {
    let endpoint = endpoint();
    let status = |now| ask(&endpoint, "GET /credentials", &[], now).0;
    assert_eq!(status("2026-03-02T09:58:59Z"), 200);
    assert_eq!(status("2026-03-02T09:59:00Z"), 503);
    assert_eq!(status("2026-03-02T17:00:00Z"), 410);
}

#[test]
fn trouble_on_the_way_leaves_what_is_there_and_a_sign_out_takes_it() {
    let endpoint = endpoint();
    let get = |now| ask(&endpoint, "GET /credentials", &[], now);
    for code in [Code::Offline, Code::Throttled, Code::KeychainLocked] {
        endpoint.run_out(Error::new(code, "in the way"));
        assert_eq!(get(NOW).0, 200, "{code:?}");
    }
    endpoint.run_out(Error::new(
        Code::SignInNeeded,
        "you are not signed in to `work`",
    ));
    let (status, body) = get(NOW);
    assert_eq!(status, 403);
    assert!(
        body.contains("sign_in_needed") && body.contains("daypass login"),
        "{body}"
    );
    endpoint.run_out(Error::new(Code::Offline, "no network"));
    assert_eq!(get(NOW).0, 503);
    endpoint.restock(keys(), Terms::of(&keys(), SignedDuration::ZERO));
    assert_eq!(get(NOW).0, 200);
    let far = SignedDuration::from_mins(70);
    endpoint.restock(keys(), Terms::of(&keys(), far));
    assert_eq!(
        get(NOW).0,
        503,
        "by the clock of the portal they have ended"
    );
}

#[test]
fn the_variables_lead_there() {
    let endpoint = endpoint();
    let lines = endpoint.lines(Format::Env);
    let token = endpoint.token.expose();
    assert_eq!(token.len(), 43);
    assert_eq!(
        lines.expose(),
        format!(
            "export AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:4321/credentials\n\
             export AWS_CONTAINER_AUTHORIZATION_TOKEN={token}\n"
        )
    );
}
