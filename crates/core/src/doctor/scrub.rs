//! Takes out of a text what nobody else should read: keys and tokens, addresses, ARNs, account ids, and the
//! names of the user, the machine and the portals. What it writes in their place it leaves alone.
//!
//! It knows nothing of where a text comes from, and looks at every byte once for each of its rounds.

mod shapes;
#[cfg(test)]
mod tests;

use sha2::{Digest, Sha256};

/// So many rounds are enough for what one replacement brings to light; each is the same.
const ROUNDS: usize = 16;
/// Shorter names stand in too many words.
const SHORTEST_NAME: usize = 2;

/// What stands in the place of an account id: the same for the same id, in one text.
const ACCOUNT: &str = "<account ";

/// What is known of this user beside the shapes of secrets.
#[derive(Clone, Debug, Default)]
pub struct Scrub {
    /// The home folder.
    home: String,
    /// Each word in lower case, with what stands in its place.
    words: Vec<(String, &'static str)>,
    /// Makes digests of account ids useless outside of one text.
    salt: Vec<u8>,
}

impl Scrub {
    /// For one text: `salt` is random.
    pub fn new(home: &str, salt: &[u8]) -> Scrub {
        Scrub {
            home: home.trim_end_matches(['/', '\\']).to_owned(),
            words: Vec::new(),
            salt: salt.to_vec(),
        }
    }

    /// Names of the user.
    #[must_use]
    pub fn users(self, names: &[String]) -> Scrub {
        self.with(names, "<user>")
    }

    /// Names of the machine.
    #[must_use]
    pub fn hosts(self, names: &[String]) -> Scrub {
        self.with(names, "<host>")
    }

    /// Hosts of access portals, which tell the organisation.
    #[must_use]
    pub fn portals(self, names: &[String]) -> Scrub {
        self.with(names, "<portal>")
    }

    fn with(mut self, names: &[String], place: &'static str) -> Scrub {
        let words = names.iter().filter(|it| it.len() >= SHORTEST_NAME);
        self.words
            .extend(words.map(|it| (it.to_ascii_lowercase(), place)));
        // The longer of two that begin alike is looked for first.
        self.words
            .sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        self
    }

    /// The text without all that. Done again it changes nothing.
    pub fn clean(&self, text: &str) -> String {
        let mut clean = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            self.line(line, &mut clean);
        }
        clean
    }

    fn line(&self, line: &str, clean: &mut String) {
        let mut now = self.round(line);
        for _ in 1..ROUNDS {
            let next = match &now {
                Some(changed) => self.round(changed),
                None => break,
            };
            if next.is_none() {
                break;
            }
            now = next;
        }
        clean.push_str(now.as_deref().unwrap_or(line));
    }

    /// The line with all that is found replaced, from left to right; `None` where there is nothing.
    fn round(&self, line: &str) -> Option<String> {
        let bytes = line.as_bytes();
        let (mut out, mut copied, mut at) = (None::<String>, 0, 0);
        while at < bytes.len() {
            let Some((length, place)) = self.found(line, at) else {
                at += 1;
                continue;
            };
            if let Some(place) = place {
                let out = out.get_or_insert_with(|| String::with_capacity(line.len()));
                out.push_str(&line[copied..at]);
                out.push_str(&place);
                copied = at + length;
            }
            at += length;
        }
        let mut out = out?;
        out.push_str(&line[copied..]);
        Some(out)
    }

    /// What stands here: how long it is, and what takes its place; `None` for a mark of ours, which stays.
    fn found(&self, line: &str, at: usize) -> Option<(usize, Option<String>)> {
        let bytes = line.as_bytes();
        if bytes[at] == b'<'
            && let Some(length) = shapes::mark(&line[at..], ACCOUNT)
        {
            return Some((length, None));
        }
        if let Some((length, place)) = shapes::secret(bytes, at) {
            return Some((length, Some(place.to_owned())));
        }
        if let Some((length, digits)) = shapes::account(bytes, at) {
            return Some((length, Some(self.account(&digits))));
        }
        self.home_here(line, at)
            .or_else(|| self.word_here(bytes, at))
    }

    fn account(&self, digits: &str) -> String {
        let digest = Sha256::new()
            .chain_update(&self.salt)
            .chain_update(digits)
            .finalize();
        format!("{ACCOUNT}{}>", &hex::encode(digest)[..8])
    }

    /// The user's own home, and anybody's where homes usually are.
    fn home_here(&self, line: &str, at: usize) -> Option<(usize, Option<String>)> {
        let rest = line.get(at..)?;
        if self.home.len() > 1 && rest.starts_with(&self.home) {
            let next = rest.as_bytes().get(self.home.len());
            if next.is_none_or(|it| !shapes::is_name(*it)) {
                return Some((self.home.len(), Some("~".into())));
            }
        }
        let length = shapes::home(rest)?;
        Some((length, Some("~".into())))
    }

    fn word_here(&self, bytes: &[u8], at: usize) -> Option<(usize, Option<String>)> {
        if at > 0 && shapes::is_name(bytes[at - 1]) {
            return None;
        }
        let first = bytes[at].to_ascii_lowercase();
        let here = |word: &str| {
            let end = at + word.len();
            word.as_bytes()[0] == first
                && bytes
                    .get(at..end)
                    .is_some_and(|it| it.eq_ignore_ascii_case(word.as_bytes()))
                && bytes.get(end).is_none_or(|it| !shapes::is_name(*it))
        };
        let (word, place) = self.words.iter().find(|(word, _)| here(word))?;
        Some((word.len(), Some((*place).to_owned())))
    }
}
