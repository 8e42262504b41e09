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
pub(super) struct Line<'a> {
    /// Lines as read are slices of the file.
    pub(super) text: Cow<'a, [u8]>,
    pub(super) ending: Ending,
    pub(super) origin: Option<usize>,
}

impl Line<'_> {
    /// The text as characters; the byte order mark of a file is not part of its first line.
    pub(super) fn view(&self) -> Cow<'_, str> {
        let text = match self.origin {
            Some(1) => self
                .text
                .strip_prefix(b"\xef\xbb\xbf")
                .unwrap_or(&self.text),
            _ => &self.text,
        };
        // Much quicker than the lossy way, for nearly all lines.
        std::str::from_utf8(text).map_or_else(|_| String::from_utf8_lossy(text), Cow::Borrowed)
    }
}

/// A header line and all that follows it up to the next one.
#[derive(Clone, Debug)]
pub(super) struct Section<'a> {
    /// The first is the header; empty once the section was taken out.
    pub(super) lines: Vec<Line<'a>>,
}

/// So many lines have most sections.
const USUAL: usize = 8;

/// One key of a section, as botocore reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'s> {
    /// In lower case.
    pub(super) key: Cow<'s, str>,
    /// Continuation lines are joined with `\n`.
    pub(super) value: Cow<'s, str>,
    /// The line of the section that the key stands in.
    pub(super) line: usize,
    /// The indented lines below it that belong to it.
    pub(super) more: Vec<usize>,
}

/// The keys of a section in order; where a key stands twice, so does it here.
#[derive(Clone, Debug)]
pub(super) struct Entries<'s>(Vec<Entry<'s>>);

/// The whole file.
#[derive(Clone, Debug)]
pub(super) struct Document<'a> {
    /// What stands before the first header.
    pub(super) preamble: Vec<Line<'a>>,
    pub(super) sections: Vec<Section<'a>>,
    /// Where the sections of a name are.
    index: HashMap<(About, String), Vec<usize>>,
    /// The ending that new lines get: the more frequent one of the file.
    pub(super) ending: Ending,
    /// The file's last line has no ending; that stays so.
    open_end: bool,
}

impl<'a> Document<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Self {
        let mut document = Document {
            preamble: Vec::new(),
            sections: Vec::new(),
            index: HashMap::new(),
            ending: usual_ending(bytes),
            open_end: !bytes.is_empty() && !bytes.ends_with(b"\n") && !bytes.ends_with(b"\r"),
        };
        let mut reader = Reader::default();
        for line in split(bytes, document.ending) {
            document.take(line, &mut reader);
        }
        document
    }

    fn take(&mut self, line: Line<'a>, reader: &mut Reader) {
        if reader.kind(&line.view()) == Kind::Header {
            self.push(line);
        } else if let Some(section) = self.sections.last_mut() {
            section.lines.push(line);
        } else {
            self.preamble.push(line);
        }
    }

    /// Adds a section with this header; returns its index.
    pub(super) fn push(&mut self, header: Line<'a>) -> usize {
        let index = self.sections.len();
        let text = header.view();
        let Header { about, name, .. } = Header::parse(&text);
        let place = self.index.entry((about, name.into_owned())).or_default();
        place.push(index);
        drop(text);
        let mut lines = Vec::with_capacity(USUAL);
        lines.push(header);
        self.sections.push(Section { lines });
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
        let room = self.lines().map(|line| line.text.len() + 2).sum();
        let mut bytes = Vec::with_capacity(room);
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

    pub(super) fn lines(&self) -> impl Iterator<Item = &Line<'a>> {
        let sections = self.sections.iter().flat_map(|section| &section.lines);
        self.preamble.iter().chain(sections)
    }
}

impl Section<'_> {
    /// The number of the header in the file as read; 0 for a new section.
    pub(super) fn line(&self) -> usize {
        self.lines.first().and_then(|line| line.origin).unwrap_or(0)
    }

    pub(super) fn header(&self) -> Cow<'_, str> {
        self.lines.first().map_or(Cow::Borrowed(""), Line::view)
    }

    /// Every key in order. Look at it once for several keys.
    pub(super) fn entries(&self) -> Entries<'_> {
        let mut reader = Reader::default();
        let mut entries: Vec<Entry<'_>> = Vec::with_capacity(USUAL);
        for (index, line) in self.lines.iter().enumerate() {
            let text = line.view();
            match reader.kind(&text) {
                Kind::Option => entries.extend(entry(text, index)),
                Kind::Header | Kind::Stray => {}
                follower => {
                    if let Some(entry) = entries.last_mut() {
                        entry.follow(follower, &text, index);
                    }
                }
            }
        }
        entries.iter_mut().for_each(Entry::end);
        Entries(entries)
    }

    /// The number in the file of a key's line; 0 if it is new or absent.
    pub(super) fn line_of(&self, key: &str) -> usize {
        let entries = self.entries();
        let line = entries
            .get(key)
            .and_then(|entry| self.lines.get(entry.line)?.origin);
        line.unwrap_or(0)
    }

    pub(super) fn value(&self, key: &str) -> Option<String> {
        self.entries().value(key).map(str::to_owned)
    }
}

impl<'s> Entries<'s> {
    /// The entry of a key; the last one if there are several.
    pub(super) fn get(&self, key: &str) -> Option<&Entry<'s>> {
        self.0.iter().rfind(|entry| entry.key == key)
    }

    pub(super) fn value(&self, key: &str) -> Option<&str> {
        self.get(key).map(|entry| &*entry.value)
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Entry<'s>> {
        self.0.iter()
    }
}

fn entry(text: Cow<'_, str>, index: usize) -> Option<Entry<'_>> {
    let (key, value) = match text {
        Cow::Borrowed(text) => {
            let (key, value) = lines::option(text)?;
            (key, Cow::Borrowed(value))
        }
        Cow::Owned(text) => {
            let (key, value) = lines::option(&text)?;
            (Cow::Owned(key.into_owned()), Cow::Owned(value.to_owned()))
        }
    };
    Some(Entry {
        key,
        value,
        line: index,
        more: Vec::new(),
    })
}

impl Entry<'_> {
    /// Which lines of the section make it.
    pub(super) fn lines(&self) -> impl DoubleEndedIterator<Item = usize> {
        std::iter::once(self.line).chain(self.more.iter().copied())
    }

    /// Blank lines count inside a value, comments do not, but the Rust SDK takes an indented
    /// comment into the value: it goes where its key goes.
    fn follow(&mut self, kind: Kind, text: &str, index: usize) {
        match kind {
            Kind::Blank => self.value.to_mut().push('\n'),
            Kind::Continuation => {
                let value = self.value.to_mut();
                value.push('\n');
                value.push_str(lines::trim(text));
                self.more.push(index);
            }
            Kind::Comment if text.starts_with(lines::is_space) => self.more.push(index),
            _ => {}
        }
    }

    /// Blank lines behind the value are none of its.
    fn end(&mut self) {
        if let Cow::Owned(value) = &mut self.value {
            value.truncate(lines::trim_end(value).len());
        }
    }
}

/// The lines of a file; `last` is the ending of a last line that has none.
pub(super) fn split(bytes: &[u8], last: Ending) -> impl Iterator<Item = Line<'_>> {
    let lines = pieces(bytes).enumerate();
    lines.map(move |(index, (text, ending))| Line {
        text: Cow::Borrowed(text),
        ending: ending.unwrap_or(last),
        origin: Some(index + 1),
    })
}

/// Cuts at LF, CR LF and CR, as Python does. Only the last line may have no ending.
pub(super) fn pieces(bytes: &[u8]) -> impl Iterator<Item = (&[u8], Option<Ending>)> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let length = rest.iter().position(|b| matches!(b, b'\n' | b'\r'));
        let (text, after) = rest.split_at(length.unwrap_or(rest.len()));
        let ending = match after {
            [] => None,
            [b'\r', b'\n', ..] => Some(Ending::CrLf),
            [b'\r', ..] => Some(Ending::Cr),
            [..] => Some(Ending::Lf),
        };
        rest = &after[ending.map_or(0, |it| it.bytes().len())..];
        Some((text, ending))
    })
}

/// The more frequent ending of the lines that have one.
fn usual_ending(bytes: &[u8]) -> Ending {
    let count = |what: u8| bytes.iter().filter(|b| **b == what).count();
    let crlf = match count(b'\r') {
        0 => 0,
        _ => bytes.windows(2).filter(|pair| pair == b"\r\n").count(),
    };
    let all = count(b'\n') + count(b'\r') - crlf;
    if crlf * 2 > all {
        Ending::CrLf
    } else {
        Ending::Lf
    }
}
