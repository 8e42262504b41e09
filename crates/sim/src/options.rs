//! Everything about a simulated portal that can be chosen, at the start or while it runs.

use crate::faults::FaultRule;
use clap::{Args, Parser, ValueEnum};
use serde::{Deserialize, Serialize};

/// How a simulated portal behaves. `Options::default()` is what the command line gives
/// without flags; set single fields with `Options { accounts: 3, ..Options::default() }`.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes any free one. Cannot change while running
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Number of accounts in the organisation
    #[arg(long, default_value_t = 12)]
    pub accounts: usize,
    /// Most permission sets per account (ReadOnly is always the first)
    #[arg(long, default_value_t = 4)]
    pub roles: usize,
    /// Most items on one page of a listing, whatever the client asks for
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub page_size: usize,
    /// Milliseconds that every answer takes longer
    #[arg(long, default_value_t = 0, value_name = "MS")]
    pub latency_ms: u64,
    /// Requests per second that the portal API allows; none: no limit
    #[arg(long, value_name = "R")]
    pub rate_limit: Option<f64>,
    /// Requests that may come at once before the limit bites; none: as many as the limit
    #[arg(long, value_name = "B")]
    pub rate_burst: Option<f64>,
    /// Seconds that every 429 asks to wait, in `Retry-After`; none: it does not say
    #[arg(long, value_name = "S")]
    pub retry_after: Option<u64>,
    /// Life of an access token, in seconds
    #[arg(long, default_value_t = 3600, value_name = "S")]
    pub token_ttl: i64,
    /// Life of the sign-in itself, in seconds: no renewal beyond it
    #[arg(long, default_value_t = 28_800, value_name = "S")]
    pub session_ttl: i64,
    /// Whether an access token may be given a life beyond the end of the sign-in
    #[arg(long, value_enum, default_value_t = LastToken::Clipped)]
    pub last_token: LastToken,
    /// Life of role credentials, in seconds
    #[arg(long, default_value_t = 3600, value_name = "S")]
    pub role_ttl: i64,
    /// Life of a client registration, in seconds
    #[arg(long, default_value_t = 7_776_000, value_name = "S")]
    pub client_ttl: i64,
    /// Life of an authorization code, in seconds
    #[arg(long, default_value_t = 60, value_name = "S")]
    pub code_ttl: i64,
    /// Life of a device code, in seconds
    #[arg(long, default_value_t = 600, value_name = "S")]
    pub device_ttl: i64,
    /// Seconds that a client must leave between two device polls
    #[arg(long, default_value_t = 5, value_name = "S")]
    pub device_interval: i64,
    /// What the person at the browser does
    #[arg(long, value_enum, default_value_t = Browser::Manual)]
    pub browser: Browser,
    /// Whether a renewal replaces the refresh token
    #[arg(long, value_enum, default_value_t = Rotation::Rotate)]
    pub rotation: Rotation,
    /// End the whole session when a spent refresh token comes back
    #[arg(long)]
    pub reuse_revokes: bool,
    /// Faults to inject: KIND, KIND@/path or KIND@/path?NAME=VALUE, separated by commas; kinds:
    /// 5xx, reset, slow, truncated, nonjson, 429
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    pub faults: Vec<FaultRule>,
    /// Share of the matching requests that get a fault, 0 to 1
    #[arg(long, default_value_t = 1.0, value_name = "F")]
    pub fault_rate: f64,
    /// How long a `slow` answer takes, in milliseconds
    #[arg(long, default_value_t = 10_000, value_name = "MS")]
    pub slow_ms: u64,
    /// Fill the organisation with names that break careless programs
    #[arg(long)]
    pub hostile: bool,
    /// Same seed, same organisation and same order of faults
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Name of the organisation, as shown on the pages
    #[arg(long, default_value = "Example Works", value_name = "NAME")]
    pub organisation_name: String,
    /// Who signs in; the session name in the ARN of GetCallerIdentity
    #[arg(long, default_value = "jo@example.com", value_name = "NAME")]
    pub user: String,
    /// Region where this portal lives; requests below BASE/_region/OTHER reach a wrong one
    #[arg(long, default_value = "eu-central-1")]
    pub region: String,
    /// Behave like the endpoints of a Region where this portal does not live
    #[arg(long)]
    pub wrong_region: bool,
    /// Further start URL that this portal answers to; may be repeated
    #[arg(long = "start-url", value_name = "URL")]
    pub start_urls: Vec<String>,
    /// Seconds that the portal's clock is ahead of the machine's; may be negative
    #[arg(
        long,
        default_value_t = 0,
        value_name = "S",
        allow_negative_numbers = true
    )]
    pub clock_offset_s: i64,
}

/// What the person at the simulated browser does with a request for access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Browser {
    /// Approves at once.
    Auto,
    /// Denies at once.
    Deny,
    /// Is shown a page, and decides.
    Manual,
}

/// Whether the refresh token changes with each renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// A renewal gives a new refresh token and spends the old one.
    Rotate,
    /// The refresh token stays the same.
    Same,
}

/// The life of the last access tokens of a sign-in, which would outlive it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastToken {
    /// Ends with the sign-in: `expiresIn` tells the end.
    Clipped,
    /// Has its full `expiresIn`, and is refused from the end of the sign-in on.
    Full,
}

#[derive(Parser)]
struct NoFlags {
    #[command(flatten)]
    options: Options,
}

impl Default for Options {
    fn default() -> Self {
        NoFlags::parse_from(["daypass-sim"]).options
    }
}

impl Options {
    /// These options with the fields of `changes` (a JSON object) put in their place.
    ///
    /// # Errors
    /// A sentence, when a field is unknown, of the wrong type, or cannot change any more.
    pub(crate) fn changed_by(&self, changes: &serde_json::Value) -> Result<Self, String> {
        let changes = changes.as_object().ok_or("a JSON object is needed")?;
        let mut all = serde_json::to_value(self).map_err(|e| e.to_string())?;
        for (name, value) in changes {
            all[name] = value.clone();
        }
        let changed: Self = serde_json::from_value(all).map_err(|e| e.to_string())?;
        match changed.port == self.port {
            true => changed.checked(),
            false => Err("the port cannot change while the simulator runs".into()),
        }
    }

    /// These options, if every number is one that can be served.
    ///
    /// # Errors
    /// A sentence that names the option.
    pub(crate) fn checked(self) -> Result<Self, String> {
        let positive = |x: Option<f64>| x.is_none_or(|x| x.is_finite() && x > 0.0);
        let faulty = [
            (
                !(1..=100).contains(&self.page_size),
                "page_size must be 1 to 100",
            ),
            (
                !(0.0..=1.0).contains(&self.fault_rate),
                "fault_rate must be 0 to 1",
            ),
            (!positive(self.rate_limit), "rate_limit must be above 0"),
            (!positive(self.rate_burst), "rate_burst must be above 0"),
            (self.accounts > 100_000, "accounts must be at most 100000"),
            (
                self.roles == 0 || self.roles > 1_000,
                "roles must be 1 to 1000",
            ),
            (
                self.device_interval < 0,
                "device_interval must not be negative",
            ),
            (
                self.clock_offset_s.abs() > 4_000_000_000,
                "clock_offset_s is too far away",
            ),
        ];
        match faulty.into_iter().find(|(is_faulty, _)| *is_faulty) {
            Some((_, sentence)) => Err(sentence.into()),
            None => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn changes_are_taken_or_refused_by_name_and_type() {
        let table = [
            (json!({"token_ttl": 30, "browser": "auto"}), true),
            (json!({"faults": ["5xx@/token", "reset"]}), true),
            (
                json!({"faults": ["5xx@/assignment/roles?account_id=1"], "retry_after": 2}),
                true,
            ),
            (json!({"retry_after": -1}), false),
            (json!({"rate_limit": null}), true),
            (json!({"last_token": "full"}), true),
            (json!({"last_token": "long"}), false),
            (json!({"no_such_option": 1}), false),
            (json!({"token_ttl": "soon"}), false),
            (json!({"port": 1}), false),
            (json!({"page_size": 0}), false),
            (json!({"faults": ["flood"]}), false),
            (json!([]), false),
        ];
        for (changes, taken) in table {
            assert_eq!(
                Options::default().changed_by(&changes).is_ok(),
                taken,
                "{changes}"
            );
        }
    }

    #[test]
    fn a_change_leaves_the_other_options_alone() {
        let changed = Options::default()
            .changed_by(&json!({"token_ttl": 30}))
            .unwrap();
        assert_eq!((changed.token_ttl, changed.session_ttl), (30, 28_800));
    }
}
