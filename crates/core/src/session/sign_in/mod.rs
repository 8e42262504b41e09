//! The two ways in: authorization code with PKCE on a loopback redirect, and device code.
//! They end with tokens or an error; keeping the tokens is another's task.

pub mod device;
mod farewell;
pub mod pkce;
pub mod place;

use jiff::Timestamp;
use url::Url;

/// How far a sign-in is; whole values, each replaces the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Asking the service to begin.
    Starting,
    /// The user approves in a browser.
    Browser {
        /// The address to open; no secret by itself.
        address: Url,
        /// Whether a browser was opened.
        opened: bool,
        /// When it began.
        started_at: Timestamp,
        /// When it is given up.
        gives_up_at: Timestamp,
    },
    /// The user types or compares a code.
    Device {
        /// The code.
        user_code: String,
        /// The page to type it on.
        page: Url,
        /// The page with the code filled in.
        complete_page: Url,
        /// Why a code; empty where the user asked for it.
        reason: &'static str,
        /// When it began.
        started_at: Timestamp,
        /// When it is given up.
        gives_up_at: Timestamp,
    },
    /// Approved; the tokens are being fetched.
    Finishing,
}

/// What a user is told before approving a code.
pub const DEVICE_WARNING: &str = "Approve only a sign-in that you started. The page must show exactly \
    this code. If someone sent you a code or a link, stop: approving it signs them in as you.";
