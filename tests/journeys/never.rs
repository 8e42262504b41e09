//! What the source must never hold, as far as a machine can tell.

use testkit::places::repository;
use testkit::sources::{self, Source, braced, named_after, words};
use testkit::{Result, ensure};

/// Names that say nothing about what a thing is for.
const EMPTY_NAMES: &[&str] = &[
    "manager", "service", "helper", "helpers", "util", "utils", "common", "handler", "handlers",
    "misc",
];

/// What may print, in each program one place.
const PRINTING: &[&str] = &[
    "crates/cli/src/render",
    "crates/xtask/src/say.rs",
    "crates/sim/src/main.rs",
];

#[test]
fn nothing_has_an_empty_name() -> Result<()> {
    let mut files = sources::rust()?;
    files.extend(sources::below("ui/src", &[".ts", ".svelte"])?);
    for source in files {
        let code = source.code();
        let keywords = [
            "mod",
            "struct",
            "enum",
            "trait",
            "type",
            "class",
            "interface",
        ];
        let names = keywords
            .iter()
            .flat_map(|keyword| named_after(&code, keyword));
        for name in names.chain([source.stem().to_owned()]) {
            let empty = words(&name)
                .into_iter()
                .find(|word| EMPTY_NAMES.contains(&word.as_str()));
            ensure!(
                empty.is_none(),
                "{}: the name {name} says nothing",
                source.path
            );
        }
    }
    Ok(())
}

#[test]
fn only_one_file_of_each_program_prints() -> Result<()> {
    for source in other_rust()? {
        let build_script = source.stem() == "build";
        let code = source.code();
        let prints = ["print!(", "println!("]
            .iter()
            .any(|call| code.contains(call));
        let named = PRINTING.iter().any(|path| source.path.starts_with(path));
        let fine = !prints || build_script || named;
        ensure!(fine, "{} prints", source.path);
    }
    Ok(())
}

#[test]
fn exceptions_from_lints_have_reasons() -> Result<()> {
    for source in sources::rust()? {
        for (number, line) in source.lines() {
            let bare = line.trim_start();
            let bare = bare.starts_with("#[allow") || bare.starts_with("#![allow");
            ensure!(
                !bare,
                "{}:{number}: write #[expect(…, reason = \"…\")]",
                source.path
            );
        }
    }
    Ok(())
}

#[test]
fn every_file_says_what_it_is_for() -> Result<()> {
    for source in sources::rust()? {
        let first = source.text.lines().next().unwrap_or_default();
        ensure!(
            first.starts_with("//! "),
            "{} does not open with //!",
            source.path
        );
        ensure!(
            !first.contains("Under construction"),
            "{} is not built",
            source.path
        );
    }
    for source in sources::below("ui/src", &[".ts", ".svelte", ".css"])? {
        let opening = ["//", "/*", "<!--"];
        let says = opening
            .iter()
            .any(|mark| source.text.trim_start().starts_with(mark));
        ensure!(says, "{} does not open with a comment", source.path);
    }
    Ok(())
}

#[test]
fn no_match_on_codes_has_a_wildcard() -> Result<()> {
    for source in other_rust()? {
        for arms in matches_in(&source.code()) {
            let on_codes = arms
                .iter()
                .any(|arm| arm.trim_start().starts_with("Code::"));
            let wildcard = arms.iter().any(|arm| arm.trim() == "_");
            ensure!(
                !(on_codes && wildcard),
                "{}: a match on Code has `_ =>`",
                source.path
            );
        }
    }
    Ok(())
}

#[test]
fn the_search_for_wildcards_sees_what_it_should() -> Result<()> {
    let code =
        "match code { Code::Usage => 2, Code::Offline | Code::Down => { f(|_| 1); 5 } _ => 1 }";
    let arms = matches_in(code);
    ensure!(arms.len() == 1, "{arms:?}");
    ensure!(arms[0].iter().any(|arm| arm.trim() == "_"), "{arms:?}");
    ensure!(
        arms[0]
            .iter()
            .any(|arm| arm.trim_start().starts_with("Code::")),
        "{arms:?}"
    );
    Ok(())
}

#[test]
fn no_journey_is_forgotten() -> Result<()> {
    listed("tests/journeys", "tests/journeys/main.rs")?;
    listed("tests/testkit", "tests/testkit/lib.rs")
}

#[test]
fn nothing_names_a_registry_or_a_machine() -> Result<()> {
    // Put together here, so that this file does not hold them itself.
    let hosts = [
        ["crates", ".io"],
        ["registry.npm", "js"],
        ["pypi", ".org"],
        ["deb.debian", ".org"],
    ];
    let folders = [["/wo", "rk/"], ["/ro", "ot/"]];
    let endings = [
        ".rs", ".toml", ".json", ".md", ".ts", ".svelte", ".yml", ".py", ".mjs", ".txt",
    ];
    for source in sources::below("", &endings)? {
        for host in hosts.map(|halves| halves.concat()) {
            ensure!(!source.text.contains(&host), "{} names {host}", source.path);
        }
        for folder in folders.map(|halves| halves.concat()) {
            ensure!(
                !names_folder(&source, &folder),
                "{} names {folder}",
                source.path
            );
        }
    }
    Ok(())
}

/// Every Rust file but this one, which holds what it looks for.
fn other_rust() -> Result<Vec<Source>> {
    let files = sources::rust()?.into_iter();
    Ok(files
        .filter(|source| source.path != "tests/journeys/never.rs")
        .collect())
}

/// Whether a path begins with that folder anywhere: `…/work/…` inside an address does not count.
fn names_folder(source: &Source, folder: &str) -> bool {
    source.text.match_indices(folder).any(|(at, _)| {
        let before = source.text[..at].chars().next_back().unwrap_or(' ');
        before.is_whitespace() || "\"'`=(:".contains(before)
    })
}

fn listed(folder: &str, list: &str) -> Result<()> {
    let root = sources::file(list)?;
    for source in sources::below(folder, &[".rs"])? {
        let direct = repository()
            .join(folder)
            .join(format!("{}.rs", source.stem()))
            .is_file();
        let named = root.text.contains(&format!("mod {};", source.stem()));
        ensure!(
            !direct || named || source.path == list,
            "{} is not listed in {list}",
            source.path
        );
    }
    Ok(())
}

/// The patterns of every `match`, one list for each.
fn matches_in(code: &str) -> Vec<Vec<String>> {
    let starts = code.match_indices("match ").filter_map(|(at, _)| {
        let rest = &code[at..];
        braced(&rest[rest.find('{')?..])
    });
    starts.map(patterns).collect()
}

/// What stands before each `=>` that is not inside an arm.
fn patterns(block: &str) -> Vec<String> {
    let (mut depth, mut pattern, mut found, mut in_pattern) =
        (0_i32, String::new(), Vec::new(), true);
    let mut letters = block.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            _ => {}
        }
        let arm_ends = depth == 0 && !in_pattern && (letter == ',' || letter == '}');
        if arm_ends {
            (in_pattern, pattern) = (true, String::new());
        } else if depth == 0 && letter == '=' && letters.peek() == Some(&'>') {
            found.push(std::mem::take(&mut pattern));
            in_pattern = false;
        } else if in_pattern && letter != ',' {
            pattern.push(letter);
        }
    }
    found
}

/// Not every desktop has a tray, and none calls it so: what people read names the icon or the menu.
#[test]
fn no_words_for_people_name_the_tray() -> Result<()> {
    let files = sources::below("ui/messages", &[".json"])?;
    ensure!(files.len() > 10, "only {} files of words", files.len());
    for source in files {
        for (number, line) in source.lines() {
            let said = line
                .split_once(':')
                .map_or(line, |(_, said)| said)
                .to_lowercase();
            let names_it = ["tray", "infobereich", "systemleiste"]
                .iter()
                .any(|it| said.contains(it));
            ensure!(!names_it, "{}:{number}: {line}", source.path);
        }
    }
    Ok(())
}
