//! What goes from the file when Daypass goes: its marks alone, or every section that carries one.

use super::draft::{Draft, change};
use super::lines::{About, Header};
use super::plan::Action;

/// What becomes of the sections that Daypass wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// They stay as they are, without the mark: from then on they are the user's own.
    Unmark,
    /// They are taken out.
    TakeOut,
}

/// Why a profile loses its mark.
const UNMARKED: &str = "it stays, without the mark of Daypass";

impl Draft<'_> {
    pub(super) fn leave_all(&mut self, leaving: Leaving) {
        let ours = self.new.sections.iter().enumerate();
        let ours: Vec<usize> = ours
            .filter_map(|(index, section)| section.is_managed().then_some(index))
            .collect();
        for index in ours {
            let text = self.new.sections[index].header().into_owned();
            let header = Header::parse(&text);
            let (action, reason) = match leaving {
                Leaving::Unmark => (Action::Changed, Some(UNMARKED.to_owned())),
                Leaving::TakeOut => (Action::Removed, None),
            };
            match leaving {
                Leaving::Unmark => self.new.sections[index].unmark(),
                Leaving::TakeOut => self.new.take_out(index),
            }
            if header.about == About::Profile {
                self.changes.push(change(&header.name, action, reason));
            }
        }
    }
}
