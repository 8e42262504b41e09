//! Chained roles: roles to assume from an assignment or from one another, as the user defines them.
//! Which path leads from the assignment to each; what is written here reaches AWS as it stands. Pure.

mod arn;
mod file;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::{Code, Error, Result};

pub use arn::RoleArn;
pub(super) use file::{read, rename_session, write};

/// Stands before the name of a chained role where a permission set's name would stand: none of those has
/// a colon.
pub const MARK: &str = "chain:";
/// As many chained roles as anybody has; more are a slip.
const MOST: usize = 1000;
/// So many roles may stand one behind the other.
pub const DEEPEST: usize = 8;
/// The longest name of a chained role.
const LONGEST_NAME: usize = 64;
/// The shortest time that AWS gives credentials of an assumed role for, in seconds.
pub const SHORTEST: i64 = 900;
/// The longest: role credentials are themselves of an assumed role, and AWS gives those who hold such
/// ones no others for longer than an hour.
pub const LONGEST: i64 = 3600;

/// One role to assume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The session that it begins with.
    pub session: String,
    /// Its own name, which no other chained role of the session has.
    pub name: String,
    /// From where it is assumed.
    pub source: Source,
    /// The role.
    pub role: RoleArn,
    /// What the role's owner asks for along with the request.
    pub external_id: Option<String>,
    /// The name of the role session, which AWS's records show.
    pub session_name: Option<String>,
    /// How long its credentials shall last, in seconds; an hour where nothing is said.
    pub duration: Option<i64>,
}

/// From where a role is assumed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// A permission set in an account.
    Assignment {
        /// Twelve digits.
        account_id: String,
        /// The permission set's name.
        role: String,
    },
    /// Another chained role, by its name.
    Chain(String),
}

/// The way to a chained role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The account where it begins: twelve digits.
    pub account_id: String,
    /// The permission set there.
    pub role: String,
    /// The roles to assume, one after the other.
    pub hops: Vec<Chain>,
}

impl Chain {
    /// How long its credentials last, in seconds.
    pub fn seconds(&self) -> i64 {
        self.duration.unwrap_or(LONGEST)
    }

    /// Whether each value is one that AWS takes.
    ///
    /// # Errors
    /// `Usage` with the first that is not.
    pub fn check(&self) -> Result<()> {
        check_name(&self.name)?;
        if let Source::Assignment { account_id, role } = &self.source {
            let digits = account_id.len() == 12 && account_id.bytes().all(|it| it.is_ascii_digit());
            if !digits || role.is_empty() || role.chars().any(char::is_control) {
                return Err(refused(
                    "its base is not an account id and a permission set",
                ));
            }
        }
        if let Some(id) = &self.external_id {
            check_text("the external id", id, 2..=1224, "+=,.@:/-_")?;
        }
        if let Some(name) = &self.session_name {
            check_text("the session name", name, 2..=64, "+=,.@-_")?;
        }
        check_duration(self.duration)
    }
}

/// Whether a chained role may have this name: it stands in commands, and in names of profiles.
///
/// # Errors
/// `Usage` with the rule.
pub fn check_name(name: &str) -> Result<()> {
    let fits = |it: char| it.is_ascii_alphanumeric() || "-_.@+".contains(it);
    let first = name.starts_with(|it: char| it.is_ascii_alphanumeric());
    match first && name.len() <= LONGEST_NAME && name.chars().all(fits) {
        true => Ok(()),
        false => Err(refused(
            "a chained role's name is letters, digits, `-`, `_`, `.`, `@` and `+`, up to 64 of them",
        )),
    }
}

fn check_text(
    what: &str,
    text: &str,
    length: std::ops::RangeInclusive<usize>,
    others: &str,
) -> Result<()> {
    let fits = |it: char| it.is_ascii_alphanumeric() || others.contains(it);
    if length.contains(&text.len()) && text.chars().all(fits) {
        return Ok(());
    }
    let (least, most) = (length.start(), length.end());
    Err(refused(&format!(
        "{what} is {least} to {most} letters, digits and {others}"
    )))
}

fn check_duration(seconds: Option<i64>) -> Result<()> {
    match seconds {
        Some(seconds) if !(SHORTEST..=LONGEST).contains(&seconds) => {
            let message = "credentials of a chained role last from 15 minutes to one hour";
            Err(refused(message).with_hint(
                "AWS gives no more to those who come from another role, whatever that role allows",
            ))
        }
        _ => Ok(()),
    }
}

fn refused(message: &str) -> Error {
    Error::new(Code::Usage, message)
}

/// The chained role of this name.
pub fn find<'a>(chains: &'a [Chain], session: &str, name: &str) -> Option<&'a Chain> {
    let is_it = |it: &&Chain| it.session == session && it.name.eq_ignore_ascii_case(name);
    chains.iter().find(is_it)
}

/// The way to a chained role, from an assignment on.
///
/// # Errors
/// `AccountUnknown` where there is none of that name, or one that it builds on is gone; `Usage` where
/// it leads back to itself, or is too deep.
pub fn path(chains: &[Chain], session: &str, name: &str) -> Result<Path> {
    let (mut hops, mut passed) = (Vec::new(), BTreeSet::new());
    let mut at = name;
    loop {
        let chain = find(chains, session, at).ok_or_else(|| missing(name, at))?;
        if !passed.insert(chain.name.to_ascii_lowercase()) {
            return Err(refused(&format!(
                "the chained role `{name}` leads back to itself"
            )));
        }
        if hops.len() == DEEPEST {
            let message = format!("more than {DEEPEST} roles stand one behind the other");
            return Err(refused(&message));
        }
        hops.push(chain.clone());
        match &chain.source {
            Source::Chain(source) => at = source,
            Source::Assignment { account_id, role } => {
                hops.reverse();
                return Ok(Path {
                    account_id: account_id.clone(),
                    role: role.clone(),
                    hops,
                });
            }
        }
    }
}

fn missing(name: &str, lacking: &str) -> Error {
    let (name, lacking) = (name.escape_debug(), lacking.escape_debug());
    let message = match name.to_string() == lacking.to_string() {
        true => format!("there is no chained role `{name}`"),
        false => format!("`{name}` is assumed from the chained role `{lacking}`, which is gone"),
    };
    Error::new(Code::AccountUnknown, message).with_hint("see them with `daypass chain list`")
}

/// The first chained role that is wrong among these, and how.
fn fault(chains: &[Chain]) -> Option<(usize, Error)> {
    if chains.len() > MOST {
        let message = format!("there are more than {MOST} chained roles");
        return Some((MOST, refused(&message)));
    }
    let mut names = BTreeSet::new();
    chains.iter().enumerate().find_map(|(index, chain)| {
        let first = names.insert((&chain.session, chain.name.to_ascii_lowercase()));
        let error = match chain.check() {
            Err(error) => Some(error),
            Ok(()) if !first => Some(refused(&format!(
                "there are two chained roles `{}` in one session",
                chain.name
            ))),
            Ok(()) => is_lead_astray(chains, chain),
        };
        error.map(|error| (index, error))
    })
}

/// Circles and depths are refused; what is gone may come back.
fn is_lead_astray(chains: &[Chain], chain: &Chain) -> Option<Error> {
    let error = path(chains, &chain.session, &chain.name).err()?;
    (error.code() == Code::Usage).then_some(error)
}

/// Whether these can stand beside each other.
///
/// # Errors
/// `Usage` with what is wrong.
pub fn check_all(chains: &[Chain]) -> Result<()> {
    fault(chains).map_or(Ok(()), |(_, error)| Err(error))
}
