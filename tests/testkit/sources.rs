//! The source files of the repository as text, for the tests that hold them to the house rules.

use crate::places::repository;
use crate::{Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Folders that hold nothing of ours.
const FOREIGN: &[&str] = &[
    "target",
    "node_modules",
    "dist",
    "gen",
    "artifacts",
    ".git",
    "test-results",
    "__pycache__",
];

/// One file.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path below the root, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// The name without folder and endings: `keeper` of `session/keeper.rs`.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }

    /// The text without comments and without the test module at the end.
    pub fn code(&self) -> String {
        let product = self
            .text
            .split("#[cfg(test)]\nmod ")
            .next()
            .unwrap_or_default();
        product
            .lines()
            .map(without_comment)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The lines, with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }
}

/// What stands before `//`, unless that is the middle of an address.
fn without_comment(line: &str) -> &str {
    let comment = line
        .match_indices("//")
        .find(|(at, _)| !line[..*at].ends_with(':'));
    comment.map_or(line, |(at, _)| &line[..at])
}

/// Every file below `folder` whose name ends with one of `endings`.
pub fn below(folder: &str, endings: &[&str]) -> Result<Vec<Source>> {
    let mut found = Vec::new();
    gather(&repository().join(folder), endings, &mut found)?;
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Every Rust file of the repository.
pub fn rust() -> Result<Vec<Source>> {
    let folders = ["crates", "src-tauri", "tests"];
    let files = folders
        .iter()
        .map(|folder| below(folder, &[".rs"]))
        .collect::<Result<Vec<_>>>()?;
    Ok(files.concat())
}

/// One file, by its path below the root.
pub fn file(path: &str) -> Result<Source> {
    let text = fs::read_to_string(repository().join(path));
    Ok(Source {
        path: path.to_owned(),
        text: text.with_context(|| format!("reading {path}"))?,
    })
}

fn gather(folder: &Path, endings: &[&str], found: &mut Vec<Source>) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() && !FOREIGN.contains(&name.as_str()) {
            gather(&path, endings, found)?;
        } else if path.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
            // What is not text is not a source.
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            let path = path
                .strip_prefix(repository())?
                .to_string_lossy()
                .into_owned();
            found.push(Source { path, text });
        }
    }
    Ok(())
}

/// The words of a name: `TrayHost`, `tray_host` and `tray-host` have two.
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        let splits = !letter.is_alphanumeric();
        if splits || letter.is_uppercase() {
            words.push(String::new());
        }
        if let (false, Some(word)) = (splits, words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Every identifier that directly follows `keyword`.
pub fn named_after(code: &str, keyword: &str) -> BTreeSet<String> {
    let marked = format!("{keyword} ");
    let begins = code.match_indices(&marked).filter(|(at, _)| {
        !code[..*at]
            .chars()
            .next_back()
            .is_some_and(|before| before.is_alphanumeric() || before == '_')
    });
    let names = begins.map(|(at, _)| identifier(&code[at + marked.len()..]));
    names.filter(|name| !name.is_empty()).collect()
}

/// The identifier at the beginning of a text.
pub fn identifier(text: &str) -> String {
    text.chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect()
}

/// The text between a brace that opens at `text`'s beginning and the one that closes it.
pub fn braced(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.checked_sub(1)?,
            _ => continue,
        }
        if depth == 0 {
            return text.get(1..at);
        }
    }
    None
}

/// The parts of a text between commas outside of all brackets.
pub fn parts(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_i32, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}
