//! Texts as the search sees them: one case, no accents, one separator, and where words begin.
//! Prepared once for each list, not once for each keystroke.

use nucleo_matcher::chars;

/// Of a longer text only so much is searched.
const LONGEST: usize = 512;
/// What separates words, whatever stands there.
const SEPARATOR: char = '-';

const CHAR: u32 = 0x001f_ffff;
const STARTS: u32 = 1 << 31;
const IN_WORD: u32 = 1 << 30;

/// One folded character, and whether a word begins with it or goes on with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letter(u32);

impl Letter {
    pub(super) fn is(self, other: char) -> bool {
        self.0 & CHAR == u32::from(other)
    }

    pub(super) fn starts(self) -> bool {
        self.0 & STARTS != 0
    }

    pub(super) fn in_word(self) -> bool {
        self.0 & IN_WORD != 0
    }

    pub(super) fn char(self) -> char {
        char::from_u32(self.0 & CHAR).unwrap_or(SEPARATOR)
    }
}

/// A text to be searched.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    letters: Box<[Letter]>,
    /// Which characters occur, roughly: what is not in here is nowhere in the text.
    pub(super) mask: u64,
    /// The place of each letter in the text as it came, where the two differ.
    origin: Option<Box<[u32]>>,
}

impl Text {
    pub(super) fn new(text: &str) -> Text {
        let chars: Vec<char> = text.chars().take(LONGEST).collect();
        let (mut letters, mut origin) = (Vec::with_capacity(chars.len()), Vec::new());
        let mut zeros = false;
        for (at, here) in chars.iter().copied().enumerate() {
            if is_combining(here) {
                continue;
            }
            let before = at.checked_sub(1).map(|it| chars[it]);
            let mut starts = begins(before, here, chars.get(at + 1).copied());
            // `042` is also found as `42`.
            starts |= zeros && here.is_numeric();
            zeros = here == '0' && starts;
            let in_word = if here.is_alphanumeric() { IN_WORD } else { 0 };
            let starts = if starts { STARTS } else { 0 };
            letters.push(Letter(u32::from(fold(here)) | in_word | starts));
            origin.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        let differs = letters.len() != chars.len();
        Text {
            mask: letters.iter().fold(0, |mask, it| mask | bit(it.char())),
            letters: letters.into(),
            origin: differs.then(|| origin.into()),
        }
    }

    pub(super) fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// A stretch of letters as one of characters of the text as it came.
    pub(super) fn as_it_came(&self, start: usize, end: usize) -> (usize, usize) {
        match &self.origin {
            None => (start, end),
            Some(origin) => {
                let at = |it: usize| origin.get(it).map_or(start, |it| *it as usize);
                (at(start), at(end.saturating_sub(1)) + 1)
            }
        }
    }

    /// Whether the word `from..to` is a whole one: it begins and ends where words do.
    pub(super) fn ends_word(&self, at: usize) -> bool {
        self.letters
            .get(at)
            .is_none_or(|it| it.starts() || !it.in_word())
    }

    /// The words, as stretches.
    pub(super) fn words(&self) -> impl Iterator<Item = &[Letter]> {
        let starts = (0..self.letters.len()).filter(|at| {
            let here = self.letters[*at];
            // The second beginning, after zeros, is none of its own.
            let after_zero = *at > 0 && self.letters[at - 1].is('0') && here.char().is_numeric();
            here.starts() && here.in_word() && !after_zero
        });
        starts.map(|start| {
            let rest = &self.letters[start..];
            let numeric = rest[0].char().is_numeric();
            let goes_on =
                |it: &Letter| it.in_word() && (!it.starts() || numeric && it.char().is_numeric());
            let length = 1 + rest[1..].iter().take_while(|it| goes_on(it)).count();
            &rest[..length]
        })
    }
}

/// The characters of a word of a query, or of a whole query.
pub(super) fn folded(text: &str) -> Vec<char> {
    let chars = text.chars().filter(|it| !is_combining(*it));
    chars.map(fold).take(LONGEST).collect()
}

pub(super) fn mask(chars: &[char]) -> u64 {
    chars.iter().fold(0, |mask, it| mask | bit(*it))
}

fn bit(letter: char) -> u64 {
    match letter {
        'a'..='z' => 1 << (u32::from(letter) - u32::from('a')),
        '0'..='9' => 1 << (26 + u32::from(letter) - u32::from('0')),
        other => 1 << (36 + u32::from(other) % 28),
    }
}

fn fold(letter: char) -> char {
    if letter.is_ascii_alphanumeric() {
        return letter.to_ascii_lowercase();
    }
    match letter {
        '-' | '_' | '.' | '/' | ':' | ' ' | '\u{a0}' | '\u{2010}'..='\u{2015}' => SEPARATOR,
        // Full-width forms, as input methods for Chinese and Japanese write them.
        '\u{ff01}'..='\u{ff5e}' => {
            let plain = char::from_u32(u32::from(letter) - 0xfee0);
            plain.map_or(letter, fold)
        }
        // Strokes, which are no accents to the tables.
        'ł' | 'Ł' => 'l',
        'đ' | 'Đ' => 'd',
        'ħ' | 'Ħ' => 'h',
        'ı' => 'i',
        other => chars::to_lower_case(chars::normalize(other)),
    }
}

fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}')
}

/// Whether a word begins here: behind a separator, at a capital letter, at a number, and with every
/// character of a script that writes no spaces.
fn begins(before: Option<char>, here: char, next: Option<char>) -> bool {
    let Some(before) = before else {
        return true;
    };
    if !here.is_alphanumeric() {
        return false;
    }
    let ends_acronym = || next.is_some_and(char::is_lowercase);
    !before.is_alphanumeric() && !is_combining(before)
        || is_unspaced(here)
        || is_unspaced(before)
        || here.is_numeric() != before.is_numeric()
        || here.is_uppercase() && (!before.is_uppercase() || ends_acronym())
}

fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let text = Text::new(text);
        let word = |it: &[Letter]| it.iter().map(|it| it.char()).collect();
        text.words().map(word).collect()
    }

    #[test]
    fn words_of_names() {
        for (text, expected) in [
            ("payments-production", &["payments", "production"][..]),
            ("PowerUserAccess", &["power", "user", "access"]),
            ("AWSReadOnlyAccess", &["aws", "read", "only", "access"]),
            ("team042 EU_1", &["team", "042", "eu", "1"]),
            ("Größe ÅÄÖ", &["große", "aao"]),
            ("東京 prod", &["東", "京", "prod"]),
            ("ＰＲＯＤ１", &["prod", "1"]),
            ("u\u{308}ber", &["uber"]),
            ("  ", &[]),
            ("", &[]),
        ] {
            let expected: Vec<String> = expected.iter().map(|it| it.replace('ß', "s")).collect();
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_text_as_it_came() {
        let text = Text::new("u\u{308}ber x");
        assert_eq!(text.as_it_came(0, 1), (0, 1));
        assert_eq!(text.as_it_came(1, 4), (2, 5));
        assert_eq!(Text::new("plain").as_it_came(1, 3), (1, 3));
        assert_eq!(Text::new(&"x".repeat(10_000)).letters().len(), LONGEST);
    }
}
