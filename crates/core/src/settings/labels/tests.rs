//! Which words, texts, labels and rules can be kept.

use super::*;

#[test]
fn words_and_texts_that_fit() {
    for (word, fits) in [
        ("prod", true),
        ("größe-1_x.y", true),
        ("本番", true),
        (&"x".repeat(24), true),
        (&"x".repeat(25), false),
        ("", false),
        ("two words", false),
        ("none", false),
        ("None", false),
        ("a\nb", false),
        ("a\u{202e}b", false),
        ("<b>", false),
    ] {
        assert_eq!(check_word(word).is_ok(), fits, "{word:?}");
    }
    for (text, fits) in [
        ("Payments, the big one", true),
        ("👩‍🚀 מבחן", true),
        (&"ä".repeat(128), true),
        (&"ä".repeat(129), false),
        ("  ", false),
        ("a\nb", false),
        ("a\u{1b}[2J", false),
        ("a\u{202e}b", false),
        ("a\u{2028}b", false),
    ] {
        assert_eq!(check_text("it", text).is_ok(), fits, "{text:?}");
    }
}

#[test]
fn labels_and_rules_that_fit_together() {
    let label = |word: &str, shape| Label::new(word, shape, Colour::Blue, false);
    let rule = |word: &str| Rule {
        label: Some(word.into()),
        ..Rule::default()
    };
    for (labels, rules, fits) in [
        (vec![], vec![rule("prod"), rule("PROD"), rule("none")], true),
        (vec![], vec![rule("customer")], false),
        (
            vec![label("customer", Shape::Bar)],
            vec![rule("customer")],
            true,
        ),
        (vec![label("customer", Shape::Square)], vec![], false),
        (vec![label("prod", Shape::Square)], vec![], true),
        (
            vec![label("a", Shape::Bar), label("A", Shape::RingDot)],
            vec![],
            false,
        ),
        (vec![], vec![Rule::default()], false),
        (vec![], vec![rule("prod"); RULES + 1], false),
    ] {
        assert_eq!(
            check_all(&labels, &rules).is_ok(),
            fits,
            "{labels:?} {rules:?}"
        );
    }
    let swapped = [label("prod", Shape::Ring), label("dev", Shape::Square)];
    assert!(check_all(&swapped, &[]).is_ok());
    assert_eq!(all(&swapped).len(), 4);
}
