//! What a rule, or the user's usual choice, gives to the profiles that are written: their Region and the
//! form in which the AWS CLI answers.

use toml_edit::Value;

use super::labels::{Entry, on_one_line};
use crate::{Code, Error, Result};

/// The forms in which the AWS CLI answers.
pub const OUTPUTS: [&str; 6] = ["json", "text", "table", "yaml", "yaml-stream", "off"];

/// Keys of a profile, where something is said of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileKeys {
    /// A Region, such as `eu-central-1`.
    pub region: Option<String>,
    /// One of [`OUTPUTS`].
    pub output: Option<String>,
}

impl ProfileKeys {
    /// Whether nothing is said.
    pub fn is_silent(&self) -> bool {
        *self == ProfileKeys::default()
    }

    /// What this does not say, the other says.
    #[must_use]
    pub fn or(self, other: ProfileKeys) -> ProfileKeys {
        ProfileKeys {
            region: self.region.or(other.region),
            output: self.output.or(other.output),
        }
    }

    /// Whether they can stand in a profile.
    ///
    /// # Errors
    /// `Usage` with the reason.
    pub fn check(&self) -> Result<()> {
        self.region.as_deref().map_or(Ok(()), check_region)?;
        self.output.as_deref().map_or(Ok(()), check_output)
    }

    /// As they are written in an entry of a file.
    pub(crate) fn keys(&self) -> [(&'static str, Option<Value>); 2] {
        let text = |text: &Option<String>| text.as_deref().map(Value::from);
        [
            ("region", text(&self.region)),
            ("output", text(&self.output)),
        ]
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// The reader's code, with the line.
    pub(crate) fn read(entry: &Entry<'_>) -> Result<ProfileKeys> {
        Ok(ProfileKeys {
            region: entry.text("region")?,
            output: entry.text("output")?,
        })
    }
}

/// Whether a text has the form of a Region.
///
/// # Errors
/// `Usage`.
pub fn check_region(region: &str) -> Result<()> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if (1..=32).contains(&region.len()) && region.bytes().all(fits) {
        return Ok(());
    }
    Err(refused(region, "a Region").with_hint("a Region is written like eu-central-1"))
}

/// Whether a text is one of [`OUTPUTS`].
///
/// # Errors
/// `Usage`.
pub fn check_output(output: &str) -> Result<()> {
    if OUTPUTS.contains(&output) {
        return Ok(());
    }
    let choice = format!("choose one of {}", OUTPUTS.join(", "));
    Err(refused(output, "an output format").with_hint(choice))
}

fn refused(text: &str, what: &str) -> Error {
    let shown = on_one_line(text, 60);
    Error::new(Code::Usage, format!("`{shown}` is not {what}"))
}
