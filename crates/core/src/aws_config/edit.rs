//! Changes to a config file that touch no line but their own.

use std::borrow::Cow;

use super::document::{Document, Ending, Entries, Entry, Line, Section};
use super::lines;

/// The comment right below the header of every section that Daypass wrote.
pub(super) const MARK: &str = "# daypass: managed";

impl<'a> Document<'a> {
    /// Adds a marked section at the end of the file, a blank line apart from what stands there.
    /// Returns its index.
    pub(super) fn append(&mut self, header: String, keys: &[(String, String)]) -> usize {
        if self.lines().next().is_some() {
            let blank = new_line(String::new(), self.ending);
            self.last_lines().push(blank);
        }
        let ending = self.ending;
        let index = self.push(new_line(header, ending));
        let settings = keys.iter().map(|(key, value)| setting(key, value));
        let below = std::iter::once(MARK.to_owned()).chain(settings);
        let below = below.map(|text| new_line(text, ending));
        self.sections[index].lines.extend(below);
        index
    }

    /// Takes a section out, with the blank line that `append` put before it.
    /// Comments and blanks below its last key stay: they mostly belong to what follows.
    /// The other sections keep their index.
    pub(super) fn take_out(&mut self, index: usize) {
        let own = self.sections[index].own_length();
        let mut lines = std::mem::take(&mut self.sections[index].lines);
        let stays = lines.split_off(own);
        let before = self.lines_before(index);
        if before.last().is_some_and(|line| line.text.is_empty()) {
            before.pop();
        }
        before.extend(stays);
    }

    fn last_lines(&mut self) -> &mut Vec<Line<'a>> {
        let end = self.sections.len();
        self.lines_before(end)
    }

    /// The lines of the nearest section before this index that is still there.
    fn lines_before(&mut self, index: usize) -> &mut Vec<Line<'a>> {
        let earlier = &mut self.sections[..index];
        match earlier
            .iter_mut()
            .rfind(|section| !section.lines.is_empty())
        {
            Some(section) => &mut section.lines,
            None => &mut self.preamble,
        }
    }
}

impl Section<'_> {
    /// Whether Daypass wrote it.
    pub(super) fn is_managed(&self) -> bool {
        self.lines
            .get(1)
            .is_some_and(|line| lines::trim(&line.view()) == MARK)
    }

    /// Takes the mark away; all else stays.
    pub(super) fn unmark(&mut self) {
        if self.is_managed() {
            self.lines.remove(1);
        }
    }

    /// Whether the key, as `entries` of this section has it, has exactly this value for every reader.
    pub(super) fn has(&self, entries: &Entries<'_>, key: &str, value: &str) -> bool {
        // Some readers do not find a key in capitals.
        entries.get(key).is_some_and(|entry| {
            entry.more.is_empty()
                && entry.value == value
                && self.lines[entry.line].view().starts_with(key)
        })
    }

    /// Gives the key this value: in its place if it is there, else below the last key.
    pub(super) fn set(&mut self, key: &str, value: &str, ending: Ending) {
        let entries = self.entries();
        if self.has(&entries, key, value) {
            return;
        }
        let text = setting(key, value);
        let place = entries.get(key);
        let place = place.map(|entry| (entry.line, entry.more.clone()));
        if let Some((line, more)) = place {
            self.lines[line] = new_line(text, self.lines[line].ending);
            self.remove_lines(&more);
        } else {
            let end = self.own_length();
            self.lines.insert(end, new_line(text, ending));
        }
    }

    /// Takes the key out; true if it was there.
    pub(super) fn unset(&mut self, key: &str) -> bool {
        let lines = self
            .entries()
            .get(key)
            .map(|entry| entry.lines().collect::<Vec<_>>());
        lines.is_some_and(|lines| {
            self.remove_lines(&lines);
            true
        })
    }

    fn remove_lines(&mut self, gone: &[usize]) {
        for index in gone.iter().rev() {
            self.lines.remove(*index);
        }
    }

    /// How many of its lines are the header, the mark, and all up to the end of the last key.
    fn own_length(&self) -> usize {
        let head = 1 + usize::from(self.is_managed());
        let entries = self.entries();
        let keys = entries.iter().flat_map(Entry::lines);
        let end = keys.map(|index| index + 1).max().unwrap_or(head);
        end.max(head).min(self.lines.len())
    }
}

fn new_line(text: String, ending: Ending) -> Line<'static> {
    Line {
        text: Cow::Owned(text.into_bytes()),
        ending,
        origin: None,
    }
}

/// `KEY = VALUE`; nothing follows the `=` of an empty value.
fn setting(key: &str, value: &str) -> String {
    match value.trim_end() {
        "" => format!("{key} ="),
        value => [key, " = ", value].concat(),
    }
}
