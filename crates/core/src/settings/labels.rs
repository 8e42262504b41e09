//! Labels and rules, the part of the choices that says how rows look and which ones are guarded:
//! what they may be. How they stand in the file is the matter of `file`.

#[cfg(test)]
mod tests;

mod entry;
pub(in crate::settings) mod file;

use std::str::FromStr;

use super::{Opening, ProfileKeys};
use crate::{Code, Error, Result};

pub(crate) use entry::{Entry, Reader};
pub(super) use file::read_with;
pub(crate) use file::{label_keys, read, rule_keys};
pub(super) use file::{rename_session, write};

/// A label's word has no more characters than this.
pub const WORD: usize = 24;
/// A name pattern, or an alias, has no more characters than this.
pub const TEXT: usize = 128;
/// There are no more rules than this.
pub const RULES: usize = 500;
/// The word that stands for no label, against a rule that gives one.
pub const NONE: &str = "none";

/// The shape that leads a label: told apart without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// A full square.
    Square,
    /// A diamond, half full.
    Diamond,
    /// A ring.
    Ring,
    /// A dashed triangle.
    Triangle,
    /// A bar.
    Bar,
    /// A ring with a dot.
    RingDot,
}

impl Shape {
    /// All of them.
    pub const ALL: [Shape; 6] = [
        Shape::Square,
        Shape::Diamond,
        Shape::Ring,
        Shape::Triangle,
        Shape::Bar,
        Shape::RingDot,
    ];

    /// As users write it.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Square => "square",
            Shape::Diamond => "diamond",
            Shape::Ring => "ring",
            Shape::Triangle => "triangle",
            Shape::Bar => "bar",
            Shape::RingDot => "ring-dot",
        }
    }
}

impl FromStr for Shape {
    type Err = Error;

    fn from_str(text: &str) -> Result<Shape> {
        let found = Shape::ALL.into_iter().find(|it| it.name() == text);
        found.ok_or_else(|| not_one_of("shape", text, &Shape::ALL.map(Shape::name)))
    }
}

/// The colour of a label's shape and word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    /// Red.
    Red,
    /// Amber.
    Amber,
    /// Green.
    Green,
    /// Violet.
    Violet,
    /// Blue.
    Blue,
    /// Grey.
    Grey,
}

impl Colour {
    /// All of them.
    pub const ALL: [Colour; 6] = [
        Colour::Red,
        Colour::Amber,
        Colour::Green,
        Colour::Violet,
        Colour::Blue,
        Colour::Grey,
    ];

    /// As users write it.
    pub fn name(self) -> &'static str {
        match self {
            Colour::Red => "red",
            Colour::Amber => "amber",
            Colour::Green => "green",
            Colour::Violet => "violet",
            Colour::Blue => "blue",
            Colour::Grey => "grey",
        }
    }
}

impl FromStr for Colour {
    type Err = Error;

    fn from_str(text: &str) -> Result<Colour> {
        let found = Colour::ALL.into_iter().find(|it| it.name() == text);
        found.ok_or_else(|| not_one_of("colour", text, &Colour::ALL.map(Colour::name)))
    }
}

/// A label: a word, and how it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// At most 24 letters, digits, `-`, `_` and `.`.
    pub word: String,
    /// No other label has it.
    pub shape: Shape,
    /// Several labels may have it.
    pub colour: Colour,
    /// Whether what carries it asks before it is opened, where nothing else decides.
    pub protected: bool,
    /// How consoles of what carries it open, where nothing else decides.
    pub opens: Opening,
}

impl Label {
    fn new(word: &str, shape: Shape, colour: Colour, protected: bool) -> Label {
        Label {
            word: word.to_owned(),
            shape,
            colour,
            protected,
            opens: Opening::default(),
        }
    }

    /// Whether it is one that is always there, as it came or redefined.
    pub fn is_built_in(&self) -> bool {
        Label::built_in()
            .iter()
            .any(|it| is_same(&it.word, &self.word))
    }

    /// The labels that are always there, unless redefined.
    pub fn built_in() -> [Label; 4] {
        [
            Label::new("prod", Shape::Square, Colour::Red, true),
            Label::new("staging", Shape::Diamond, Colour::Amber, false),
            Label::new("dev", Shape::Ring, Colour::Green, false),
            Label::new("sandbox", Shape::Triangle, Colour::Violet, false),
        ]
    }
}

/// Gives a look to the rows that fit all its conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// The session's name.
    pub session: Option<String>,
    /// Twelve digits, or a pattern (`*`, `?`) that the account's name fits, whatever the case.
    pub account: Option<String>,
    /// A pattern that the permission set's name fits.
    pub role: Option<String>,
    /// The label that it gives; `none` takes one away.
    pub label: Option<String>,
    /// Whether the rows ask before they are opened.
    pub protected: Option<bool>,
    /// Whether the rows are left out of lists.
    pub hidden: Option<bool>,
    /// How their consoles open.
    pub opens: Opening,
    /// What their profiles say, where nobody says otherwise.
    pub profile: ProfileKeys,
}

impl Rule {
    /// Whether it can be kept.
    ///
    /// # Errors
    /// `Usage` with the reason.
    pub fn check(&self) -> Result<()> {
        let looks = self.label.is_some() || self.protected.is_some() || self.hidden.is_some();
        if !looks && self.opens.is_silent() && self.profile.is_silent() {
            let message = "a rule gives a label, a browser or a Region, protects or hides";
            return Err(Error::new(Code::Usage, message).with_hint(
                "add `label`, `protected`, `hidden`, `browser`, `console_via`, `region` or `output` to it",
            ));
        }
        self.profile.check()?;
        let conditions = [
            ("session", &self.session),
            ("account", &self.account),
            ("role", &self.role),
        ];
        for (what, text) in conditions {
            if let Some(text) = text {
                check_text(&format!("the {what} of a rule"), text)?;
            }
        }
        self.label.as_deref().map_or(Ok(()), check_given)
    }
}

/// All labels that there are: the built-in ones, redefined or not, then the user's own.
pub fn all(own: &[Label]) -> Vec<Label> {
    let of = |word: &str| own.iter().find(|it| is_same(&it.word, word));
    let built_in = Label::built_in();
    let mut all: Vec<Label> = built_in
        .iter()
        .map(|label| of(&label.word).unwrap_or(label).clone())
        .collect();
    let new = |label: &&Label| !built_in.iter().any(|it| is_same(&it.word, &label.word));
    all.extend(own.iter().filter(new).cloned());
    all
}

/// Whether two words are one label's.
pub fn is_same(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

/// What does not fit, for whoever knows on which line it stands.
enum Where {
    Label(usize),
    Rule(usize),
    Nowhere,
}

/// Whether these labels and rules fit together.
///
/// # Errors
/// `Usage`: a word or shape that two labels have, a rule that gives a label which does not exist,
/// too many rules.
pub fn check_all(own: &[Label], rules: &[Rule]) -> Result<()> {
    fault(own, &[], rules).map_or(Ok(()), |(_, error)| Err(error))
}

/// Rules may also give labels that stand elsewhere.
fn fault(own: &[Label], given: &[Label], rules: &[Rule]) -> Option<(Where, Error)> {
    for (index, label) in own.iter().enumerate() {
        let twice = || own[..index].iter().any(|it| is_same(&it.word, &label.word));
        if let Err(error) = check_word(&label.word) {
            return Some((Where::Label(index), error));
        }
        if twice() {
            return Some((Where::Label(index), defined_twice(label)));
        }
    }
    let all = all(own);
    for (index, label) in own.iter().enumerate() {
        let same = |it: &&Label| it.shape == label.shape && !is_same(&it.word, &label.word);
        if let Some(other) = all.iter().find(same) {
            return Some((Where::Label(index), same_shape(label, other)));
        }
    }
    if let Err(error) = check_number(rules.len()) {
        return Some((Where::Nowhere, error));
    }
    let all: Vec<Label> = all.into_iter().chain(given.iter().cloned()).collect();
    let fault = |(index, rule): (usize, &Rule)| {
        let checked = rule.check().and_then(|()| check_known(&all, rule));
        checked.err().map(|error| (Where::Rule(index), error))
    };
    rules.iter().enumerate().find_map(fault)
}

fn defined_twice(label: &Label) -> Error {
    let message = format!("the label `{}` is defined twice", label.word);
    Error::new(Code::Usage, message).with_hint("keep one of them")
}

fn same_shape(label: &Label, other: &Label) -> Error {
    let message = format!(
        "the label `{}` has the shape of `{}`, {}",
        label.word,
        other.word,
        label.shape.name()
    );
    Error::new(Code::Usage, message)
        .with_hint("choose another of: square, diamond, ring, triangle, bar, ring-dot")
}

fn check_number(rules: usize) -> Result<()> {
    if rules <= RULES {
        return Ok(());
    }
    let message = format!("there are {rules} rules, and at most {RULES} are allowed");
    Err(Error::new(Code::Usage, message)
        .with_hint("let one pattern with `*` stand for several names"))
}

fn check_known(all: &[Label], rule: &Rule) -> Result<()> {
    match &rule.label {
        Some(word) if word != NONE && !all.iter().any(|it| is_same(&it.word, word)) => {
            Err(unknown_label(word))
        }
        _ => Ok(()),
    }
}

/// There is no such label.
pub fn unknown_label(word: &str) -> Error {
    let shown = on_one_line(word, TEXT);
    Error::new(Code::Usage, format!("there is no label `{shown}`"))
        .with_hint("see `daypass label list`, or define one with `daypass label define`")
}

/// Whether a label may have this word.
///
/// # Errors
/// `Usage` with the rule.
pub fn check_word(word: &str) -> Result<()> {
    let length = word.chars().count();
    let fits = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.');
    if length == 0 || length > WORD || !word.chars().all(fits) || is_same(word, NONE) {
        let message = format!(
            "the word of a label has 1 to {WORD} letters, digits, `-`, `_` or `.`, and is not `{NONE}`"
        );
        return Err(Error::new(Code::Usage, message).with_hint("choose a word such as `customer`"));
    }
    Ok(())
}

/// Whether a label may be given by this word: one's own, or `none`.
///
/// # Errors
/// `Usage` with the rule.
pub fn check_given(word: &str) -> Result<()> {
    match word {
        NONE => Ok(()),
        word => check_word(word),
    }
}

/// Whether a text is one line of a fair length, without characters that hide or turn others round.
///
/// # Errors
/// `Usage` with the rule; `what` begins the sentence.
pub fn check_text(what: &str, text: &str) -> Result<()> {
    let usage = |message: String| Err(Error::new(Code::Usage, message));
    if text.trim().is_empty() {
        return usage(format!("{what} is empty"));
    }
    if text.chars().take(TEXT + 1).count() > TEXT {
        return usage(format!("{what} is longer than {TEXT} characters"));
    }
    match text.chars().find(|it| is_treacherous(*it)) {
        Some(it) => usage(format!(
            "{what} holds the character U+{:04X}, which would not be shown as it is",
            u32::from(it)
        )),
        None => Ok(()),
    }
}

/// Whether a text is one line that is shown as it is, and not longer than so many characters.
pub(super) fn check_line(text: &str, longest: usize) -> bool {
    let length = text.chars().take(longest + 1).count();
    (1..=longest).contains(&length) && !text.chars().any(is_treacherous)
}

/// Whether a permission set can have this name, as the service allows it.
///
/// # Errors
/// `Usage` with the rule.
pub fn check_role(role: &str) -> Result<()> {
    let fits = |it: char| it.is_ascii_alphanumeric() || "+=,.@-_".contains(it);
    if role.is_empty() || role.len() > 64 || !role.chars().all(fits) {
        let message = "a permission set has 1 to 64 of: letters, digits, and `+=,.@-_`";
        return Err(Error::new(Code::Usage, message));
    }
    Ok(())
}

/// A text of another, cut short, with what would not be shown as it is written out.
pub(crate) fn on_one_line(text: &str, longest: usize) -> String {
    let shown = text
        .chars()
        .take(longest)
        .map(|it| match is_treacherous(it) {
            true => it.escape_unicode().to_string(),
            false => it.to_string(),
        });
    shown.collect()
}

/// What moves the cursor, breaks the line, or changes the direction of what follows.
fn is_treacherous(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn not_one_of(what: &str, text: &str, names: &[&str]) -> Error {
    let shown = on_one_line(text, TEXT);
    Error::new(Code::Usage, format!("`{shown}` is no {what} of a label"))
        .with_hint(format!("choose one of: {}", names.join(", ")))
}
