//! Is everything that Daypass stands on as it should be? Looks, and says what to do about what is
//! not. It works where nothing else does: also with settings that cannot be read.

mod around;
mod aws;
mod diagnostics;
mod own;
mod portals;
pub mod scrub;
#[cfg(test)]
mod tests;

use crate::host::Host;
use crate::settings::{self, Settings};

pub use diagnostics::{diagnostics, place, save};

/// What a look came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Pass,
    /// Something works less well than it could, or not as one may expect.
    Warn,
    /// Something does not work.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name for programs; it does not change.
    pub id: &'static str,
    /// What was looked at, for people.
    pub title: &'static str,
    /// What the look came to.
    pub verdict: Verdict,
    /// What was found, in a sentence. It may quote names and paths, which are hostile input; never a
    /// secret.
    pub found: String,
    /// The one thing to do; `None` where all is well.
    pub fix: Option<String>,
}

/// Something to look at.
#[derive(Clone, Copy)]
struct Subject(&'static str, &'static str);

impl Subject {
    fn pass(self, found: impl Into<String>) -> Check {
        self.came_to(Verdict::Pass, found.into(), None)
    }

    fn warn(self, found: impl Into<String>, fix: impl Into<String>) -> Check {
        self.came_to(Verdict::Warn, found.into(), Some(fix.into()))
    }

    fn fail(self, found: impl Into<String>, fix: impl Into<String>) -> Check {
        self.came_to(Verdict::Fail, found.into(), Some(fix.into()))
    }

    /// With the error's own words and advice.
    fn failed(self, error: &crate::Error) -> Check {
        self.fail(sentence(error), error.hint())
    }

    fn came_to(self, verdict: Verdict, found: String, fix: Option<String>) -> Check {
        let Subject(id, title) = self;
        Check {
            id,
            title,
            verdict,
            found,
            fix,
        }
    }
}

/// Looks at everything. A portal of each session is asked whether it is there; nothing of the user's
/// is sent to it. A keychain is tried by writing and removing an empty word.
pub async fn examine(host: &Host) -> Vec<Check> {
    let loaded = settings::load(host);
    let known = loaded.as_ref().ok().cloned().unwrap_or_default();
    host.net.choose(&known.network());
    let mut checks = own::look(host, loaded.as_ref());
    checks.extend(aws::look(host, &known).await);
    checks.extend(around::look(host, &known).await);
    checks.extend(portals::look(host, &known).await);
    checks
}

fn sentence(error: &crate::Error) -> String {
    let mut parts = vec![error.message().to_owned()];
    parts.extend(error.causes());
    parts.join(": ")
}

/// `1 file`, `2 files`.
fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The first few of a list, and how many more there are.
fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Whether any session keeps its secrets so.
fn uses(settings: &Settings, storage: crate::secrets::Storage) -> bool {
    settings.sessions.iter().any(|it| it.storage == storage)
}
