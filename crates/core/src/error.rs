//! `Error`: what was attempted, why it did not work, and one thing to do about it.

use std::error::Error as StdError;
use std::fmt;

mod code;

pub use code::Code;

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What was attempted on what, never a secret value; its cause chain; one thing to do.
pub struct Error(Box<Inner>);

struct Inner {
    code: Code,
    message: String,
    hint: Option<String>,
    candidates: Vec<String>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of this code; the message says what was attempted on what.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Error(Box::new(Inner {
            code,
            message,
            hint: None,
            candidates: Vec::new(),
            cause: None,
        }))
    }

    /// Adds better advice than the code's own.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds the cause, for the chain.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// Adds what the user may have meant, best first.
    #[must_use]
    pub fn with_candidates(mut self, candidates: Vec<String>) -> Self {
        self.0.candidates = candidates;
        self
    }

    /// The code that front ends act on.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What was attempted, and why it did not work, in one sentence.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// One thing to do.
    pub fn hint(&self) -> &str {
        self.0.hint.as_deref().unwrap_or_else(|| self.0.code.hint())
    }

    /// What the user may have meant, best first; mostly empty.
    pub fn candidates(&self) -> &[String] {
        &self.0.candidates
    }

    /// The causes below the message, outermost first, without repetitions.
    pub fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut next = self.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            if causes.last() != Some(&text) && !self.0.message.contains(&text) {
                causes.push(text);
            }
            next = cause.source();
        }
        causes
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.name(), self.0.message)?;
        self.causes()
            .iter()
            .try_for_each(|cause| write!(f, ": {cause}"))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .cause
            .as_deref()
            .map(|cause| cause as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_is_told_once_each() {
        let inner = Error::new(Code::Offline, "connection refused");
        let error = Error::new(Code::Offline, "the portal could not be reached").because(inner);
        assert_eq!(error.causes(), ["connection refused"]);
        assert_eq!(
            format!("{error:?}"),
            "offline: the portal could not be reached: connection refused"
        );
    }
}
