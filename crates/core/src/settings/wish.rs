//! How a page shall open, as the user says it: in which browser, and by which kind of link.

use std::fmt;

use toml_edit::{Array, Item, value};

use crate::{Code, Error, Result};

/// No name of a profile or container is longer.
const LONGEST: usize = 200;

/// Which browser, and what of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    /// The system's default browser.
    #[default]
    Default,
    /// One of this machine's.
    Browser {
        /// Its name or title.
        name: String,
        /// A profile's name or id; the browser's own choice where none is said.
        profile: Option<String>,
        /// A container of Firefox.
        container: Option<String>,
        /// Whether in a private window.
        private: bool,
    },
    /// A command of the user's own: a whole path and arguments, `{url}` for the address.
    Command(Vec<String>),
}

impl Wish {
    /// Reads `default`, `BROWSER`, `BROWSER:PROFILE`, each with `+private` or `+container=NAME` behind.
    ///
    /// # Errors
    /// `Usage` with the form.
    pub fn parse(text: &str) -> Result<Wish> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST || text.chars().any(char::is_control) {
            return Err(refused());
        }
        let (main, extra) = match text.split_once('+') {
            Some((main, extra)) => (main, Some(extra)),
            None => (text, None),
        };
        if main == "default" && extra.is_none() {
            return Ok(Wish::Default);
        }
        let (name, profile) = match main.split_once(':') {
            Some((name, profile)) => (name.trim(), Some(profile.trim().to_owned())),
            None => (main.trim(), None),
        };
        let container = extra.and_then(|it| it.strip_prefix("container="));
        let known = extra.is_none() || extra == Some("private") || container.is_some();
        let empty = name.is_empty() || profile.as_deref() == Some("") || container == Some("");
        if empty || !known {
            return Err(refused());
        }
        Ok(Wish::Browser {
            name: name.to_owned(),
            profile,
            container: container.map(str::to_owned),
            private: extra == Some("private"),
        })
    }
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wish::Default => f.write_str("default"),
            Wish::Command(words) => f.write_str(&words.join(" ")),
            Wish::Browser {
                name,
                profile,
                container,
                private,
            } => {
                f.write_str(name)?;
                profile.iter().try_for_each(|it| write!(f, ":{it}"))?;
                container
                    .iter()
                    .try_for_each(|it| write!(f, "+container={it}"))?;
                f.write_str(if *private { "+private" } else { "" })
            }
        }
    }
}

fn refused() -> Error {
    Error::new(Code::Usage, "this names no browser").with_hint(
        "such as firefox, chrome:Work, firefox:Work+container=Prod, edge+private, or default",
    )
}

/// The kind of link that opens a console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Via {
    /// Signs in with role credentials; the link is a secret.
    #[default]
    Federation,
    /// The access portal's shortcut; carries no secret and uses the browser's own sign-in.
    Portal,
}

impl Via {
    /// As users write it.
    pub fn name(self) -> &'static str {
        match self {
            Via::Federation => "federation",
            Via::Portal => "portal",
        }
    }

    /// The kind of this name.
    pub fn of_name(name: &str) -> Option<Via> {
        [Via::Federation, Via::Portal]
            .into_iter()
            .find(|via| via.name() == name)
    }
}

/// As it stands in the settings: a text, or a command as a list of texts; nothing is the default.
///
/// # Errors
/// `Usage` with what is wrong.
pub(super) fn read(item: Option<&Item>) -> Result<Wish> {
    let Some(item) = item else {
        return Ok(Wish::Default);
    };
    if let Some(text) = item.as_str() {
        return Wish::parse(text);
    }
    let words = item.as_array().map(|array| {
        let words = array.iter().map(|it| it.as_str().map(str::to_owned));
        words.collect::<Option<Vec<String>>>()
    });
    match words.flatten() {
        Some(words) if !words.is_empty() => Ok(Wish::Command(words)),
        _ => Err(refused()),
    }
}

/// The same the other way; `None` for the default.
pub(super) fn item(wish: &Wish) -> Option<Item> {
    match wish {
        Wish::Default => None,
        Wish::Command(words) => Some(value(words.iter().collect::<Array>())),
        Wish::Browser { .. } => Some(value(wish.to_string())),
    }
}
