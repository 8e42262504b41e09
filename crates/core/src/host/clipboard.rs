//! The clipboard, as far as core needs one: a text goes there, and from a secret only for a while.

use std::fmt;
use std::sync::Arc;

/// What a text on the clipboard is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// Anybody may see it: an account id, a user code.
    Plain,
    /// To be kept out of clipboard histories and cleared after a while.
    Secret,
}

type Put = dyn Fn(&str, Sensitivity) -> bool + Send + Sync;

/// A clipboard, or none: the command line has none.
#[derive(Clone)]
pub struct Clipboard(Option<Arc<Put>>);

impl Clipboard {
    /// No clipboard.
    pub fn none() -> Clipboard {
        Clipboard(None)
    }

    /// The desktop's: `put` says whether the text arrived.
    pub fn new(put: impl Fn(&str, Sensitivity) -> bool + Send + Sync + 'static) -> Clipboard {
        Clipboard(Some(Arc::new(put)))
    }

    /// Puts a text there; false where that is not possible.
    #[must_use]
    pub fn put(&self, text: &str, sensitivity: Sensitivity) -> bool {
        self.0.as_ref().is_some_and(|put| put(text, sensitivity))
    }
}

impl fmt::Debug for Clipboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Clipboard({})",
            if self.0.is_some() { "desktop" } else { "none" }
        )
    }
}
