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

/// A host whose organisation says this.
fn host_of(folder: &std::path::Path, organisation: &str, own: &str) -> Host {
    let host = host(folder);
    for (path, text) in [
        (host.paths.organisation.clone(), organisation),
        (path(&host), own),
    ] {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        if !text.is_empty() {
            files::replace(&path, text.as_bytes(), Mode::Keep).unwrap();
        }
    }
    host
}

fn session(name: &str, region: &str) -> String {
    format!(
        "[sessions.{name}]\nregion = \"{region}\"\nstart_url = \"https://{name}.awsapps.com/start\"\n"
    )
}

fn sentences(settings: &Settings) -> Vec<String> {
    let name = |it: &Remark| {
        let file = it
            .file
            .parent()
            .and_then(std::path::Path::file_name)
            .unwrap_or_default();
        format!(
            "{}:{}: {}",
            file.display(),
            it.line.unwrap_or(0),
            it.message
        )
    };
    settings.remarks.iter().map(name).collect()
}

#[tokio::test]
async fn every_single_setting_is_read_and_written_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let host = host_of(
        folder.path(),
        "",
        "# mine\n[notices] # why\nquiet = [] # none yet\n",
    );
    let values = [
        ("notices.warn_minutes", "30, 10"),
        ("notices.quiet", "22:00-07:00, Sat-Sun 00:00-24:00"),
        ("appearance.theme", "dark"),
        ("appearance.language", "de"),
        ("panel.hotkey", "Ctrl+Shift+Space"),
        ("profiles.template", "{session}-{role}"),
        ("profiles.style", "process"),
        ("profiles.region", "eu-central-1"),
        ("profiles.output", "yaml"),
        ("network.proxy", "http://proxy:3128"),
        ("network.no_proxy", "localhost"),
        ("network.ca_bundle", "/etc/ssl/own.pem"),
    ];
    assert_eq!(values.map(|it| it.0), KEYS);
    for (place, text) in values {
        update(&host, |settings| settings.choices.set(place, Some(text)))
            .await
            .unwrap();
        let read = load(&host).unwrap();
        assert_eq!(read.choices.text(place).as_deref(), Some(text), "{place}");
        assert!(read.remarks.is_empty(), "{:?}", read.remarks);
    }
    let text = std::fs::read_to_string(path(&host)).unwrap();
    let begins = "# mine\n[notices] # why\n\
                  quiet = [\"22:00-07:00\", \"Sat-Sun 00:00-24:00\"] # none yet\n\
                  warn_minutes = [30, 10]\n";
    assert!(text.starts_with(begins), "{text}");
    for (place, _) in values {
        update(&host, |settings| settings.choices.set(place, None))
            .await
            .unwrap();
    }
    assert_eq!(load(&host).unwrap().choices, Choices::default());
    let unknown = update(&host, |settings| {
        settings.choices.set("notices.loud", Some("x"))
    });
    assert_eq!(unknown.await.unwrap_err().code(), Code::Usage);
}

#[tokio::test]
async fn what_is_unknown_or_wrong_is_told_with_its_line_and_holds_nothing_back() {
    let folder = tempfile::tempdir().unwrap();
    let own = "notises = 1\n[notices]\nwarn_minutes = [5, 15]\nquiet = [\"22:00-07:00\"]\nvolume = 3\n\
               [appearance]\ntheme = \"pink\"\n[[rules]]\nhidden = true\nacount = \"x\"\n\
               [sessions.work]\nregion = \"x\"\nstart_url = \"https://a.awsapps.com/start\"\nlenght_seconds = 3\n";
    let host = host_of(folder.path(), "", own);
    let settings = load(&host).unwrap();
    let expected = [
        "config:1: `notises` is not known to this version, and has no effect; did you mean `notices`?",
        "config:5: `notices.volume` is not known to this version, and has no effect",
        "config:14: `sessions.work.lenght_seconds` is not known to this version, and has no effect; did you mean `length_seconds`?",
        "config:10: `rules.acount` is not known to this version, and has no effect; did you mean `account`?",
        "config:3: `notices.warn_minutes` is not at most two numbers of minutes from 1 to 240, the greater first, such as [15, 5]",
        "config:7: `appearance.theme` is not `auto`, `light` or `dark`",
    ];
    let mut found = sentences(&settings);
    let mut wanted = expected.map(str::to_owned);
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
    assert_eq!(settings.warnings(), Warnings::default());
    assert_eq!(settings.choices.quiet.unwrap().spans(), ["22:00-07:00"]);
    update(&host, |settings| {
        settings.choices.set("appearance.language", Some("de"))
    })
    .await
    .unwrap();
    let after = std::fs::read_to_string(path(&host)).unwrap();
    for line in own.lines() {
        assert!(after.contains(line), "lost: {line}\n{after}");
    }
}

const HOUSE: &str = "locked = [\"rules\", \"notices.warn_minutes\", \"sessions.org\", \"labels\"]\n\
    [notices]\nwarn_minutes = [60]\nquiet = [\"20:00-06:00\"]\n[profiles]\ntemplate = \"{session}-{role}\"\n\
    [[labels]]\nword = \"crown\"\nshape = \"bar\"\ncolour = \"red\"\nprotected = true\n\
    [[rules]]\naccount = \"*pay*\"\nlabel = \"crown\"\n";

#[tokio::test]
async fn an_organisation_sets_what_users_may_and_may_not_change() {
    let folder = tempfile::tempdir().unwrap();
    let house = format!(
        "{HOUSE}{}{}",
        session("org", "eu-west-1"),
        session("lab", "eu-west-1")
    );
    let own = format!(
        "[notices]\nwarn_minutes = []\n[profiles]\ntemplate = \"{{role}}\"\n[[rules]]\nlabel = \"crown\"\n{}{}",
        session("org", "us-east-1"),
        session("mine", "us-east-1")
    );
    let host = host_of(folder.path(), &house, &own);
    let settings = load(&host).unwrap();
    let names: Vec<_> = settings
        .sessions
        .iter()
        .map(|it| (&*it.name, &*it.region))
        .collect();
    assert_eq!(
        names,
        [
            ("org", "eu-west-1"),
            ("lab", "eu-west-1"),
            ("mine", "us-east-1")
        ]
    );
    assert!(
        settings.session("org").unwrap().storage_chosen,
        "nobody asks about what is locked"
    );
    assert_eq!(settings.warnings().minutes(), [60]);
    assert_eq!(
        settings.choices.text("profiles.template").as_deref(),
        Some("{role}")
    );
    assert_eq!(
        settings.choices.quiet.as_ref().unwrap().spans(),
        ["20:00-06:00"]
    );
    let (rules, fixed) = settings.all_rules();
    assert_eq!(
        (rules.len(), fixed, rules[1].account.as_deref()),
        (2, 1, Some("*pay*"))
    );
    let told = sentences(&settings);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter()
            .all(|it| it.contains("is set by your organisation")),
        "{told:?}"
    );
    let before = std::fs::read_to_string(path(&host)).unwrap();
    type Change = fn(&mut Settings) -> Result<()>;
    let refused: [(&str, Change); 5] = [
        ("notices.warn_minutes", |it| {
            it.choices.set("notices.warn_minutes", Some("5"))
        }),
        ("sessions.org", |it| {
            it.sessions[0].region = "x".into();
            Ok(())
        }),
        ("sessions.org", |it| {
            it.sessions.remove(0);
            Ok(())
        }),
        ("sessions.lab", |it| {
            it.sessions.remove(1);
            Ok(())
        }),
        ("labels", |it| {
            it.labels.push(Label::built_in()[0].clone());
            Ok(())
        }),
    ];
    for (what, change) in refused {
        let error = update(&host, change).await.unwrap_err();
        assert_eq!(error.code(), Code::SetByOrganisation, "{what}: {error:?}");
        assert!(error.message().contains(&format!("`{what}`")), "{error:?}");
    }
    let rename = rename(&host, "lab", "laboratory").await;
    assert_eq!(rename.unwrap_err().code(), Code::SetByOrganisation);
    assert_eq!(std::fs::read_to_string(path(&host)).unwrap(), before);
    // What is not locked is the user's.
    let changed = update(&host, |settings| {
        settings.session("lab")?;
        settings.sessions[1].length = Some(3_600);
        settings.choices.set("notices.quiet", Some(""))
    });
    let changed = changed.await.unwrap();
    assert_eq!(changed, load(&host).unwrap());
    assert_eq!(changed.session("lab").unwrap().length, Some(3_600));
    assert!(changed.choices.quiet.unwrap().spans().is_empty());
    let kept = std::fs::read_to_string(&host.paths.organisation).unwrap();
    assert_eq!(kept, house, "it is never written");
}

#[test]
fn all_sessions_can_be_an_organisations() {
    let folder = tempfile::tempdir().unwrap();
    let house = format!(
        "locked = [\"sessions\", \"network\"]\n[network]\nproxy = \"http://p:1\"\n{}",
        session("org", "eu-west-1")
    );
    let own = format!(
        "[network]\nca_bundle = \"/x.pem\"\n{}",
        session("mine", "us-east-1")
    );
    let host = host_of(folder.path(), &house, &own);
    let settings = load(&host).unwrap();
    let names: Vec<_> = settings.sessions.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["org"]);
    assert_eq!(settings.network().ca_bundle, None);
    assert_eq!(settings.remarks.len(), 2, "{:?}", settings.remarks);
}

#[cfg(unix)]
#[test]
fn an_organisations_file_that_others_could_have_written_is_left_out() {
    use std::os::unix::fs::PermissionsExt;
    let open = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    type Change = fn(&mut Host, &dyn Fn(&std::path::Path, u32));
    let cases: [(&str, Change); 5] = [
        ("can change", |host, open| {
            open(&host.paths.organisation, 0o664)
        }),
        ("can change", |host, open| {
            open(host.paths.organisation.parent().unwrap(), 0o777)
        }),
        ("can change", |host, _| host.paths.administrator += 1),
        ("not UTF-8", |host, _| {
            files::replace(&host.paths.organisation, b"\xff", Mode::Keep).unwrap();
        }),
        ("regular file", |host, _| {
            let large = "# x\n".repeat(300_000);
            files::replace(&host.paths.organisation, large.as_bytes(), Mode::Keep).unwrap();
        }),
    ];
    for (reason, change) in cases {
        let folder = tempfile::tempdir().unwrap();
        let mut host = host_of(folder.path(), HOUSE, &session("mine", "us-east-1"));
        assert!(load(&host).unwrap().organisation.is_some());
        change(&mut host, &open);
        let settings = load(&host).unwrap();
        assert_eq!((settings.organisation, settings.sessions.len()), (None, 1));
        let [remark] = &settings.remarks[..] else {
            panic!("{:?}", settings.remarks);
        };
        assert!(
            remark.kind == Kind::LeftOut && remark.message.contains(reason),
            "{remark:?}"
        );
    }
    // A link to a file of the user's own is no way in.
    let folder = tempfile::tempdir().unwrap();
    let host = host_of(folder.path(), HOUSE, "");
    let elsewhere = folder.path().join("elsewhere");
    std::fs::rename(&host.paths.organisation, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &host.paths.organisation).unwrap();
    assert!(load(&host).unwrap().organisation.is_some());
    open(&elsewhere, 0o666);
    assert!(load(&host).unwrap().organisation.is_none());
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "version = {}\n[new]\nthing = 1\n{}",
        VERSION + 1,
        session("work", "x")
    );
    let host = host_of(folder.path(), "", &text);
    let change = update(&host, |settings| {
        settings.choices.set("appearance.theme", Some("dark"))
    });
    let error = change.await.unwrap_err();
    assert_eq!(error.code(), Code::SettingsBroken);
    assert!(
        error.message().contains("version 2") && error.hint().contains("newer"),
        "{error:?}"
    );
    assert_eq!(
        rename(&host, "work", "home").await.unwrap_err().code(),
        Code::SettingsBroken
    );
    assert_eq!(std::fs::read_to_string(path(&host)).unwrap(), text);
    let files = std::fs::read_dir(&host.paths.config).unwrap().count();
    assert_eq!(files, 1, "nothing is put aside");
}

#[tokio::test]
async fn a_file_that_daypass_makes_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    make(&host).await.unwrap();
    let text = std::fs::read_to_string(path(&host)).unwrap();
    assert_eq!(text, format!("{HEAD}version = 1\n"));
    update(&host, |settings| {
        settings.choices.set("appearance.theme", Some("dark"))
    })
    .await
    .unwrap();
    make(&host).await.unwrap();
    let text = std::fs::read_to_string(path(&host)).unwrap();
    assert_eq!(
        text,
        format!("{HEAD}version = 1\n\n[appearance]\ntheme = \"dark\"\n")
    );
}

/// Numbers that look like chance, the same in each run.
fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    }
}

#[tokio::test]
async fn a_file_that_is_broken_in_500_ways_is_never_lost() {
    let example = include_str!("../../../../docs/settings.example.toml");
    let whole = format!("{}{}", uncommented(example), session("again", "eu-west-1"));
    let mut below = numbers();
    let (mut read, mut refused) = (0, 0);
    for _ in 0..500 {
        let mut bytes = whole.clone().into_bytes();
        for _ in 0..=below(3) {
            let at = below(bytes.len());
            match below(4) {
                0 => bytes[at] = u8::try_from(below(256)).unwrap(),
                1 => drop(bytes.remove(at)),
                2 => bytes.truncate(at.max(1)),
                _ => bytes.insert(at, b"\"[]=\n{}'\0"[below(9)]),
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path());
        std::fs::create_dir_all(&host.paths.config).unwrap();
        files::replace(&path(&host), &bytes, Mode::Keep).unwrap();
        match load(&host) {
            Ok(_) => read += 1,
            Err(error) => {
                assert_eq!(error.code(), Code::SettingsBroken);
                assert!(error.message().contains("settings.toml"), "{error:?}");
                let change = update(&host, |settings| {
                    settings.choices.set("appearance.theme", Some("dark"))
                });
                assert_eq!(change.await.unwrap_err().code(), Code::SettingsBroken);
                refused += 1;
            }
        }
        assert_eq!(std::fs::read(path(&host)).unwrap(), bytes);
    }
    assert!(read > 20 && refused > 200, "{read} read, {refused} refused");
}

/// The example with every key in force: prose has a space behind its `#`.
fn uncommented(example: &str) -> String {
    let line = |line: &str| {
        let setting = line.strip_prefix('#');
        let setting =
            setting.filter(|it| it.starts_with(|it: char| it.is_ascii_lowercase() || it == '['));
        format!("{}\n", setting.unwrap_or(line))
    };
    example.lines().map(line).collect()
}

#[test]
fn the_example_names_every_key_and_each_is_read() {
    let example = include_str!("../../../../docs/settings.example.toml");
    let folder = tempfile::tempdir().unwrap();
    let host = host_of(folder.path(), "", example);
    let plain = load(&host).unwrap();
    assert_eq!(plain, Settings::default(), "as it stands it says nothing");
    let all = uncommented(example);
    files::replace(&path(&host), all.as_bytes(), Mode::Keep).unwrap();
    let settings = load(&host).unwrap();
    assert_eq!(settings.remarks, []);
    for place in KEYS {
        assert!(settings.choices.text(place).is_some(), "{place}");
    }
    let document: DocumentMut = all.parse().unwrap();
    let missing: Vec<String> = form::places()
        .into_iter()
        .filter(|place| *place != "locked" && !stands(document.as_item(), place))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

/// Whether a place of the form stands anywhere in a file.
fn stands(item: &Item, place: &str) -> bool {
    let (key, rest) = place
        .split_once('.')
        .map_or((place, None), |(key, rest)| (key, Some(rest)));
    let below = |item: &Item| rest.is_none_or(|rest| stands(item, rest));
    match item {
        Item::ArrayOfTables(tables) => tables
            .iter()
            .any(|it| stands(&Item::Table(it.clone()), place)),
        other => other.as_table_like().is_some_and(|table| match key {
            "*" => table.iter().any(|(_, item)| below(item)),
            key => table.get(key).is_some_and(below),
        }),
    }
}

/// Every key of the form is one that the code reads: a value of a wrong kind is noticed under each.
#[test]
fn every_key_of_the_form_is_read() {
    let example = uncommented(include_str!("../../../../docs/settings.example.toml"));
    // An organisation's: its own test reads it.
    let places = form::places().into_iter().filter(|it| it != "locked");
    for place in places {
        let mut document: DocumentMut = example.parse().unwrap();
        spoil(document.as_item_mut(), &place);
        let folder = tempfile::tempdir().unwrap();
        let host = host_of(folder.path(), "", &document.to_string());
        let noticed = load(&host).map_or(true, |it| !it.remarks.is_empty());
        assert!(noticed, "{place}\n{document}");
    }
}

fn spoil(item: &mut Item, place: &str) {
    let (key, rest) = place
        .split_once('.')
        .map_or((place, None), |(key, rest)| (key, Some(rest)));
    if let Item::ArrayOfTables(tables) = item {
        for table in tables.iter_mut() {
            let mut item = Item::Table(table.clone());
            spoil(&mut item, place);
            *table = item.into_table().unwrap();
        }
        return;
    }
    let Some(table) = item.as_table_like_mut() else {
        return;
    };
    let names: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).collect();
    for name in names.iter().filter(|it| key == "*" || *it == key) {
        let item = table.get_mut(name).unwrap();
        match rest {
            Some(rest) => spoil(item, rest),
            // A time is of no kind that any key takes.
            None => {
                *item = value(
                    "2026-03-02T17:00:00Z"
                        .parse::<toml_edit::Datetime>()
                        .unwrap(),
                )
            }
        }
    }
}

#[test]
fn the_published_schema_is_that_of_the_code() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.schema.json");
    let wanted = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    let now = std::fs::read_to_string(&path).unwrap_or_default();
    let env = crate::host::Env::real();
    if env.has("DAYPASS_WRITE_TYPES") {
        return files::replace(&path, wanted.as_bytes(), Mode::Keep).unwrap();
    }
    assert_eq!(
        now, wanted,
        "run `DAYPASS_WRITE_TYPES=1 cargo test -p daypass-core --lib settings`"
    );
}
