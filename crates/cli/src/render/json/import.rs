//! The document of `session import`.

use serde::Serialize;

use super::VERSION;

/// What `session import` did, or would do.
#[derive(Serialize)]
pub(crate) struct Import<'a> {
    version: u32,
    dry_run: bool,
    sessions: &'a [ImportOf],
}

/// One session of the AWS config file.
#[derive(Serialize)]
pub(crate) struct ImportOf {
    pub(crate) name: String,
    pub(crate) start_url: Option<String>,
    pub(crate) region: Option<String>,
    /// `sso_session`, or `profiles` where only older profiles name the portal.
    pub(crate) source: Option<&'static str>,
    /// `added`, `kept` where it was registered before, or `refused`.
    pub(crate) action: &'static str,
    /// Where its tokens rest.
    pub(crate) storage: Option<&'static str>,
    /// Whether a sign-in of the AWS tools goes on.
    pub(crate) signed_in: bool,
    /// Why it was refused.
    pub(crate) reason: Option<String>,
}

impl<'a> Import<'a> {
    pub(crate) fn of(dry_run: bool, sessions: &'a [ImportOf]) -> Import<'a> {
        Import {
            version: VERSION,
            dry_run,
            sessions,
        }
    }
}
