//! Made-up lines full of what must go: none of it survives, and what is clean stays as it is.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::Scrub;
use crate::host::Env;

fn scrub() -> Scrub {
    Scrub::new("/srv/people/jane.doe", b"salt")
        .users(&["jdoe".into(), "user".into()])
        .hosts(&["build-7.example.org".into(), "build-7".into()])
        .portals(&["acme-corp.awsapps.com".into()])
}

#[test]
fn each_kind_has_its_mark_and_the_rest_stays() {
    let account = scrub().clean("111122223333");
    assert!(
        account.starts_with("<account ") && account.len() == 18,
        "{account}"
    );
    for (line, clean) in [
        ("key AKIAIOSFODNN7EXAMPLE.", "key <key id>."),
        ("xASIAIOSFODNN7EXAMPLE", "x<key id>"),
        (
            "secret=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY ",
            "secret=<secret> ",
        ),
        ("token: aoaAAAAAGx-y_Z:MGU/+= end", "token: <token> end"),
        ("\"aorAAAA1111\"", "\"<token>\""),
        ("eyJhbGciOiJ.eyJzdWIi.c2ln", "<token>"),
        (
            "mail jane+aws@mail.example.org, please",
            "mail <email>, please",
        ),
        ("jäne@exämple.org", "<email>"),
        ("arn:aws:iam::111122223333:role/x/Admin fits", "<arn> fits"),
        ("arn%3Aaws-cn%3Aiam", "<arn>"),
        ("/srv/people/jane.doe/.aws/config", "~/.aws/config"),
        ("/srv/people/jane.doex", "/srv/people/jane.doex"),
        (
            "/home/other/.aws and C:\\Users\\Some.One\\x",
            "~/.aws and C:~\\x",
        ),
        (
            "JDOE on build-7 (build-7.example.org)",
            "<user> on <host> (<host>)",
        ),
        (
            "https://acme-corp.awsapps.com/start",
            "https://<portal>/start",
        ),
        (
            "<user> <email> <account 0123abcd>",
            "<user> <email> <account 0123abcd>",
        ),
        (
            "aorta and aoalike words, 1234 and 1700000000000",
            "aorta and aoalike words, 1234 and 1700000000000",
        ),
        (
            "/usr/lib/x86_64-linux-gnu/gdk-pixbuf-2.0/2.10.0/loaders",
            "/usr/lib/x86_64-linux-gnu/gdk-pixbuf-2.0/2.10.0/loaders",
        ),
    ] {
        assert_eq!(scrub().clean(line), clean);
    }
    let again = scrub().clean("1111-2222-3333 and 111122223333");
    assert_eq!(again, format!("{account} and {account}"));
    let other = Scrub::new("/", b"other").clean("111122223333");
    assert_ne!(other, account);
}

/// What must go, of every kind.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "(AKIA|ASIA|AROA|AIDA)[A-Z2-7]{16}",
        "eyJ[A-Za-z0-9_-]{8,60}\\.eyJ[A-Za-z0-9_-]{8,60}\\.[A-Za-z0-9_-]{20,43}",
        "ao[ar]A[A-Za-z0-9_/+:-]{20,80}={0,2}",
        "[a-z][a-zA-Z0-9.+_-]{0,12}@[a-z0-9-]{1,12}\\.(com|org|co\\.uk)",
        "arn:aws(-cn|-us-gov)?:[a-z0-9]{2,8}:[a-z0-9-]{0,9}:[0-9]{12}:[a-zA-Z0-9/:_.*-]{1,40}",
        "[0-9]{12}",
        Just("/srv/people/jane.doe".to_owned()),
        "/(home|Users)/[a-z][a-z0-9_.-]{0,12}",
        Just("build-7.example.org".to_owned()),
        Just("acme-corp.awsapps.com".to_owned()),
    ]
}

/// What a log or a message puts between and around them.
fn around() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ ,;\"'(){}\\[\\]|\t]{1,3}",
        "( [a-z]{1,9}){1,4} ",
        "[ (][a-z_]{1,9}[=:] ?",
        Just(" — ".to_owned()),
        Just("\n".to_owned()),
    ]
}

fn inputs() -> u32 {
    let asked = Env::real().get("DAYPASS_TEST_INPUTS");
    asked.and_then(|it| it.parse().ok()).unwrap_or(4_000)
}

#[test]
fn nothing_survives_and_a_second_time_changes_nothing() {
    let scrub = scrub();
    let line = (around(), prop::collection::vec((secret(), around()), 1..4));
    let mut runner = TestRunner::new(Config::with_cases(inputs()));
    let held = runner.run(&line, |(first, parts)| {
        let mut text = first;
        for (secret, after) in &parts {
            text.push_str(secret);
            text.push_str(after);
        }
        let clean = scrub.clean(&text);
        for (secret, _) in &parts {
            prop_assert!(
                !clean.contains(secret.as_str()),
                "{secret} survives in {clean}"
            );
        }
        prop_assert_eq!(scrub.clean(&clean), clean);
        Ok(())
    });
    held.unwrap();
}

/// Any text at all: no panic, and a second time changes nothing.
#[test]
fn any_text_is_clean_after_one_time() {
    let scrub = scrub();
    let any = prop_oneof!["\\PC{0,80}", "[A-Zaeorn0-9:/@<> .%~_-]{0,120}"];
    let mut runner = TestRunner::new(Config::with_cases(inputs()));
    let held = runner.run(&any, |text| {
        let clean = scrub.clean(&text);
        prop_assert_eq!(scrub.clean(&clean), clean);
        Ok(())
    });
    held.unwrap();
}

/// With `DAYPASS_TEST_INPUTS` set 10 MB of lines that hold something, for a recorded run: alone, its time is
/// that of the scrubber.
#[test]
fn ten_megabytes_go_through() {
    let line = "2026-03-02T09:00:00Z INFO daypass: role arn:aws:iam::111122223333:role/Admin of \
                jane@example.org in /home/jane/.aws, token eyJhbGciOiJ.eyJzdWIi.c2ln and plain words\n";
    let size = match Env::real().has("DAYPASS_TEST_INPUTS") {
        true => 10_000_000,
        false => 100_000,
    };
    let text = line.repeat(size / line.len());
    let clean = scrub().clean(&text);
    assert_eq!(clean.lines().count(), text.lines().count());
    assert!(!clean.contains("jane") && !clean.contains("1111"));
}
