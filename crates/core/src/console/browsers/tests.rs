//! Browsers of three systems in made-up folders, and the commands that come of wishes.

use std::path::Path;

use super::*;
use crate::host::files::{self, Mode};
use crate::host::{Clock, Env};

const LOCAL_STATE: &str = r#"{"profile":{"info_cache":{
    "Profile 2":{"name":"Work"},"Default":{"name":"Mara"},"Profile 1":{"name":""},
    "../evil":{"name":"up"},"--flag":{"name":"option"},"a/b":{"name":"below"}},
    "profiles_order":["Profile 2","Profile 1"]}}"#;
const PROFILES_INI: &str = "[Install4F96D1932A9F858E]\nDefault=abcd.work\nLocked=1\n\n\
    [Profile1]\nName=default\nIsRelative=1\nPath=efgh.default\nDefault=1\n\n\
    [Profile0]\nName=Work\nIsRelative=1\nPath=abcd.work\n\n[General]\nStartWithLastProfile=1\nVersion=2\n";

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    files::replace(&path, text.as_bytes(), Mode::Keep).unwrap();
}

fn host(root: &Path) -> Host {
    let variable = |name: &str, folder: &str| {
        (
            name.to_owned(),
            root.join(folder).to_string_lossy().into_owned(),
        )
    };
    let env = Env::table([
        variable("ProgramFiles", "programs"),
        variable("LOCALAPPDATA", "local"),
        variable("APPDATA", "roaming"),
    ]);
    Host::fake(root, env, Clock::real())
}

fn names(browser: &Browser) -> Vec<(&str, &str)> {
    let profiles = browser.profiles.iter();
    profiles
        .map(|it| (it.id.as_str(), it.name.as_str()))
        .collect()
}

#[test]
fn browsers_and_profiles_are_found_on_three_systems_without_a_change() {
    for (system, firefox, firefox_home, chrome, chrome_home) in [
        (
            System::Linux,
            "system/usr/bin/firefox-esr",
            ".mozilla/firefox",
            "system/usr/bin/google-chrome",
            ".config/google-chrome",
        ),
        (
            System::Mac,
            "system/Applications/Firefox.app/Contents/MacOS/firefox",
            "Library/Application Support/Firefox",
            "system/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "Library/Application Support/Google/Chrome",
        ),
        (
            System::Windows,
            "programs/Mozilla Firefox/firefox.exe",
            "roaming/Mozilla/Firefox",
            "local/Google/Chrome/Application/chrome.exe",
            "local/Google/Chrome/User Data",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, firefox, "");
        write(root, chrome, "");
        write(root, &format!("{firefox_home}/profiles.ini"), PROFILES_INI);
        write(root, &format!("{chrome_home}/Local State"), LOCAL_STATE);
        let found = detect_on(system, &host(root));
        assert_eq!(
            found.iter().map(|it| it.name).collect::<Vec<_>>(),
            ["firefox", "chrome"]
        );
        let whole = |name: &str| {
            root.join(firefox_home)
                .join(name)
                .to_string_lossy()
                .into_owned()
        };
        let (work, default) = (whole("abcd.work"), whole("efgh.default"));
        assert_eq!(
            names(&found[0]),
            [(work.as_str(), "Work"), (default.as_str(), "default")]
        );
        assert_eq!(
            names(&found[1]),
            [
                ("Default", "Mara"),
                ("Profile 2", "Work"),
                ("Profile 1", "Profile 1")
            ]
        );
        let state = std::fs::read_to_string(root.join(chrome_home).join("Local State")).unwrap();
        assert_eq!(state, LOCAL_STATE);
    }
}

fn browsers() -> Vec<Browser> {
    let profile = |id: &str, name: &str, containers| Profile {
        id: id.into(),
        name: name.into(),
        containers,
    };
    let with = Some((Extension::OpenExternalLinks, vec!["Prod".to_owned()]));
    let browser = |name, title, family, program: &str, profiles| Browser {
        name,
        title,
        family,
        program: program.into(),
        profiles,
    };
    vec![
        browser(
            "firefox",
            "Firefox",
            Family::Firefox,
            "/usr/bin/firefox",
            vec![
                profile("/f/a", "default", None),
                profile("/f/b", "Work", with),
            ],
        ),
        browser(
            "edge",
            "Microsoft Edge",
            Family::Chromium("--inprivate"),
            "/usr/bin/microsoft-edge",
            vec![
                profile("Default", "Mara", None),
                profile("Profile 1", "Work", None),
            ],
        ),
    ]
}

fn launch(browsers: &[Browser], wish: &Wish, page: &Url) -> Result<Option<Launch>> {
    Ok(way(browsers, wish)?.map(|way| way.to(page)))
}

const PAGE: &str = "http://127.0.0.1:4000/a?b=c&d=%20";

#[test]
fn a_wish_becomes_a_command_with_the_address_in_one_argument() {
    let page = Url::parse(PAGE).unwrap();
    for (wish, program, arguments) in [
        ("firefox", "/usr/bin/firefox", vec!["--new-tab", PAGE]),
        (
            "Firefox:work",
            "/usr/bin/firefox",
            vec!["--profile", "/f/b", "--new-tab", PAGE],
        ),
        (
            "firefox+private",
            "/usr/bin/firefox",
            vec!["--private-window", PAGE],
        ),
        (
            "firefox:Work+container=Prod & Co",
            "/usr/bin/firefox",
            vec![
                "--profile",
                "/f/b",
                "ext+container:name=Prod%20%26%20Co&url=http%3A%2F%2F127.0.0.1%3A4000%2Fa%3Fb%3Dc%26d%3D%2520",
            ],
        ),
        ("edge", "/usr/bin/microsoft-edge", vec![PAGE]),
        (
            "Microsoft Edge:Work",
            "/usr/bin/microsoft-edge",
            vec!["--profile-directory=Profile 1", PAGE],
        ),
        (
            "edge:Default+private",
            "/usr/bin/microsoft-edge",
            vec!["--profile-directory=Default", "--inprivate", PAGE],
        ),
    ] {
        let parsed = Wish::parse(wish).unwrap();
        assert_eq!(Wish::parse(&parsed.to_string()).unwrap(), parsed);
        let launch = launch(&browsers(), &parsed, &page).unwrap().unwrap();
        assert_eq!(launch.program, Path::new(program), "{wish}");
        assert_eq!(launch.arguments, arguments, "{wish}");
    }
    assert_eq!(launch(&browsers(), &Wish::Default, &page).unwrap(), None);
}

#[test]
fn what_is_not_here_is_said_with_what_is() {
    let page = Url::parse(PAGE).unwrap();
    for (wish, hint) in [
        ("chrome", "firefox, edge"),
        ("edge:Nobody", "Mara, Work"),
        ("edge+container=Prod", "profile"),
        ("firefox+container=Prod", "Open external links"),
    ] {
        let error = launch(&browsers(), &Wish::parse(wish).unwrap(), &page).unwrap_err();
        assert_eq!(error.code(), Code::BrowserMissing, "{wish}");
        assert!(error.hint().contains(hint), "{wish}: {}", error.hint());
    }
    for text in [
        "",
        "+private",
        "a:",
        "firefox+",
        "firefox+x",
        "firefox+container=",
        "a\nb",
    ] {
        assert_eq!(
            Wish::parse(text).unwrap_err().code(),
            Code::Usage,
            "{text:?}"
        );
    }
}

#[test]
fn a_command_of_ones_own_has_a_whole_path_and_the_address_once() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "b", "");
    let program = folder.path().join("b").to_string_lossy().into_owned();
    let page = Url::parse(PAGE).unwrap();
    let command = |words: &[&str]| {
        let words = words.iter().map(|it| (*it).to_owned()).collect();
        launch(&browsers(), &Wish::Command(words), &page)
    };
    let plain = command(&[&program, "--x", "{url}"]).unwrap().unwrap();
    assert_eq!(plain.arguments, ["--x", PAGE]);
    let asked = command(&[&program, "--app={url}", "$HOME"])
        .unwrap()
        .unwrap();
    assert_eq!(
        asked.arguments,
        [format!("--app={PAGE}"), "$HOME".to_owned()]
    );
    let gone = command(&["/nowhere/b", "{url}"]).unwrap_err();
    assert_eq!(gone.code(), Code::BrowserMissing);
    for words in [
        &["firefox", "{url}"][..],
        &[&program],
        &[&program, "{url}{url}"],
        &[],
    ] {
        assert!(command(words).is_err(), "{words:?}");
    }
}

#[test]
fn broken_and_hostile_files_of_browsers_are_no_profiles() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for text in [
        "",
        "{",
        "[]",
        "{\"profile\":1}",
        "\u{0}\u{1}",
        &"[".repeat(10_000),
    ] {
        write(root, "Local State", text);
        write(root, "profiles.ini", text);
        assert!(chromium::profiles(root).is_empty(), "{text:.20}");
        assert!(firefox::profiles(root).is_empty(), "{text:.20}");
    }
    let mut state = 7_u64;
    for _ in 0..500 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let (at, byte) = ((state >> 33) as usize, (state >> 20) as u8);
        let mut bytes = PROFILES_INI.as_bytes().to_vec();
        let place = at % bytes.len();
        bytes[place] = byte;
        files::replace(&root.join("profiles.ini"), &bytes, Mode::Keep).unwrap();
        for profile in firefox::profiles(root) {
            assert!(Path::new(&profile.id).is_absolute());
        }
    }
}

#[test]
fn containers_are_those_of_a_profile_with_the_add_on() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "profiles.ini", PROFILES_INI);
    let addons = r#"{"addons":[{"id":"{b5e0e8de-ebfe-4306-9528-bcc18241a490}","active":true}]}"#;
    write(root, "abcd.work/extensions.json", addons);
    let identities = r#"{"identities":[{"public":true,"name":"Prod"},{"public":true,"l10nId":"x"},
        {"public":false,"name":"internal"}]}"#;
    write(root, "abcd.work/containers.json", identities);
    let profiles = firefox::profiles(root);
    assert_eq!(
        profiles[0].containers,
        Some((Extension::Granted, vec!["Prod".to_owned()]))
    );
    assert_eq!(profiles[1].containers, None);
}

#[test]
fn every_way_that_is_offered_leads_to_its_own_profile() {
    let mut browsers = browsers();
    let twin = |id: &str, name: &str| Profile {
        id: id.into(),
        name: name.into(),
        containers: None,
    };
    browsers[1].profiles.extend([
        twin("Profile 2", "Work"),
        twin("Profile 3", "C++: a + b"),
        twin("Profile 4", "x+private"),
        twin("Profile 5", "y\u{7}"),
    ]);
    let page = Url::parse(PAGE).unwrap();
    let offered = choices(&browsers);
    let wishes: Vec<String> = offered.iter().map(|it| it.wish.to_string()).collect();
    let expected = [
        "firefox:default",
        "firefox:Work",
        "firefox:Work+container=Prod",
        "firefox+private",
        "edge:Mara",
        "edge:Work",
        "edge:Profile 2",
        "edge:C++: a + b",
        "edge+private",
    ];
    assert_eq!(wishes, expected);
    let folders = ["Default", "Profile 1", "Profile 2", "Profile 3"];
    for (folder, choice) in folders.iter().zip(&offered[4..]) {
        let launch = launch(&browsers, &choice.wish, &page).unwrap().unwrap();
        assert_eq!(launch.arguments[0], format!("--profile-directory={folder}"));
    }
    browsers[0].profiles.clear();
    assert_eq!(choices(&browsers)[0].wish.to_string(), "firefox");
}
