//! Renewed tokens that could not be written: those that they replace are spent, so to lose them would
//! be to lose the sign-in. They serve this process, and are written as soon as that works.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::secrets::Tokens;

/// By the names of sessions. Clones are the same.
#[derive(Clone, Default)]
pub(super) struct Unsaved(Arc<Mutex<BTreeMap<String, Tokens>>>);

impl Unsaved {
    pub(super) fn hold(&self, session: &str, tokens: &Tokens) {
        self.all().insert(session.to_owned(), tokens.duplicate());
    }

    pub(super) fn forget(&self, session: &str) {
        self.all().remove(session);
    }

    pub(super) fn of(&self, session: &str) -> Option<Tokens> {
        self.all().get(session).map(Tokens::duplicate)
    }

    /// What counts: these, unless newer ones were found at rest.
    pub(super) fn or_newer(&self, session: &str, found: Option<Tokens>) -> Option<Tokens> {
        let Some(held) = self.of(session) else {
            return found;
        };
        let newer = found
            .as_ref()
            .is_some_and(|it| it.access_token_expires_at > held.access_token_expires_at);
        if newer {
            self.forget(session);
            return found;
        }
        Some(held)
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Tokens>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secret;

    fn until(end: &str) -> Tokens {
        Tokens {
            access_token: Secret::new(end),
            access_token_expires_at: end.parse().unwrap(),
            refresh_token: None,
            registration: None,
        }
    }

    #[test]
    fn what_could_not_be_written_counts_until_something_newer_is_found() {
        let (old, held, new) = (
            "2026-03-02T09:00:00Z",
            "2026-03-02T10:00:00Z",
            "2026-03-02T11:00:00Z",
        );
        let unsaved = Unsaved::default();
        let counts = |found: Option<&str>| {
            let tokens = unsaved.or_newer("work", found.map(until));
            tokens.map(|it| it.access_token.expose().to_owned())
        };
        assert_eq!(counts(Some(old)).as_deref(), Some(old));
        unsaved.hold("work", &until(held));
        assert_eq!(counts(Some(old)).as_deref(), Some(held));
        assert_eq!(counts(None).as_deref(), Some(held));
        assert_eq!(counts(Some(new)).as_deref(), Some(new));
        assert_eq!(counts(None), None, "it is no longer held");
    }
}
