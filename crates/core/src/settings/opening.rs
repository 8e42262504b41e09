//! In which browser, and by which kind of link, consoles open: as far as a label, a rule or a choice for
//! a single row says so.

use toml_edit::Value;

use super::labels::Entry;
use super::wish::{self, Via, Wish};
use crate::{Error, Result};

/// The browser: a text, or a command as a list of texts.
pub(crate) const BROWSER: &str = "browser";
/// The kind of link.
pub(crate) const VIA: &str = "console_via";

/// How consoles open, where that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// In which browser.
    pub browser: Option<Wish>,
    /// By which kind of link.
    pub via: Option<Via>,
}

impl Opening {
    /// Whether nothing is said.
    pub fn is_silent(&self) -> bool {
        *self == Opening::default()
    }

    /// What this does not say, the other says.
    #[must_use]
    pub fn or(self, other: Opening) -> Opening {
        Opening {
            browser: self.browser.or(other.browser),
            via: self.via.or(other.via),
        }
    }

    /// The same for another machine: a command of the user's own stays here.
    #[must_use]
    pub(crate) fn portable(&self) -> Opening {
        let named = |it: &&Wish| !matches!(it, Wish::Command(_));
        Opening {
            browser: self.browser.as_ref().filter(named).cloned(),
            via: self.via,
        }
    }

    /// As it is written in an entry of a file.
    pub(crate) fn keys(&self) -> [(&'static str, Option<Value>); 2] {
        [
            (BROWSER, self.browser.as_ref().map(wish::written)),
            (VIA, self.via.map(|it| it.name().into())),
        ]
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// The reader's code, with the line.
    pub(crate) fn read(entry: &Entry<'_>) -> Result<Opening> {
        let refused = |error: Error| entry.refused(&error);
        let browser = entry.item(BROWSER).map(wish::of_item).transpose();
        let browser = browser.and_then(|it| it.map(checked).transpose());
        let via = entry.text(VIA)?;
        let via = via.map(|name| {
            let known = Via::of_name(&name);
            known.ok_or_else(|| entry.wrong("`console_via` is neither federation nor portal"))
        });
        Ok(Opening {
            browser: browser.map_err(refused)?,
            via: via.transpose()?,
        })
    }

    /// The same for a file that another person may have written: it names browsers, never commands.
    ///
    /// # Errors
    /// As of `read`; a command is refused.
    pub(crate) fn read_foreign(entry: &Entry<'_>) -> Result<Opening> {
        let opening = Opening::read(entry)?;
        match opening.browser {
            Some(Wish::Command(_)) => Err(entry.wrong(
                "`browser` is a command, and no command is taken from a file that is handed on",
            )),
            _ => Ok(opening),
        }
    }
}

fn checked(wish: Wish) -> Result<Wish> {
    match wish {
        Wish::Command(words) => Wish::command(words),
        named => Ok(named),
    }
}
