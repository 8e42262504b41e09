//! Chained roles in an AWS config file: what is found, and what is refused one by one.

use super::*;
use crate::aws_config::{self, Places};
use crate::secrets::Storage;
use crate::settings::{Browsers, SessionSettings};

const PORTAL: &str = "https://d-0000000000.awsapps.com/start";
const REST: &str = "\
[sso-session work]
sso_start_url = https://d-0000000000.awsapps.com/start
sso_region = eu-central-1
[sso-session same]
sso_start_url = https://d-0000000000.awsapps.com/start/#/
sso_region = eu-central-1
[sso-session elsewhere]
sso_start_url = https://d-1111111111.awsapps.com/start
sso_region = eu-central-1
[profile base]
sso_session = work
sso_account_id = 111122223333
sso_role_name = ReadOnly
[profile twin]
sso_session = same
sso_account_id = 111122223333
sso_role_name = ReadOnly
[profile old]
sso_start_url = https://d-0000000000.awsapps.com/start
sso_region = eu-central-1
sso_account_id = 111122223333
sso_role_name = ReadOnly
[profile strange]
sso_session = elsewhere
sso_account_id = 111122223333
sso_role_name = ReadOnly
[profile keys]
aws_access_key_id = AKIAEXAMPLE
";

fn found(text: &str, own: &[Chain]) -> Found {
    let folder = tempfile::tempdir().unwrap();
    let places = Places {
        config: folder.path().join("config"),
        credentials: folder.path().join("credentials"),
        backups: folder.path().join("backups"),
    };
    let file = crate::host::files::replace(
        &places.config,
        format!("{REST}{text}").as_bytes(),
        crate::host::files::Mode::Private,
    );
    file.unwrap();
    let config = aws_config::read(&places).unwrap();
    let work = SessionSettings {
        name: "work".into(),
        start_url: PORTAL.into(),
        region: "eu-central-1".into(),
        storage: Storage::Shared,
        storage_chosen: true,
        length: None,
        allow_custom_portal: false,
        browsers: Browsers::default(),
    };
    find(&config, &[work], own)
}

fn role(name: &str, source: &str, more: &str) -> String {
    format!(
        "[profile {name}]\nrole_arn = arn:aws:iam::444455556666:role/Deploy\n\
         source_profile = {source}\n{more}"
    )
}

fn names(found: &Found) -> Vec<&str> {
    found.chains.iter().map(|it| it.name.as_str()).collect()
}

#[test]
fn roles_that_lead_to_an_assignment_are_found_at_any_depth() {
    let text = [
        role("third", "second", "duration_seconds = 900\n"),
        role("first", "base", "region = eu-west-1\n"),
        role(
            "second",
            "first",
            "external_id = sesame\nrole_session_name = jo\n",
        ),
        role("by-portal", "twin", ""),
        role("by-address", "old", ""),
        role("foreign", "strange", ""),
        role("static", "keys", ""),
        role("itself", "itself", ""),
        role("nowhere", "nobody", ""),
    ];
    let found = found(&text.concat(), &[]);
    assert_eq!(
        names(&found),
        ["first", "second", "third", "by-portal", "by-address"]
    );
    let path = chains::path(&found.chains, "work", "third").unwrap();
    assert_eq!((path.role.as_str(), path.hops.len()), ("ReadOnly", 3));
    assert_eq!(path.hops[1].external_id.as_deref(), Some("sesame"));
    assert_eq!(path.hops[2].duration, Some(900));
    assert_eq!(found.refused, []);
}

#[test]
fn each_hostile_value_is_refused_by_itself() {
    for (more, words) in [
        ("external_id = x\n", "external id"),
        ("external_id = a b\n", "external id"),
        ("role_session_name = j o\n", "session name"),
        ("duration_seconds = 7200\n", "one hour"),
        ("duration_seconds = soon\n", "number"),
        ("mfa_serial = arn:aws:iam::111122223333:mfa/jo\n", "MFA"),
    ] {
        let text = [
            role("bad", "base", more),
            role("good", "base", ""),
            role("after", "bad", ""),
        ];
        let found = found(&text.concat(), &[]);
        assert_eq!(names(&found), ["good"], "{more}");
        assert!(
            found.refused[0].reason.contains(words),
            "{:?}",
            found.refused
        );
        assert!(
            found.refused[1].reason.contains("`bad`"),
            "{:?}",
            found.refused
        );
    }
    for arn in [
        "arn:aws:iam::444455556666:user/jo",
        "arn:aws:iam::444455556666:role/\u{202e}x",
        "x",
    ] {
        let text = format!("[profile bad]\nrole_arn = {arn}\nsource_profile = base\n");
        let found = found(&text, &[]);
        assert!(found.chains.is_empty() && found.refused.len() == 1, "{arn}");
    }
    let circle = [role("a", "c", ""), role("b", "a", ""), role("c", "b", "")];
    let found = found(&circle.concat(), &[]);
    assert!(
        found.chains.is_empty() && found.refused.len() == 3,
        "{found:?}"
    );
}

#[test]
fn what_the_settings_have_already_is_not_there_twice() {
    let own = Chain {
        session: "work".into(),
        name: "deploy".into(),
        source: Source::Assignment {
            account_id: "111122223333".into(),
            role: "ReadOnly".into(),
        },
        role: "arn:aws:iam::444455556666:role/Deploy".parse().unwrap(),
        external_id: None,
        session_name: None,
        duration: None,
    };
    let text = [
        role("another-name", "base", ""),
        role("next", "another-name", ""),
    ];
    let found_here = found(&text.concat(), std::slice::from_ref(&own));
    assert_eq!(names(&found_here), ["next"]);
    assert_eq!(found_here.chains[0].source, Source::Chain("deploy".into()));
    assert_eq!(found_here.profiles["another-name"], rows::row_of(&own));
    let other = found(&role("deploy", "base", "external_id = sesame\n"), &[own]);
    assert!(other.chains.is_empty() && other.refused[0].reason.contains("another chained role"));
}
