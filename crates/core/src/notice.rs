//! What deserves telling, decided from two snapshots of a session. Pure; success is silent.

use crate::session::State;

/// Something worth telling the user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// The sign-in has ended; only the user can help.
    SignInNeeded {
        /// The session.
        session: String,
    },
}

/// What to tell when a session goes from one state to another; `None` before the first look.
pub fn between(session: &str, old: Option<State>, new: State) -> Option<Notice> {
    let was_usable = match old {
        // At the first look it ended while nobody watched.
        None => true,
        Some(State::Active | State::Fading) => true,
        Some(State::SignedOut | State::SigningIn | State::Lapsed) => false,
    };
    match new {
        State::Lapsed if was_usable => Some(Notice::SignInNeeded {
            session: session.to_owned(),
        }),
        State::Lapsed | State::SignedOut | State::SigningIn | State::Active | State::Fading => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_end_is_told_and_only_once() {
        use State::{Active, Fading, Lapsed, SignedOut, SigningIn};
        for (old, new, told) in [
            (None, Lapsed, true),
            (None, Active, false),
            (None, SignedOut, false),
            (Some(Active), Lapsed, true),
            (Some(Fading), Lapsed, true),
            (Some(Lapsed), Lapsed, false),
            (Some(SigningIn), Lapsed, false),
            (Some(Active), SignedOut, false),
            (Some(Lapsed), Active, false),
            (Some(Active), Fading, false),
        ] {
            assert_eq!(
                between("work", old, new).is_some(),
                told,
                "{old:?} to {new:?}"
            );
        }
    }
}
