//! What is not written, with the place and a way out, and that nothing is touched then.

use super::*;

#[test]
fn another_session_of_that_name_is_a_conflict() {
    let conflict = |old: &str, words: &[&str]| {
        refused(old, replacing(new(Style::Sso)), Code::ConfigConflict, words);
    };
    conflict(
        &SESSION.replace("eu-central-1", "us-east-1"),
        &["line 2", "sso_region"],
    );
    conflict(
        &SESSION.replace("d-0", "d-1"),
        &["line 3", "sso_start_url", "another name"],
    );
    conflict("[sso-session my-org]\n", &["line 1", "sso_start_url"]);
    conflict(
        &SESSION.replace("[sso-session my-org]", "[sso-session 'my-org']"),
        &["line 1"],
    );
    conflict(
        &format!("{SESSION}[sso-session  my-org]\n"),
        &["lines 1, 5"],
    );
    let ours = SESSION
        .replace("org]\n", "org]\n# daypass: managed\n")
        .replace("d-0", "d-1");
    refused(
        &ours,
        new(Style::Sso),
        Code::ConfigConflict,
        &["line 4", "--replace"],
    );
    let world = World::with(&ours);
    world.add(replacing(new(Style::Sso))).unwrap();
    assert!(world.text().contains("https://d-0000000000") && !world.text().contains("d-1"));
}

#[test]
fn other_credentials_are_never_taken_out() {
    for key in profile::OTHER_CREDENTIALS {
        let old = format!("[profile p]\nregion = x\n{key} = y\n");
        for style in [Style::Sso, Style::Process] {
            let conflict = replacing(named(style, "p"));
            refused(
                &old,
                conflict,
                Code::ConfigConflict,
                &[key, "line 3", "sign-in"],
            );
        }
    }
}

#[test]
fn the_credentials_file_can_be_in_the_way() {
    let world = World::with("# c\n");
    let credentials = "[p]\nregion = x\naws_access_key_id = AKIA\n[q]\nregion = x\n\
        [payments-production-readonly]\ncredential_process = x\n";
    files::put(&world.places.credentials, credentials.as_bytes());
    for style in [Style::Sso, Style::Process] {
        let (code, message) = refusal(plan(&world.places, replacing(named(style, "p"))));
        assert_eq!(code, Code::ConfigConflict);
        assert!(message.contains("credentials, line 3"), "{message}");
        plan(&world.places, named(style, "q")).unwrap();
        let proposed = plan(&world.places, new(style)).unwrap();
        assert_eq!(proposed.name(), "payments-production-111122223333-readonly");
    }
}

#[test]
fn headers_that_not_every_tool_reads_are_a_conflict() {
    for header in [
        "[profile 'p']",
        "[profile  p]",
        "[ profile p ]",
        "[profile \"p\"] # c",
    ] {
        let old = format!("{header}\nregion = x\n");
        let conflict = replacing(named(Style::Process, "p"));
        refused(
            &old,
            conflict,
            Code::ConfigConflict,
            &["line 1", "[profile p]"],
        );
    }
    let twice = "[profile p]\n[profile 'p']\n";
    refused(
        twice,
        named(Style::Sso, "p"),
        Code::ConfigConflict,
        &["lines 1, 2"],
    );
}

#[test]
fn what_cannot_be_written_is_refused_by_name() {
    let usage = |new: NewProfile| refused("# c\n", new, Code::Usage, &[]);
    let sso = || new(Style::Sso);
    for name in [
        "",
        "a b",
        "a]",
        "a\nb",
        "-a",
        "ä",
        "a\"",
        "a#b",
        "a;b",
        "[a",
        &"x".repeat(129),
    ] {
        usage(named(Style::Sso, name));
    }
    for account_id in [
        "",
        "1",
        "11112222333",
        "1111222233334",
        "11112222333x",
        "١١١١٢٢٢٢٣٣٣٣",
    ] {
        usage(NewProfile {
            account_id: account_id.into(),
            ..sso()
        });
    }
    for role in [
        "",
        "a b",
        "a\"b",
        "$(id)",
        "-x",
        "a;b",
        "a/b",
        "a\n",
        &"x".repeat(65),
    ] {
        usage(NewProfile {
            role: role.into(),
            ..sso()
        });
        usage(NewProfile {
            role: role.into(),
            ..new(Style::Process)
        });
    }
    for program in [
        "daypass",
        "/a\"b",
        "/a$b",
        "/a`b",
        "/a\\b",
        "/a\nb",
        "/a #b/daypass",
        "",
    ] {
        usage(NewProfile {
            program: program.into(),
            ..new(Style::Process)
        });
    }
    for url in [
        "",
        "ftp://x",
        "https://x y",
        "https://x\n",
        "https://x;y",
        "https://x]",
    ] {
        usage(NewProfile {
            session: SessionFacts {
                start_url: url.into(),
                ..sso().session
            },
            ..sso()
        });
    }
    for name in ["", "a b", "a/b", "a=b", "-a", "a]"] {
        usage(NewProfile {
            session: SessionFacts {
                name: name.into(),
                ..sso().session
            },
            ..sso()
        });
    }
    usage(NewProfile {
        region: Some("EU".into()),
        ..sso()
    });
    usage(NewProfile {
        output: Some("xml".into()),
        ..sso()
    });
}

#[test]
fn settings_are_of_a_list_and_have_plain_values() {
    let set = |key: &str, value: &str| NewProfile {
        settings: vec![(key.to_owned(), value.to_owned())],
        region: None,
        ..new(Style::Sso)
    };
    for key in [
        "aws_access_key_id",
        "aws_secret_access_key",
        "aws_session_token",
        "credential_process",
        "sso_session",
        "sso_role_name",
        "role_arn",
        "source_profile",
        "endpoint_url",
        "services",
        "web_identity_token_file",
        "region\nx",
        "",
        "a b",
        "[x]",
        "REGION",
        "#c",
        "mfa_serial",
    ] {
        refused("# c\n", set(key, "x"), Code::Usage, &["--set"]);
    }
    let long = "x".repeat(64 * 1024);
    for value in [
        "a\nb",
        "a\rb",
        "a\0b",
        "[a",
        "a]b",
        "]",
        " a",
        "a ",
        "\"a\"",
        "a # b",
        "a\t;b",
        "#",
        "= a",
        "\u{1b}[0m",
        "\u{202e}",
        "\u{2028}",
        "\u{85}",
        long.as_str(),
    ] {
        refused(
            "# c\n",
            set("ca_bundle", value),
            Code::Usage,
            &["ca_bundle"],
        );
    }
    refused(
        "# c\n",
        set("cli_pager", "less; id"),
        Code::Usage,
        &["program"],
    );
    refused("# c\n", set("region", "x y"), Code::Usage, &["Region"]);
    let twice = NewProfile {
        region: Some("a".into()),
        ..set("region", "b")
    };
    refused("# c\n", twice, Code::Usage, &["twice"]);
    let world = World::with("# c\n");
    world
        .add(set("ca_bundle", "/home/Jané Doe/100%.pem"))
        .unwrap();
    assert!(
        world
            .text()
            .ends_with("\nca_bundle = /home/Jané Doe/100%.pem\n")
    );
}
