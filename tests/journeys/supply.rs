//! What comes in from others: every library by its checksum and from its registry, every step of the
//! hosted checks by its hash, and no more beside the page than was agreed.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use testkit::places::repository;
use testkit::{Context, Result, ensure};

/// So many libraries the page and its tools name themselves, at most.
const NAMED_BY_THE_PAGE: usize = 12;

#[test]
fn every_crate_is_from_the_registry_and_has_a_checksum() -> Result<()> {
    let lock = fs::read_to_string(repository().join("Cargo.lock"))?;
    let (mut own, mut others) = (Vec::new(), 0);
    let mut registries = BTreeSet::new();
    for package in lock.split("[[package]]").skip(1) {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key));
            line.map(|it| it.trim_matches([' ', '=', '"']))
        };
        let name = value("name").context("a package without a name")?;
        match value("source") {
            None => own.push(name.to_owned()),
            Some(source) => {
                ensure!(source.starts_with("registry+"), "{name} is from {source}");
                registries.insert(source.to_owned());
                ensure!(
                    value("checksum").is_some_and(|it| it.len() == 64),
                    "{name} has no checksum"
                );
                others += 1;
            }
        }
    }
    ensure!(registries.len() == 1, "{registries:?}");
    ensure!(others > 300, "only {others} crates were found");
    let foreign: Vec<_> = own
        .iter()
        .filter(|it| !it.starts_with("daypass-") && *it != "xtask")
        .collect();
    ensure!(foreign.is_empty(), "{foreign:?} are no crates of ours");
    Ok(())
}

#[test]
fn every_npm_module_has_a_checksum_and_the_page_names_few() -> Result<()> {
    for folder in ["ui", "tests/interop"] {
        let read = |name: &str| -> Result<Value> {
            let path = repository().join(folder).join(name);
            Ok(serde_json::from_slice(&fs::read(path)?)?)
        };
        let lock = read("package-lock.json")?;
        let packages = lock["packages"].as_object().context("no packages")?;
        for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
            let sum = package["integrity"].as_str().unwrap_or_default();
            ensure!(
                sum.starts_with("sha512-"),
                "{folder}: {name} has no checksum"
            );
            let elsewhere = ["resolved", "link"]
                .iter()
                .any(|it| !package[*it].is_null());
            ensure!(!elsewhere, "{folder}: {name} is from elsewhere");
        }
        let named = read("package.json")?;
        let of = |key: &str| named[key].as_object().map_or(0, serde_json::Map::len);
        let count = of("dependencies") + of("devDependencies");
        ensure!(
            count > 0 && count <= NAMED_BY_THE_PAGE,
            "{folder} names {count}"
        );
    }
    Ok(())
}

/// The lines below `.github/workflows` that take a step from elsewhere, or install what npm names.
fn lines_with(words: &str) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(repository().join(".github/workflows"))? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        let lines = text.lines().filter(|line| line.contains(words));
        found.extend(lines.map(|line| (path.display().to_string(), line.trim().to_owned())));
    }
    Ok(found)
}

#[test]
fn hosted_steps_are_named_by_their_hash_and_install_no_scripts() -> Result<()> {
    let steps = lines_with("uses: ")?;
    ensure!(steps.len() > 5, "only {} steps were found", steps.len());
    for (file, step) in steps {
        let hash = step.split_once('@').map(|(_, rest)| rest);
        let hash = hash.and_then(|rest| rest.split_whitespace().next());
        let is_hash = |it: &str| it.len() == 40 && it.chars().all(|it| it.is_ascii_hexdigit());
        ensure!(hash.is_some_and(is_hash), "{file}: {step}");
    }
    let installs = lines_with("npm ci")?;
    ensure!(!installs.is_empty(), "nothing installs the page's modules");
    for (file, line) in installs {
        ensure!(line.contains("--ignore-scripts"), "{file}: {line}");
    }
    for asked in ["cargo deny --locked check", "npm audit signatures"] {
        ensure!(
            !lines_with(asked)?.is_empty(),
            "no hosted check runs `{asked}`"
        );
    }
    Ok(())
}

#[test]
fn one_window_has_one_list_of_what_it_may_and_a_strict_policy() -> Result<()> {
    let folder = repository().join("src-tauri/capabilities");
    let names: Vec<_> = fs::read_dir(&folder)?
        .flatten()
        .map(|it| it.file_name())
        .collect();
    ensure!(names == ["panel.json"], "{names:?}");
    let panel: Value = serde_json::from_slice(&fs::read(folder.join("panel.json"))?)?;
    let permissions = [
        "core:event:allow-listen",
        "core:event:allow-unlisten",
        "panel-commands",
    ];
    ensure!(
        panel["permissions"] == serde_json::json!(permissions),
        "{panel}"
    );
    ensure!(panel["windows"] == serde_json::json!(["panel"]), "{panel}");
    ensure!(
        panel["remote"].is_null() && panel["webviews"].is_null(),
        "{panel}"
    );
    let whole: Value = serde_json::from_slice(&fs::read(repository().join("tauri.conf.json"))?)?;
    let security = &whole["app"]["security"];
    ensure!(
        whole["app"]["withGlobalTauri"] == false && security["freezePrototype"] == true,
        "{whole}"
    );
    let policy = security["csp"].as_str().context("no policy")?;
    ensure!(policy.starts_with("default-src 'self';"), "{policy}");
    for open in ["unsafe", "*", "data:", "blob:", "https:"] {
        ensure!(!policy.contains(open), "{open} in {policy}");
    }
    Ok(())
}
