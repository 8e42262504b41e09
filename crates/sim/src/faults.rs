//! Which requests go wrong on purpose, and how.

use crate::mint::Dice;
use crate::operation::Operation;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One way for a request to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A server error, before anything is done.
    ServerError,
    /// The request is carried out, but the connection ends without an answer.
    Reset,
    /// The answer comes after `slow_ms`.
    Slow,
    /// The request is carried out, but only half of the answer arrives.
    Truncated,
    /// A web page where JSON belongs, as a captive portal sends it; nothing is done.
    NonJson,
    /// "Too many requests", before anything is done.
    TooMany,
}

const NAMES: [(Fault, &str); 6] = [
    (Fault::ServerError, "5xx"),
    (Fault::Reset, "reset"),
    (Fault::Slow, "slow"),
    (Fault::Truncated, "truncated"),
    (Fault::NonJson, "nonjson"),
    (Fault::TooMany, "429"),
];

impl Fault {
    /// The word on the command line and in the request log.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(fault, _)| *fault == self)
            .map_or("", |(_, name)| name)
    }
}

/// A fault and what it is for: `5xx@/token`, `429@/assignment/roles?account_id=000000000042` for one
/// account alone, or `reset` for every API request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FaultRule {
    /// What happens.
    pub fault: Fault,
    /// Only to this path; to every API path if absent.
    pub path: Option<String>,
    /// Only where a parameter of the query has this value.
    pub parameter: Option<(String, String)>,
}

/// A request, as far as faults look at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Struck<'a> {
    pub(crate) path: &'a str,
    pub(crate) raw_query: &'a str,
    pub(crate) operation: Operation,
}

impl FaultRule {
    fn matches(&self, request: Struck<'_>) -> bool {
        let path = match &self.path {
            Some(wanted) => wanted == request.path,
            None => request.operation.is_api(),
        };
        let has = |(name, value): &(String, String)| {
            let mut pairs = url::form_urlencoded::parse(request.raw_query.as_bytes());
            pairs.any(|pair| pair.0 == name.as_str() && pair.1 == value.as_str())
        };
        path && self.parameter.as_ref().is_none_or(has)
    }
}

impl FromStr for FaultRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, place) = match text.split_once('@') {
            Some((name, place)) => (name, Some(place)),
            None => (text, None),
        };
        let (path, parameter) = match place.and_then(|place| place.split_once('?')) {
            Some((path, parameter)) => (Some(path), Some(parameter)),
            None => (place, None),
        };
        let parameter = parameter.map(|it| it.split_once('=').ok_or(it)).transpose();
        let parameter = parameter.map_err(|it| format!("{it:?} in {text:?} is not NAME=VALUE"))?;
        let known = NAMES.iter().find(|(_, known)| *known == name);
        let (fault, _) = known.ok_or_else(|| format!("unknown fault {name:?}"))?;
        match path.is_none_or(|p| p.starts_with('/')) {
            true => Ok(Self {
                fault: *fault,
                path: path.map(ToOwned::to_owned),
                parameter: parameter.map(|(name, value)| (name.to_owned(), value.to_owned())),
            }),
            false => Err(format!("the path in {text:?} must start with a slash")),
        }
    }
}

impl TryFrom<String> for FaultRule {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<FaultRule> for String {
    fn from(rule: FaultRule) -> Self {
        rule.to_string()
    }
}

impl fmt::Display for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fault.name())?;
        if let Some(path) = &self.path {
            write!(f, "@{path}")?;
        }
        match &self.parameter {
            Some((name, value)) => write!(f, "?{name}={value}"),
            None => Ok(()),
        }
    }
}

/// The faults to come: those that were asked for by number, then those by chance.
#[derive(Debug)]
pub(crate) struct FaultPlan {
    dice: Dice,
    queued: Vec<(FaultRule, u32)>,
}

impl FaultPlan {
    /// No queued fault; chance follows `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            queued: Vec::new(),
        }
    }

    /// Lets the next `times` matching requests go wrong.
    pub(crate) fn queue(&mut self, rule: FaultRule, times: u32) {
        self.queued.push((rule, times));
    }

    /// Forgets what was queued.
    pub(crate) fn clear(&mut self) {
        self.queued.clear();
    }

    /// What is queued still, with the number of times left.
    pub(crate) fn queued(&self) -> &[(FaultRule, u32)] {
        &self.queued
    }

    /// What happens to this request, if anything. Uses up a queued fault.
    pub(crate) fn draw(
        &mut self,
        request: Struck<'_>,
        (rules, rate): (&[FaultRule], f64),
    ) -> Option<Fault> {
        self.queued.retain(|(_, left)| *left > 0);
        if let Some((rule, left)) = self.queued.iter_mut().find(|(r, _)| r.matches(request)) {
            *left -= 1;
            return Some(rule.fault);
        }
        let fitting: Vec<_> = rules.iter().filter(|r| r.matches(request)).collect();
        let strikes = !fitting.is_empty() && self.dice.chance(rate);
        strikes.then(|| fitting[self.dice.below(fitting.len())].fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_and_printed_alike() {
        for text in [
            "5xx",
            "reset",
            "slow@/token",
            "truncated",
            "nonjson@/assignment/roles",
            "429",
            "429@/assignment/roles?account_id=000000000042",
        ] {
            assert_eq!(text.parse::<FaultRule>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "6xx",
            "5xx@token",
            "@/token",
            "5xx@/token?x",
            "5xx@?a=b",
        ] {
            assert!(text.parse::<FaultRule>().is_err(), "{text}");
        }
    }

    fn request<'a>(path: &'a str, raw_query: &'a str, operation: Operation) -> Struck<'a> {
        Struck {
            path,
            raw_query,
            operation,
        }
    }

    #[test]
    fn one_account_alone_can_fail() {
        let rule: FaultRule = "5xx@/assignment/roles?account_id=000000000042"
            .parse()
            .unwrap();
        let roles = |query| {
            rule.matches(request(
                "/assignment/roles",
                query,
                Operation::ListAccountRoles,
            ))
        };
        assert!(roles("max_result=100&account_id=000000000042"));
        assert!(!roles("account_id=000000000043") && !roles(""));
        let query = "account_id=000000000042";
        assert!(!rule.matches(request(
            "/federation/credentials",
            query,
            Operation::GetRoleCredentials
        )));
    }

    #[test]
    fn queued_faults_come_first_and_run_out() {
        let mut plan = FaultPlan::new(1);
        plan.queue("5xx@/token".parse().unwrap(), 2);
        let mut draw = |path, op| plan.draw(request(path, "", op), (&[], 1.0));
        assert_eq!(draw("/logout", Operation::Logout), None);
        assert_eq!(
            draw("/token", Operation::CreateToken),
            Some(Fault::ServerError)
        );
        assert_eq!(
            draw("/token", Operation::CreateToken),
            Some(Fault::ServerError)
        );
        assert_eq!(draw("/token", Operation::CreateToken), None);
    }

    #[test]
    fn a_rate_strikes_about_its_share_and_leaves_pages_alone() {
        let mut plan = FaultPlan::new(1);
        let rules = ["429".parse().unwrap()];
        let mut count = |op| {
            (0..1000)
                .filter(|_| plan.draw(request("/x", "", op), (&rules, 0.25)).is_some())
                .count()
        };
        assert!((200..300).contains(&count(Operation::ListAccounts)));
        assert_eq!(count(Operation::Authorize), 0);
    }
}
