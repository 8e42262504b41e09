//! Everything that the chores print.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the one file that prints"
)]

use std::io::{IsTerminal, stdout};
use std::time::Duration;

/// One line of talk.
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// The heading of a step.
pub(crate) fn heading(text: &str) {
    let (bold, plain) = if stdout().is_terminal() {
        ("\u{1b}[1m", "\u{1b}[0m")
    } else {
        ("", "")
    };
    println!("\n{bold}== {text}{plain}");
}

/// The end of a step.
pub(crate) fn done(text: &str, took: Duration) {
    println!("-- {text}: done in {}", span(took));
}

/// Why a chore did not come to its end.
pub(crate) fn failed(error: &anyhow::Error) {
    eprintln!("\nerror: {error:#}");
}

/// A duration as people say it.
pub(crate) fn span(took: Duration) -> String {
    match took.as_secs() {
        0..10 => format!("{:.1} s", took.as_secs_f64()),
        10..60 => format!("{} s", took.as_secs()),
        more => format!("{} min {:02} s", more / 60, more % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::span;
    use std::time::Duration;

    #[test]
    fn durations_are_said_as_people_say_them() {
        let said = |millis| span(Duration::from_millis(millis));
        assert_eq!(said(1_250), "1.2 s");
        assert_eq!(said(42_900), "42 s");
        assert_eq!(said(605_000), "10 min 05 s");
    }
}
