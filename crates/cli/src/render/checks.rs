//! What the doctor found, one line each, and below what is not well the one thing to do.

use daypass_core::doctor::{Check, Verdict};
use unicode_width::UnicodeWidthStr;

use super::table::{Tone, painted};
use super::text::plain;

/// All checks, as wide as they are: the terminal breaks the lines, and commands stay whole.
pub(super) fn text(checks: &[Check], colour: bool) -> String {
    let width = checks.iter().map(|it| it.title.width()).max().unwrap_or(0);
    checks.iter().map(|it| lines(it, width, colour)).collect()
}

fn lines(check: &Check, width: usize, colour: bool) -> String {
    let (word, tone) = match check.verdict {
        Verdict::Pass => ("ok  ", Tone::Good),
        Verdict::Warn => ("warn", Tone::Caution),
        Verdict::Fail => ("fail", Tone::Bad),
    };
    let word = painted(word, tone, colour);
    let gap = " ".repeat(width - check.title.width());
    let found = format!("{word}  {}{gap}  {}\n", check.title, plain(&check.found));
    match &check.fix {
        Some(fix) => format!(
            "{found}      {} {}\n",
            painted("fix:", Tone::Aside, colour),
            plain(fix)
        ),
        None => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_well_has_its_fix_below_it() {
        let check = |title, verdict, found: &str, fix: Option<&str>| Check {
            id: "id",
            title,
            verdict,
            found: found.into(),
            fix: fix.map(str::to_owned),
        };
        let checks = [
            check("Settings", Verdict::Pass, "1 session", None),
            check(
                "The tray",
                Verdict::Fail,
                "none\u{1b}[2J",
                Some("start one"),
            ),
        ];
        let expected =
            "ok    Settings  1 session\nfail  The tray  none\\u{1b}[2J\n      fix: start one\n";
        assert_eq!(text(&checks, false), expected);
        assert!(text(&checks, true).starts_with("\x1b[32mok  \x1b[0m"));
    }
}
