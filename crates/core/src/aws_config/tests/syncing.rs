//! All assignments at once, again and again.

use super::*;

fn wish(account: usize, name: &str, role: &str) -> NewProfile {
    NewProfile {
        account_id: format!("{account:012}"),
        account_name: Some(name.to_owned()),
        role: role.to_owned(),
        ..new(Style::Sso)
    }
}

fn sync(profiles: Vec<NewProfile>, prune: Prune) -> Sync {
    Sync {
        profiles,
        sessions: vec!["my-org".to_owned()],
        others: Vec::new(),
        template: None,
        prune,
    }
}

fn run(world: &World, request: Sync) -> Plan {
    apply(&plan_sync(&world.places, request).unwrap(), now())
        .unwrap()
        .plan
}

#[test]
fn names_are_unique_and_stay() {
    let world = World::with("[profile dev-admin]\nregion = x\n");
    let wishes = || {
        vec![
            wish(2, "Dev", "Admin"),
            wish(1, "dev", "Admin"),
            wish(3, "Dev", "Ops"),
        ]
    };
    let first = run(&world, sync(wishes(), Prune::Remove));
    let names = [
        "dev-000000000001-admin",
        "dev-000000000002-admin",
        "dev-ops",
    ];
    assert_eq!(actions(&first), names.map(|name| (name, Action::Added)));
    let bytes = world.bytes();
    let mut other_order = wishes();
    other_order.reverse();
    let second = run(&world, sync(other_order, Prune::Remove));
    assert_eq!(
        actions(&second),
        names.map(|name| (name, Action::Unchanged))
    );
    assert_eq!((world.bytes(), world.backups().len()), (bytes, 1));
}

#[test]
fn a_renamed_profile_keeps_its_name_and_own_keys() {
    let world = World::with("# c\n");
    run(&world, sync(vec![wish(1, "Dev", "Admin")], Prune::Remove));
    world.put(world.text().replace("dev-admin", "mine") + "color = blue\n");
    let mut changed = wish(1, "Renamed", "Admin");
    changed.region = Some("us-east-1".to_owned());
    let plan = run(&world, sync(vec![changed], Prune::Remove));
    assert_eq!(actions(&plan), [("mine", Action::Changed)]);
    assert!(world.text().ends_with("region = us-east-1\ncolor = blue\n"));
}

/// A wish with another Region than before.
fn elsewhere(account: usize, region: &str) -> NewProfile {
    NewProfile {
        region: Some(region.to_owned()),
        output: Some("json".to_owned()),
        ..wish(account, "Dev", "Admin")
    }
}

#[test]
fn a_key_that_a_hand_has_changed_stays_until_the_profile_itself_is_asked_for() {
    let world = World::with("# c\n");
    run(&world, sync(vec![wish(1, "Dev", "Admin")], Prune::Keep));
    world.put(
        world
            .text()
            .replace("region = eu-west-1", "region = ap-south-1"),
    );
    let first = run(&world, sync(vec![elsewhere(1, "us-east-1")], Prune::Keep));
    assert_eq!(actions(&first), [("dev-admin", Action::Changed)]);
    let reason = "sets output; keeps what was changed by hand: region";
    assert_eq!(first.changes()[0].reason.as_deref(), Some(reason));
    assert!(
        world
            .text()
            .ends_with("region = ap-south-1\noutput = json\n")
    );
    let again = run(&world, sync(vec![elsewhere(1, "us-east-1")], Prune::Keep));
    assert_eq!(actions(&again), [("dev-admin", Action::Kept)]);
    world.add(elsewhere(1, "us-east-1")).unwrap();
    assert!(world.text().contains("region = us-east-1\n"));
    run(&world, sync(vec![elsewhere(1, "us-east-2")], Prune::Keep));
    assert!(
        world.text().contains("region = us-east-2\n"),
        "ours once more"
    );
}

#[test]
fn a_key_that_a_hand_has_taken_out_stays_out() {
    let world = World::with("# c\n");
    run(&world, sync(vec![elsewhere(1, "us-east-1")], Prune::Keep));
    world.put(world.text().replace("output = json\n", ""));
    let plan = run(&world, sync(vec![elsewhere(1, "us-east-1")], Prune::Keep));
    assert_eq!(actions(&plan), [("dev-admin", Action::Kept)]);
    assert!(!world.text().contains("output"));
}

#[test]
fn what_holds_lines_of_the_users_is_not_pruned() {
    let world = World::with("# c\n");
    let both = || vec![wish(1, "Dev", "Admin"), wish(2, "Ops", "Admin")];
    run(&world, sync(both(), Prune::Remove));
    world.put(world.text() + "cli_pager =\n");
    let dry = plan_sync(&world.places, sync(Vec::new(), Prune::Keep)).unwrap();
    assert!(
        dry.changes()
            .iter()
            .all(|it| it.reason.as_deref() == Some(GONE))
    );
    let plan = run(&world, sync(Vec::new(), Prune::Remove));
    let expected = [("dev-admin", Action::Removed), ("ops-admin", Action::Kept)];
    assert_eq!(actions(&plan), expected);
    assert_eq!(plan.changes()[1].reason.as_deref(), Some(GONE_BY_HAND));
    assert!(
        world.text().contains("[sso-session my-org]"),
        "still needed"
    );
}

#[test]
fn without_the_record_nothing_that_differs_is_set() {
    let world = World::with("# c\n");
    run(&world, sync(vec![wish(1, "Dev", "Admin")], Prune::Keep));
    fs::remove_dir_all(&world.places.backups).unwrap();
    let bytes = world.bytes();
    let plan = run(&world, sync(vec![elsewhere(1, "us-east-1")], Prune::Keep));
    assert!(world.text().contains("region = eu-west-1\noutput = json"));
    assert_eq!(actions(&plan), [("dev-admin", Action::Changed)]);
    assert_ne!(world.bytes(), bytes);
}

#[test]
fn only_our_profiles_of_complete_sessions_are_pruned() {
    let world = World::with(
        "[profile hand]\nsso_session = my-org\nsso_account_id = 000000000009\nsso_role_name = Gone\n",
    );
    run(
        &world,
        sync(vec![wish(1, "a", "R"), wish(2, "b", "R")], Prune::Remove),
    );
    let mut elsewhere = wish(3, "c", "R");
    elsewhere.session.name = "other".to_owned();
    world.add(elsewhere).unwrap();
    let kept = run(&world, sync(vec![wish(1, "a", "R")], Prune::Keep));
    assert_eq!(
        actions(&kept),
        [("a-r", Action::Unchanged), ("b-r", Action::Kept)]
    );
    let pruned = run(&world, sync(vec![wish(1, "a", "R")], Prune::Remove));
    assert_eq!(
        actions(&pruned),
        [("a-r", Action::Unchanged), ("b-r", Action::Removed)]
    );
    assert_eq!(
        pruned.changes()[1].reason.as_deref(),
        Some("its assignment is gone")
    );
    let text = world.text();
    assert!(text.contains("[profile hand]") && text.contains("[profile c-r]"));
    assert!(!text.contains("b-r"));
}

#[test]
fn a_conflict_keeps_one_profile_and_not_the_others_back() {
    let world = World::with("# c\n");
    run(&world, sync(vec![wish(1, "a", "R")], Prune::Keep));
    world.put(world.text() + "aws_access_key_id = AKIA\n");
    let plan = run(
        &world,
        sync(vec![wish(1, "a", "R"), wish(2, "b", "R")], Prune::Keep),
    );
    assert_eq!(
        actions(&plan),
        [("a-r", Action::Kept), ("b-r", Action::Added)]
    );
    assert!(
        plan.changes()[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("aws_access_key_id")
    );
}

#[test]
fn the_template_decides_the_name() {
    let world = World::with("# c\n");
    let mut request = sync(vec![wish(1, "a", "R"), wish(1, "a", "S")], Prune::Keep);
    request.template = Some("{session}.{account_id}".to_owned());
    let plan = run(&world, request.clone());
    assert_eq!(
        actions(&plan),
        [
            ("my-org.000000000001", Action::Added),
            ("my-org.000000000001-000000000001", Action::Added)
        ]
    );
    request.template = Some("{nope}".to_owned());
    assert_eq!(refusal(plan_sync(&world.places, request)).0, Code::Usage);
}

#[test]
fn thousands_at_once_and_back() {
    let world = World::with("[default]\nregion = x\n");
    let wishes = || {
        (0..3000)
            .map(|n| wish(n, &format!("acct {}", n % 700), "Admin"))
            .collect()
    };
    let plan = run(&world, sync(wishes(), Prune::Remove));
    assert!(
        plan.changes()
            .iter()
            .all(|change| change.action == Action::Added)
    );
    assert_eq!(read(&world.places).unwrap().profiles().len(), 3001);
    assert!(run(&world, sync(wishes(), Prune::Remove)).is_empty());
    run(&world, sync(Vec::new(), Prune::Remove));
    assert_eq!(world.text(), "[default]\nregion = x\n");
}

#[test]
fn what_no_profile_can_carry_is_named_and_the_rest_is_written() {
    let world = World::with("# c\n");
    let wishes = vec![
        wish(1, "a", "R"),
        wish(2, "b", "no ]\nrole"),
        wish(3, "c", "R"),
    ];
    let plan = run(&world, sync(wishes, Prune::Remove));
    let expected = [
        ("a-r", Action::Added),
        ("b-no-role", Action::Skipped),
        ("c-r", Action::Added),
    ];
    assert_eq!(actions(&plan), expected);
    let reason = plan.changes()[1].reason.as_deref().unwrap();
    assert!(
        reason.contains("not the name of a permission set"),
        "{reason}"
    );
    assert_eq!(read(&world.places).unwrap().profiles().len(), 2);
}

#[test]
fn profiles_of_assignments_that_were_not_chosen_stay_as_they_are() {
    let world = World::with("# c\n");
    run(
        &world,
        sync(vec![wish(1, "a", "R"), wish(2, "b", "R")], Prune::Remove),
    );
    let before = world.bytes();
    let mut chosen = sync(vec![wish(1, "a", "R")], Prune::Remove);
    chosen.others = vec![Assigned::of_new(&wish(2, "b", "R"))];
    assert!(run(&world, chosen).is_empty());
    assert_eq!(world.bytes(), before);
}
