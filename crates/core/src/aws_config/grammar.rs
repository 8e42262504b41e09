//! What may be written into the file at all, so that no name and no value can become
//! another key, another section or a command. Messages never repeat a value.

use std::path::Path;

use crate::error::{Code, Error, Result};
use crate::settings::{check_output, check_region};

use super::lines;

/// The longest name of a profile, in bytes.
pub(super) const LONGEST_NAME: usize = 128;
const LONGEST_VALUE: usize = 1024;

/// Settings that `--set` may write: none that holds a secret, chooses credentials, runs a program
/// or leads requests to another address.
const SETTINGS: &[&str] = &[
    "account_id_endpoint_mode",
    "auth_scheme_preference",
    "ca_bundle",
    "cli_auto_prompt",
    "cli_binary_format",
    "cli_follow_urlparam",
    "cli_history",
    "cli_pager",
    "cli_timestamp_format",
    "defaults_mode",
    "disable_request_compression",
    "ec2_metadata_service_endpoint_mode",
    "ec2_metadata_v1_disabled",
    "endpoint_discovery_enabled",
    "ignore_configured_endpoint_urls",
    "max_attempts",
    "metadata_service_num_attempts",
    "metadata_service_timeout",
    "output",
    "parameter_validation",
    "region",
    "request_checksum_calculation",
    "request_min_compression_size_bytes",
    "response_checksum_validation",
    "retry_mode",
    "s3_disable_express_session_auth",
    "s3_disable_multiregion_access_points",
    "s3_us_east_1_regional_endpoint",
    "s3_use_arn_region",
    "sdk_ua_app_id",
    "sigv4a_signing_region_set",
    "sts_regional_endpoints",
    "tcp_keepalive",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
];

fn usage(message: String) -> Error {
    Error::new(Code::Usage, message).with_hint("see `daypass profile add --help`")
}

/// The text, shown so that it cannot disturb a terminal, and not at full length.
fn shown(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    format!("{short:?}")
}

/// A profile's name as the user gave it.
pub(super) fn profile_name(name: &str) -> Result<()> {
    if name == "default" {
        return Err(usage(
            "a profile is named \"default\" only with --default".to_owned(),
        ));
    }
    if is_own_name(name) && name.len() <= LONGEST_NAME {
        return Ok(());
    }
    let letters = "use letters, digits and _ . @ / + - only, at most 128, not first a -";
    Err(usage(format!("{} cannot name a profile", shown(name))).with_hint(letters))
}

/// The name of a session, as it stands in a header and on a command line.
pub(super) fn session_name(name: &str) -> Result<()> {
    if is_own_name(name) && name.len() <= LONGEST_NAME && !name.contains('/') {
        return Ok(());
    }
    let letters = "use letters, digits and _ . @ + - only; rename it with `daypass session set`";
    Err(usage(format!("session {} cannot stand in a profile", shown(name))).with_hint(letters))
}

fn is_own_name(name: &str) -> bool {
    lines::is_name(name) && !name.starts_with('-')
}

pub(super) fn account_id(id: &str) -> Result<()> {
    if id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(usage(format!(
        "{} is not an account id of 12 digits",
        shown(id)
    )))
}

/// The name of a permission set. None of these characters needs quotes, in a shell or without.
pub(super) fn role(role: &str) -> Result<()> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b);
    let starts = role.bytes().next().is_some_and(|b| b != b'-');
    if starts && role.len() <= 64 && role.bytes().all(fits) {
        return Ok(());
    }
    Err(usage(format!(
        "{} is not the name of a permission set",
        shown(role)
    )))
}

/// An address without blanks, quotes or brackets.
pub(super) fn start_url(url: &str) -> Result<()> {
    let fits = |b: u8| b.is_ascii_graphic() && !b"\"'`<>\\^{}|[];".contains(&b);
    let scheme = url.starts_with("https://") || url.starts_with("http://");
    if scheme && url.len() <= LONGEST_VALUE && url.bytes().all(fits) {
        return Ok(());
    }
    Err(usage(format!(
        "{} is not the address of an access portal",
        shown(url)
    )))
}

/// One `--set KEY=VALUE`.
pub(super) fn setting(key: &str, text: &str) -> Result<()> {
    if !SETTINGS.contains(&key) {
        let message = format!("{} is not a setting that --set writes", shown(key));
        return Err(usage(message).with_hint(format!("settings are: {}", SETTINGS.join(", "))));
    }
    match key {
        "region" => return check_region(text),
        "output" => return check_output(text),
        "cli_pager" if !text.is_empty() => {
            let hint = "only `--set cli_pager=` is written, which turns the pager off";
            return Err(usage("cli_pager names a program to run".to_owned()).with_hint(hint));
        }
        _ => {}
    }
    value(text).map_err(|reason| usage(format!("the value of {key} {reason}")))
}

/// What every reader takes as one value, the same one; the error ends "the value of X …".
pub(super) fn value(text: &str) -> Result<(), &'static str> {
    if text.len() > LONGEST_VALUE {
        return Err("is longer than 1024 bytes");
    }
    if text.chars().any(disturbs) {
        return Err("has a line break or another control character in it");
    }
    if lines::trim(text) != text {
        return Err("begins or ends with a blank");
    }
    if text.starts_with(['[', '#', ';', '"', '\'', '=', ':']) || text.contains(']') {
        return Err("begins with [ # ; = : or a quote, or has a ] in it");
    }
    if text
        .split(lines::is_space)
        .any(|word| word.starts_with(['#', ';']))
    {
        return Err("has a # or ; after a blank, where some tools begin a comment");
    }
    Ok(())
}

/// Controls, line separators, and what changes the direction of the text around it.
fn disturbs(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
        )
        || ('\u{202a}'..='\u{202e}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c)
}

/// The absolute path of a program that can stand between double quotes for Python's `shlex`,
/// `sh -c` and `cmd.exe /C` alike.
pub(super) fn program(path: &Path) -> Result<&str> {
    let special: &[char] = if cfg!(windows) {
        &['"', '%']
    } else {
        &['"', '$', '`', '\\']
    };
    let text = path
        .to_str()
        .filter(|text| path.is_absolute() && !text.contains(special));
    let text = text.filter(|text| value(text).is_ok());
    text.ok_or_else(|| {
        let message = format!(
            "{} cannot be called from a profile",
            shown(&path.to_string_lossy())
        );
        usage(message).with_hint("install daypass at an absolute path of ordinary characters")
    })
}
