//! The assignments that some words find, for what is done to several of them at once.

use std::collections::HashSet;

use super::Daypass;
use crate::accounts::Assignment;
use crate::accounts::rank::{Hit, Search};
use crate::{Code, Error, Result};

impl Daypass {
    /// The assignments of these sessions that the words find, as the list finds them, hidden ones apart;
    /// none where there is no word, which stands for all.
    ///
    /// # Errors
    /// `AccountUnknown` where no assignment has these words.
    pub fn chosen_by(
        &self,
        sessions: &[String],
        words: &str,
    ) -> Result<Option<HashSet<Assignment>>> {
        if words.trim().is_empty() {
            return Ok(None);
        }
        let search = Search {
            query: words,
            limit: usize::MAX,
            with_hidden: false,
            sessions: Some(sessions),
        };
        let chosen: HashSet<_> = self.find(&search, |found| {
            found.hits.iter().filter_map(assignment_of).collect()
        });
        match chosen.is_empty() {
            true => Err(
                Error::new(Code::AccountUnknown, "no assignment has these words")
                    .with_hint("see what they find with `daypass list WORDS`"),
            ),
            false => Ok(Some(chosen)),
        }
    }
}

/// None for an account as a whole.
fn assignment_of(hit: &Hit<'_>) -> Option<Assignment> {
    Some(Assignment {
        session: hit.session.to_owned(),
        account_id: hit.account.id.clone(),
        role: hit.role?.to_owned(),
    })
}
