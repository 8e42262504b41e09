//! The exchanges of refresh tokens, as the portal wrote them down: who, when, and how it ended.

use crate::portal::Portal;
use crate::{Context, Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;

/// The first word by which the imitation of the AWS CLI names itself.
pub const IMITATION: &str = "daypass-stand-in-aws";

/// One request for tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// By the portal's clock, in seconds since 1970.
    pub at: f64,
    /// The first word of the `User-Agent`.
    pub program: String,
    /// What was given for the tokens: `refresh_token`, `authorization_code` or `device_code`.
    pub grant: String,
    /// Why the portal refused.
    pub refused: Option<String>,
    /// Whether the answer was kept from the client.
    pub lost: bool,
}

/// The exchanges so far; read on and on, since the portal forgets old requests.
#[derive(Debug, Default)]
pub struct Ledger {
    since: u64,
    exchanges: Vec<Exchange>,
}

impl Ledger {
    /// Reads what is new.
    pub fn read(&mut self, portal: &Portal) -> Result<()> {
        let log = portal.ask(&format!("log?since={}", self.since))?;
        for entry in log["entries"].as_array().context("no entries")? {
            self.since = entry["number"].as_u64().context("no number")?;
            if entry["operation"] == "CreateToken" {
                self.exchanges.push(exchange(entry)?);
            }
        }
        Ok(())
    }

    /// All of them, oldest first.
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// The renewals that the portal granted.
    pub fn renewals(&self) -> impl Iterator<Item = &Exchange> {
        let granted = |one: &&Exchange| one.grant == "refresh_token" && one.refused.is_none();
        self.exchanges.iter().filter(granted)
    }

    /// The renewals that the portal refused.
    pub fn refusals(&self) -> impl Iterator<Item = &Exchange> {
        let refused = |one: &&Exchange| one.grant == "refresh_token" && one.refused.is_some();
        self.exchanges.iter().filter(refused)
    }

    /// How many renewals each program was granted.
    pub fn by_program(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for renewal in self.renewals() {
            *counts.entry(renewal.program.as_str()).or_default() += 1;
        }
        counts
    }

    /// How long each access token served until the next was given out, in seconds.
    pub fn periods(&self) -> Vec<f64> {
        let granted: Vec<_> = self
            .exchanges
            .iter()
            .filter(|one| one.refused.is_none())
            .collect();
        granted
            .windows(2)
            .map(|two| two[1].at - two[0].at)
            .collect()
    }

    /// Holds the ledger to one exchange per period of tokens that live `life` seconds: none comes
    /// before 0.44 of a life is left, or 10 seconds, and none comes much later than the token ends.
    pub fn one_per_period(&self, life: f64) -> Result<()> {
        // Ends are written in whole seconds, and a call takes its time.
        let earliest = life - (0.44 * life).max(10.0) - 2.0;
        let refused: Vec<_> = self.refusals().collect();
        ensure!(refused.is_empty(), "renewals were refused: {refused:?}");
        for (index, period) in self.periods().into_iter().enumerate() {
            ensure!(
                (earliest..=1.25 * life).contains(&period),
                "exchange {} came {period:.1} s after the one before it: {:?}",
                index + 2,
                &self.exchanges[index + 1]
            );
        }
        Ok(())
    }
}

fn exchange(entry: &Value) -> Result<Exchange> {
    let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let millis = entry["time_ms"].as_f64().context("no time")?;
    let agent = text("user_agent");
    Ok(Exchange {
        at: millis / 1000.0,
        program: agent
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned(),
        grant: text("note"),
        refused: entry["error"].as_str().map(ToOwned::to_owned),
        lost: entry["fault"] == "reset" || entry["fault"] == "truncated",
    })
}
