//! Config files as people have them: every edit leaves their lines alone and can be taken back.

use super::*;

fn each(check: impl Fn(&World, &str, &[u8])) {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 60);
    for (name, bytes) in fixtures {
        check(&World::with(&bytes), &name, &bytes);
    }
}

/// Whether all lines of `old` are in `new`, in order and byte for byte, endings included.
fn holds_all_lines(old: &[u8], new: &[u8]) -> bool {
    let mut rest = new.split_inclusive(|b| *b == b'\n');
    let whole = |line: &[u8]| line.ends_with(b"\n");
    let mut lines = old.split_inclusive(|b| *b == b'\n');
    lines.all(|line| rest.any(|other| other == line || !whole(line) && other.starts_with(line)))
}

#[test]
fn printing_gives_the_same_bytes() {
    each(|_, name, bytes| assert_eq!(document::Document::parse(bytes).to_bytes(), bytes, "{name}"));
}

#[test]
fn adding_keeps_every_line_and_undo_gives_the_old_bytes() {
    for style in [Style::Sso, Style::Process] {
        each(|world, name, old| {
            let applied = world.add(new(style)).unwrap();
            assert_eq!(applied.plan.removed(), 0, "{name}");
            let added = world.bytes();
            assert!(holds_all_lines(old, &added), "{name}");
            assert!(added.len() > old.len() + 100, "{name}");
            let read = read(&world.places).unwrap();
            let profile = read.profile("payments-production-readonly").unwrap();
            assert!(profile.managed && read.fault().is_none(), "{name}");
            assert_eq!(profile.assigned().unwrap().account_id, "111122223333");
            undo(&world.places).unwrap();
            assert_eq!(world.bytes(), old, "{name}");
            assert!(world.backups().is_empty());
        });
    }
}

#[test]
fn adding_twice_is_adding_once() {
    for style in [Style::Sso, Style::Process] {
        each(|world, name, _| {
            world.add(new(style)).unwrap();
            let once = world.bytes();
            let again = world.add(new(style)).unwrap();
            assert_eq!((again.backup, world.bytes()), (None, once), "{name}");
            let expected = [("payments-production-readonly", Action::Unchanged)];
            assert_eq!(actions(&again.plan), expected);
        });
    }
}

#[test]
fn taking_out_what_was_added_gives_the_old_bytes() {
    for style in [Style::Sso, Style::Process] {
        each(|world, name, old| {
            let added = world.add(named(style, "added.by-us")).unwrap();
            let removal = plan_removal(&world.places, added.plan.name()).unwrap();
            apply(&removal, now()).unwrap();
            assert_eq!(
                String::from_utf8_lossy(&world.bytes()),
                String::from_utf8_lossy(old),
                "{name}"
            );
        });
    }
}

#[test]
fn every_added_line_ends_as_the_file_does() {
    for (fixture, ending) in [
        ("windows_crlf.ini", "\r\n"),
        ("windows_crlf_no_end.ini", "\r\n"),
    ] {
        let (_, old) = fixtures()
            .into_iter()
            .find(|(name, _)| name == fixture)
            .unwrap();
        let world = World::with(&old);
        world.add(new(Style::Sso)).unwrap();
        let text = world.text();
        assert_eq!(text.matches('\n').count(), text.matches(ending).count());
        assert_eq!(
            text.ends_with('\n'),
            old.ends_with(b"\n"),
            "the end stays as it is"
        );
    }
}

#[test]
fn every_profile_of_every_fixture_can_be_read() {
    each(|world, name, _| {
        let read = read(&world.places).unwrap();
        assert_eq!(read.fault(), None, "{name}");
        let secret = |key: &str| key.contains("secret") || key == "aws_session_token";
        let keys = read.profiles().iter().flat_map(|profile| &profile.keys);
        assert!(
            keys.into_iter()
                .all(|(key, value)| !secret(key) && !value.contains("EXAMPLEsecret"))
        );
    });
}

#[test]
fn no_diff_shows_a_secret() {
    let (_, bytes) = fixtures()
        .into_iter()
        .find(|(name, _)| name == "static_keys.ini")
        .unwrap();
    let world = World::with(bytes);
    let plan = plan(&world.places, new(Style::Sso)).unwrap();
    assert!(
        plan.unified().contains("aws_secret_access_key = ****"),
        "{}",
        plan.unified()
    );
    assert!(!plan.unified().contains("EXAMPLEsecret") && !plan.unified().contains("EXAMPLEtoken"));
}

#[test]
fn set_unset_and_undone_step_by_step_every_state_is_as_it_was() {
    for style in [Style::Sso, Style::Process] {
        each(|world, name, old| {
            let target = named(style, "added.by-us");
            world.add(target.clone()).unwrap();
            let set = world.bytes();
            let removal = plan_removal(&world.places, "added.by-us").unwrap();
            apply(&removal, now()).unwrap();
            assert_eq!(world.bytes(), old, "{name}: unset");
            undo(&world.places).unwrap();
            assert_eq!(world.bytes(), set, "{name}: undone once");
            undo(&world.places).unwrap();
            assert_eq!(world.bytes(), old, "{name}: undone twice");
        });
    }
}

#[test]
fn a_key_set_and_unset_in_any_section_leaves_the_bytes() {
    each(|_, name, bytes| {
        let document = document::Document::parse(bytes);
        for index in 0..document.sections.len() {
            let mut changed = document.clone();
            changed.sections[index].set("added_by_us", "x", document.ending);
            assert!(holds_all_lines(bytes, &changed.to_bytes()), "{name}");
            assert!(changed.sections[index].unset("added_by_us"));
            assert_eq!(changed.to_bytes(), bytes, "{name}");
        }
    });
    let sections = |(_, bytes): (String, Vec<u8>)| document::Document::parse(&bytes).sections.len();
    assert!(fixtures().into_iter().map(sections).sum::<usize>() > 200);
}
