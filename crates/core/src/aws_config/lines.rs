//! What kind each line of a config file is, decided as Python's `configparser` decides it:
//! it is the strictest about what a section is, and the AWS CLI and boto3 stand on it.
//! Files of thousands of profiles go through here: plain ASCII, as nearly all lines are, is told first.

use std::borrow::Cow;

/// The kind of a line, in the light of those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Blank,
    Comment,
    Header,
    Option,
    /// Indented deeper than the option above: part of its value.
    Continuation,
    /// None of these: an error in botocore.
    Stray,
}

/// Goes through the lines in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Reader {
    in_section: bool,
    in_option: bool,
    indent: usize,
}

impl Reader {
    pub(super) fn kind(&mut self, text: &str) -> Kind {
        let clean = trim(text);
        if clean.is_empty() {
            return Kind::Blank;
        }
        if clean.starts_with(['#', ';']) {
            return Kind::Comment;
        }
        let indent = match starts_plain(text) {
            true => 0,
            false => text.chars().take_while(|c| is_space(*c)).count(),
        };
        if self.in_option && indent > self.indent {
            return Kind::Continuation;
        }
        self.indent = indent;
        self.unindented(clean)
    }

    fn unindented(&mut self, clean: &str) -> Kind {
        if header_text(clean).is_some() {
            self.in_section = true;
            self.in_option = false;
            return Kind::Header;
        }
        match option(clean) {
            Some((key, _)) if self.in_section => {
                self.in_option = !key.is_empty();
                if self.in_option {
                    Kind::Option
                } else {
                    Kind::Stray
                }
            }
            _ => Kind::Stray,
        }
    }
}

/// What stands in the brackets: up to the last one, as current Pythons read it.
pub(super) fn header_text(clean: &str) -> Option<&str> {
    let inner = clean.strip_prefix('[')?;
    let end = inner.rfind(']')?;
    (end > 0).then(|| &inner[..end])
}

/// Key, in lower case, and value of a line with `=` or `:`.
pub(super) fn option(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let at = text.bytes().position(|b| matches!(b, b'=' | b':'))?;
    Some((lower(trim(&text[..at])), trim(&text[at + 1..])))
}

fn lower(text: &str) -> Cow<'_, str> {
    let is_lower = |b: u8| b.is_ascii() && !b.is_ascii_uppercase();
    match text.bytes().all(is_lower) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.to_lowercase()),
    }
}

/// Whitespace as Python's `str.strip` sees it.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

pub(super) fn trim(text: &str) -> &str {
    let text = text.trim_ascii();
    match starts_plain(text) && ends_plain(text) {
        true => text,
        false => text.trim_matches(is_space),
    }
}

fn starts_plain(text: &str) -> bool {
    text.bytes().next().is_some_and(|b| b.is_ascii_graphic())
}

fn ends_plain(text: &str) -> bool {
    text.bytes()
        .next_back()
        .is_some_and(|b| b.is_ascii_graphic())
}

pub(super) fn trim_end(text: &str) -> &str {
    text.trim_end_matches(is_space)
}

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum About {
    Profile,
    Session,
    Other,
}

/// A header, read as tolerantly as the most tolerant SDK does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) about: About,
    pub(super) name: Cow<'a, str>,
    /// Written so that every SDK reads it alike.
    pub(super) plain: bool,
}

impl<'a> Header<'a> {
    pub(super) fn parse(line: &'a str) -> Header<'a> {
        let clean = trim(line);
        let inner = clean.strip_prefix('[').unwrap_or(clean);
        let inner = trim(inner.split(']').next().unwrap_or(inner));
        let (about, name) = match split_at_blank(inner) {
            None if inner == "default" => (About::Profile, inner),
            // botocore looks only at how the first word begins.
            Some((kind, name)) if kind.starts_with("profile") => (About::Profile, trim(name)),
            Some((kind, name)) if kind.starts_with("sso-session") => (About::Session, trim(name)),
            _ => (About::Other, inner),
        };
        let plain = is_plain(line, about, name);
        let name = match about {
            About::Profile | About::Session if !is_name(name) => Cow::Owned(unquoted(name)),
            About::Profile | About::Session | About::Other => Cow::Borrowed(name),
        };
        Header { about, name, plain }
    }
}

impl Header<'_> {
    /// The only form in which Daypass writes a header.
    pub(super) fn text(about: About, name: &str) -> String {
        match about {
            About::Profile if name == "default" => "[default]".to_owned(),
            About::Profile => format!("[profile {name}]"),
            About::Session => format!("[sso-session {name}]"),
            About::Other => format!("[{name}]"),
        }
    }
}

/// Behind the header only a comment may stand, and a blank before that.
fn is_plain(line: &str, about: About, name: &str) -> bool {
    let Some(rest) = behind(line, about, name) else {
        return false;
    };
    let comment = rest.trim_start_matches([' ', '\t']);
    let apart = comment.len() < rest.len() && comment.starts_with(['#', ';']);
    is_name(name) && !rest.contains(']') && (comment.is_empty() || apart)
}

fn split_at_blank(text: &str) -> Option<(&str, &str)> {
    let unusual = text.bytes().position(|b| !b.is_ascii_graphic())?;
    match text.as_bytes()[unusual] {
        b' ' => Some((&text[..unusual], &text[unusual + 1..])),
        _ => text.split_once(is_space),
    }
}

/// What follows the header in the only form in which Daypass writes it.
fn behind<'a>(line: &'a str, about: About, name: &str) -> Option<&'a str> {
    let inner = line.strip_prefix('[')?;
    let inner = match about {
        About::Profile if name == "default" => inner,
        About::Profile => inner.strip_prefix("profile ")?,
        About::Session => inner.strip_prefix("sso-session ")?,
        About::Other => inner,
    };
    inner.strip_prefix(name)?.strip_prefix(']')
}

/// The characters that every SDK takes in the name of a profile.
pub(super) fn is_name(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"_.@/+-".contains(&b);
    !text.is_empty() && text.bytes().all(fits)
}

/// The name as Python's `shlex` takes it, which botocore asks; as it stands where that finds no single word.
fn unquoted(text: &str) -> String {
    let mut word = String::new();
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '\\') => word.extend(chars.next()),
            (Some('"'), '\\') => match chars.next() {
                Some(next @ ('"' | '\\')) => word.push(next),
                next => word.extend(std::iter::once('\\').chain(next)),
            },
            (None, _) if is_space(c) => return text.to_owned(),
            _ => word.push(c),
        }
    }
    match quote {
        Some(_) => text.to_owned(),
        None => word,
    }
}
