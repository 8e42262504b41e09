//! What is to be said about a file of settings that works all the same.

use std::path::PathBuf;

/// Something about a file of settings that its owner would want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What it is about.
    pub kind: Kind,
    /// The file.
    pub file: PathBuf,
    /// On which line, where that is known.
    pub line: Option<usize>,
    /// What it is.
    pub message: String,
}

/// What a remark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A key that this version does not know: it is kept.
    Unknown,
    /// A value that does not fit: it is left out.
    Wrong,
    /// A value that has no effect, because the organisation has set another.
    Overruled,
    /// A whole file that is left out.
    LeftOut,
}

impl Remark {
    /// About a file that is said later.
    pub(super) fn new(kind: Kind, line: Option<usize>, message: String) -> Remark {
        let file = PathBuf::new();
        Remark {
            kind,
            file,
            line,
            message,
        }
    }

    /// File, line and what it is.
    pub fn sentence(&self) -> String {
        let place = self
            .line
            .map_or_else(String::new, |line| format!(", line {line}"));
        format!("{}{place}: {}", self.file.display(), self.message)
    }
}
