//! How a page shall open, as the user says it: in which browser, and by which kind of link.

use std::fmt;
use std::path::Path;

use toml_edit::{Array, Item, Value};

use crate::{Code, Error, Result};

/// No wish is longer, in bytes.
const LONGEST: usize = 1_000;
/// Stands for the address in a command of the user's own.
pub(crate) const URL: &str = "{url}";
const PRIVATE: &str = "+private";
const CONTAINER: &str = "+container=";

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
    /// A command of the user's own: a whole path and arguments, `{url}` once in one of them for the
    /// address. No shell reads it.
    Command(Vec<String>),
}

impl Wish {
    /// Reads what `named` reads, or a command that holds `{url}`: its words are parted by blanks, and
    /// quotes keep blanks together.
    ///
    /// # Errors
    /// `Usage` with the form.
    pub fn parse(text: &str) -> Result<Wish> {
        match text.contains(URL) {
            true => Wish::command(words(text).ok_or_else(open_quote)?),
            false => Wish::named(text),
        }
    }

    /// Reads `default`, `BROWSER`, `BROWSER:PROFILE`, each with `+private` or `+container=NAME` behind:
    /// never a command, whoever wrote it.
    ///
    /// # Errors
    /// `Usage` with the form.
    pub fn named(text: &str) -> Result<Wish> {
        let text = text.trim();
        let odd = |it: char| it.is_control();
        if text.is_empty() || text.len() > LONGEST || text.contains(odd) || text.contains(URL) {
            return Err(refused());
        }
        if text == "default" {
            return Ok(Wish::Default);
        }
        let (main, container, private) =
            match (text.strip_suffix(PRIVATE), text.split_once(CONTAINER)) {
                (_, Some((main, container))) => (main, Some(container), false),
                (Some(main), None) => (main, None, true),
                (None, None) => (text, None, false),
            };
        let (name, profile) = match main.split_once(':') {
            Some((name, profile)) => (name.trim(), Some(profile.trim().to_owned())),
            None => (main.trim(), None),
        };
        let empty = name.is_empty() || profile.as_deref() == Some("") || container == Some("");
        // Only a profile's name may hold such a sign.
        if empty || name.contains('+') {
            return Err(refused());
        }
        Ok(Wish::Browser {
            name: name.to_owned(),
            profile,
            container: container.map(str::to_owned),
            private,
        })
    }

    /// A command of the user's own.
    ///
    /// # Errors
    /// `Usage` where it does not begin with a whole path, or does not hold `{url}` exactly once, behind
    /// the program.
    pub fn command(words: Vec<String>) -> Result<Wish> {
        let whole = words.first().is_some_and(|it| Path::new(it).is_absolute());
        let long = words.iter().map(String::len).sum::<usize>() > LONGEST;
        let places = words.iter().skip(1).map(|it| it.matches(URL).count());
        let once = places.sum::<usize>() == 1;
        let odd = words.iter().any(|it| it.contains(char::is_control));
        if !whole || long || odd || !once || words[0].contains(URL) {
            let message =
                "a command that opens a browser is a whole path and arguments, with {url} once";
            return Err(Error::new(Code::Usage, message)
                .with_hint("such as `/usr/bin/firefox --new-window {url}`; no shell reads it"));
        }
        Ok(Wish::Command(words))
    }
}

/// The words of a command: parted by blanks, where no quotes keep them together. `None` where a quote
/// is left open.
fn words(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for it in text.chars() {
        match quote {
            Some(mark) if it == mark => quote = None,
            Some(_) => word.get_or_insert_default().push(it),
            None if matches!(it, '"' | '\'') => {
                quote = Some(it);
                word.get_or_insert_default();
            }
            None if it.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(it),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// A word as `words` reads it back.
fn quoted(word: &str) -> String {
    let plain = |it: char| !it.is_whitespace() && !matches!(it, '"' | '\'');
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\"'\"'")),
    }
}

fn open_quote() -> Error {
    Error::new(Code::Usage, "a quote is left open in the command").with_hint("close it")
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wish::Default => f.write_str("default"),
            Wish::Command(words) => {
                let words: Vec<String> = words.iter().map(|it| quoted(it)).collect();
                f.write_str(&words.join(" "))
            }
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

/// As it stands in the settings of a session; nothing is the default.
///
/// # Errors
/// `Usage` with what is wrong.
pub(super) fn read(item: Option<&Item>) -> Result<Wish> {
    item.map_or(Ok(Wish::Default), of_item)
}

/// As it stands in a file: a text, or a command as a list of texts, whatever is in it.
///
/// # Errors
/// `Usage` with what is wrong.
pub(super) fn of_item(item: &Item) -> Result<Wish> {
    if let Some(text) = item.as_str() {
        return Wish::parse(text);
    }
    let words = item.as_array().map(|array| {
        let words = array.iter().map(|it| it.as_str().map(str::to_owned));
        words.collect::<Option<Vec<String>>>()
    });
    match words.flatten() {
        // Whether it can be used is seen when it is: one slip shall not cost all other choices.
        Some(words) if !words.is_empty() => Ok(Wish::Command(words)),
        _ => Err(refused()),
    }
}

/// The same the other way; `None` for the default.
pub(super) fn item(wish: &Wish) -> Option<Item> {
    (*wish != Wish::Default).then(|| Item::Value(written(wish)))
}

/// As it stands in a file, the default too.
pub(super) fn written(wish: &Wish) -> Value {
    match wish {
        Wish::Command(words) => words.iter().collect::<Array>().into(),
        Wish::Default | Wish::Browser { .. } => wish.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml_edit::value;

    #[test]
    fn names_of_profiles_may_hold_what_parts_the_rest() {
        for (text, profile, container, private) in [
            ("chrome:C++ & co", Some("C++ & co"), None, false),
            ("chrome:C+++private", Some("C++"), None, true),
            ("firefox:a:b+container=x+y", Some("a:b"), Some("x+y"), false),
            ("firefox:/home/m/p+1", Some("/home/m/p+1"), None, false),
        ] {
            let wish = Wish::parse(text).unwrap();
            let expected = Wish::Browser {
                name: text.split(':').next().unwrap().to_owned(),
                profile: profile.map(str::to_owned),
                container: container.map(str::to_owned),
                private,
            };
            assert_eq!(wish, expected, "{text}");
            assert_eq!(Wish::parse(&wish.to_string()).unwrap(), wish, "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_command_is_a_whole_path_with_the_address_once_and_no_shell() {
        for (text, expected) in [
            ("/opt/b {url}", vec!["/opt/b", "{url}"]),
            (
                "'/opt/my browser/b' --app={url}  --x \"it's\"",
                vec!["/opt/my browser/b", "--app={url}", "--x", "it's"],
            ),
            (
                "/opt/b '' '$HOME;`x`' {url}",
                vec!["/opt/b", "", "$HOME;`x`", "{url}"],
            ),
        ] {
            let wish = Wish::parse(text).unwrap();
            let words = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(wish, Wish::Command(words), "{text}");
            assert_eq!(Wish::parse(&wish.to_string()).unwrap(), wish, "{text}");
            assert_eq!(of_item(&value(written(&wish))).unwrap(), wish, "{text}");
        }
        for text in [
            "firefox {url}",
            "./b {url}",
            "/opt/b {url} {url}",
            "/opt/{url}",
            "/opt/{url} {url}",
            "/opt/b '{url}",
            "/opt/b\u{1b} {url}",
            "{url}",
        ] {
            assert_eq!(Wish::parse(text).unwrap_err().code(), Code::Usage, "{text}");
            assert_eq!(Wish::named(text).unwrap_err().code(), Code::Usage, "{text}");
        }
        assert!(Wish::named("/opt/b {url}").is_err(), "never a command");
    }
}
