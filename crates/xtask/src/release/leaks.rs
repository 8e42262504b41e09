//! What a release must not hold: paths of the machine that built it, keys, and the ways to its sources; and
//! that two builds of the page are the same.

use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::run::repository;
use crate::{say, ui};

/// Builds the page twice from nothing.
pub(super) fn two_pages() -> Result<()> {
    let (first, second) = (page_from_nothing()?, page_from_nothing()?);
    ensure!(
        first == second,
        "two builds of the page differ in {}",
        difference(&first, &second)
    );
    say::line(&format!("{} files, the same twice", first.len()));
    Ok(())
}

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn page_from_nothing() -> Result<Files> {
    let ui = repository().join("ui");
    for made in ["dist", "node_modules/.vite"] {
        let made = ui.join(made);
        if made.exists() {
            fs::remove_dir_all(&made).with_context(|| format!("removing {}", made.display()))?;
        }
    }
    ui::script("build")?;
    let mut files = Files::new();
    read(&ui.join("dist"), &mut files)?;
    ensure!(!files.is_empty(), "the page has no files");
    Ok(files)
}

fn read(folder: &Path, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => read(&entry.path(), files)?,
            false => drop(files.insert(entry.path(), fs::read(entry.path())?)),
        }
    }
    Ok(())
}

fn difference(first: &Files, second: &Files) -> String {
    let names = first.keys().chain(second.keys());
    let differing = names.filter(|it| first.get(*it) != second.get(*it));
    let differing: Vec<String> = differing.map(|it| it.display().to_string()).collect();
    differing.join(", ")
}

/// Searches the page, which the application holds compressed, and everything that is installed.
pub(super) fn check(stage: &Path) -> Result<()> {
    let mut files = Files::new();
    read(&repository().join("ui/dist"), &mut files)?;
    read(stage, &mut files)?;
    let words = words();
    let mut found = Vec::new();
    for (path, bytes) in &files {
        let map = path.extension().is_some_and(|it| it == "map");
        let in_it = words
            .iter()
            .filter(|(word, _)| holds(bytes, word.as_bytes()));
        let reasons = in_it.map(|(_, reason)| *reason);
        let reasons = reasons.chain(map.then_some("is a source map"));
        let reasons = reasons.chain(key_in(bytes).then_some("holds an AWS key"));
        found.extend(reasons.map(|reason| format!("{} {reason}", path.display())));
    }
    match found.is_empty() {
        true => {
            say::line(&format!("{} files hold none of it", files.len()));
            Ok(())
        }
        false => bail!("{}", found.join("\n")),
    }
}

/// Texts that stand in no release, and what their presence is called.
fn words() -> Vec<(String, &'static str)> {
    let mut words = vec![
        ("SIGNING_PRIVATE_KEY".to_owned(), "names a signing variable"),
        ("sourceMappingURL=".to_owned(), "names a source map"),
        (
            repository().display().to_string(),
            "holds the path of the sources",
        ),
    ];
    let home = env::var("HOME").ok().filter(|it| it.len() > 1);
    words.extend(home.map(|it| (format!("{it}/"), "holds a home path")));
    for variable in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ] {
        let value = env::var(variable).ok().filter(|it| it.len() > 8);
        words.extend(value.map(|it| (it, "holds AWS credentials of this machine")));
    }
    words
}

/// The standard library searches texts faster than windows of bytes.
fn holds(bytes: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else {
        return false;
    };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|it| it == first) {
        if rest[at..].starts_with(word) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

/// An access key id: of the two kinds that open something, with its sixteen letters, alone.
fn key_in(bytes: &[u8]) -> bool {
    let is_part = |it: &u8| it.is_ascii_uppercase() || it.is_ascii_digit();
    bytes.windows(20).enumerate().any(|(at, word)| {
        (word.starts_with(b"AKIA") || word.starts_with(b"ASIA"))
            && word.iter().all(is_part)
            && !word.ends_with(b"EXAMPLE")
            && bytes.get(at + 20).is_none_or(|it| !is_part(it))
    })
}

#[cfg(test)]
mod tests {
    use super::{holds, key_in};

    #[test]
    fn keys_and_words_are_found() {
        assert!(key_in(b"x AKIAABCDEFGHIJKLMNOP y"));
        assert!(!key_in(b"AKIAIOSFODNN7EXAMPLE") && !key_in(b"AKIAABC") && !key_in(b""));
        assert!(holds(b"aaab", b"ab") && !holds(b"aaac", b"ab") && !holds(b"a", b"ab"));
    }
}
