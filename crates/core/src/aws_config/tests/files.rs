//! The files on the disk: modes, links, backups, and others who write at the same time.

use std::io::Write;
use std::thread;

use super::*;

/// Writes in place, as the AWS CLI does.
pub(super) fn put(path: &Path, bytes: &[u8]) {
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)
        .unwrap();
    file.write_all(bytes).unwrap();
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn new_files_and_backups_are_private_and_old_modes_stay() {
        let world = World::empty();
        world.add(new(Style::Sso)).unwrap();
        assert_eq!(mode(&world.places.config), 0o600);
        assert_eq!(mode(world.places.config.parent().unwrap()), 0o700);
        assert_eq!(mode(&world.places.backups), 0o700);
        set_mode(&world.places.config, 0o644);
        set_mode(world.places.config.parent().unwrap(), 0o755);
        world.add(named(Style::Sso, "p")).unwrap();
        assert_eq!(mode(&world.places.config), 0o644);
        assert_eq!(mode(world.places.config.parent().unwrap()), 0o755);
        assert!(world.backups().iter().all(|backup| mode(backup) == 0o600));
    }

    #[test]
    fn links_survive_every_step() {
        let world = World::with("");
        let (aws, real) = (
            world.places.config.parent().unwrap(),
            world.folder.path().join("real"),
        );
        fs::remove_file(&world.places.config).unwrap();
        symlink("second", &world.places.config).unwrap();
        symlink("../real", aws.join("second")).unwrap();
        world.add(new(Style::Sso)).unwrap();
        assert!(real.exists() && world.places.config.is_symlink());
        undo(&world.places).unwrap();
        assert!(!real.exists() && world.places.config.is_symlink());
        put(&real, b"[default]\n");
        world.add(new(Style::Process)).unwrap();
        undo(&world.places).unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"[default]\n");
        assert!(aws.join("second").is_symlink());
    }

    #[test]
    fn what_cannot_be_replaced_is_left_as_it_is() {
        let world = World::with("[default]\n");
        let refused = |code| {
            let plan = plan(&world.places, new(Style::Sso)).unwrap();
            assert_eq!(refusal(apply(&plan, now())).0, code);
            assert_eq!(world.bytes(), b"[default]\n");
            assert!(world.backups().is_empty());
        };
        set_mode(&world.places.config, 0o444);
        refused(Code::ConfigNotWritable);
        set_mode(&world.places.config, 0o644);
        let other = world.folder.path().join("other");
        fs::hard_link(&world.places.config, &other).unwrap();
        refused(Code::ConfigNotWritable);
        fs::remove_file(&other).unwrap();
        fs::remove_dir_all(world.folder.path().join("state")).unwrap();
        put(&world.folder.path().join("state"), b"a file, not a folder");
        refused(Code::StorageFailed);
    }

    #[test]
    fn a_folder_is_no_config_file() {
        let world = World::with("");
        fs::remove_file(&world.places.config).unwrap();
        fs::create_dir(&world.places.config).unwrap();
        assert_eq!(
            refusal(plan(&world.places, new(Style::Sso))).0,
            Code::ConfigNotWritable
        );
        assert_eq!(refusal(read(&world.places)).0, Code::ConfigNotWritable);
    }
}

#[test]
fn ten_backups_are_kept_in_order_and_lead_back() {
    let world = World::with("# c\n");
    let mut states = vec![world.bytes()];
    for number in 0..13 {
        // The clock of the machine is set back all the time.
        let now = now() - jiff::SignedDuration::from_hours(number);
        let plan = plan(&world.places, named(Style::Sso, &format!("p{number}"))).unwrap();
        let applied = apply(&plan, now).unwrap();
        assert_eq!(
            fs::read(applied.backup.unwrap()).unwrap(),
            *states.last().unwrap()
        );
        states.push(world.bytes());
    }
    assert_eq!(world.backups().len(), 10);
    states.pop();
    for state in states.iter().rev().take(10) {
        undo(&world.places).unwrap();
        assert_eq!(world.bytes(), *state);
    }
    assert_eq!(refusal(undo(&world.places)).0, Code::NothingToUndo);
}

#[test]
fn undo_refuses_where_somebody_else_has_written() {
    let world = World::with("[default]\n");
    assert_eq!(refusal(undo(&world.places)).0, Code::NothingToUndo);
    world.add(new(Style::Sso)).unwrap();
    let ours = world.text();
    world.put(ours.clone() + "# mine\n");
    let (code, message) = refusal(undo(&world.places));
    assert_eq!(code, Code::ConfigConflict);
    assert!(
        message.contains(world.backups()[0].to_str().unwrap()),
        "{message}"
    );
    world.put(&ours);
    let undone = undo(&world.places).unwrap();
    assert_eq!(
        (undone.removed, undone.diff.len()),
        (false, ours.lines().count())
    );
}

#[test]
fn a_backup_of_a_change_that_never_happened_is_passed_by() {
    let world = World::with("[default]\n");
    world.add(named(Style::Sso, "p")).unwrap();
    let real = store::real(&world.places.config);
    let bytes = world.bytes();
    backup::keep(&world.places.backups, &real, Some(&bytes), b"never", now()).unwrap();
    undo(&world.places).unwrap();
    assert_eq!(world.bytes(), b"[default]\n");
}

#[test]
fn two_config_files_have_backups_of_their_own() {
    let world = World::with("[default]\n");
    let other = Places {
        config: world.folder.path().join("other"),
        ..world.places.clone()
    };
    world.add(new(Style::Sso)).unwrap();
    assert_eq!(refusal(undo(&other)).0, Code::NothingToUndo);
    apply(&plan(&other, new(Style::Sso)).unwrap(), now()).unwrap();
    undo(&world.places).unwrap();
    assert_eq!(world.bytes(), b"[default]\n");
    assert!(undo(&other).unwrap().removed);
}

#[test]
fn a_change_made_after_the_plan_is_not_lost() {
    let world = World::with("[default]\n");
    let plan = plan(&world.places, new(Style::Sso)).unwrap();
    world.put("[default]\n[profile theirs]\nregion = x\n");
    let applied = apply(&plan, now()).unwrap();
    assert!(
        world
            .text()
            .starts_with("[default]\n[profile theirs]\nregion = x\n\n[sso-session")
    );
    assert_eq!(
        fs::read(applied.backup.unwrap()).unwrap(),
        b"[default]\n[profile theirs]\nregion = x\n"
    );
    world.put("[default]\n[default]\n");
    assert_eq!(refusal(apply(&plan, now())).0, Code::ConfigBroken);
    world.put("[profile payments-production-readonly]\n");
    let named = plan_of(&world, "payments-production-readonly");
    assert_eq!(refusal(named).0, Code::ConfigConflict);
}

fn plan_of(world: &World, name: &str) -> Result<Plan> {
    plan(&world.places, named(Style::Sso, name))
}

#[test]
fn a_write_in_place_during_the_replacement_is_found_and_kept() {
    let world = World::with("[default]\n");
    let watch = store::Watch::start(&world.places.config);
    let known = world.bytes();
    let mut theirs = fs::OpenOptions::new()
        .append(true)
        .open(&world.places.config)
        .unwrap();
    store::write(&world.places.config, b"[profile ours]\n", || true).unwrap();
    assert_eq!(watch.overtaken(Some(&known)).unwrap(), None);
    theirs.write_all(b"[profile theirs]\n").unwrap();
    let found = watch.overtaken(Some(&known)).unwrap();
    let expected = if cfg!(unix) {
        Some(b"[default]\n[profile theirs]\n".to_vec())
    } else {
        None
    };
    assert_eq!(found.map(|it| it.bytes.to_vec()), expected);
}

#[cfg(unix)]
#[test]
fn a_file_that_is_another_by_now_is_not_replaced() {
    let world = World::with("[default]\n");
    let (path, known) = (&world.places.config, world.bytes());
    let watch = store::Watch::start(path);
    let write = || store::write(path, b"ours", || watch.is_current(path, Some(&known))).unwrap();
    put(path, b"[profile in-place]\n");
    assert!(!write());
    assert_eq!(world.bytes(), b"[profile in-place]\n");
    put(path, &known);
    fs::rename(path, path.with_file_name("old")).unwrap();
    assert!(!write() && !path.exists());
    // The same bytes in another file: what is written to the first one is not of this one.
    put(path, &known);
    assert!(!write());
    fs::rename(path.with_file_name("old"), path).unwrap();
    assert!(write());
    assert_eq!(world.bytes(), b"ours");
}

#[cfg(unix)]
#[test]
fn the_change_is_made_again_on_top_of_what_was_found() {
    let world = World::with("[default]\n");
    let plan = plan(&world.places, new(Style::Process)).unwrap();
    let watch = store::Watch::start(&world.places.config);
    let files = read_files(&world.places, &plan.request, Patience::Long).unwrap();
    world.put("[default]\n[profile theirs]\nregion = x\n");
    let applied = Carrying::new(&plan, files, watch, now()).finish().unwrap();
    // It was seen before the file was replaced.
    assert!(!applied.overtaken && world.backups().len() == 1);
    let read = read(&world.places).unwrap();
    let names: Vec<_> = read
        .profiles()
        .iter()
        .map(|profile| profile.name.as_str())
        .collect();
    assert_eq!(names, ["default", "theirs", "payments-production-readonly"]);
    undo(&world.places).unwrap();
    assert_eq!(world.text(), "[default]\n[profile theirs]\nregion = x\n");
}

#[test]
fn a_half_written_file_is_read_again() {
    let world = World::with("");
    let path = world.places.config.clone();
    let writer = thread::spawn(move || {
        thread::sleep(std::time::Duration::from_millis(15));
        put(&path, b"[profile whole]\nregion = x\n");
    });
    assert!(read(&world.places).unwrap().profile("whole").is_some());
    writer.join().unwrap();
}

#[test]
fn what_an_interrupted_write_left_is_tidied_up_by_the_next() {
    let world = World::with("[default]\n");
    let folder = world.places.config.parent().unwrap();
    let (left, theirs) = (
        folder.join(".daypass-config-a1.tmp"),
        folder.join("other.tmp"),
    );
    put(&left, b"half");
    put(&theirs, b"not ours");
    world.add(named(Style::Sso, "a")).unwrap();
    let backup = world.places.backups.join(".daypass-x-a1.tmp");
    put(&backup, b"half");
    put(&left, b"half");
    undo(&world.places).unwrap();
    assert!(!left.exists() && !backup.exists() && theirs.exists());
}

#[test]
fn many_writers_lose_nothing() {
    let world = World::with("[default]\nregion = x\n");
    thread::scope(|scope| {
        for writer in 0..6 {
            let world = &world;
            scope.spawn(move || {
                for round in 0..10 {
                    world
                        .add(named(Style::Process, &format!("w{writer}-{round}")))
                        .unwrap();
                }
            });
        }
    });
    let read = read(&world.places).unwrap();
    assert_eq!((read.profiles().len(), read.fault()), (61, None));
    assert_eq!(world.backups().len(), 10);
}
