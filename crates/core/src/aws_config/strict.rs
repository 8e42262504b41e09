//! What the strictest readers of a config file refuse: botocore (AWS CLI, boto3) and the Rust SDK.
//! One such line makes the whole file unreadable to them, so Daypass neither edits nor makes one.

use std::borrow::Cow;
use std::collections::HashSet;

use super::document::{self, Ending};
use super::lines::{self, Kind, Reader};

/// The first line that a strict reader refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    /// Why, as the end of a sentence that begins with "line N:".
    pub reason: String,
}

/// Finds the first line that a strict reader would refuse.
pub(super) fn check(bytes: &[u8]) -> Result<(), Fault> {
    check_bytes(bytes)?;
    let mut readers = Readers::default();
    for (index, (line, ending)) in document::pieces(bytes).enumerate() {
        let fault = |reason: String| Fault {
            line: index + 1,
            reason,
        };
        if ending == Some(Ending::Cr) {
            return Err(fault("it ends in a lone carriage return".to_owned()));
        }
        let text = std::str::from_utf8(line).unwrap_or_default();
        readers.next(text).map_err(fault)?;
    }
    Ok(())
}

fn check_bytes(bytes: &[u8]) -> Result<(), Fault> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        let reason = "the file begins with a byte order mark".to_owned();
        return Err(Fault { line: 1, reason });
    }
    std::str::from_utf8(bytes).map(drop).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = 1 + before.iter().filter(|b| **b == b'\n').count();
        Fault {
            line,
            reason: "it is not UTF-8 text".to_owned(),
        }
    })
}

#[derive(Default)]
struct Readers<'a> {
    kinds: Reader,
    sections: HashSet<&'a str>,
    keys: Keys<'a>,
    /// botocore: the value began empty, so what follows is a nested block.
    nested: bool,
    rust: RustState,
}

/// Where the Rust SDK's reader stands.
#[derive(Clone, Copy, Default)]
enum RustState {
    #[default]
    Starting,
    AfterHeader,
    InValue,
    InBlock,
}

type Verdict = Result<(), String>;

/// The keys of one section so far: few, where nobody means harm.
#[derive(Default)]
struct Keys<'a> {
    few: Vec<Cow<'a, str>>,
    many: HashSet<Cow<'a, str>>,
}

impl<'a> Keys<'a> {
    const FEW: usize = 16;

    fn clear(&mut self) {
        self.few.clear();
        self.many.clear();
    }

    /// True if it is new.
    fn insert(&mut self, key: Cow<'a, str>) -> bool {
        if self.few.contains(&key) || self.many.contains(&key) {
            return false;
        }
        match self.few.len() {
            Self::FEW => drop(self.many.insert(key)),
            _ => self.few.push(key),
        }
        true
    }
}

impl<'a> Readers<'a> {
    fn next(&mut self, text: &'a str) -> Verdict {
        if text.starts_with(|c| lines::is_space(c) && c != ' ' && c != '\t') {
            return refuse("it begins with an unusual blank character");
        }
        self.botocore(text)?;
        self.rust(text)
    }

    fn botocore(&mut self, text: &'a str) -> Verdict {
        let clean = lines::trim(text);
        match self.kinds.kind(text) {
            Kind::Blank | Kind::Comment => Ok(()),
            Kind::Header => self.header(clean),
            Kind::Option => self.option(clean),
            Kind::Continuation if self.nested && !is_block_line(clean) => {
                refuse("a line of a nested block has no \"=\"")
            }
            Kind::Continuation => Ok(()),
            Kind::Stray if clean.starts_with('[') => refuse("the header of the section has no end"),
            Kind::Stray if self.sections.is_empty() => {
                refuse("a setting stands before the first [section]")
            }
            Kind::Stray => refuse("it is neither a comment, a [section] nor KEY = VALUE"),
        }
    }

    fn header(&mut self, clean: &'a str) -> Verdict {
        let name = lines::header_text(clean).unwrap_or_default();
        self.keys.clear();
        if name == "DEFAULT" {
            return refuse("AWS CLI takes [DEFAULT] as values for every profile");
        }
        if self.sections.insert(name) {
            return Ok(());
        }
        refuse("the section stands in the file twice")
    }

    fn option(&mut self, clean: &'a str) -> Verdict {
        let (key, value) = lines::option(clean).unwrap_or_default();
        self.nested = value.is_empty();
        if self.keys.insert(key) {
            return Ok(());
        }
        refuse("the key stands in its section twice")
    }

    fn rust(&mut self, text: &str) -> Verdict {
        if is_blank(text) || text.starts_with(['#', ';']) {
            return Ok(());
        }
        self.rust = if text.starts_with('[') {
            rust_header(text)?
        } else if text.starts_with([' ', '\t']) {
            self.rust.continued(text)?
        } else {
            let empty = rust_property(text)?.is_empty();
            if empty {
                RustState::InBlock
            } else {
                RustState::InValue
            }
        };
        Ok(())
    }
}

impl RustState {
    fn continued(self, text: &str) -> Result<RustState, String> {
        match self {
            RustState::Starting | RustState::AfterHeader => {
                refuse("it is indented and stands right below the header")
            }
            RustState::InValue => Ok(self),
            RustState::InBlock => rust_property(text).map(|_| self),
        }
    }
}

/// botocore cuts nested blocks at every line break that Unicode knows.
fn is_block_line(clean: &str) -> bool {
    let breaks = |c| matches!(c, '\u{b}'..='\u{d}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut lines = clean.split(breaks);
    lines.all(|line| line.contains('=') || lines::trim(line).is_empty())
}

fn rust_header(text: &str) -> Result<RustState, String> {
    let bare = text.split(['#', ';']).next().unwrap_or(text);
    match bare.trim_end_matches([' ', '\t']).ends_with(']') {
        true => Ok(RustState::AfterHeader),
        false => refuse("the header of the section has no end"),
    }
}

/// The value of `KEY = VALUE` as the Rust SDK reads it, without a comment behind it.
pub(super) fn rust_property(text: &str) -> Result<&str, String> {
    match without_comment(text).split_once('=') {
        None => refuse("it has no \"=\""),
        Some((key, _)) if is_blank(key) => refuse("it has no key"),
        Some((_, value)) => Ok(value.trim_matches([' ', '\t'])),
    }
}

fn without_comment(text: &str) -> &str {
    let text = text.trim_matches([' ', '\t']);
    if !text.bytes().any(|b| matches!(b, b'#' | b';')) {
        return text;
    }
    let mut after_blank = false;
    for (at, c) in text.char_indices() {
        if after_blank && matches!(c, '#' | ';') {
            return text[..at].trim_end_matches([' ', '\t']);
        }
        after_blank = c.is_whitespace();
    }
    text
}

fn is_blank(text: &str) -> bool {
    text.trim_matches([' ', '\t']).is_empty()
}

fn refuse<T>(reason: &str) -> Result<T, String> {
    Err(reason.to_owned())
}
