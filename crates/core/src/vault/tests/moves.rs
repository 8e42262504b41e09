//! Moves between names in AWS's cache; those between storages need a keychain and are journeys.

use super::*;
use crate::settings::{self, SessionSettings};
use crate::vault::{Assignments, Move};
use crate::{Code, Error};

async fn register(room: &Room, name: &str) {
    let session = SessionSettings {
        name: name.into(),
        start_url: URL.into(),
        region: "eu-central-1".into(),
        storage: Storage::Shared,
        storage_chosen: true,
        length: None,
        allow_custom_portal: false,
        browsers: crate::settings::Browsers::default(),
    };
    let added = settings::update(&room.host, |settings| {
        settings.sessions = vec![session];
        Ok(())
    });
    added.await.unwrap();
}

fn roles() -> Assignments {
    [("111122223333".to_owned(), "ReadOnly".to_owned())].into()
}

async fn signed_in(room: &Room, shelf: &Shelf) {
    register(room, &shelf.session).await;
    room.save(shelf, &room.tokens("c", "one", 60)).await;
    let keys = room.keys("ASIAEXAMPLE");
    room.vault
        .write_role(shelf, "111122223333", "ReadOnly", &keys)
        .await
        .unwrap();
}

async fn role(room: &Room, shelf: &Shelf) -> Option<String> {
    let keys = room
        .vault
        .read_role(shelf, "111122223333", "ReadOnly")
        .await;
    keys.unwrap().map(|it| it.access_key_id)
}

fn way<'a>(from: &'a Shelf, to: &'a Shelf, assignments: &'a Assignments) -> Move<'a> {
    Move {
        from,
        to,
        assignments,
        never_used: false,
    }
}

#[tokio::test]
async fn a_new_name_takes_everything_along() {
    let room = room();
    let (from, to) = (shelf("old", &[address(URL)]), shelf("new", &[address(URL)]));
    signed_in(&room, &from).await;
    let switch = async {
        register(&room, "new").await;
        Ok(())
    };
    room.vault
        .carry(way(&from, &to, &roles()), switch)
        .await
        .unwrap();
    assert_eq!(room.read(&to).await.as_deref(), Some("one"));
    assert_eq!(role(&room, &to).await.as_deref(), Some("ASIAEXAMPLE"));
    assert_eq!(
        (room.read(&from).await, role(&room, &from).await),
        (None, None)
    );
    room.erase(&to).await;
    assert!(
        !room.file(&address(URL)).exists(),
        "the mirror is the new name's"
    );
    assert_eq!(
        std::fs::read_dir(&room.host.paths.sso_cache)
            .unwrap()
            .count(),
        0
    );
}

#[tokio::test]
async fn a_name_that_profiles_still_use_stays_as_a_mirror() {
    let room = room();
    let (from, to) = (shelf("old", &[]), shelf("new", &[named("old")]));
    signed_in(&room, &from).await;
    let switch = async {
        register(&room, "new").await;
        Ok(())
    };
    room.vault
        .carry(way(&from, &to, &roles()), switch)
        .await
        .unwrap();
    assert_eq!(room.shows(&named("old")), "one");
    room.save(&to, &room.tokens("c", "two", 60)).await;
    assert_eq!(room.shows(&named("old")), "two");
}

#[tokio::test]
async fn a_move_that_the_settings_refuse_leaves_all_as_it_was() {
    let room = room();
    let (from, to) = (shelf("old", &[]), shelf("new", &[]));
    signed_in(&room, &from).await;
    let refused = async { Err(Error::new(Code::SettingsBroken, "no")) };
    let error = room.vault.carry(way(&from, &to, &roles()), refused).await;
    assert_eq!(error.unwrap_err().code(), Code::SettingsBroken);
    assert_eq!(room.read(&from).await.as_deref(), Some("one"));
    assert_eq!(role(&room, &from).await.as_deref(), Some("ASIAEXAMPLE"));
    assert_eq!((room.read(&to).await, role(&room, &to).await), (None, None));
}

#[tokio::test]
async fn a_name_under_which_another_tool_is_signed_in_is_refused() {
    let room = room();
    let (from, to) = (shelf("old", &[]), shelf("new", &[]));
    signed_in(&room, &from).await;
    room.foreign(&named("new"), &room.tokens("another client", "theirs", 60));
    let switch = async { Ok(()) };
    let error = room.vault.carry(way(&from, &to, &roles()), switch).await;
    assert_eq!(error.unwrap_err().code(), Code::ConfigConflict);
    assert_eq!(room.shows(&named("new")), "theirs");
    assert_eq!(room.read(&from).await.as_deref(), Some("one"));
}

/// A switch that never comes back stands for a process that dies there.
#[tokio::test]
async fn a_move_that_dies_is_ended_by_the_next_who_looks() {
    for switched in [false, true] {
        let room = room();
        let (from, to) = (shelf("old", &[]), shelf("new", &[]));
        signed_in(&room, &from).await;
        let dies = async {
            if switched {
                register(&room, "new").await;
            }
            std::future::pending().await
        };
        let assignments = roles();
        let carry = room.vault.carry(way(&from, &to, &assignments), dies);
        let moment = std::time::Duration::from_millis(500);
        tokio::time::timeout(moment, carry).await.unwrap_err();
        assert!(room.file(&named("old")).exists() && room.file(&named("new")).exists());
        let fresh = Vault::new(&room.host);
        fresh.settle().await.unwrap();
        let (there, gone) = if switched { (&to, &from) } else { (&from, &to) };
        assert_eq!(room.read(there).await.as_deref(), Some("one"), "{switched}");
        assert_eq!(role(&room, there).await.as_deref(), Some("ASIAEXAMPLE"));
        assert_eq!(
            (room.read(gone).await, role(&room, gone).await),
            (None, None)
        );
    }
}

#[tokio::test]
async fn role_credentials_that_come_after_a_sign_out_are_not_kept() {
    let room = room();
    let shelf = shelf("work", &[]);
    signed_in(&room, &shelf).await;
    room.erase(&shelf).await;
    let keys = room.keys("ASIAEXAMPLE");
    room.vault
        .write_role(&shelf, "111122223333", "ReadOnly", &keys)
        .await
        .unwrap();
    assert_eq!(role(&room, &shelf).await, None);
}

#[tokio::test]
async fn a_fresh_sign_in_drops_the_role_credentials_that_rest_here() {
    let room = room();
    let shelf = shelf("work", &[]);
    signed_in(&room, &shelf).await;
    let held = room.vault.under_lock(&shelf).await.unwrap();
    held.erase_roles(&Assignments::new()).await.unwrap();
    assert_eq!(role(&room, &shelf).await, None);
    assert_eq!(room.read(&shelf).await.as_deref(), Some("one"));
}
