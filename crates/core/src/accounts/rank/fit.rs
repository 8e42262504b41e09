//! How one word fits one text, and where. Exact before prefix before word start before what forgives
//! slips.

#[cfg(test)]
mod tests;

use super::text::{Letter, Text, mask};

/// A word of a query.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) chars: Vec<char>,
    pub(super) mask: u64,
    pub(super) digits: bool,
}

impl Word {
    pub(super) fn new(chars: Vec<char>) -> Word {
        Word {
            mask: mask(&chars),
            digits: chars.iter().all(char::is_ascii_digit),
            chars,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }
}

/// How well a word fits; better ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The whole text.
    Exact,
    /// The first word of it.
    FirstWord,
    /// The beginning.
    Prefix,
    /// A later word.
    Word,
    /// The beginning of a later word.
    WordStart,
    /// The beginnings of all its words: `pp` or `payprod` for payments-production.
    Spelled,
    /// Those of its first words: `ro` for ReadOnlyAccess.
    Leading,
    /// Those of neighbouring words.
    Pieces,
    /// A stretch within.
    Within,
    /// The beginning of a word, but for one slip.
    Slip,
    /// Its characters in order, with few gaps.
    Scattered,
    /// The beginning of a word, but for two slips.
    Slips,
}

/// What is special about a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words.
    Words,
    /// Twelve digits.
    Id,
    /// An address: no initials, no slips.
    Address,
}

/// How the word stands in the text as it is, and where.
pub(super) fn strict(word: &Word, text: &Text, kind: Kind) -> Option<(Fit, usize)> {
    let (letters, length) = (text.letters(), word.len());
    if length == 0 || length > letters.len() || word.mask & text.mask != word.mask {
        return None;
    }
    let last = letters.len() - length;
    if stands_at(word, letters, 0) {
        let fit = match last {
            0 => Fit::Exact,
            _ if kind == Kind::Words && text.ends_word(length) => Fit::FirstWord,
            _ => Fit::Prefix,
        };
        return Some((fit, 0));
    }
    if kind == Kind::Id {
        // Digits in the middle of an id are noise, but the last group is how people tell them apart.
        let tail = word.digits && length >= 4 && stands_at(word, letters, last);
        return tail.then_some((Fit::Within, last));
    }
    let (mut start, mut within) = (None, None);
    for at in (1..=last).filter(|at| stands_at(word, letters, *at)) {
        within = within.or(Some(at));
        if letters[at].starts() {
            if text.ends_word(at + length) {
                return Some((Fit::Word, at));
            }
            start = start.or(Some(at));
        }
    }
    if let Some(at) = start {
        return Some((Fit::WordStart, at));
    }
    if let Some(pieces) = pieces(word, text).filter(|_| kind == Kind::Words) {
        return Some((how_spelled(&pieces, text), 0));
    }
    within.filter(|_| length >= 2).map(|at| (Fit::Within, at))
}

/// How the word fits the text where slips are forgiven.
pub(super) fn forgiving(word: &Word, text: &Text) -> Option<Fit> {
    if word.digits {
        return None;
    }
    match slips(word, text) {
        Some((1, _)) => Some(Fit::Slip),
        _ if scattered_at(word, text).is_some() => Some(Fit::Scattered),
        Some(_) => Some(Fit::Slips),
        None => None,
    }
}

/// The stretches of letters that make the fit.
pub(super) fn stretches(word: &Word, text: &Text, fit: Fit, at: usize) -> Vec<(usize, usize)> {
    match fit {
        Fit::Spelled | Fit::Leading | Fit::Pieces => pieces(word, text).unwrap_or_default(),
        Fit::Scattered => scattered(word, text).unwrap_or_default(),
        Fit::Slip | Fit::Slips => slips(word, text).map(|(_, it)| it).into_iter().collect(),
        Fit::Exact | Fit::FirstWord | Fit::Prefix | Fit::Word | Fit::WordStart | Fit::Within => {
            vec![(at, at + word.len())]
        }
    }
}

fn stands_at(word: &Word, letters: &[Letter], at: usize) -> bool {
    let here = &letters[at..at + word.len()];
    here.iter()
        .zip(&word.chars)
        .all(|(letter, it)| letter.is(*it))
}

fn how_spelled(pieces: &[(usize, usize)], text: &Text) -> Fit {
    let last = pieces.last().map_or(0, |it| it.1);
    let more = text.letters()[last..].iter().any(|it| it.starts());
    match pieces.first() {
        Some((0, _)) if !more => Fit::Spelled,
        Some((0, _)) => Fit::Leading,
        _ => Fit::Pieces,
    }
}

/// Beginnings of neighbouring words that spell the word together, as stretches.
fn pieces(word: &Word, text: &Text) -> Option<Vec<(usize, usize)>> {
    let (letters, length) = (text.letters(), word.len());
    if !(2..64).contains(&length) || word.digits {
        return None;
    }
    let starts: Vec<usize> = (0..letters.len())
        .filter(|at| letters[*at].starts())
        .collect();
    // Bit n: the first n characters are spelled by words that end right before this one.
    let mut spelled = vec![0_u64; starts.len() + 1];
    for (index, start) in starts.iter().copied().enumerate() {
        let from = spelled[index] | 1;
        for at in (0..length).filter(|at| from & (1 << at) != 0) {
            for run in 1..=run(word, letters, start, at) {
                spelled[index + 1] |= 1 << (at + run);
            }
        }
        if spelled[index + 1] & (1 << length) != 0 {
            return Some(trace(word, letters, &starts[..=index], &spelled));
        }
    }
    None
}

/// How many characters of the word from `at` on are the beginning of the word of the text at `start`.
fn run(word: &Word, letters: &[Letter], start: usize, at: usize) -> usize {
    let goes_on = |(index, letter): &(usize, &Letter)| *index == 0 || !letter.starts();
    let same = letters[start..].iter().enumerate().take_while(goes_on);
    let same = same.zip(&word.chars[at..]);
    same.take_while(|((_, letter), it)| letter.is(**it)).count()
}

/// Backwards from the word that completes it.
fn trace(
    word: &Word,
    letters: &[Letter],
    starts: &[usize],
    spelled: &[u64],
) -> Vec<(usize, usize)> {
    let (mut pieces, mut end) = (Vec::new(), word.len());
    for (index, start) in starts.iter().copied().enumerate().rev() {
        let from = spelled[index] | 1;
        let fits = |at: &usize| from & (1 << at) != 0 && run(word, letters, start, *at) >= end - at;
        let Some(at) = (0..end).find(fits) else {
            break;
        };
        pieces.push((start, start + end - at));
        end = at;
        if end == 0 {
            break;
        }
    }
    pieces.reverse();
    pieces
}

/// Its characters in order from the beginning of a word: each right behind the one before, further on
/// in the same word, or at the beginning of a later one. Left-out vowels are how people abbreviate.
fn scattered(word: &Word, text: &Text) -> Option<Vec<(usize, usize)>> {
    let letters = text.letters();
    let start = scattered_at(word, text)?;
    let (mut found, mut at) = (vec![(start, start + 1)], start + 1);
    for wanted in &word.chars[1..] {
        let (next, _) = next_of(*wanted, letters, at)?;
        match found.last_mut() {
            Some(last) if last.1 == next => last.1 += 1,
            _ => found.push((next, next + 1)),
        }
        at = next + 1;
    }
    Some(found)
}

/// Where that begins.
fn scattered_at(word: &Word, text: &Text) -> Option<usize> {
    let letters = text.letters();
    if word.len() < 3 || word.mask & text.mask != word.mask {
        return None;
    }
    (0..letters.len()).find(|start| {
        letters[*start].starts()
            && letters[*start].is(word.chars[0])
            && gaps(word, letters, *start).is_some_and(|gaps| gaps <= word.len() / 2)
    })
}

fn gaps(word: &Word, letters: &[Letter], start: usize) -> Option<usize> {
    let (mut gaps, mut at) = (0, start + 1);
    for wanted in &word.chars[1..] {
        let (next, gap) = next_of(*wanted, letters, at)?;
        gaps += usize::from(gap);
        at = next + 1;
    }
    Some(gaps)
}

/// The next place of a character, and whether it is a gap that counts.
fn next_of(wanted: char, letters: &[Letter], from: usize) -> Option<(usize, bool)> {
    let is_vowel = |it: &Letter| matches!(it.char(), 'a' | 'e' | 'i' | 'o' | 'u');
    let mut same_word = true;
    for at in from..letters.len() {
        let here = letters[at];
        same_word &= here.in_word() && !here.starts();
        if here.is(wanted) && (same_word || here.starts()) {
            let gap = same_word && !letters[from..at].iter().all(is_vowel);
            return Some((at, gap));
        }
    }
    None
}

/// The fewest slips by which the word is the beginning of a word of the text, and where that stands:
/// one in four characters, two in eight. A slip is a wrong, a missing, a further character, or two
/// that changed places; digits are not mistaken.
fn slips(word: &Word, text: &Text) -> Option<(usize, (usize, usize))> {
    let allowed = match word.len() {
        4..8 => 1,
        8..=LONGEST => 2,
        _ => return None,
    };
    if (word.mask & !text.mask).count_ones() as usize > allowed {
        return None;
    }
    let letters = text.letters();
    let mut best: Option<(usize, (usize, usize))> = None;
    for start in (0..letters.len()).filter(|at| letters[*at].starts()) {
        let here = &letters[start..letters.len().min(start + word.len() + allowed)];
        if !begins_alike(word, here) {
            continue;
        }
        let (slips, length) = distance(word, here);
        if slips <= allowed && best.is_none_or(|(least, _)| slips < least) {
            best = Some((slips, (start, start + length)));
        }
    }
    best
}

/// People seldom miss the first character, unless they swap it with the second.
fn begins_alike(word: &Word, letters: &[Letter]) -> bool {
    let is = |at: usize, it: char| letters.get(at).is_some_and(|letter| letter.is(it));
    is(0, word.chars[0]) || is(1, word.chars[0]) || is(0, word.chars[1])
}

/// No word that slips are forgiven in is longer; the letters are as many, and two more.
const LONGEST: usize = 24;
/// As good as no fit.
const FAR: u8 = 99;

/// The fewest slips between the word and a beginning of the letters, and how long that is.
fn distance(word: &Word, letters: &[Letter]) -> (usize, usize) {
    let width = letters.len().min(LONGEST + 2);
    // Three lines of the table: that of this character, and of the two before it.
    let mut lines = [[0_u8; LONGEST + 3]; 3];
    for at in 0..width {
        lines[0][at + 1] = lines[0][at] + cost(letters[at].char());
    }
    for (row, typed) in word.chars.iter().copied().enumerate() {
        let [before, line, earlier] = rotated(&mut lines, row);
        line[0] = before[0] + cost(typed);
        for at in 0..width {
            let meant = letters[at].char();
            let wrong = if typed == meant {
                0
            } else {
                cost(typed).max(cost(meant))
            };
            let mut least = (before[at] + wrong)
                .min(before[at + 1] + cost(typed))
                .min(line[at] + cost(meant));
            let swapped = row > 0 && at > 0 && letters[at - 1].is(typed);
            if swapped && word.chars[row - 1] == meant {
                least = least.min(earlier[at - 1] + cost(typed).max(cost(meant)));
            }
            line[at + 1] = least.min(FAR);
        }
    }
    let last = &lines[word.len() % 3];
    let best = (0..=width).min_by_key(|at| (last[*at], at.abs_diff(word.len())));
    best.map_or((usize::from(FAR), 0), |at| (usize::from(last[at]), at))
}

/// The line before, the line of this row, and the one before both.
fn rotated<T>(lines: &mut [T; 3], row: usize) -> [&mut T; 3] {
    let [first, second, third] = lines;
    match row % 3 {
        0 => [first, second, third],
        1 => [second, third, first],
        _ => [third, first, second],
    }
}

/// Digits are not mistaken for others.
fn cost(letter: char) -> u8 {
    if letter.is_ascii_digit() { 9 } else { 1 }
}
