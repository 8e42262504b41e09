//! What a file looks like after an edit, to the byte; and what is refused.

use super::*;

const SESSION: &str = "[sso-session my-org]\nsso_region = eu-central-1\n\
    sso_start_url = https://d-0000000000.awsapps.com/start\n\
    sso_registration_scopes = sso:account:access\n";

fn check(old: &str, new: NewProfile, expected: &str) {
    let world = World::with(old);
    world.add(new).unwrap();
    assert_eq!(world.text(), expected);
    undo(&world.places).unwrap();
    assert_eq!(world.text(), old);
}

fn refused(old: &str, new: NewProfile, code: Code, words: &[&str]) {
    let world = World::with(old);
    let (found, message) = refusal(plan(&world.places, new));
    assert_eq!(found, code, "{message}");
    for word in words {
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(world.text(), old);
    assert!(world.backups().is_empty());
}

#[test]
fn a_standard_profile_in_a_new_file() {
    let world = World::empty();
    let settings = vec![("cli_pager".to_owned(), String::new())];
    let output = Some("json".to_owned());
    let applied = world
        .add(NewProfile {
            output,
            settings,
            ..new(Style::Sso)
        })
        .unwrap();
    assert_eq!(
        world.text(),
        "[sso-session my-org]\n# daypass: managed\nsso_region = eu-central-1\n\
         sso_start_url = https://d-0000000000.awsapps.com/start\n\
         sso_registration_scopes = sso:account:access\n\n\
         [profile payments-production-readonly]\n# daypass: managed\nsso_session = my-org\n\
         sso_account_id = 111122223333\nsso_role_name = ReadOnly\nregion = eu-west-1\n\
         output = json\ncli_pager =\n"
    );
    assert_eq!(
        actions(&applied.plan),
        [("payments-production-readonly", Action::Added)]
    );
    assert!(applied.plan.unified().starts_with("--- /dev/null\n+++ "));
    assert!(
        applied
            .plan
            .unified()
            .contains("@@ -0,0 +1,14 @@\n+[sso-session my-org]\n")
    );
    assert_eq!((applied.plan.added(), applied.plan.removed()), (14, 0));
    assert!(undo(&world.places).unwrap().removed);
    assert!(!world.places.config.exists());
}

#[test]
fn a_profile_served_by_daypass() {
    check(
        "[default]\nregion = x",
        new(Style::Process),
        "[default]\nregion = x\n\n[profile payments-production-readonly]\n# daypass: managed\n\
         credential_process = \"/opt/day pass/daypass\" credentials --session my-org --account \
         111122223333 --role ReadOnly\nregion = eu-west-1",
    );
}

#[test]
fn a_present_session_is_used_as_it_is() {
    let old = SESSION
        .replace("/start\n", "/start/#/\n")
        .replace("d-0", "D-0");
    let expected = format!(
        "{old}\n[profile p]\n# daypass: managed\nsso_session = my-org\nsso_account_id = \
         111122223333\nsso_role_name = ReadOnly\nregion = eu-west-1\n"
    );
    check(&old, named(Style::Sso, "p"), &expected);
}

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
        &["line 3", "sso_start_url", "session set"],
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
fn a_foreign_profile_is_changed_only_on_demand_and_only_where_needed() {
    let old = "# mine\n[profile p] # keep\nsso_start_url = https://x.awsapps.com/start\n\
        sso_account_id = 999999999999 # typo\n; note\nsso_region = eu-west-1\nREGION = x\n\
        s3 =\n  a = b\n\n# about q\n[profile q]\nk = v\n";
    let hints = ["--replace", "--name", "line 2"];
    refused(old, named(Style::Sso, "p"), Code::ConfigConflict, &hints);
    refused(
        old,
        named(Style::Process, "p"),
        Code::ConfigConflict,
        &hints,
    );
    let old = &format!("{SESSION}{old}");
    let expected = format!(
        "{SESSION}# mine\n[profile p] # keep\nsso_account_id = 111122223333\n; note\n\
         region = eu-west-1\ns3 =\n  a = b\nsso_session = my-org\nsso_role_name = ReadOnly\n\n\
         # about q\n[profile q]\nk = v\n"
    );
    check(old, replacing(named(Style::Sso, "p")), &expected);
}

#[test]
fn a_plan_says_what_it_does() {
    let old = format!(
        "{SESSION}[profile p]\nregion = a\nk = 1\nj = 2\ni = 3\nh = 4\ng = 5\n\
        credential_process = x\n"
    );
    let world = World::with(old);
    let plan = plan(&world.places, replacing(named(Style::Sso, "p"))).unwrap();
    let reason = "sets sso_session, sso_account_id, sso_role_name, region; takes out \
                  credential_process";
    assert_eq!(plan.changes()[0].reason.as_deref(), Some(reason));
    let unified = plan.unified();
    let (_, body) = unified.split_once("@@").unwrap();
    assert_eq!(
        format!("@@{body}"),
        "@@ -3,15 +3,17 @@\n \
         sso_start_url = https://d-0000000000.awsapps.com/start\n \
         sso_registration_scopes = sso:account:access\n [profile p]\n-region = a\n\
         +region = eu-west-1\n k = 1\n j = 2\n i = 3\n@@ -10,3 +10,5 @@\n"
            .replace("@@ -3,15 +3,17 @@", "@@ -3,7 +3,7 @@")
            .replace(
                "@@ -10,3 +10,5 @@\n",
                " h = 4\n g = 5\n-credential_process = x\n\
                +sso_session = my-org\n+sso_account_id = 111122223333\n+sso_role_name = ReadOnly\n"
            )
            .replace("@@ -3,7 +3,7 @@", "@@ -3,10 +3,12 @@")
    );
    assert_eq!((plan.added(), plan.removed()), (4, 2));
}

#[test]
fn far_changes_are_shown_apart() {
    let old = "[profile p]\n# daypass: managed\nregion = a\nb = 1\nc = 1\nd = 1\ne = 1\nf = 1\n\
        g = 1\nh = 1\ncredential_process = x\n";
    let world = World::with(old);
    let new = NewProfile {
        region: None,
        ..named(Style::Process, "p")
    };
    let settings = vec![("max_attempts".to_owned(), "5".to_owned())];
    let plan = plan(
        &world.places,
        NewProfile {
            settings,
            region: Some("b".into()),
            ..new
        },
    )
    .unwrap();
    let unified = plan.unified();
    let heads: Vec<_> = unified
        .lines()
        .filter(|line| line.starts_with("@@"))
        .collect();
    assert_eq!(heads, ["@@ -1,6 +1,6 @@", "@@ -8,4 +8,5 @@"], "{unified}");
}

#[test]
fn our_profile_changes_style_in_its_place() {
    let world = World::with("[default]\nregion = x\n");
    world.add(named(Style::Process, "p")).unwrap();
    world.put(world.text() + "mine = 1\n\n# below\n[profile z]\nk = v\n");
    world.add(named(Style::Sso, "p")).unwrap();
    let text = world.text();
    assert!(text.contains("[profile p]\n# daypass: managed\nregion = eu-west-1\nmine = 1\n"));
    assert!(
        text.contains("sso_role_name = ReadOnly\n\n# below\n[profile z]\nk = v\n\n[sso-session")
    );
    assert!(!text.contains("credential_process"));
    world.add(named(Style::Process, "p")).unwrap();
    assert!(!world.text().contains("sso_role_name") && world.text().contains("mine = 1\n"));
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
    let world = World::with("");
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
fn default_is_written_only_when_asked() {
    let default = || NewProfile {
        target: Target::Default,
        ..new(Style::Process)
    };
    refused(
        "",
        named(Style::Sso, "default"),
        Code::Usage,
        &["--default"],
    );
    refused(
        "[default]\nregion = x\n",
        default(),
        Code::ConfigConflict,
        &["--replace"],
    );
    refused(
        "[profile default]\n",
        replacing(default()),
        Code::ConfigConflict,
        &["[default]"],
    );
    let both = "[default]\n[profile default]\n";
    refused(
        both,
        replacing(default()),
        Code::ConfigConflict,
        &["lines 1, 2"],
    );
    let command = "credential_process = \"/opt/day pass/daypass\" credentials --session my-org \
        --account 111122223333 --role ReadOnly\n";
    let expected = format!("[default]\nregion = eu-west-1\n{command}");
    check("[default]\nregion = x\n", replacing(default()), &expected);
    let expected = format!("\n\n[default]\n# daypass: managed\n{command}region = eu-west-1\n");
    check("\n", default(), &expected);
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
fn a_profile_taken_out_takes_only_its_own_lines() {
    let old = "# top\n[profile p]\n# daypass: managed\nsso_session = my-org\n# inside\nregion = x\n\
        \n# about q\n[profile q]\nsource_profile = p\n";
    let world = World::with(old);
    let plan = plan_removal(&world.places, "p").unwrap();
    assert_eq!(
        plan.changes()[0].reason.as_deref(),
        Some("profile q builds on it")
    );
    apply(&plan, now()).unwrap();
    assert_eq!(
        world.text(),
        "# top\n\n# about q\n[profile q]\nsource_profile = p\n"
    );
    assert_eq!(
        refusal(plan_removal(&world.places, "q")).0,
        Code::ConfigConflict
    );
    assert_eq!(refusal(plan_removal(&world.places, "none")).0, Code::Usage);
}

#[test]
fn what_cannot_be_written_is_refused_by_name() {
    let usage = |new: NewProfile| refused("", new, Code::Usage, &[]);
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
        refused("", set(key, "x"), Code::Usage, &["--set"]);
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
        refused("", set("ca_bundle", value), Code::Usage, &["ca_bundle"]);
    }
    refused("", set("cli_pager", "less; id"), Code::Usage, &["program"]);
    refused("", set("region", "x y"), Code::Usage, &["Region"]);
    let twice = NewProfile {
        region: Some("a".into()),
        ..set("region", "b")
    };
    refused("", twice, Code::Usage, &["twice"]);
    let world = World::with("");
    world
        .add(set("ca_bundle", "/home/Jané Doe/100%.pem"))
        .unwrap();
    assert!(
        world
            .text()
            .ends_with("\nca_bundle = /home/Jané Doe/100%.pem\n")
    );
}
