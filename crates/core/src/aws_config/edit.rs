//! Changes to a config file that touch no line but their own.

use super::document::{Document, Ending, Line, Section};
use super::lines;

/// The comment right below the header of every section that Daypass wrote.
pub(super) const MARK: &str = "# daypass: managed";

impl Document {
    /// Adds a marked section at the end of the file, a blank line apart from what stands there.
    /// Returns its index.
    pub(super) fn append(&mut self, header: String, keys: &[(String, String)]) -> usize {
        if self.lines().next().is_some() {
            let blank = new_line(String::new(), self.ending);
            self.last_lines().push(blank);
        }
        let settings = keys.iter().map(|(key, value)| setting(key, value));
        let texts = [header, MARK.to_owned()].into_iter().chain(settings);
        let lines = texts.map(|text| new_line(text, self.ending)).collect();
        self.push(lines)
    }

    /// Takes a section out, with the blank line that `append` put before it.
    /// Comments and blanks below its last key stay: they mostly belong to what follows.
    /// The other sections keep their index.
    pub(super) fn take_out(&mut self, index: usize) {
        let mut lines = std::mem::take(&mut self.sections[index].lines);
        let stays = lines.split_off(own_length(&lines));
        let before = self.lines_before(index);
        if before.last().is_some_and(|line| line.text.is_empty()) {
            before.pop();
        }
        before.extend(stays);
    }

    fn last_lines(&mut self) -> &mut Vec<Line> {
        let end = self.sections.len();
        self.lines_before(end)
    }

    /// The lines of the nearest section before this index that is still there.
    fn lines_before(&mut self, index: usize) -> &mut Vec<Line> {
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

impl Section {
    /// Whether Daypass wrote it.
    pub(super) fn is_managed(&self) -> bool {
        self.lines
            .get(1)
            .is_some_and(|line| lines::trim(&line.view()) == MARK)
    }

    /// Whether the key has exactly this value for every reader.
    pub(super) fn has(&self, key: &str, value: &str) -> bool {
        let Some(entry) = self.entry(key) else {
            return false;
        };
        let [index] = entry.lines[..] else {
            return false;
        };
        // Some readers do not find a key in capitals.
        entry.value == value && self.lines[index].view().starts_with(key)
    }

    /// Gives the key this value: in its place if it is there, else below the last key.
    pub(super) fn set(&mut self, key: &str, value: &str, ending: Ending) {
        if self.has(key, value) {
            return;
        }
        let text = setting(key, value);
        if let Some(entry) = self.entry(key) {
            let (first, rest) = (entry.lines[0], &entry.lines[1..]);
            self.lines[first] = new_line(text, self.lines[first].ending);
            self.remove_lines(rest);
        } else {
            let end = own_length(&self.lines);
            self.lines.insert(end, new_line(text, ending));
        }
    }

    /// Takes the key out; true if it was there.
    pub(super) fn unset(&mut self, key: &str) -> bool {
        let Some(entry) = self.entry(key) else {
            return false;
        };
        self.remove_lines(&entry.lines);
        true
    }

    fn remove_lines(&mut self, gone: &[usize]) {
        for index in gone.iter().rev() {
            self.lines.remove(*index);
        }
    }
}

/// How many lines of a section are the header, the mark, and all up to the end of the last key.
fn own_length(lines: &[Line]) -> usize {
    let section = Section {
        lines: lines.to_vec(),
    };
    let keys = section.entries().into_iter().flat_map(|entry| entry.lines);
    let head = 1 + usize::from(section.is_managed());
    keys.map(|index| index + 1)
        .max()
        .unwrap_or(head)
        .max(head)
        .min(lines.len())
}

fn new_line(text: String, ending: Ending) -> Line {
    Line {
        text: text.into_bytes(),
        ending,
        origin: None,
    }
}

/// `KEY = VALUE`; nothing follows the `=` of an empty value.
fn setting(key: &str, value: &str) -> String {
    format!("{key} = {value}").trim_end().to_owned()
}
