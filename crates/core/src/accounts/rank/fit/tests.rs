//! How single words fit single texts.

use super::super::text::folded;
use super::*;

fn fit(word: &str, text: &str) -> Option<(Fit, String)> {
    let (word, source) = (Word::new(folded(word)), Text::new(text));
    let (fit, at) = strict(&word, &source, Kind::Words)
        .or_else(|| forgiving(&word, &source).map(|fit| (fit, 0)))?;
    let chars: Vec<char> = text.chars().collect();
    let shown = stretches(&word, &source, fit, at)
        .into_iter()
        .map(|(start, end)| {
            let (start, end) = source.as_it_came(start, end);
            chars[start..end].iter().collect::<String>()
        });
    Some((fit, shown.collect::<Vec<_>>().join("|")))
}

#[test]
fn how_a_word_fits_and_where() {
    for (word, text, expected) in [
        ("prod", "Prod", Some((Fit::Exact, "Prod"))),
        ("prod", "prod-eu", Some((Fit::FirstWord, "prod"))),
        ("prod", "production", Some((Fit::Prefix, "prod"))),
        ("prod", "eu-prod", Some((Fit::Word, "prod"))),
        ("prod", "eu-production", Some((Fit::WordStart, "prod"))),
        ("42", "team-042", Some((Fit::Word, "42"))),
        ("042", "team-042", Some((Fit::Word, "042"))),
        ("ro", "ReadOnly", Some((Fit::Spelled, "R|O"))),
        ("ro", "ReadOnlyAccess", Some((Fit::Leading, "R|O"))),
        ("oa", "ReadOnlyAccess", Some((Fit::Pieces, "O|A"))),
        ("readon", "ReadOnly", Some((Fit::Prefix, "ReadOn"))),
        (
            "payprod",
            "payments-production",
            Some((Fit::Spelled, "pay|prod")),
        ),
        ("pp", "payments-production", Some((Fit::Spelled, "p|p"))),
        ("aad", "a-ab-adc", Some((Fit::Pieces, "a|ad"))),
        ("ment", "payments", Some((Fit::Within, "ment"))),
        ("m", "payments", None),
        ("paymnets", "payments", Some((Fit::Slip, "payments"))),
        ("analitics", "analytics-dev", Some((Fit::Slip, "analytics"))),
        ("pymnts", "payments", Some((Fit::Scattered, "p|ym|nts"))),
        ("wrhs", "warehouse", Some((Fit::Scattered, "w|r|h|s"))),
        ("warehuoes", "eu-warehouse", Some((Fit::Slips, "warehouse"))),
        ("prod2", "prod1", None),
        ("mueller", "Müller AG", Some((Fit::Slip, "Müller"))),
        ("zzz", "payments", None),
        ("京", "東京", Some((Fit::Word, "京"))),
    ] {
        let found = fit(word, text);
        let found = found.as_ref().map(|(fit, shown)| (*fit, shown.as_str()));
        assert_eq!(found, expected, "{word} {text}");
    }
}

#[test]
fn texts_made_to_explode_do_not() {
    let text = "aaaa-".repeat(100);
    for word in ["a".repeat(60) + "b", "a".repeat(24), "ab".repeat(12)] {
        let _ = fit(&word, &text);
    }
}
