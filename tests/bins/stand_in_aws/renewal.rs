//! One look at the token: renewed when little is left, then used. Nobody is asked and nothing is
//! locked.

use crate::cache::{self, Cache, Found};
use crate::{now, tell, wire};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use testkit::{Context, Result, bail, ensure};

/// How long a process leaves between two attempts, as a share of a token's life: a minute of an hour.
const PAUSE: f64 = 1.0 / 60.0;
/// What a token must hold to be renewed.
const NEEDED: [&str; 4] = [
    "refreshToken",
    "clientId",
    "clientSecret",
    "registrationExpiresAt",
];

/// The imitation, and what it remembers between two looks.
pub(crate) struct Tool {
    pub(crate) cache: Cache,
    pub(crate) session: String,
    /// The life of a token, in seconds.
    pub(crate) life: f64,
    /// The share of it that is left when it renews.
    pub(crate) share: f64,
    pub(crate) slow_write: Duration,
    pub(crate) tried: Option<Instant>,
}

impl Tool {
    /// Reads the token, renews it where it is time to, and asks the portal for an account with it.
    ///
    /// # Errors
    /// The file system's; what the service says is told and not an error.
    pub(crate) fn look(&mut self) -> Result<()> {
        let path = self.cache.token(&self.session);
        let mut token = match cache::read(&path)? {
            Found::Whole(token) => token,
            Found::Torn(bytes) => {
                tell("look", json!({ "outcome": "torn", "bytes": bytes }));
                return Ok(());
            }
            Found::Missing => {
                tell("look", json!({ "outcome": "missing" }));
                return Ok(());
            }
        };
        let left = seconds_left(&token)?;
        if left < self.life * self.share && self.may_try() {
            self.tried = Some(Instant::now());
            if let Some(renewed) = self.renew(&token, left)? {
                cache::write(&path, &renewed, self.slow_write)?;
                tell("saved", json!({}));
                token = renewed;
            }
        }
        self.use_it(&token)
    }

    fn may_try(&self) -> bool {
        let pause = Duration::from_secs_f64(self.life * PAUSE);
        self.tried.is_none_or(|tried| tried.elapsed() >= pause)
    }

    fn renew(&self, token: &Value, left: f64) -> Result<Option<Value>> {
        let attempt = |outcome: &str, reason: &str| {
            let details = json!({ "outcome": outcome, "reason": reason, "left_s": left });
            tell("renewal", details);
        };
        if NEEDED.iter().any(|key| !token[key].is_string()) || registration_is_over(token)? {
            attempt("impossible", "it cannot be renewed");
            return Ok(None);
        }
        match wire::renew(token) {
            Ok(answer) if answer.status == 200 => {
                attempt("granted", "");
                Ok(Some(renewed(token, &answer.json()?)?))
            }
            Ok(answer) => {
                attempt("refused", &wire::reason(&answer));
                Ok(None)
            }
            Err(_) => {
                attempt("failed", "no answer");
                Ok(None)
            }
        }
    }

    fn use_it(&self, token: &Value) -> Result<()> {
        let left = seconds_left(token)?;
        if left <= 0.0 {
            tell("look", json!({ "outcome": "expired", "left_s": left }));
            return Ok(());
        }
        let access = token["accessToken"].as_str().context("no accessToken")?;
        let used = wire::portal("GET", "/assignment/accounts?max_result=1", access);
        let outcome = match used {
            Ok(200) => "used",
            Ok(401) => "unauthorized",
            Ok(_) => "trouble",
            Err(_) => "unreachable",
        };
        tell("look", json!({ "outcome": outcome, "left_s": left }));
        Ok(())
    }
}

/// What that tool writes after a renewal: keys that it does not know are dropped, and with no new
/// refresh token also the old one.
fn renewed(old: &Value, answer: &Value) -> Result<Value> {
    let mut new = json!({
        "startUrl": old["startUrl"], "region": old["region"],
        "accessToken": answer["accessToken"], "expiresAt": expires_at(answer)?,
        "clientId": old["clientId"], "clientSecret": old["clientSecret"],
        "registrationExpiresAt": old["registrationExpiresAt"],
    });
    if answer["refreshToken"].is_string() {
        new["refreshToken"] = answer["refreshToken"].clone();
    }
    Ok(new)
}

/// When the tokens of an answer end: whole seconds with `Z`.
pub(crate) fn expires_at(answer: &Value) -> Result<String> {
    let seconds = answer["expiresIn"].as_i64().context("no expiresIn")?;
    let end = now().checked_add(SignedDuration::from_secs(seconds))?;
    Ok(stamp(end))
}

/// A time as that tool writes it.
pub(crate) fn stamp(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn seconds_left(token: &Value) -> Result<f64> {
    let text = token["expiresAt"].as_str().context("no expiresAt")?;
    ensure!(
        text.ends_with('Z'),
        "{text} has no form that all tools read"
    );
    let end: Timestamp = text.parse()?;
    Ok(end.duration_since(now()).as_secs_f64())
}

fn registration_is_over(token: &Value) -> Result<bool> {
    let Some(text) = token["registrationExpiresAt"].as_str() else {
        bail!("no registrationExpiresAt");
    };
    let end: Timestamp = text.parse()?;
    Ok(end <= now())
}
