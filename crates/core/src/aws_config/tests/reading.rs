//! The table of constructs in which AWS's own readers differ: what Daypass reads, and when a name
//! is in use.

use super::*;
use lines::Header;

/// The value of `k` in profile `a`, if that profile is seen.
fn check(text: &str, value: Option<&str>) {
    let read = AwsConfig::parse(text.as_bytes(), b"");
    let found = read.profile("a").and_then(|profile| profile.value("k"));
    assert_eq!(found, value, "{text:?}");
}

#[test]
fn values_are_read_as_the_aws_cli_reads_them() {
    check("[profile a]\n# c\n; c\nk = v\n", Some("v"));
    check("[profile a]\nk = v # c\n", Some("v # c"));
    check("[profile a]\nk = v#c\n", Some("v#c"));
    check("[profile a]\nk = #x\n", Some("#x"));
    check("[profile a] # c\nk = v\n", Some("v"));
    check("[profile a]\nK = v\n", Some("v"));
    check("[profile a]\nk: v\n", Some("v"));
    check("[profile a]\n  k = v\n", Some("v"));
    check("[profile a]\nk = v\n  w\n", Some("v\nw"));
    check("[profile a]\nk = v\n  # c\n  w\n", Some("v\nw"));
    check("[profile a]\nk = v\n\n  w\n\n\n", Some("v\n\nw"));
    check(
        "[profile a]\nk =\n  x = 1\n  y = 2\n",
        Some("\nx = 1\ny = 2"),
    );
    check("[profile a]\r\nk = v\r\n", Some("v"));
    check("[profile a]\rk = v\r", Some("v"));
    check("[profile a]\nk = \"v\"\n", Some("\"v\""));
    check("[profile a]\nk = 100% é =\n", Some("100% é ="));
    check("[profile a]\nk=\n", Some(""));
    check("\u{feff}[profile a]\nk = v\n", Some("v"));
    check("[profile a]\nk = 1\n[profile a]\nk = 2\n", Some("2"));
    check("[profile a]\nk = 1\nk = 2\n", Some("2"));
    check("[profile a]\nj = 1\n [profile a]\nk = v\n", Some("v"));
}

#[test]
fn names_are_taken_if_any_reader_sees_them() {
    for text in [
        "[profile \"a\"]\nk = v",
        "[profile 'a']\nk = v",
        "[profile \\a]\nk = v",
        "[profile \"\"a]\nk = v",
        "[profile  a]\nk = v",
        "[ profile a ]\nk = v",
        "[profile\ta]\nk = v",
        "[profile a];c\nk = v",
        "[profiles a]\nk = v",
    ] {
        check(text, Some("v"));
        assert!(
            !Header::parse(text.lines().next().unwrap()).plain,
            "{text:?}"
        );
    }
    for text in [
        "[Profile a]\nk = v",
        "[a]\nk = v",
        "[profile A]\nk = v",
        "[profilea]\nk = v",
    ] {
        check(text, None);
    }
    for plain in [
        "[profile a]",
        "[profile a] # c",
        "[default]",
        "[sso-session a.b@c]\t; x",
    ] {
        assert!(Header::parse(plain).plain, "{plain:?}");
    }
}

#[test]
fn sessions_and_kinds_of_profiles() {
    let text = "[sso-session s]\nsso_start_url = https://x/start#\nsso_region = eu-west-1\n\
        sso_registration_scopes = a:b, c:d\n[profile old]\nsso_start_url = https://x/start/\n\
        sso_region = us-east-1\n[profile p]\n# daypass: managed\ncredential_process = \
        \"/usr/bin/daypass\" credentials --session s --account 000000000001 --role R\n";
    let read = AwsConfig::parse(text.as_bytes(), b"[p]\naws_access_key_id = AKIA\n");
    let session = read.sso_session("s").unwrap();
    assert_eq!(session.start_url.as_deref(), Some("https://x/start#"));
    assert_eq!(
        (session.scopes.as_slice(), session.line),
        (&["a:b".into(), "c:d".into()][..], 1)
    );
    let old = read.profile("old").unwrap();
    assert_eq!(old.legacy_portal(), Some(("https://x/start/", "us-east-1")));
    assert_eq!(old.assigned(), None);
    let ours = read.profile("p").unwrap();
    let assigned = ours.assigned().unwrap();
    assert_eq!(
        (assigned.account_id.as_str(), assigned.role.as_str()),
        ("000000000001", "R")
    );
    assert!(ours.managed && ours.other_credentials && !old.other_credentials);
}

#[test]
fn an_independent_reader_finds_the_same_in_every_fixture() {
    let mut compared = 0;
    for (name, bytes) in fixtures() {
        let text = String::from_utf8(bytes).unwrap();
        let ours = AwsConfig::parse(text.as_bytes(), b"");
        let option = ini::ParseOption {
            enabled_quote: false,
            enabled_escape: false,
            enabled_indented_mutiline_value: true,
            ..ini::ParseOption::default()
        };
        let Ok(theirs) = ini::Ini::load_from_str_opt(&text, option) else {
            continue;
        };
        for profile in ours.profiles() {
            let section = theirs.section(Some(format!("profile {}", profile.name)));
            for (key, value) in section.iter().flat_map(|section| section.iter()) {
                let ours = profile.value(&key.to_lowercase());
                let (Some(ours), false) = (ours, key.starts_with("aws_")) else {
                    assert!(key.starts_with("aws_"), "{name} {key}");
                    continue;
                };
                // It knows no nested blocks and joins lines in another way.
                assert!(ours.contains('\n') || ours == value, "{name} {key}");
                compared += 1;
            }
        }
    }
    assert!(compared > 400, "{compared}");
}
