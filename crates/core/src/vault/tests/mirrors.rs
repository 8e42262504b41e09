//! Mirrors: who gets a copy, whose file is left alone, which copy is believed.

use super::*;
use crate::Code;

const SLASH: &str = "https://d-0000000000.awsapps.com/start/";
const HASH: &str = "https://d-0000000000.awsapps.com/start/#/";

#[tokio::test]
async fn every_spelling_and_every_name_gets_a_copy_and_only_names_can_renew() {
    let room = room();
    let mirrors = [
        address(URL),
        address(SLASH),
        address(HASH),
        named("old-name"),
    ];
    let shelf = shelf("work", &mirrors);
    room.save(&shelf, &room.tokens("c", "one", 60)).await;
    for mirror in mirrors.iter().chain([&named("work")]) {
        assert_eq!(room.shows(mirror), "one", "{mirror:?}");
        assert_eq!(room.field(mirror, "region"), "eu-central-1");
        let renewable = matches!(mirror, Mirror::Name(_));
        for field in [
            "refreshToken",
            "clientId",
            "clientSecret",
            "registrationExpiresAt",
        ] {
            assert_eq!(
                !room.field(mirror, field).is_empty(),
                renewable,
                "{mirror:?} {field}"
            );
        }
    }
    assert_eq!(room.field(&address(HASH), "startUrl"), HASH);
    room.save(&shelf, &room.tokens("c", "two", 60)).await;
    assert!(mirrors.iter().all(|mirror| room.shows(mirror) == "two"));
    room.erase(&shelf).await;
    assert!(mirrors.iter().all(|mirror| !room.file(mirror).exists()));
    assert_eq!(room.read(&shelf).await, None);
}

#[tokio::test]
async fn somebody_elses_live_sign_in_is_neither_replaced_nor_erased() {
    let room = room();
    let shelf = shelf("work", &[address(URL), named("theirs"), named("lapsed")]);
    let mut theirs = room.tokens("another client", "theirs", 60);
    room.foreign(&named("theirs"), &theirs);
    // Its access token is over, but it can be renewed: a live sign-in all the same.
    room.foreign(
        &named("lapsed"),
        &room.tokens("a third client", "lapsed", -5),
    );
    (theirs.refresh_token, theirs.registration) = (None, None);
    room.foreign(&address(URL), &theirs);
    let look =
        || [named("theirs"), named("lapsed"), address(URL)].map(|mirror| room.shows(&mirror));
    let before = look();
    room.save(&shelf, &room.tokens("c", "ours", 30)).await;
    assert_eq!(look(), before);
    assert_eq!(room.read(&shelf).await.as_deref(), Some("ours"));
    room.erase(&shelf).await;
    assert_eq!(look(), before);
    assert!(!room.file(&named("work")).exists());
}

#[tokio::test]
async fn a_sign_in_that_has_ended_gives_way_and_then_is_ours() {
    let room = room();
    let shelf = shelf("work", &[address(URL), named("old")]);
    let mut ended = room.tokens("another client", "ended", -1);
    ended.refresh_token = None;
    room.foreign(&named("old"), &ended);
    room.foreign(&address(URL), &ended);
    room.save(&shelf, &room.tokens("c", "ours", 60)).await;
    assert_eq!(room.shows(&named("old")), "ours");
    assert_eq!(room.shows(&address(URL)), "ours");
    room.erase(&shelf).await;
    assert!(!room.file(&named("old")).exists() && !room.file(&address(URL)).exists());
}

#[tokio::test]
async fn a_tool_that_renewed_a_copy_is_followed() {
    let room = room();
    let shelf = shelf("work", &[named("other"), address(URL)]);
    room.save(&shelf, &room.tokens("c", "one", 10)).await;
    room.foreign(&named("other"), &room.tokens("c", "two", 60));
    assert_eq!(room.read(&shelf).await.as_deref(), Some("two"));
    // The file of the session's own name has a refresh token that is spent: it follows.
    assert_eq!(room.shows(&named("work")), "one");
    room.vault.spread(&shelf).await.unwrap();
    for mirror in [named("work"), named("other"), address(URL)] {
        assert_eq!(room.shows(&mirror), "two", "{mirror:?}");
    }
    assert_eq!(room.field(&named("work"), "refreshToken"), "refresh of two");
}

#[tokio::test]
async fn an_unrelated_sign_in_at_the_same_portal_is_not_followed() {
    let room = room();
    let shelf = shelf("work", &[named("other")]);
    room.save(&shelf, &room.tokens("c", "ours", 10)).await;
    room.foreign(&named("other"), &room.tokens("another client", "newer", 60));
    assert_eq!(room.read(&shelf).await.as_deref(), Some("ours"));
    room.vault.spread(&shelf).await.unwrap();
    assert_eq!(room.shows(&named("other")), "newer");
}

#[tokio::test]
async fn a_profile_that_is_new_gets_its_copy_without_a_renewal() {
    let room = room();
    room.save(&shelf("work", &[]), &room.tokens("c", "one", 60))
        .await;
    room.vault
        .spread(&shelf("work", &[address(SLASH)]))
        .await
        .unwrap();
    assert_eq!(room.shows(&address(SLASH)), "one");
    // And one whose profile is gone is erased with the others.
    room.erase(&shelf("work", &[])).await;
    assert!(!room.file(&address(SLASH)).exists());
}

#[tokio::test]
async fn another_portals_file_is_left_alone_whatever_its_age() {
    let room = room();
    let other = br#"{"startUrl":"https://other.awsapps.com/start","region":"eu-central-1",
        "accessToken":"theirs","expiresAt":"2020-01-01T00:00:00Z"}"#;
    room.bytes(&named("other"), other);
    let shelf = shelf("work", &[named("other")]);
    room.save(&shelf, &room.tokens("c", "ours", 60)).await;
    room.erase(&shelf).await;
    assert_eq!(room.shows(&named("other")), "theirs");
}

#[tokio::test]
async fn a_file_that_stays_torn_says_nothing_about_the_sign_in() {
    let room = room();
    let shelf = shelf("work", &[named("other")]);
    room.save(&shelf, &room.tokens("c", "one", 60)).await;
    let whole = std::fs::read(room.file(&named("work"))).unwrap();
    for length in [0, 1, whole.len() / 2, whole.len() - 1] {
        room.bytes(&named("work"), &whole[..length]);
        let error = room.vault.read(&shelf).await.unwrap_err();
        assert_eq!(error.code(), Code::StorageFailed, "{length}");
        assert!(error.message().contains("half-written"), "{error}");
    }
    // A mirror that is torn is passed by, and mended once it is whole or gone.
    room.bytes(&named("work"), &whole);
    room.bytes(&named("other"), &whole[..20]);
    assert_eq!(room.read(&shelf).await.as_deref(), Some("one"));
    room.save(&shelf, &room.tokens("c", "two", 60)).await;
    assert_eq!(
        std::fs::read(room.file(&named("other"))).unwrap(),
        &whole[..20]
    );
}

#[tokio::test]
async fn a_torn_file_that_is_finished_in_time_is_read() {
    let room = room();
    let shelf = shelf("work", &[]);
    room.save(&shelf, &room.tokens("c", "one", 60)).await;
    let whole = std::fs::read(room.file(&named("work"))).unwrap();
    room.bytes(&named("work"), &whole[..10]);
    let writer = async {
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        room.bytes(&named("work"), &whole);
    };
    let (read, ()) = tokio::join!(room.read(&shelf), writer);
    assert_eq!(read.as_deref(), Some("one"));
}

#[tokio::test]
async fn role_credentials_of_the_mirrors_go_with_the_sign_in_but_not_those_of_others() {
    let room = room();
    let shelf = shelf("work", &[address(URL), named("ours"), named("theirs")]);
    room.foreign(
        &named("theirs"),
        &room.tokens("another client", "theirs", 60),
    );
    room.save(&shelf, &room.tokens("c", "one", 60)).await;
    let path = |mirror: &Mirror| {
        shared::role_file(
            &room.host.paths,
            Key::of(mirror),
            "111122223333",
            "ReadOnly",
        )
    };
    let mirrors = [address(URL), named("ours"), named("theirs"), named("work")];
    std::fs::create_dir_all(&room.host.paths.cli_cache).unwrap();
    for mirror in &mirrors {
        files::replace(&path(mirror), b"{}", Mode::Private).unwrap();
    }
    room.erase(&shelf).await;
    let left: Vec<_> = mirrors.iter().filter(|it| path(it).exists()).collect();
    assert_eq!(left, [&named("theirs")]);
}
