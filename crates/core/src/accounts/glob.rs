//! Patterns over names: `*` for any characters, `?` for one, whatever the case. Takes time in
//! proportion to pattern times name at worst, never more.

/// Of a longer name only so much is looked at: the service allows 50 characters.
const NAME: usize = 1_024;

/// A pattern, read once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob(Vec<char>);

impl Glob {
    /// Every text is a pattern.
    pub(super) fn new(pattern: &str) -> Glob {
        let mut chars: Vec<char> = lower(pattern).collect();
        chars.dedup_by(|a, b| *a == '*' && *b == '*');
        Glob(chars)
    }

    /// Whether the whole of a name fits, given as `lowered` makes it.
    pub(super) fn fits(&self, name: &[char]) -> bool {
        let (mut at, mut seen) = (0, 0);
        // After the last star: where the pattern goes on, and how much of the name the star has taken.
        let mut star: Option<(usize, usize)> = None;
        while seen < name.len() {
            match self.0.get(at) {
                Some('*') => {
                    at += 1;
                    star = Some((at, seen));
                }
                Some(it) if *it == '?' || *it == name[seen] => (at, seen) = (at + 1, seen + 1),
                _ => match star {
                    Some((after, taken)) => {
                        star = Some((after, taken + 1));
                        (at, seen) = (after, taken + 1);
                    }
                    None => return false,
                },
            }
        }
        self.0[at..].iter().all(|it| *it == '*')
    }
}

/// A name as patterns see it.
pub(super) fn lowered(name: &str) -> Vec<char> {
    lower(name).take(NAME).collect()
}

fn lower(text: &str) -> impl Iterator<Item = char> {
    text.trim().chars().flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits() {
        for (pattern, name, fits) in [
            ("*prod*", "payments-production", true),
            ("*PROD*", "Payments-Production", true),
            ("*prod", "payments-production", false),
            ("prod", "prod", true),
            ("prod", "prod ", true),
            ("prod", "production", false),
            ("p?od", "prod", true),
            ("p?od", "pod", false),
            ("*", "", true),
            ("?", "", false),
            ("", "", true),
            ("", "x", false),
            ("a*b*c", "aXXbYYbZZc", true),
            ("a*b*c", "aXXbYYbZZ", false),
            ("**a**", "xax", true),
            ("größe*", "GRÖSSE", false),
            ("grö*", "GRÖSSE", true),
            ("*日本?", "eu-日本x", true),
            ("[a]*", "[A]b", true),
        ] {
            assert_eq!(
                Glob::new(pattern).fits(&lowered(name)),
                fits,
                "{pattern} {name}"
            );
        }
    }

    /// Counts steps instead of seconds: every step moves the star on, or both places.
    #[test]
    fn a_pattern_made_to_explode_does_not() {
        let pattern = "*a".repeat(64);
        let glob = Glob::new(&pattern);
        let name = lowered(&"a".repeat(100_000));
        assert_eq!(name.len(), NAME, "the rest is not looked at");
        assert!(glob.fits(&name));
        let almost = Glob::new(&format!("{pattern}b"));
        assert!(!almost.fits(&name));
    }
}
