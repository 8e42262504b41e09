//! Who may use whom: the crates, the rooms of the core, the folders of the page.
//! The picture is in docs/architecture.md; these are the tables that hold it.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use testkit::places::repository;
use testkit::sources::{self, Source, braced, identifier, parts};
use testkit::{Context, Result, ensure};

/// Each package of the workspace, and those of the others that it links.
const CRATES: &[(&str, &[&str])] = &[
    ("daypass-core", &[]),
    ("daypass-cli", &["daypass-core"]),
    ("daypass-desktop", &["daypass-core"]),
    ("daypass-sim", &[]),
    ("daypass-tests", &["daypass-core"]),
    ("daypass-interop-rust", &[]),
    ("xtask", &[]),
];

/// Rooms that know nothing of sessions; each may use those that stand before it here.
const GROUND: &[&str] = &[
    "error",
    "host",
    "secrets",
    "portal_url",
    "settings",
    "vault",
    "portal",
];

/// Each further room of the core, and what it may use beside the ground.
const ROOMS: &[(&str, &[&str])] = &[
    ("session", &[]),
    ("session::plan", &["session"]),
    ("session::renew", &["session", "session::plan"]),
    ("session::sign_in", &["session"]),
    (
        "session::keeper",
        &[
            "session",
            "session::plan",
            "session::renew",
            "session::sign_in",
        ],
    ),
    ("accounts", &[]),
    ("aws_config", &[]),
    (
        "credentials",
        &["accounts", "session", "session::renew", "session::keeper"],
    ),
    ("console", &["credentials"]),
    ("endpoint", &["credentials"]),
    ("notice", &["session", "session::plan"]),
    (
        "doctor",
        &["session", "session::sign_in", "aws_config", "console"],
    ),
];

/// Rooms that only think: neither the outside, nor the service, nor storage.
const PURE: &[&str] = &["session::plan", "notice"];

/// Parts of `session` that are rooms of their own.
const SESSION_ROOMS: &[&str] = &["plan", "renew", "sign_in", "keeper"];

/// Each folder of the page, and what it may use beside itself.
const PAGE: &[(&str, &[&str])] = &[
    ("language", &[]),
    ("shared", &["language"]),
    ("host", &[]),
    ("words", &["host", "language"]),
    ("state", &["host", "language"]),
    ("session", &["shared", "state", "host", "words", "language"]),
    ("account", &["shared", "state", "host", "words", "language"]),
    (
        "settings",
        &["shared", "state", "host", "words", "language"],
    ),
    (
        "views",
        &[
            "session", "account", "settings", "shared", "state", "host", "words", "language",
        ],
    ),
];

#[test]
fn crates_link_only_what_lies_below_them() -> Result<()> {
    let metadata = metadata()?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    let names: BTreeSet<&str> = packages
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    let known: BTreeSet<&str> = CRATES.iter().map(|(name, _)| *name).collect();
    ensure!(
        names == known,
        "the workspace has {names:?}, the table has {known:?}"
    );
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let allowed = CRATES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(&[][..], |one| one.1);
        for used in dependencies(package).filter(|used| names.contains(used)) {
            ensure!(allowed.contains(&used), "{name} may not link {used}");
        }
    }
    Ok(())
}

#[test]
fn only_the_desktop_links_tauri() -> Result<()> {
    let metadata = metadata()?;
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let named = dependencies(package).find(|used| used.starts_with("tauri"));
        let name = package["name"].as_str().unwrap_or_default();
        ensure!(
            name == "daypass-desktop" || named.is_none(),
            "{name} links {named:?}"
        );
    }
    Ok(())
}

#[test]
fn nothing_under_crates_names_tauri() -> Result<()> {
    for source in sources::below("crates", &[".rs", ".toml"])? {
        let text = source.text.to_lowercase().replace("src-tauri", "");
        ensure!(!text.contains("tauri"), "{} names Tauri", source.path);
    }
    Ok(())
}

#[test]
fn rooms_of_the_core_use_only_rooms_below_them() -> Result<()> {
    let reexports = reexports(&sources::file("crates/core/src/lib.rs")?);
    let (mut edges, mut wrong) = (0, Vec::new());
    for source in sources::below("crates/core/src", &[".rs"])? {
        let Some(room) = room_of(&source.path) else {
            continue;
        };
        for used in used_rooms(&source, &reexports) {
            edges += 1;
            if !may_use(&room, &used)? {
                wrong.push(format!("{}: {room} may not use {used}", source.path));
            }
        }
    }
    ensure!(
        edges > 10,
        "only {edges} arrows were found: does the search still work?"
    );
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn only_one_file_of_the_page_imports_tauri() -> Result<()> {
    for source in page()? {
        let free = !source.text.contains("@tauri-apps");
        ensure!(
            free || source.path == "ui/src/host/tauri.ts",
            "{} imports it",
            source.path
        );
    }
    Ok(())
}

#[test]
fn the_page_writes_no_raw_html() -> Result<()> {
    for source in page()? {
        for forbidden in [
            "{@html",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
        ] {
            ensure!(
                !source.text.contains(forbidden),
                "{} has {forbidden}",
                source.path
            );
        }
    }
    Ok(())
}

#[test]
fn folders_of_the_page_use_only_folders_below_them() -> Result<()> {
    let mut edges = 0;
    for source in page()?
        .iter()
        .filter(|source| !source.path.contains(".test."))
    {
        let here = folder_of(&source.path);
        let Some((_, allowed)) = PAGE.iter().find(|(folder, _)| *folder == here) else {
            continue;
        };
        for used in imports(source) {
            edges += 1;
            let fine = used == here || used == "styles" || allowed.contains(&used.as_str());
            ensure!(fine, "{}: {here} may not use {used}", source.path);
        }
    }
    ensure!(
        edges > 5,
        "only {edges} arrows were found: does the search still work?"
    );
    Ok(())
}

fn metadata() -> Result<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = std::process::Command::new(cargo);
    command.args([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--offline",
    ]);
    let output = command
        .current_dir(repository())
        .output()
        .context("running cargo metadata")?;
    serde_json::from_slice(&output.stdout).context("reading cargo metadata")
}

fn dependencies(package: &Value) -> impl Iterator<Item = &str> {
    package["dependencies"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|used| used["name"].as_str())
}

fn may_use(room: &str, used: &str) -> Result<bool> {
    if room == "daypass" || room == used {
        return Ok(true);
    }
    let pure_breach = PURE.contains(&room) && ["host", "portal", "vault"].contains(&used);
    if let Some(level) = GROUND.iter().position(|ground| *ground == room) {
        return Ok(GROUND[..level].contains(&used));
    }
    let (_, above) = ROOMS
        .iter()
        .find(|(name, _)| *name == room)
        .with_context(|| {
            format!(
                "the room {room} is in no table of tests/journeys/arrows.rs: decide where it stands"
            )
        })?;
    Ok(!pure_breach && (GROUND.contains(&used) || above.contains(&used)))
}

/// The room that a file belongs to; none for the map itself.
fn room_of(path: &str) -> Option<String> {
    let inside = path
        .strip_prefix("crates/core/src/")?
        .trim_end_matches(".rs");
    let mut parts = inside.split('/');
    let first = parts.next().filter(|first| *first != "lib")?;
    Some(room_name(first, parts.next().unwrap_or_default()))
}

fn room_name(first: &str, second: &str) -> String {
    let inner = first == "session" && SESSION_ROOMS.contains(&second);
    if inner {
        format!("{first}::{second}")
    } else {
        first.to_owned()
    }
}

/// Which room each name of `pub use ROOM::{A, B}` in the map comes from.
fn reexports(map: &Source) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for statement in map
        .code()
        .split(';')
        .filter_map(|text| text.split_once("pub use "))
    {
        let (room, names) = statement.1.split_once("::").unwrap_or((statement.1, ""));
        let names = names.trim_matches(|letter| "{} \n".contains(letter));
        for name in parts(names) {
            found.insert(
                name.rsplit("::").next().unwrap_or(name).to_owned(),
                room.to_owned(),
            );
        }
    }
    found
}

fn used_rooms(source: &Source, reexports: &BTreeMap<String, String>) -> BTreeSet<String> {
    let code = source.code();
    let uses = code
        .match_indices("crate::")
        .map(|(at, _)| &code[at + "crate::".len()..]);
    let paths = uses.flat_map(|rest| match braced_at(rest) {
        Some(inner) => parts(inner).into_iter().map(ToOwned::to_owned).collect(),
        None => vec![rest.chars().take(200).collect::<String>()],
    });
    let rooms = paths.map(|path| {
        let first = identifier(&path);
        let rest = path[first.len()..].trim_start_matches("::");
        reexports
            .get(&first)
            .cloned()
            .unwrap_or_else(|| room_name(&first, &identifier(rest)))
    });
    rooms.filter(|room| !room.is_empty()).collect()
}

fn braced_at(text: &str) -> Option<&str> {
    text.starts_with('{').then(|| braced(text)).flatten()
}

fn page() -> Result<Vec<Source>> {
    let files = sources::below("ui/src", &[".ts", ".svelte", ".js"])?;
    ensure!(
        files.len() > 5,
        "ui/src has only {} files: does the search still work?",
        files.len()
    );
    Ok(files)
}

/// The first folder below `ui/src`, or the name of a file that lies there.
fn folder_of(path: &str) -> String {
    let inside = path.trim_start_matches("ui/src/");
    inside
        .split(['/', '.'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The folders that a file of the page imports from.
fn imports(source: &Source) -> BTreeSet<String> {
    let quoted = source.text.lines().filter(|line| {
        let line = line.trim_start();
        let passes_on = line.starts_with("export ") && line.contains(" from ");
        line.starts_with("import ") || line.starts_with("} from ") || passes_on
    });
    let targets = quoted.filter_map(|line| line.split(['"', '\'']).nth(1));
    let relative = targets.filter(|target| target.starts_with('.'));
    relative
        .map(|target| folder_of(&resolve(&source.path, target)))
        .collect()
}

fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[test]
fn the_search_for_arrows_sees_what_it_should() -> Result<()> {
    let text = "use crate::{host::{Clock, files}, Error};\nfn f() { crate::session::plan::next() }\n\
                // crate::vault in a comment\n#[cfg(test)]\nmod tests { use crate::daypass::X; }\n";
    let source = Source {
        path: "crates/core/src/accounts/mod.rs".into(),
        text: text.into(),
    };
    let map = Source {
        path: String::new(),
        text: "pub use error::{Code, Error};".into(),
    };
    let used = used_rooms(&source, &reexports(&map));
    let expected = ["error", "host", "session::plan"].map(ToOwned::to_owned);
    ensure!(used == BTreeSet::from(expected), "{used:?}");
    ensure!(
        !may_use("host", "vault")? && may_use("vault", "host")?,
        "the ground is ordered"
    );
    ensure!(!may_use("session::plan", "host")?, "the plan is pure");
    ensure!(
        may_use("unheard_of", "host").is_err(),
        "a new room needs a place in the table"
    );
    Ok(())
}
