//! What the tests share: a portal, and the steps of a client that behaves well.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_sim::web::{self, Answer};
use daypass_sim::{Browser, Options, Sim};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::form_urlencoded::Serializer;

pub(crate) const REGISTERED: &str = "http://127.0.0.1/oauth/callback";
pub(crate) const REDIRECT: &str = "http://127.0.0.1:33659/oauth/callback";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A portal and a client's view of it.
pub(crate) struct Portal {
    pub(crate) sim: Sim,
}

/// A client that registered.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// A portal where the person at the browser approves everything.
pub(crate) fn portal() -> Portal {
    portal_with(|_| {})
}

/// The same, with other options.
pub(crate) fn portal_with(change: impl FnOnce(&mut Options)) -> Portal {
    let mut options = Options {
        browser: Browser::Auto,
        ..Options::default()
    };
    change(&mut options);
    Portal {
        sim: Sim::start(options).unwrap(),
    }
}

/// `change` laid over `document`: `null` takes a field away.
pub(crate) fn patched(mut document: Value, change: Value) -> Value {
    for (name, value) in change.as_object().unwrap() {
        match value {
            Value::Null => drop(document.as_object_mut().unwrap().remove(name)),
            value => document[name] = value.clone(),
        }
    }
    document
}

/// Checks that an OIDC refusal has the form of AWS's.
pub(crate) fn assert_refused(answer: &Answer, status: u16, exception: &str, what: &str) {
    assert_eq!(answer.status, status, "{what}: {}", answer.body);
    let named = answer.header("x-amzn-errortype").unwrap_or_default();
    assert_eq!(
        named.split(':').next(),
        Some(exception),
        "{what}: {}",
        answer.body
    );
    assert!(answer.header("x-amzn-requestid").is_some() && answer.header("date").is_some());
    let body = answer.json();
    let code = body["error"].as_str().unwrap_or_default().replace('_', "");
    let expected = exception.replace("Exception", "").to_lowercase();
    assert!(
        expected == code || (expected, code.as_str()) == ("internalserver".into(), "servererror")
    );
    assert!(body.as_object().unwrap().contains_key("error_description"));
}

impl Portal {
    /// The portal's time.
    pub(crate) fn now(&self) -> jiff::Timestamp {
        let state = self.sim.control("state", &json!({})).unwrap();
        state["now"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sim.base())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let json = [("content-type", "application/json")];
        web::send("POST", &self.url(path), &json, &body.to_string())
            .await
            .unwrap()
    }

    /// A registration as the AWS CLI makes it for PKCE.
    pub(crate) fn registration(&self) -> Value {
        json!({
            "clientName": "a-test", "clientType": "public",
            "grantTypes": ["authorization_code", "refresh_token"],
            "redirectUris": [REGISTERED], "issuerUrl": self.sim.start_url(),
            "scopes": ["sso:account:access"],
        })
    }

    pub(crate) async fn register_as(&self, change: Value) -> Client {
        let answer = self
            .post("/client/register", &patched(self.registration(), change))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
        Client {
            id: text("clientId"),
            secret: text("clientSecret"),
        }
    }

    pub(crate) async fn register(&self) -> Client {
        self.register_as(json!({})).await
    }

    /// A client of the device grant, as the AWS CLI registers it.
    pub(crate) async fn register_device(&self) -> Client {
        self.register_as(json!({"grantTypes": null, "redirectUris": null, "issuerUrl": null}))
            .await
    }

    /// The authorize address; `change` replaces parameters, `""` takes one away.
    pub(crate) fn authorize_url(&self, client: &Client, change: &[(&str, &str)]) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let usual = [
            ("response_type", "code"),
            ("client_id", &client.id),
            ("redirect_uri", REDIRECT),
            ("state", "a-state"),
            ("code_challenge_method", "S256"),
            ("scopes", "sso:account:access"),
            ("code_challenge", &challenge),
        ];
        let mut query = Serializer::new(String::new());
        for (name, value) in usual {
            let changed = change
                .iter()
                .find(|(n, _)| *n == name)
                .map_or(value, |(_, v)| *v);
            if !changed.is_empty() {
                query.append_pair(name, changed);
            }
        }
        self.url(&format!("/authorize?{}", query.finish()))
    }

    /// Sends the browser to the authorize page and takes the code off the redirect.
    pub(crate) async fn code(&self, client: &Client) -> String {
        let url = self.authorize_url(client, &[]);
        let answer = web::send("GET", &url, &[], "").await.unwrap();
        assert_eq!(answer.status, 302, "{}", answer.body);
        parameter(answer.header("location").unwrap(), "code").unwrap()
    }

    /// A code exchange in good order.
    pub(crate) fn exchange(&self, client: &Client, code: &str) -> Value {
        json!({
            "clientId": client.id, "clientSecret": client.secret,
            "grantType": "authorization_code", "code": code,
            "codeVerifier": VERIFIER, "redirectUri": REDIRECT,
        })
    }

    /// A whole sign-in; the answer of `/token`.
    pub(crate) async fn sign_in(&self, client: &Client) -> Value {
        let code = self.code(client).await;
        let answer = self.post("/token", &self.exchange(client, &code)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// A fresh client that signed in; its access token.
    pub(crate) async fn access_token(&self) -> String {
        let tokens = self.sign_in(&self.register().await).await;
        tokens["accessToken"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn renew(&self, client: &Client, refresh_token: &str) -> Answer {
        let body = json!({
            "clientId": client.id, "clientSecret": client.secret,
            "grantType": "refresh_token", "refreshToken": refresh_token,
        });
        self.post("/token", &body).await
    }

    /// A portal call with a bearer token.
    pub(crate) async fn get(&self, token: &str, path: &str) -> Answer {
        let bearer = [("x-amz-sso_bearer_token", token)];
        web::send("GET", &self.url(path), &bearer, "")
            .await
            .unwrap()
    }

    /// The first account's id.
    pub(crate) fn first_account(&self) -> String {
        self.sim.organisation().accounts[0].id.clone()
    }

    /// Role credentials for `ReadOnly` in the first account.
    pub(crate) async fn role_credentials(&self) -> Value {
        let token = self.access_token().await;
        let account = self.first_account();
        let path = format!("/federation/credentials?account_id={account}&role_name=ReadOnly");
        let answer = self.get(&token, &path).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["roleCredentials"].clone()
    }
}

/// A query parameter of an address.
pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs()
        .find(|(n, _)| n == name)
        .map(|(_, v)| v.into_owned())
}
