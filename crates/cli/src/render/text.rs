//! Text that others wrote, made harmless for a terminal.

/// Escapes what moves the cursor, hides, or turns the direction of writing.
pub(crate) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            letter if is_treacherous(letter) => {
                shown.push_str(&format!("\\u{{{:x}}}", u32::from(letter)));
            }
            letter => shown.push(letter),
        }
    }
    shown
}

fn is_treacherous(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            // Soft hyphen, combining joiner, Arabic letter mark, Hangul and Khmer fillers.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            // Mongolian separators, zero widths and direction marks.
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            // Line and paragraph separators, embeddings, invisible operators, isolates.
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            // Tags, and variation selectors of no use in names.
            | '\u{e0000}'..='\u{e0fff}')
}

/// A unified diff, line by line harmless.
pub(super) fn diff(unified: &str, colour: bool) -> String {
    let mut shown = String::new();
    for line in unified.lines() {
        let tone = match line.as_bytes().first() {
            Some(b'+') => "32",
            Some(b'-') => "31",
            Some(b'@') => "36",
            _ => "",
        };
        // A tab at the beginning of a setting is as harmless as it is common.
        let line: Vec<String> = line.split('\t').map(plain).collect();
        let line = line.join("\t");
        match colour && !tone.is_empty() {
            true => shown.push_str(&format!("\x1b[{tone}m{line}\x1b[0m\n")),
            false => shown.push_str(&format!("{line}\n")),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_do_nothing_to_the_terminal() {
        for (text, shown) in [
            ("Payments Prod", "Payments Prod"),
            ("Größe 日本 🚀", "Größe 日本 🚀"),
            ("a\x1b[31mred", "a\\u{1b}[31mred"),
            ("a\nb\r\tc\0", "a\\nb\\r\\tc\\u{0}"),
            ("\u{9b}31m\u{85}\x7f", "\\u{9b}31m\\u{85}\\u{7f}"),
            ("pay\u{202e}dorp", "pay\\u{202e}dorp"),
            (
                "a\u{200b}b\u{2066}c\u{feff}",
                "a\\u{200b}b\\u{2066}c\\u{feff}",
            ),
            ("\u{e0041}", "\\u{e0041}"),
        ] {
            assert_eq!(plain(text), shown);
        }
    }

    #[test]
    fn a_diff_keeps_its_lines_and_tabs() {
        let unified = "--- a\n+++ b\n@@ -1 +1 @@\n-\tx\n+y\x1b[2J\n";
        assert_eq!(
            diff(unified, false),
            "--- a\n+++ b\n@@ -1 +1 @@\n-\tx\n+y\\u{1b}[2J\n"
        );
        assert!(diff("+a\n", true).starts_with("\x1b[32m+a\x1b[0m"));
    }
}
