//! What a file looks like after an edit, to the byte.

use super::*;

fn check(old: &str, new: NewProfile, expected: &str) {
    let world = World::with(old);
    world.add(new).unwrap();
    assert_eq!(world.text(), expected);
    undo(&world.places).unwrap();
    assert_eq!(world.text(), old);
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
    let expected = [
        " -3,10 +3,12 @@",
        " sso_start_url = https://d-0000000000.awsapps.com/start",
        " sso_registration_scopes = sso:account:access",
        " [profile p]",
        "-region = a",
        "+region = eu-west-1",
        " k = 1",
        " j = 2",
        " i = 3",
        " h = 4",
        " g = 5",
        "-credential_process = x",
        "+sso_session = my-org",
        "+sso_account_id = 111122223333",
        "+sso_role_name = ReadOnly",
    ];
    assert_eq!(body.lines().collect::<Vec<_>>(), expected);
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
