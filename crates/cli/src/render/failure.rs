//! Errors as text: what, why, what may have been meant, and what to do.

use clap::error::ErrorKind;
use daypass_core::{Code, Error};

use super::text::plain;

/// `error: …`, the causes, the candidates, `hint: …`; each on lines of its own.
pub(super) fn text(error: &Error, word: &str, colour: bool) -> String {
    let (loud, soft, end) = match (colour, word) {
        (true, "error") => ("\x1b[1;31m", "\x1b[1;36m", "\x1b[0m"),
        (true, _) => ("\x1b[1;33m", "\x1b[1;36m", "\x1b[0m"),
        (false, _) => ("", "", ""),
    };
    let mut text = format!("{loud}{word}:{end} {}\n", plain(error.message()));
    for cause in error.causes() {
        text.push_str(&format!("  because: {}\n", plain(&cause)));
    }
    for candidate in error.candidates() {
        text.push_str(&format!("  {}\n", plain(candidate)));
    }
    text + &format!("{soft}hint:{end} {}\n", plain(error.hint()))
}

/// Why words make no sense, in the same form as any other error.
pub(super) fn of_words(refused: &clap::Error) -> Error {
    if refused.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Error::new(Code::Usage, "say what to do");
    }
    let rendered = refused.render().to_string();
    let mut parts = rendered.split("\n\n");
    let first = parts.next().unwrap_or_default().trim();
    let message = first.strip_prefix("error: ").unwrap_or(first);
    let message: Vec<&str> = message.lines().map(str::trim).collect();
    let tip = parts
        .clone()
        .find_map(|part| part.trim().strip_prefix("tip: "))
        .filter(|tip| tip.contains("similar"));
    let usage = parts.find_map(|part| part.trim().strip_prefix("Usage: "));
    let verb: Vec<&str> = usage
        .unwrap_or("daypass")
        .split_whitespace()
        .take_while(|word| word.chars().all(|it| it.is_ascii_lowercase()))
        .collect();
    let help = format!("see `{} --help`", verb.join(" "));
    let hint = match tip {
        Some(tip) => format!("{}; {help}", tip.lines().next().unwrap_or_default()),
        None => help,
    };
    Error::new(Code::Usage, message.join(" ")).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Arguments;
    use clap::Parser;

    #[test]
    fn an_error_says_what_why_and_what_to_do() {
        let cause = std::io::Error::other("connection\nrefused");
        let error = Error::new(Code::Offline, "the portal could not be reached").because(cause);
        assert_eq!(
            text(&error, "error", false),
            "error: the portal could not be reached\n  because: connection\\nrefused\n\
             hint: check the network, then try again\n"
        );
        let several = Error::new(Code::TargetAmbiguous, "several assignments fit")
            .with_candidates(vec!["a/B".into(), "c/D\x1b".into()])
            .with_hint("add a word");
        assert_eq!(
            text(&several, "error", false),
            "error: several assignments fit\n  a/B\n  c/D\\u{1b}\nhint: add a word\n"
        );
    }

    #[test]
    fn words_that_make_no_sense() {
        let refused = |line: &str| {
            let words = line.split_whitespace();
            let refused = Arguments::try_parse_from(words).unwrap_err();
            let error = of_words(&refused);
            (error.message().to_owned(), error.hint().to_owned())
        };
        let (message, hint) = refused("daypass login --no-such-flag");
        assert_eq!(message, "unexpected argument '--no-such-flag' found");
        assert_eq!(hint, "see `daypass login --help`");
        let (message, hint) = refused("daypass statsu");
        assert_eq!(message, "unrecognized subcommand 'statsu'");
        assert!(
            hint.contains("'status'") && hint.ends_with("see `daypass --help`"),
            "{hint}"
        );
        let (message, _) = refused("daypass session add work");
        assert!(message.contains("--start-url <URL>"), "{message}");
        let (message, hint) = refused("daypass");
        assert_eq!(
            (message.as_str(), hint.as_str()),
            ("say what to do", "see `daypass --help`")
        );
    }
}
