//! Authorization code with PKCE. The listener is bound before the browser opens; only a request to
//! the exact path with our state ends it, all others are answered and forgotten.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::{Url, form_urlencoded};

use super::farewell::{self, Ending};
use crate::host::loopback::{Asked, Loopback, Next, Reply};
use crate::host::random;
use crate::portal::{Endpoints, Flow, Grant, Portal, REDIRECT_PATH, Refused, SCOPE};
use crate::secrets::{Registration, Secret, Tokens};
use crate::{Code, Error, Result};

/// A sign-in that waits for the browser.
pub struct Pending {
    /// The address for the browser.
    pub address: Url,
    listener: Loopback,
    state: String,
    verifier: Secret,
    redirect: String,
    client: Registration,
}

/// Registers and builds the address; nothing is opened. The listener is there already.
///
/// # Errors
/// The service refuses.
pub async fn begin(
    listener: Loopback,
    portal: &Portal,
    endpoints: &Endpoints,
    start_url: &str,
) -> Result<Pending> {
    let client = portal.register(Flow::Browser, start_url).await?;
    let redirect = format!("http://127.0.0.1:{}{REDIRECT_PATH}", listener.port());
    // 64 characters of base64url: within the 43 to 128 that the standard asks for.
    let verifier = Secret::new(random::token::<48>()?);
    let state = random::token::<32>()?;
    let page = portal.authorize_page(endpoints)?;
    let address = authorize_address(
        page,
        &client.client_id,
        &redirect,
        &state,
        &challenge(&verifier),
    );
    Ok(Pending {
        address,
        listener,
        state,
        verifier,
        redirect,
        client,
    })
}

impl Pending {
    /// Waits for the browser to come back with a code.
    ///
    /// # Errors
    /// `SignInDenied` where the page said no, `SignInFailed` where it reported something else.
    pub async fn approved(self) -> Result<Approved> {
        let (port, state) = (self.listener.port(), self.state);
        let outcome = self
            .listener
            .serve(move |asked| answer(asked, port, &state))
            .await;
        let code = outcome?;
        Ok(Approved {
            code,
            verifier: self.verifier,
            redirect: self.redirect,
            client: self.client,
        })
    }
}

/// A code that is still to be exchanged.
pub struct Approved {
    code: Secret,
    verifier: Secret,
    redirect: String,
    client: Registration,
}

impl Approved {
    /// Exchanges the code for tokens.
    ///
    /// # Errors
    /// The service refuses.
    pub async fn tokens(self, portal: &Portal) -> Result<Tokens> {
        let grant = Grant::Code {
            code: &self.code,
            verifier: &self.verifier,
            redirect: &self.redirect,
        };
        let granted = portal.token(&self.client, grant).await.map_err(explain)?;
        Ok(granted.into_tokens(self.client))
    }
}

/// Trouble on the way keeps its own name; it is no word about the sign-in.
fn explain(refused: Refused) -> Error {
    let code = refused.error.code();
    if code.is_trouble_on_the_way() || code == Code::RegistrationExpired {
        return refused.error;
    }
    let message = "the access portal did not accept the browser's answer";
    Error::new(Code::SignInFailed, message)
        .with_hint("check the Region of the session, then sign in again")
        .because(refused.error)
}

fn challenge(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose().as_bytes()))
}

/// The parameters in the order of the AWS CLI; `scopes` is the service's own name.
fn authorize_address(
    page: Url,
    client_id: &str,
    redirect: &str,
    state: &str,
    challenge: &str,
) -> Url {
    let mut address = page;
    address
        .query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client_id)
        .append_pair("redirect_uri", redirect)
        .append_pair("state", state)
        .append_pair("code_challenge_method", "S256")
        .append_pair("scopes", SCOPE)
        .append_pair("code_challenge", challenge);
    address
}

/// What the redirect says.
#[derive(Debug, PartialEq)]
enum Said {
    /// Not our redirect.
    Foreign,
    Code(Secret),
    Error(String),
}

fn answer(asked: &Asked<'_>, port: u16, state: &str) -> Next<Result<Secret>> {
    let ours = asked.method == "GET" && asked.path == REDIRECT_PATH && asked.is_navigation_to(port);
    let said = if ours {
        read(asked.query, state)
    } else {
        Said::Foreign
    };
    match said {
        Said::Foreign => Next::Stay(Reply::refusal(404, "Nothing is here.\n")),
        Said::Code(code) => Next::End(farewell::page(Ending::SignedIn, asked.headers), Ok(code)),
        Said::Error(name) => Next::End(
            farewell::page(Ending::Refused, asked.headers),
            Err(refusal(&name)),
        ),
    }
}

/// Reads a query; without our state it says nothing.
fn read(query: &str, state: &str) -> Said {
    let find = |name: &str| {
        let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        // A parameter that stands twice is nobody's honest answer.
        found
            .next()
            .filter(|_| found.next().is_none())
            .map(|(_, value)| value.into_owned())
    };
    let matches = find("state").is_some_and(|it| bool::from(it.as_bytes().ct_eq(state.as_bytes())));
    match (matches, find("code"), find("error")) {
        (true, Some(code), None) if !code.is_empty() => Said::Code(Secret::new(code)),
        (true, None, Some(error)) => Said::Error(error),
        _ => Said::Foreign,
    }
}

fn refusal(name: &str) -> Error {
    match name {
        "access_denied" => Error::new(Code::SignInDenied, "the sign-in was denied in the browser"),
        // What the page says where the portal is in another Region, or the address is mistyped.
        "invalid_grant" | "invalid_request" => Error::new(
            Code::WrongRegion,
            "the access portal did not recognise this sign-in: it may be in another Region",
        ),
        _ => {
            let plain: String = name
                .chars()
                .filter(|it| it.is_ascii_alphanumeric() || *it == '_')
                .take(40)
                .collect();
            Error::new(
                Code::SignInFailed,
                format!("the access portal ended the sign-in with `{plain}`"),
            )
        }
    }
}

#[cfg(test)]
mod tests;
