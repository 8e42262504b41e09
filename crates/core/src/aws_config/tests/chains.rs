//! Profiles of chained roles: what is written, what is built on, what is refused.

use super::*;

fn role(name: &str) -> NewRole {
    NewRole {
        name: name.to_owned(),
        role_arn: format!("arn:aws:iam::444455556666:role/{name}"),
        external_id: None,
        session_name: None,
        duration: None,
    }
}

fn chain(names: &[&str]) -> NewChain {
    NewChain {
        base: new(Style::Sso),
        roles: names.iter().map(|name| role(name)).collect(),
        target: Target::Proposed,
        region: Some("eu-west-1".to_owned()),
        output: None,
        settings: Vec::new(),
        on_conflict: OnConflict::Refuse,
    }
}

fn write(world: &World, chain: NewChain) -> Result<Applied> {
    apply(&plan_chain(&world.places, chain)?, now())
}

const BASE: &str = "payments-production-readonly";

#[test]
fn each_profile_on_the_way_is_written_once_and_the_one_asked_for_is_told_first() {
    let world = World::with("[profile deploy]\nregion = x\n");
    let wanted = || {
        let mut chain = chain(&["Deploy", "Audit"]);
        chain.roles[1].external_id = Some("sesame".to_owned());
        chain.roles[1].session_name = Some("jo".to_owned());
        chain.roles[1].duration = Some(900);
        chain
    };
    let first = write(&world, wanted()).unwrap().plan;
    let names = ["Audit", BASE, "Deploy-2"];
    assert_eq!(actions(&first), names.map(|name| (name, Action::Added)));
    let expected = format!(
        "[profile deploy]\nregion = x\n\n\
         {}\n[profile {BASE}]\n# daypass: managed\nsso_session = my-org\n\
         sso_account_id = 111122223333\nsso_role_name = ReadOnly\nregion = eu-west-1\n\n\
         [profile Deploy-2]\n# daypass: managed\nrole_arn = arn:aws:iam::444455556666:role/Deploy\n\
         source_profile = {BASE}\n\n\
         [profile Audit]\n# daypass: managed\nrole_arn = arn:aws:iam::444455556666:role/Audit\n\
         source_profile = Deploy-2\nexternal_id = sesame\nrole_session_name = jo\n\
         duration_seconds = 900\nregion = eu-west-1\n",
        SESSION.replacen(']', "]\n# daypass: managed", 1)
    );
    assert_eq!(world.text(), expected);
    let again = write(&world, wanted()).unwrap().plan;
    assert_eq!(actions(&again), [("Audit", Action::Unchanged)]);
    assert_eq!(world.text(), expected);
    undo(&world.places).unwrap();
    assert_eq!(world.text(), "[profile deploy]\nregion = x\n");
}

#[test]
fn profiles_that_mean_the_same_are_built_on_whoever_wrote_them() {
    let mine = format!(
        "{SESSION}[profile mine]\nsso_session = my-org\nsso_account_id = 111122223333\n\
         sso_role_name = ReadOnly\n[profile step]\nrole_arn = arn:aws:iam::444455556666:role/Deploy\n\
         source_profile = mine\nregion = us-east-1\n"
    );
    let world = World::with(&mine);
    let plan = write(&world, chain(&["Deploy", "Audit"])).unwrap().plan;
    assert_eq!(actions(&plan), [("Audit", Action::Added)]);
    let text = world.text();
    assert!(
        text.starts_with(&mine) && text.contains("source_profile = step\n"),
        "{text}"
    );
    // Another external id is another role session.
    let mut other = chain(&["Deploy", "Audit"]);
    other.roles[0].external_id = Some("sesame".to_owned());
    other.target = Target::Named("other".to_owned());
    let plan = write(&world, other).unwrap().plan;
    let expected = [("other", Action::Added), ("Deploy", Action::Added)];
    assert_eq!(actions(&plan), expected);
}

#[test]
fn what_daypass_wrote_follows_a_change_and_what_it_did_not_is_refused() {
    let world = World::with("[profile hand]\nrole_arn = x\nsource_profile = y\n");
    let named = |name: &str| NewChain {
        target: Target::Named(name.to_owned()),
        ..chain(&["Deploy"])
    };
    let mut one = named("it");
    one.roles[0].external_id = Some("sesame".to_owned());
    write(&world, one).unwrap();
    let plan = write(&world, named("it")).unwrap().plan;
    assert_eq!(actions(&plan), [("it", Action::Changed)]);
    assert!(!world.text().contains("external_id"), "{}", world.text());
    let before = world.text();
    let (code, words) = refusal(write(&world, named("hand")));
    assert_eq!(
        (code, world.text()),
        (Code::ConfigConflict, before),
        "{words}"
    );
    let replaced = NewChain {
        on_conflict: OnConflict::Replace,
        ..named("hand")
    };
    write(&world, replaced).unwrap();
    assert_eq!(
        world.text().matches("role/Deploy").count(),
        2,
        "{}",
        world.text()
    );
    let keys = World::with("[profile it]\naws_access_key_id = AKIAEXAMPLE\n");
    let replaced = NewChain {
        on_conflict: OnConflict::Replace,
        ..named("it")
    };
    let (code, words) = refusal(write(&keys, replaced));
    assert!(
        code == Code::ConfigConflict && words.contains("aws_access_key_id"),
        "{words}"
    );
}

#[test]
fn values_that_a_reader_would_misread_are_refused() {
    for text in ["a]b", "=a", ":a", "a\nregion = x", "a #b"] {
        let world = World::with("");
        let mut chain = chain(&["Deploy"]);
        chain.roles[0].external_id = Some(text.to_owned());
        let (code, words) = refusal(write(&world, chain));
        assert!(
            code == Code::Usage && words.contains("external_id"),
            "{words}"
        );
        assert_eq!(world.text(), "");
    }
    let world = World::with("");
    let mut named = chain(&["Deploy"]);
    named.roles[0].name = "a b".to_owned();
    assert_eq!(refusal(write(&world, named)).0, Code::Usage);
}

#[test]
fn a_profile_that_daypass_serves_is_never_pruned_with_the_assignments() {
    let world = World::with("");
    let served = NewProfile {
        role: "chain:deploy".to_owned(),
        ..new(Style::Process)
    };
    world.add(served.clone()).unwrap();
    let text = world.text();
    assert!(
        text.contains("[profile deploy]") && text.contains("--role chain:deploy"),
        "{text}"
    );
    let prune = Sync {
        others: Vec::new(),
        profiles: Vec::new(),
        sessions: vec!["my-org".to_owned()],
        template: None,
        prune: Prune::Remove,
    };
    apply(&plan_sync(&world.places, prune).unwrap(), now()).unwrap();
    assert_eq!(world.text(), text);
    let in_sso = NewProfile {
        style: Style::Sso,
        ..served
    };
    assert_eq!(refusal(world.add(in_sso)).0, Code::Usage);
}
