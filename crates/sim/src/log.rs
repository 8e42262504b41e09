//! What the portal remembers of the requests it got: enough to test a client by, and
//! nothing that would be a secret.

use crate::operation::Operation;
use crate::request::Request;
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};

/// Older entries are forgotten; the counts are not.
const KEPT: usize = 20_000;

/// Query parameters whose values are no secret.
const OPEN_PARAMETERS: [&str; 13] = [
    "account_id",
    "role_name",
    "max_result",
    "response_type",
    "redirect_uri",
    "code_challenge_method",
    "scopes",
    "Action",
    "Issuer",
    "Destination",
    "destination",
    "SessionDuration",
    "since",
];

/// Query parameters that are named in the log without their value.
const HIDDEN_PARAMETERS: [&str; 9] = [
    "client_id",
    "state",
    "code_challenge",
    "next_token",
    "user_code",
    "session",
    "Session",
    "SigninToken",
    "scope",
];

/// One request that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// Counts up from 1.
    pub number: u64,
    /// When the request came, RFC 3339 in UTC, by the portal's clock.
    pub time: String,
    /// The same in milliseconds since 1970.
    pub time_ms: i64,
    /// The HTTP method.
    pub method: String,
    /// The path; of requests that the portal does not know, the first word at most.
    pub path: String,
    /// The query parameters; values that could be secrets are `…`, unknown names `other`.
    pub query: BTreeMap<String, String>,
    /// `CreateToken`, `ListAccounts`, … or `Unknown`.
    pub operation: String,
    /// What the operation was about, such as the grant type.
    pub note: Option<String>,
    /// The name that the client registered with, where the request shows which client it is.
    pub client: Option<String>,
    /// The number of the session, where the request holds a token of one.
    pub session: Option<u64>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The error's name, such as `InvalidGrantException`.
    pub error: Option<String>,
    /// The fault that was injected, such as `reset`.
    pub fault: Option<String>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
}

/// The recorded requests and their counts.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: VecDeque<LogEntry>,
    total: u64,
    counts: BTreeMap<String, Count>,
    renewals: BTreeMap<Renewer, Renewals>,
    peak: BTreeMap<&'static str, (i64, u64, u64)>,
}

/// Who renewed: one program with one sign-in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Renewer {
    /// The number of the session; none where the refresh token was never given out.
    pub session: Option<u64>,
    /// The name that the client registered with. Programs that share a token file share it.
    pub client: Option<String>,
    /// The first word of the `User-Agent`, such as `aws-cli/2.38.5`: it tells those apart.
    pub program: Option<String>,
}

/// How renewals ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Renewals {
    /// New tokens were given out.
    pub granted: u64,
    /// Of those, how many answers an injected fault kept from the client.
    pub lost: u64,
    /// Refused, or not carried out.
    pub refused: u64,
}

/// How often an operation was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// All requests.
    pub requests: u64,
    /// Answers that were errors, by the error's name.
    pub errors: BTreeMap<String, u64>,
    /// Injected faults.
    pub faults: u64,
}

impl Log {
    /// Takes in one request and its answer.
    pub(crate) fn add(&mut self, mut entry: LogEntry) {
        self.total += 1;
        entry.number = self.total;
        let count = self.counts.entry(entry.operation.clone()).or_default();
        count.requests += 1;
        count.faults += u64::from(entry.fault.is_some());
        if let Some(error) = &entry.error {
            *count.errors.entry(error.clone()).or_default() += 1;
        }
        self.count_renewal(&entry);
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    fn count_renewal(&mut self, entry: &LogEntry) {
        if entry.operation != "CreateToken" || entry.note.as_deref() != Some("refresh_token") {
            return;
        }
        let agent = entry.user_agent.as_deref().unwrap_or_default();
        let program = agent.split_whitespace().next();
        let renewer = Renewer {
            session: entry.session,
            client: entry.client.clone(),
            program: program.map(str::to_owned),
        };
        let renewals = self.renewals.entry(renewer).or_default();
        if entry.error.is_some() {
            renewals.refused += 1;
            return;
        }
        renewals.granted += 1;
        let lost = ["reset", "truncated"].map(Some);
        renewals.lost += u64::from(lost.contains(&entry.fault.as_deref()));
    }

    /// Who renewed, and how often.
    pub(crate) fn renewals(&self) -> impl Iterator<Item = (&Renewer, &Renewals)> {
        self.renewals.iter()
    }

    /// Counts one arrival in this second.
    pub(crate) fn arrived(&mut self, family: &'static str, second: i64) {
        let (at, now, peak) = self.peak.entry(family).or_insert((second, 0, 0));
        *now = if *at == second { *now + 1 } else { 1 };
        *at = second;
        *peak = (*peak).max(*now);
    }

    /// Entries with a number above `since`, oldest first.
    pub(crate) fn entries(&self, since: u64) -> Vec<LogEntry> {
        self.entries
            .iter()
            .filter(|e| e.number > since)
            .cloned()
            .collect()
    }

    /// Requests by operation.
    pub(crate) fn counts(&self) -> &BTreeMap<String, Count> {
        &self.counts
    }

    /// The most requests that came within one second, by kind of request.
    pub(crate) fn peaks(&self) -> BTreeMap<&'static str, u64> {
        self.peak
            .iter()
            .map(|(family, (_, _, peak))| (*family, *peak))
            .collect()
    }

    /// All requests ever logged.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Forgets entries and counts; numbers go on.
    pub(crate) fn clear(&mut self) {
        *self = Self {
            total: self.total,
            ..Self::default()
        };
    }
}

/// The part of an entry that is known from the request alone.
pub(crate) fn entry(request: &Request, operation: Operation, time_ms: i64) -> LogEntry {
    LogEntry {
        number: 0,
        time: crate::clock::rfc3339(time_ms),
        time_ms,
        method: request.method.clone(),
        path: open_path(&request.path, operation),
        query: request
            .query_pairs()
            .into_iter()
            .map(open_parameter)
            .collect(),
        operation: operation.name(),
        note: None,
        client: None,
        session: None,
        status: 0,
        error: None,
        fault: None,
        user_agent: request
            .header("user-agent")
            .map(|agent| agent.chars().take(200).collect()),
    }
}

/// An unknown path may hold anything, a token in the wrong place included: only a first
/// segment that reads like a word is shown.
fn open_path(path: &str, operation: Operation) -> String {
    if operation != Operation::Unknown {
        return path.to_owned();
    }
    // The target of CONNECT has no path at all.
    let path = path.strip_prefix('/').unwrap_or(path);
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let is_word = first.len() <= 24
        && first
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b"_-.".contains(&b));
    let first = if is_word { first } else { "\u{2026}" };
    let rest = if rest.is_empty() { "" } else { "/\u{2026}" };
    format!("/{first}{rest}")
}

/// A name that is not ours could itself be a secret, put in the wrong place.
fn open_parameter((name, value): (String, String)) -> (String, String) {
    let hidden = || "\u{2026}".to_owned();
    match name.as_str() {
        known if OPEN_PARAMETERS.contains(&known) => (name, value),
        known if HIDDEN_PARAMETERS.contains(&known) => (name, hidden()),
        _ => ("other".into(), hidden()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_paths_show_words_alone() {
        let table = [
            ("/robots.txt", "/robots.txt"),
            ("/assignment/x", "/assignment/\u{2026}"),
            ("/aoaTOKEN", "/\u{2026}"),
            ("/", "/"),
            ("", "/"),
        ];
        for (path, shown) in table {
            assert_eq!(open_path(path, Operation::Unknown), shown);
        }
        assert_eq!(open_path("/_sim/log", Operation::Control), "/_sim/log");
    }
}
