//! What the file may say, what survives a change of it, and what is refused.

use super::*;
use crate::host::{Clock, Env};
use crate::secrets::Storage;

fn host(folder: &std::path::Path) -> Host {
    Host::fake(folder, Env::table::<String, String>([]), Clock::real())
}

fn work() -> SessionSettings {
    SessionSettings {
        name: "work".into(),
        start_url: "https://d-0000000000.awsapps.com/start".into(),
        region: "eu-central-1".into(),
        storage: Storage::Keychain,
        storage_chosen: false,
        length: Some(43_200),
        allow_custom_portal: false,
        browsers: Browsers::default(),
    }
}

#[tokio::test]
async fn comments_order_and_unknown_keys_survive_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    let before = "# mine\nfuture = \"kept\"\n\n[sessions.old] # first\nregion = \"eu-west-1\"\n\
                  start_url = \"https://a.awsapps.com/start\" # why\ncolour = \"red\"\n";
    std::fs::create_dir_all(&host.paths.config).unwrap();
    files::replace(&path(&host), before.as_bytes(), Mode::Keep).unwrap();
    update(&host, |settings| {
        settings.sessions.push(work());
        Ok(())
    })
    .await
    .unwrap();
    let after = std::fs::read_to_string(path(&host)).unwrap();
    for line in before.lines() {
        assert!(after.contains(line), "lost: {line}\n{after}");
    }
    let names: Vec<_> = load(&host)
        .unwrap()
        .sessions
        .into_iter()
        .map(|it| it.name)
        .collect();
    assert_eq!(names, ["old", "work"]);
}

#[tokio::test]
async fn what_is_written_is_read_and_removed_again() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    let written = update(&host, |settings| {
        settings.sessions.push(work());
        Ok(())
    });
    assert_eq!(written.await.unwrap(), load(&host).unwrap());
    assert_eq!(load(&host).unwrap().sessions, [work()]);
    let emptied = update(&host, |settings| {
        settings.sessions.clear();
        Ok(())
    });
    emptied.await.unwrap();
    assert_eq!(load(&host).unwrap(), Settings::default());
}

#[tokio::test]
async fn silence_is_kept_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    let until = "2026-03-02T17:00:00Z".parse().ok();
    for muted_until in [until, None] {
        let written = update(&host, |settings| {
            settings.muted_until = muted_until;
            Ok(())
        });
        written.await.unwrap();
        assert_eq!(load(&host).unwrap().muted_until, muted_until);
    }
}

#[tokio::test]
async fn a_broken_or_newer_file_is_refused_and_left_alone() {
    for text in [
        "sessions = [",
        "sessions = 3\n",
        "network = 3\n",
        "terminal = \"/usr/bin/xterm -e\"\n",
        "terminal = [\"xterm\", \"-e\"]\n",
        "terminal = []\n",
        "terminal = [\"/usr/bin/xterm\", 3]\n",
        "[network]\nproxy = 3\n",
        "version = 2\n",
        "[sessions.work]\nregion = \"x\"\n",
        "[sessions.\"a b\"]\n",
        "[notices]\nmuted_until = \"tomorrow\"\n",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path());
        std::fs::create_dir_all(&host.paths.config).unwrap();
        files::replace(&path(&host), text.as_bytes(), Mode::Keep).unwrap();
        let change = update(&host, |settings| {
            settings.sessions.push(work());
            Ok(())
        });
        assert_eq!(
            change.await.unwrap_err().code(),
            Code::SettingsBroken,
            "{text}"
        );
        assert_eq!(std::fs::read_to_string(path(&host)).unwrap(), text);
    }
}

#[tokio::test]
async fn the_network_is_read_and_left_as_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    let before = "[network] # of the office\nproxy = \"http://p:1\"\nca_bundle = \"/x.pem\"\n";
    std::fs::create_dir_all(&host.paths.config).unwrap();
    files::replace(&path(&host), before.as_bytes(), Mode::Keep).unwrap();
    let expected = net::Choices {
        proxy: Some("http://p:1".into()),
        no_proxy: None,
        ca_bundle: Some("/x.pem".into()),
    };
    assert_eq!(load(&host).unwrap().network(), expected);
    let written = update(&host, |settings| {
        settings.sessions.push(work());
        Ok(())
    });
    assert_eq!(written.await.unwrap().network(), expected);
    let after = std::fs::read_to_string(path(&host)).unwrap();
    assert!(after.contains(before), "{after}");
}

#[test]
fn names_that_windows_keeps_are_not_given_anew() {
    for name in [
        "con",
        "NUL",
        "Aux",
        "prn.x",
        "com1",
        "LPT9",
        "com3.work",
        "work.",
    ] {
        assert!(
            check_name(name).is_ok() && check_new_name(name).is_err(),
            "{name}"
        );
    }
    for name in ["work", "console", "com", "com0", "com10", "nul-1", "x.con"] {
        assert!(check_new_name(name).is_ok(), "{name}");
    }
}

#[test]
fn names_that_fit() {
    for (name, fits) in [
        ("work", true),
        ("my-org_2.x", true),
        ("", false),
        ("a b", false),
        ("-x", false),
        ("../x", false),
        ("ä", false),
        ("a]", false),
    ] {
        assert_eq!(check_name(name).is_ok(), fits, "{name}");
    }
}
