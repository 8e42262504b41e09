//! A config file as lines and sections; printed again it is the same bytes.
//! Absent: what the lines mean to an SDK beyond their kind (`read.rs`), and what is wrong (`strict.rs`).

use std::borrow::Cow;
use std::collections::HashMap;

use super::lines::{self, About, Header, Kind, Reader};

/// How a line ends. A missing final ending is a property of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Lf,
    CrLf,
    Cr,
}

impl Ending {
    fn bytes(self) -> &'static [u8] {
        match self {
            Ending::Lf => b"\n",
            Ending::CrLf => b"\r\n",
            Ending::Cr => b"\r",
        }
    }
}

/// One line without its ending; `origin` is its number in the file as read, from 1, or none if new.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) text: Vec<u8>,
    pub(super) ending: Ending,
    pub(super) origin: Option<usize>,
}

impl Line {
    /// The text as characters; the byte order mark of a file is not part of its first line.
    pub(super) fn view(&self) -> Cow<'_, str> {
        let text = match self.origin {
            Some(1) => self
                .text
                .strip_prefix(b"\xef\xbb\xbf")
                .unwrap_or(&self.text),
            _ => &self.text,
        };
        String::from_utf8_lossy(text)
    }
}

/// A header line and all that follows it up to the next one.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// The first is the header; empty once the section was taken out.
    pub(super) lines: Vec<Line>,
}

/// One key of a section, as botocore reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// In lower case.
    pub(super) key: String,
    /// Continuation lines are joined with `\n`.
    pub(super) value: String,
    /// Which lines of the section make it: the key's own and every indented one below it.
    pub(super) lines: Vec<usize>,
}

/// The whole file.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// What stands before the first header.
    pub(super) preamble: Vec<Line>,
    pub(super) sections: Vec<Section>,
    /// Where the sections of a name are.
    index: HashMap<(About, String), Vec<usize>>,
    /// The ending that new lines get: the more frequent one of the file.
    pub(super) ending: Ending,
    /// The file's last line has no ending; that stays so.
    open_end: bool,
}

impl Document {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let (mut lines, open_end) = split(bytes);
        let ending = usual_ending(&lines[..lines.len() - usize::from(open_end)]);
        if open_end && let Some(last) = lines.last_mut() {
            last.ending = ending;
        }
        let mut document = Document {
            preamble: Vec::new(),
            sections: Vec::new(),
            index: HashMap::new(),
            ending,
            open_end,
        };
        let mut reader = Reader::default();
        for line in lines {
            document.take(line, &mut reader);
        }
        document
    }

    fn take(&mut self, line: Line, reader: &mut Reader) {
        if reader.kind(&line.view()) == Kind::Header {
            self.push(vec![line]);
        } else if let Some(section) = self.sections.last_mut() {
            section.lines.push(line);
        } else {
            self.preamble.push(line);
        }
    }

    /// Adds a section of these lines, the header first; returns its index.
    pub(super) fn push(&mut self, lines: Vec<Line>) -> usize {
        let section = Section { lines };
        let Header { about, name, .. } = Header::parse(&section.header());
        let index = self.sections.len();
        self.index.entry((about, name)).or_default().push(index);
        self.sections.push(section);
        index
    }

    /// The sections that an SDK may take for this one.
    pub(super) fn find(&self, about: About, name: &str) -> Vec<usize> {
        let there = |index: &usize| !self.sections[*index].lines.is_empty();
        let found = self
            .index
            .get(&(about, name.to_owned()))
            .cloned()
            .unwrap_or_default();
        found.into_iter().filter(there).collect()
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut last = 0;
        for line in self.lines() {
            bytes.extend_from_slice(&line.text);
            last = bytes.len();
            bytes.extend_from_slice(line.ending.bytes());
        }
        if self.open_end {
            bytes.truncate(last);
        }
        bytes
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        let sections = self.sections.iter().flat_map(|section| &section.lines);
        self.preamble.iter().chain(sections)
    }
}

impl Section {
    /// The number of the header in the file as read; 0 for a new section.
    pub(super) fn line(&self) -> usize {
        self.lines.first().and_then(|line| line.origin).unwrap_or(0)
    }

    pub(super) fn header(&self) -> Cow<'_, str> {
        self.lines.first().map_or(Cow::Borrowed(""), Line::view)
    }

    /// Every key in order. Where a key stands twice, so does it here.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut reader = Reader::default();
        let mut entries: Vec<Entry> = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let text = line.view();
            match reader.kind(&text) {
                Kind::Option => entries.extend(entry(&text, index)),
                Kind::Header | Kind::Stray => {}
                follower => {
                    if let Some(entry) = entries.last_mut() {
                        entry.follow(follower, &text, index);
                    }
                }
            }
        }
        for entry in &mut entries {
            entry.value.truncate(lines::trim_end(&entry.value).len());
        }
        entries
    }

    /// The entry of a key; the last one if there are several.
    pub(super) fn entry(&self, key: &str) -> Option<Entry> {
        self.entries().into_iter().rfind(|entry| entry.key == key)
    }

    /// The number in the file of a key's line; 0 if it is new or absent.
    pub(super) fn line_of(&self, key: &str) -> usize {
        let first = self
            .entry(key)
            .and_then(|entry| entry.lines.first().copied());
        first
            .and_then(|index| self.lines.get(index)?.origin)
            .unwrap_or(0)
    }

    pub(super) fn value(&self, key: &str) -> Option<String> {
        self.entry(key).map(|entry| entry.value)
    }
}

fn entry(text: &str, index: usize) -> Option<Entry> {
    let (key, value) = lines::option(text)?;
    Some(Entry {
        key,
        value: value.to_owned(),
        lines: vec![index],
    })
}

impl Entry {
    /// Blank lines count inside a value, comments do not, but the Rust SDK takes an indented
    /// comment into the value: it goes where its key goes.
    fn follow(&mut self, kind: Kind, text: &str, index: usize) {
        match kind {
            Kind::Blank => self.value.push('\n'),
            Kind::Continuation => {
                self.value.push('\n');
                self.value.push_str(lines::trim(text));
                self.lines.push(index);
            }
            Kind::Comment if text.starts_with(lines::is_space) => self.lines.push(index),
            _ => {}
        }
    }
}

/// Cuts at LF, CR LF and CR, as Python does; true if the last line has no ending.
fn split(bytes: &[u8]) -> (Vec<Line>, bool) {
    let mut lines = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let length = rest.iter().position(|b| matches!(b, b'\n' | b'\r'));
        let (text, after) = rest.split_at(length.unwrap_or(rest.len()));
        let ending = match after {
            [b'\r', b'\n', ..] => Some(Ending::CrLf),
            [b'\r', ..] => Some(Ending::Cr),
            [..] if after.is_empty() => None,
            _ => Some(Ending::Lf),
        };
        let origin = Some(lines.len() + 1);
        lines.push(Line {
            text: text.to_vec(),
            ending: ending.unwrap_or(Ending::Lf),
            origin,
        });
        let Some(ending) = ending else {
            return (lines, true);
        };
        rest = &after[ending.bytes().len()..];
    }
    (lines, false)
}

fn usual_ending(lines: &[Line]) -> Ending {
    let crlf = lines
        .iter()
        .filter(|line| line.ending == Ending::CrLf)
        .count();
    if crlf * 2 > lines.len() {
        Ending::CrLf
    } else {
        Ending::Lf
    }
}
