//! Single values on the command line: times, pairs, and words from a short list.

use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use daypass_core::Error;
use daypass_core::accounts::labels::{Colour, Shape};
use daypass_core::aws_config::Style;
use daypass_core::credentials::Format;
use daypass_core::daypass::Via;
use daypass_core::secrets::Storage;
use daypass_core::settings::Wish;
use daypass_core::settings::chains::RoleArn;
use jiff::SignedDuration;

/// A word from a list, with what it stands for.
fn one_of<T: Copy + Send + Sync + 'static>(
    words: &'static [(&'static str, T, &'static str)],
) -> impl TypedValueParser<Value = T> {
    let possible = words
        .iter()
        .map(|(word, _, help)| PossibleValue::new(*word).help(*help));
    PossibleValuesParser::new(possible).map(|given| {
        let found = words.iter().find(|(word, ..)| *word == given);
        found.unwrap_or(&words[0]).1
    })
}

pub(super) fn storage() -> impl TypedValueParser<Value = Storage> {
    one_of(&[
        ("keychain", Storage::Keychain, "the keychain of the system"),
        (
            "shared",
            Storage::Shared,
            "AWS's own token cache, which the AWS CLI and the SDKs read too",
        ),
    ])
}

pub(super) fn via() -> impl TypedValueParser<Value = Via> {
    one_of(&[
        (
            "federation",
            Via::Federation,
            "signs in with role credentials",
        ),
        (
            "portal",
            Via::Portal,
            "the access portal's shortcut, with the browser's own sign-in",
        ),
    ])
}

pub(super) fn role_arn(text: &str) -> Result<RoleArn, String> {
    let read = text.parse();
    read.map_err(|error: Error| format!("{}, {}", error.message(), error.hint()))
}

pub(super) fn browser(text: &str) -> Result<Wish, String> {
    Wish::parse(text).map_err(|error| format!("{}: {}", error.message(), error.hint()))
}

pub(super) fn shape() -> impl TypedValueParser<Value = Shape> {
    one_of(&[
        ("square", Shape::Square, "\u{25a0}"),
        ("diamond", Shape::Diamond, "\u{25c6}"),
        ("ring", Shape::Ring, "\u{25cb}"),
        ("triangle", Shape::Triangle, "\u{25b3}"),
        ("bar", Shape::Bar, "\u{25ac}"),
        ("ring-dot", Shape::RingDot, "\u{25c9}"),
    ])
}

pub(super) fn colour() -> impl TypedValueParser<Value = Colour> {
    one_of(&[
        ("red", Colour::Red, ""),
        ("amber", Colour::Amber, ""),
        ("green", Colour::Green, ""),
        ("violet", Colour::Violet, ""),
        ("blue", Colour::Blue, ""),
        ("grey", Colour::Grey, ""),
    ])
}

pub(super) fn style() -> impl TypedValueParser<Value = Style> {
    one_of(&[
        ("sso", Style::Sso, "by themselves, from AWS's token cache"),
        ("process", Style::Process, "by calling daypass"),
    ])
}

pub(super) fn format() -> impl TypedValueParser<Value = Format> {
    one_of(&[
        (
            "process",
            Format::Process,
            "the credential_process document",
        ),
        ("env", Format::Env, "for bash, zsh and sh"),
        ("env-no-export", Format::EnvNoExport, "for env files"),
        ("fish", Format::Fish, "for fish"),
        ("powershell", Format::PowerShell, "for PowerShell"),
        ("windows-cmd", Format::WindowsCmd, "for the command prompt"),
        ("json", Format::Json, "a JSON document"),
        ("ini", Format::Ini, "a section of the AWS credentials file"),
    ])
}

pub(super) fn lines() -> impl TypedValueParser<Value = Format> {
    one_of(&[
        ("env", Format::Env, "for bash, zsh and sh"),
        ("env-no-export", Format::EnvNoExport, "for env files"),
        ("fish", Format::Fish, "for fish"),
        ("powershell", Format::PowerShell, "for PowerShell"),
        ("windows-cmd", Format::WindowsCmd, "for the command prompt"),
    ])
}

/// `12h`, `90m`, `1h30m`, `45s`, `2d`: whole numbers, each unit once, large before small.
pub(super) fn duration(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "write a time like 12h, 90m or 1h30m".to_owned();
    let (mut rest, mut seconds, mut above) = (text, 0_i64, i64::MAX);
    while !rest.is_empty() {
        let digits = rest
            .find(|it: char| !it.is_ascii_digit())
            .ok_or_else(wrong)?;
        let number: i64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit = match rest[digits..].chars().next() {
            Some('d') => 86_400,
            Some('h') => 3_600,
            Some('m') => 60,
            Some('s') => 1,
            _ => return Err(wrong()),
        };
        if unit >= above {
            return Err(wrong());
        }
        let span = number.checked_mul(unit).ok_or_else(wrong)?;
        seconds = seconds.checked_add(span).ok_or_else(wrong)?;
        (rest, above) = (&rest[digits + 1..], unit);
    }
    match seconds {
        1..=31_536_000 => Ok(SignedDuration::from_secs(seconds)),
        0 => Err(wrong()),
        _ => Err("that is longer than a year".to_owned()),
    }
}

pub(super) fn patience(text: &str) -> Result<Duration, String> {
    Duration::try_from(duration(text)?).map_err(|error| error.to_string())
}

/// `KEY=VALUE`; what may stand on either side is decided where it is written.
pub(super) fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write a setting as KEY=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, seconds) in [
            ("12h", 43_200),
            ("90m", 5_400),
            ("1h30m", 5_400),
            ("10s", 10),
            ("1d2h3m4s", 93_784),
            ("365d", 31_536_000),
        ] {
            assert_eq!(
                duration(text),
                Ok(SignedDuration::from_secs(seconds)),
                "{text}"
            );
        }
        for text in [
            "",
            "h",
            "12",
            "12 h",
            "-1h",
            "1.5h",
            "1m1h",
            "1h1h",
            "0s",
            "1y",
            "366d",
            "12h5",
            "99999999999999999999h",
            "9223372036854775807d",
            "1ü",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn settings() {
        let pair = |key: &str, value: &str| Ok((key.to_owned(), value.to_owned()));
        assert_eq!(setting("cli_pager="), pair("cli_pager", ""));
        assert_eq!(setting("a = b=c"), pair("a", "b=c"));
        assert!(setting("=x").is_err() && setting("x").is_err());
    }
}
