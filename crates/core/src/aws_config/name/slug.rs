//! From what anybody may have called something to letters that every SDK takes in a name.

/// Which letters a text has in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Lower,
    Upper,
    /// As the portal writes them.
    Keep,
}

/// The slug of a text, or another word where nothing is left of it.
pub(super) fn slug_or(text: &str, case: Case, otherwise: &str) -> String {
    slug(text, case)
        .filter(|slug| !slug.is_empty())
        .unwrap_or_else(|| otherwise.to_owned())
}

/// Letters, digits, `-`, `_`, `.`; anything else becomes one `-`.
/// None if a letter has no ASCII form: half a name would mislead.
pub(super) fn slug(text: &str, case: Case) -> Option<String> {
    let mut slug = String::new();
    for original in text.chars() {
        let capital = original.is_uppercase() && case != Case::Lower || case == Case::Upper;
        let begin = slug.len();
        original
            .to_lowercase()
            .try_for_each(|c| add(&mut slug, c))?;
        if capital {
            slug[begin..].make_ascii_uppercase();
        }
    }
    Some(slug.trim_matches(['-', '_', '.']).to_owned())
}

fn add(slug: &mut String, c: char) -> Option<()> {
    match plain(c) {
        Some(letters) => slug.push_str(letters),
        None if c.is_ascii_alphanumeric() || c == '_' || c == '.' => slug.push(c),
        None if c.is_alphanumeric() => return None,
        None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
        None => {}
    }
    Some(())
}

/// The ASCII form of a letter of western European languages.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' => "a",
        'æ' => "ae",
        'ç' => "c",
        'è'..='ë' => "e",
        'ì'..='ï' => "i",
        'ñ' => "n",
        'ò'..='ö' | 'ø' => "o",
        'ù'..='ü' => "u",
        'ý' | 'ÿ' => "y",
        'ß' => "ss",
        'œ' => "oe",
        '\u{0300}'..='\u{036f}' => "",
        _ => return None,
    })
}
