//! What being signed in means: SignedOut, SigningIn, Active, Fading, Lapsed.
//! Fading is still usable: renewal failed, or the end is near.

pub mod estimate;
pub mod keeper;
pub mod plan;
pub mod record;
pub mod renew;
pub mod sign_in;

use serde::{Deserialize, Serialize};

/// The state of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum State {
    /// No tokens, and none were lost.
    #[default]
    SignedOut,
    /// A sign-in is under way.
    SigningIn,
    /// Signed in.
    Active,
    /// Still usable, but renewal failed or the end is near.
    Fading,
    /// The sign-in has ended.
    Lapsed,
}

impl State {
    /// As `--json` output and the panel name it.
    pub fn name(self) -> &'static str {
        match self {
            State::SignedOut => "signed_out",
            State::SigningIn => "signing_in",
            State::Active => "active",
            State::Fading => "fading",
            State::Lapsed => "lapsed",
        }
    }

    /// Whether the portal can be used.
    pub fn is_usable(self) -> bool {
        match self {
            State::Active | State::Fading => true,
            State::SignedOut | State::SigningIn | State::Lapsed => false,
        }
    }
}

/// How near the end of a sign-in is. Later stages are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It ends within 15 minutes.
    EndsSoon,
    /// It ends within 5 minutes.
    EndsVerySoon,
    /// It has ended; only the user can help.
    Ended,
}

impl Stage {
    /// As the panel and the record name it.
    pub fn name(self) -> &'static str {
        match self {
            Stage::EndsSoon => "ends_soon",
            Stage::EndsVerySoon => "ends_very_soon",
            Stage::Ended => "ended",
        }
    }
}
