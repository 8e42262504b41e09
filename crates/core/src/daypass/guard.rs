//! The guard of protected assignments, and the looks that it goes by.

use std::sync::Arc;

use super::{Daypass, Slice, Snapshot};
use crate::accounts::chains::shown;
use crate::accounts::labels::{Look, Looks, Subject};
use crate::accounts::{Account, Assignment, Roles, marks};
use crate::settings::labels::on_one_line;
use crate::{Code, Error, Result};

/// A name that stands in a message is cut to so many characters.
const NAMED: usize = 128;

/// Whether the user was asked about a protected assignment, and agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// The user saw that it is protected, and wants it.
    Given,
    /// Nobody was asked yet.
    NotAsked,
}

impl Daypass {
    /// How rows look now.
    pub(super) fn looks(&self) -> Arc<Looks> {
        self.snapshot().looks.clone()
    }

    /// The look of an assignment, also of one that no list knows.
    pub fn look_of(&self, assignment: &Assignment) -> Look {
        self.snapshot().look_of(assignment)
    }

    /// The look of an account or an assignment, also of one that no list knows.
    pub fn look_of_subject(&self, subject: &Subject) -> Look {
        let account = self.account_or_blank(subject.session(), subject.account_id());
        let (session, looks) = (subject.session(), self.looks());
        match subject.role() {
            None => looks.of_account(session, &account),
            Some(role) => looks.of(session, &account, role),
        }
    }

    pub(super) fn account_or_blank(&self, session: &str, id: &str) -> Account {
        let known = self.list(session).account(id).cloned();
        known.unwrap_or_else(|| blank(id))
    }

    /// Another process may have changed labels, rules and choices since this one read them.
    pub(super) fn take_in_looks(&self) {
        self.take_in_settings();
        let marks = marks::load(self.host());
        if marks != *self.world().marks {
            self.change(Slice::Accounts, |world| world.marks = marks.into());
        }
    }

    /// Refuses what a protected assignment asks about first.
    pub(super) fn guard(
        &self,
        assignment: &Assignment,
        consent: Consent,
        what: &str,
    ) -> Result<()> {
        if consent == Consent::Given {
            return Ok(());
        }
        // What another process protected meanwhile is protected here too.
        self.take_in_looks();
        let look = self.look_of(assignment);
        if !look.protected {
            return Ok(());
        }
        let name = self.account_name(&assignment.session, &assignment.account_id);
        let account = look
            .alias
            .or(name)
            .unwrap_or_else(|| assignment.account_id.clone());
        let label = look
            .label
            .map_or_else(String::new, |it| format!(" ({})", it.word));
        let named = on_one_line(&format!("{account} as {}", shown(&assignment.role)), NAMED);
        let message = format!("{what} of {named}{label} is protected");
        Err(Error::new(Code::Protected, message))
    }
}

impl Snapshot {
    /// The look of an assignment, also of one that no list knows.
    pub fn look_of(&self, assignment: &Assignment) -> Look {
        let Assignment {
            session,
            account_id,
            role,
        } = assignment;
        let list = self.lists.get(session);
        match list.and_then(|list| list.account(account_id)) {
            Some(account) => self.looks.of(session, account, role),
            None => self.looks.of(session, &blank(account_id), role),
        }
    }
}

/// An account of which only the id is known.
fn blank(id: &str) -> Account {
    Account {
        id: id.to_owned(),
        name: None,
        email: None,
        roles: Roles::Unread,
    }
}
