//! The local credential endpoint: what a request to it is answered, in the form of AWS's container
//! provider. It fetches nothing, listens nowhere, and gives nothing to who does not know its token.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::json;

use crate::Result;
use crate::credentials::{self, Format, Terms};
use crate::host::loopback::{Asked, Reply};
use crate::host::random;
use crate::secrets::{RoleCredentials, Secret};
use crate::{Code, Error};

/// The one path that is answered.
const PATH: &str = "/credentials";
/// The variables by which AWS's tools find an endpoint.
const ADDRESS: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

/// What is handed out at this moment.
enum Stock {
    Keys(RoleCredentials, Terms),
    /// Nothing, and why.
    Lack(Error),
}

/// An endpoint on a port of 127.0.0.1: who may ask, and what they get.
pub struct Endpoint {
    port: u16,
    token: Secret,
    account_id: String,
    until: Timestamp,
    stock: Mutex<Stock>,
}

impl Endpoint {
    /// An endpoint for one account until then, with a token of its own, that hands out these keys.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn new(
        port: u16,
        account_id: &str,
        until: Timestamp,
        (keys, terms): (RoleCredentials, Terms),
    ) -> Result<Endpoint> {
        Ok(Endpoint {
            port,
            token: Secret::new(random::token::<32>()?),
            account_id: account_id.to_owned(),
            until,
            stock: Mutex::new(Stock::Keys(keys, terms)),
        })
    }

    /// The two variables that lead a tool here; the second is a secret.
    pub fn variables(&self) -> [(&'static str, Secret); 2] {
        let address = format!("http://127.0.0.1:{}{PATH}", self.port);
        [
            (ADDRESS, Secret::new(address)),
            (TOKEN, self.token.duplicate()),
        ]
    }

    /// The same as lines for a shell.
    pub fn lines(&self, format: Format) -> Secret {
        let lines = self.variables();
        let lines = lines.map(|(name, value)| credentials::line(format, name, value.expose()));
        Secret::new(lines.concat())
    }

    /// When it stops.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// Hands out other keys from now on.
    pub fn restock(&self, keys: RoleCredentials, terms: Terms) {
        *self.stock() = Stock::Keys(keys, terms);
    }

    /// Hands out none from now on. Where only something is in the way, those that are there serve until
    /// their end.
    pub fn run_out(&self, error: Error) {
        let mut stock = self.stock();
        let in_the_way = error.code().is_trouble_on_the_way() || error.code().is_of_the_keychain();
        if !in_the_way || matches!(*stock, Stock::Lack(_)) {
            *stock = Stock::Lack(error);
        }
    }

    /// What a request is answered at this moment.
    pub fn answer(&self, asked: &Asked<'_>, now: Timestamp) -> Reply {
        if !asked.is_from_a_program_to(self.port) {
            return refusal(
                403,
                "Forbidden",
                "web pages and other hosts are not answered",
            );
        }
        if !self.is_known(asked) {
            let message = "the token of the header `Authorization` is missing or wrong";
            return refusal(401, "Unauthorized", message);
        }
        match (asked.path, asked.method) {
            (PATH, _) if now >= self.until => refusal(410, "Gone", "the time of serving is over"),
            (PATH, "GET") => self.hand_out(now),
            (PATH, _) => refusal(405, "MethodNotAllowed", "only GET is answered"),
            _ => refusal(404, "NotFound", "there is nothing at this path"),
        }
    }

    /// Compared in a time that tells nothing of the token.
    fn is_known(&self, asked: &Asked<'_>) -> bool {
        let mut given = asked.headers.get_all("authorization").iter();
        let (Some(one), None) = (given.next(), given.next()) else {
            return false;
        };
        one.to_str()
            .is_ok_and(|text| Secret::new(text) == self.token)
    }

    fn hand_out(&self, now: Timestamp) -> Reply {
        match &*self.stock() {
            Stock::Lack(error) => refusal(status(error.code()), error.code().name(), &words(error)),
            Stock::Keys(_, terms) if now >= terms.usable_until => {
                let message = "the credentials have ended and no others could be fetched yet";
                refusal(503, Code::Offline.name(), message)
            }
            Stock::Keys(keys, _) => self.document(keys),
        }
    }

    /// Not the document of a `credential_process`: here the session token is called `Token`.
    fn document(&self, keys: &RoleCredentials) -> Reply {
        let [id, secret, token, _] = match credentials::variables(keys) {
            Ok(variables) => variables.map(|(_, value)| value),
            Err(error) => return refusal(500, error.code().name(), error.message()),
        };
        let end = keys.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ");
        let account = &self.account_id;
        let (id, secret, token) = (id.as_str(), secret.as_str(), token.as_str());
        let document = format!(
            "{{\"AccessKeyId\":\"{id}\",\"SecretAccessKey\":\"{secret}\",\"Token\":\"{token}\",\
             \"Expiration\":\"{end}\",\"AccountId\":\"{account}\"}}"
        );
        Reply::json(200, document)
    }

    fn stock(&self) -> MutexGuard<'_, Stock> {
        self.stock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refusal(status: u16, code: &str, message: &str) -> Reply {
    let message = format!("Daypass: {message}");
    Reply::json(
        status,
        json!({"code": code, "message": message}).to_string(),
    )
}

fn words(error: &Error) -> String {
    format!("{}; {}", error.message(), error.hint())
}

/// Tools try again after 503 and take 4xx for an answer.
fn status(code: Code) -> u16 {
    match code.exit_code() {
        5 | 6 | 8 => 503,
        3 | 4 => 403,
        _ => 500,
    }
}

#[cfg(test)]
mod tests;
