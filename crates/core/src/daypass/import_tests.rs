//! What the AWS config file's sessions become: found once each, refused one by one, brought in with
//! the sign-ins of AWS's tools.

use super::{Daypass, FoundSession, Outcome};
use crate::host::files::{self, Mode};
use crate::host::{Clock, Env, Host};
use crate::secrets::Storage;

const URL: &str = "https://harbour.awsapps.com/start";

struct Place {
    _folder: tempfile::TempDir,
    host: Host,
}

fn place(config: &str) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::fake("2030-01-01T09:00:00Z".parse().unwrap());
    let host = Host::fake(folder.path(), Env::table::<String, String>([]), clock);
    let place = Place {
        _folder: folder,
        host,
    };
    place.write(&place.host.paths.aws_config, config);
    place
}

impl Place {
    fn write(&self, path: &std::path::Path, text: &str) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        files::replace(path, text.as_bytes(), Mode::Private).unwrap();
    }

    /// A token file as the AWS CLI names it: by the digest of a session name or start URL.
    fn token(&self, key: &str, access: &str, expires_at: &str) {
        use sha1::Digest;
        let name = hex::encode(sha1::Sha1::digest(key.as_bytes()));
        let path = self.host.paths.sso_cache.join(format!("{name}.json"));
        let json = format!(
            r#"{{"startUrl":"{URL}","region":"eu-west-1","accessToken":"{access}","expiresAt":"{expires_at}"}}"#
        );
        self.write(&path, &json);
    }

    fn open(&self) -> Daypass {
        Daypass::open(self.host.clone()).unwrap()
    }
}

fn session(name: &str, url: &str) -> String {
    format!("[sso-session {name}]\nsso_start_url = {url}\nsso_region = eu-west-1\n\n")
}

fn profile(name: &str, url: &str) -> String {
    format!(
        "[profile {name}]\nsso_start_url = {url}\nsso_region = eu-west-1\nsso_account_id = \
         111122223333\nsso_role_name = ReadOnly\n\n"
    )
}

async fn found(place: &Place) -> Vec<FoundSession> {
    place.open().found_sessions(false).await.unwrap()
}

#[tokio::test]
async fn each_portal_and_name_is_found_once() {
    let config = [
        session("one", URL),
        session("two", &format!("{URL}/#/")),
        profile("a", URL),
        profile("b", "https://quay.awsapps.com/start"),
        profile("c", "https://quay.awsapps.com/start/"),
        profile("d", "https://d-0000000000.awsapps.com/start"),
        session("work", "https://d-1111111111.awsapps.com/start"),
        "[profile e]\nsso_session = one\nsso_account_id = 1\n".to_owned(),
    ];
    let place = place(&config.concat());
    let found = found(&place).await;
    let rows: Vec<_> = found
        .iter()
        .map(|it| (it.name.as_str(), it.start_url.as_str(), it.legacy))
        .collect();
    assert_eq!(
        rows,
        [
            ("one", URL, false),
            ("two", URL, false),
            ("work", "https://d-1111111111.awsapps.com/start", false),
            ("quay", "https://quay.awsapps.com/start", true),
            ("work-2", "https://d-0000000000.awsapps.com/start", true),
        ]
    );
    assert!(
        found
            .iter()
            .all(|it| it.problem.is_none() && !it.registered && !it.signed_in)
    );
}

#[tokio::test]
async fn broken_and_hostile_values_are_refused_one_by_one() {
    let long = "x".repeat(5000);
    let config = [
        session("good", URL),
        session("GOOD", URL),
        session("nul", URL),
        session("../up", URL),
        session("evil", "https://evil-awsapps.com/start"),
        session("script", "javascript:alert(1)"),
        session("user", "https://me:secret@harbour.awsapps.com/start"),
        session("here", "http://127.0.0.1:1/start"),
        session(&long, URL),
        "[sso-session bare]\nsso_region = eu-west-1\n".to_owned(),
        "[sso-session region]\nsso_start_url = https://a.awsapps.com/start\nsso_region = \u{1b}[31m\n"
            .to_owned(),
        profile("p", "https://legacy.evil.example/start"),
    ];
    let place = place(&config.concat());
    let found = found(&place).await;
    assert_eq!(found.len(), config.len());
    for one in &found {
        assert_eq!(one.problem.is_none(), one.name == "good", "{one:?}");
        let shown = format!(
            "{}{}{}{:?}",
            one.name, one.start_url, one.region, one.problem
        );
        assert!(!shown.contains('\u{1b}') && shown.len() < 2000, "{shown}");
    }
    assert!(found.iter().any(|it| it.custom));

    let imported = place
        .open()
        .import_sessions(&[], None, false)
        .await
        .unwrap();
    let added: Vec<_> = imported
        .iter()
        .filter(|it| matches!(it.outcome, Outcome::Added { .. }))
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!((added, imported.len()), (vec!["good"], config.len()));
    assert_eq!(place.open().snapshot().sessions.len(), 1);
}

#[tokio::test]
async fn sign_ins_of_the_aws_tools_go_on() {
    let config = [
        session("dev", URL),
        profile("old", "https://harbour.awsapps.com/start/#/"),
    ];
    let place = place(&config.concat());
    place.token("dev", "of the cli", "2030-01-01T12:00:00Z");
    let daypass = place.open();
    assert!(daypass.found_sessions(false).await.unwrap()[0].signed_in);
    let imported = daypass
        .import_sessions(&["dev".into()], None, false)
        .await
        .unwrap();
    assert!(
        matches!(
            imported[0].outcome,
            Outcome::Added {
                storage: Storage::Shared,
                signed_in: true
            }
        ),
        "{imported:?}"
    );
    let snapshot = daypass.snapshot();
    assert!(snapshot.session("dev").unwrap().state.is_usable());
    // The older profile at the same portal is served as well.
    let old = daypass.shelf(&daypass.settings_of("dev").unwrap());
    assert_eq!(old.mirrors.len(), 1);
    let copy = daypass.vault().read_mirror(&old, &old.mirrors[0]).unwrap();
    assert_eq!(copy.unwrap().access_token.expose(), "of the cli");
    // A second time nothing happens.
    let again = daypass.import_sessions(&[], None, false).await.unwrap();
    assert!(matches!(again[0].outcome, Outcome::Kept), "{again:?}");
}

#[tokio::test]
async fn the_sign_in_of_an_older_profile_is_taken_over_under_a_name() {
    let spelled = "https://harbour.awsapps.com/start#";
    let place = place(&[profile("a", URL), profile("b", spelled)].concat());
    place.token(URL, "ended", "2029-12-31T12:00:00Z");
    place.token(spelled, "live", "2030-01-01T12:00:00Z");
    let daypass = place.open();
    let imported = daypass.import_sessions(&[], None, false).await.unwrap();
    assert!(
        matches!(
            imported[0].outcome,
            Outcome::Added {
                signed_in: true,
                ..
            }
        ),
        "{imported:?}"
    );
    let session = daypass.settings_of("harbour").unwrap();
    let tokens = daypass
        .vault()
        .read(&daypass.shelf(&session))
        .await
        .unwrap();
    assert_eq!(tokens.unwrap().access_token.expose(), "live");
    let status = daypass.snapshot();
    let status = status.session("harbour").unwrap();
    assert!(status.state.is_usable() && !status.renewable, "{status:?}");
}

#[tokio::test]
async fn in_the_keychain_the_tools_keep_their_own_sign_in() {
    let place = place(&session("dev", URL));
    place.token("dev", "of the cli", "2030-01-01T12:00:00Z");
    let daypass = place.open();
    let imported = daypass
        .import_sessions(
            &["dev".into(), "gone".into()],
            Some(Storage::Keychain),
            false,
        )
        .await
        .unwrap();
    assert!(
        matches!(
            imported[0].outcome,
            Outcome::Added {
                storage: Storage::Keychain,
                signed_in: false
            }
        ),
        "{imported:?}"
    );
    assert!(matches!(&imported[1].outcome, Outcome::Refused(error)
        if error.code() == crate::Code::SessionUnknown));
    assert_eq!(
        std::fs::read_dir(&place.host.paths.sso_cache)
            .unwrap()
            .count(),
        1
    );
}

#[tokio::test]
async fn a_name_that_stands_for_another_portal_is_explained() {
    let place = place(&session("work", "https://other.awsapps.com/start"));
    let daypass = place.open();
    let new = |name: &str, storage| super::NewSession {
        name: name.into(),
        start_url: URL.into(),
        region: Some("eu-west-1".into()),
        storage: Some(storage),
        length: None,
        allow_custom_portal: false,
    };
    let error = daypass
        .add_session(new("work", Storage::Shared))
        .await
        .unwrap_err();
    assert_eq!(error.code(), crate::Code::ConfigConflict);
    assert!(error.message().contains("[sso-session work]") && error.hint().contains("--name"));
    daypass
        .add_session(new("work", Storage::Keychain))
        .await
        .unwrap();
    for (name, code) in [
        ("Work", crate::Code::SessionExists),
        ("work", crate::Code::SessionExists),
        ("con", crate::Code::Usage),
    ] {
        let error = daypass
            .add_session(new(name, Storage::Keychain))
            .await
            .unwrap_err();
        assert_eq!(error.code(), code, "{name}");
    }
    // In AWS's cache: a file of this name that is another portal's.
    place.token("taken", "theirs", "2030-01-01T12:00:00Z");
    let elsewhere = super::NewSession {
        start_url: "https://quay.awsapps.com/start".into(),
        ..new("taken", Storage::Shared)
    };
    let error = daypass.add_session(elsewhere).await.unwrap_err();
    assert_eq!(error.code(), crate::Code::ConfigConflict);
    // And found in the file, it is told apart from the session that has its name.
    let found = daypass.found_sessions(false).await.unwrap();
    assert!(
        found[0]
            .problem
            .as_deref()
            .is_some_and(|it| it.contains("another access portal"))
    );
}

/// Every path below a folder, and the bytes of what is a file; locks aside, which a look takes too.
fn all_below(folder: &std::path::Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true if path.ends_with("locks") => {}
            true => all.extend(all_below(&path)),
            false => all.push((path.clone(), std::fs::read(path).unwrap_or_default())),
        }
    }
    all.sort();
    all
}

#[tokio::test]
async fn config_files_as_people_have_them_are_looked_at_and_not_touched() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/aws_config"
    );
    let files = std::fs::read_dir(folder).unwrap().flatten();
    let (mut looked_at, mut sessions, mut added) = (0, 0, 0);
    for file in files.map(|it| it.path()) {
        let bytes = std::fs::read(&file).unwrap();
        let place = place("");
        let config = place.host.paths.aws_config.clone();
        files::replace(&config, &bytes, Mode::Keep).unwrap();
        let before = all_below(place._folder.path());
        let daypass = place.open();
        // A file that is broken says so; it is not touched either.
        let found = daypass.found_sessions(true).await.unwrap_or_default();
        assert_eq!(
            all_below(place._folder.path()),
            before,
            "{}",
            file.display()
        );
        (looked_at, sessions) = (looked_at + 1, sessions + found.len());
        if found.is_empty() {
            continue;
        }
        let imported = daypass.import_sessions(&[], None, true).await.unwrap();
        let is_added = |it: &&super::Imported| matches!(it.outcome, Outcome::Added { .. });
        added += imported.iter().filter(is_added).count();
        assert_eq!(std::fs::read(&config).unwrap(), bytes, "{}", file.display());
    }
    assert!(looked_at >= 60, "{looked_at} files");
    assert!(
        sessions > 12 && added > 12,
        "{sessions} found, {added} added"
    );
}
