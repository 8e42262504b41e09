//! Names that stand in two places stand in both: commands, permissions, error codes.

use std::collections::BTreeSet;
use testkit::sources::{self, braced, identifier, parts};
use testkit::{Context, Result, ensure};

#[test]
fn commands_permissions_and_the_page_agree() -> Result<()> {
    let commands = commands()?;
    ensure!(
        !commands.is_empty(),
        "no command was found: does the search still work?"
    );
    same("src-tauri/permissions", &commands, &permitted()?)?;
    same("ui/src/host/tauri.ts", &commands, &invoked()?)
}

#[test]
fn the_page_has_words_for_every_error_code() -> Result<()> {
    let codes = codes()?;
    ensure!(codes.len() > 10, "only {} codes were found", codes.len());
    same("CODES in ui/src/words.ts", &codes, &codes_with_words()?)
}

fn same(place: &str, expected: &BTreeSet<String>, found: &BTreeSet<String>) -> Result<()> {
    let missing: Vec<_> = expected.difference(found).collect();
    let foreign: Vec<_> = found.difference(expected).collect();
    ensure!(missing.is_empty(), "{place} lacks {missing:?}");
    ensure!(
        foreign.is_empty(),
        "{place} has {foreign:?}, which nothing stands for"
    );
    Ok(())
}

/// The names in `generate_handler![…]`.
fn commands() -> Result<BTreeSet<String>> {
    let shell = sources::file("src-tauri/src/lib.rs")?.code();
    let list = shell
        .split_once("generate_handler![")
        .context("no list of commands")?
        .1;
    let list = list
        .split_once(']')
        .context("the list of commands has no end")?
        .0;
    Ok(parts(list)
        .into_iter()
        .map(|path| last_of(path).to_owned())
        .collect())
}

fn last_of(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// The names in `commands.allow` of every permission file.
fn permitted() -> Result<BTreeSet<String>> {
    let files = sources::below("src-tauri/permissions", &[".toml"])?;
    let lists = files.iter().flat_map(|file| {
        let after = file.text.split("commands.allow").skip(1);
        after
            .filter_map(|rest| rest.split_once('[')?.1.split_once(']'))
            .map(|(list, _)| list)
    });
    Ok(lists.flat_map(quoted).collect())
}

/// The names that the page hands to `invoke`.
fn invoked() -> Result<BTreeSet<String>> {
    let door = sources::file("ui/src/host/tauri.ts")?.text;
    let calls = door
        .match_indices("(\"")
        .map(|(at, _)| (&door[..at], &door[at + 2..]));
    let invokes = calls.filter(|(before, _)| {
        let call = before.rsplit([' ', '\n', '(']).next().unwrap_or_default();
        call.starts_with("invoke") || call.starts_with("call")
    });
    Ok(invokes.map(|(_, after)| identifier(after)).collect())
}

fn quoted(list: &str) -> Vec<String> {
    list.split('"')
        .skip(1)
        .step_by(2)
        .map(ToOwned::to_owned)
        .collect()
}

/// Every code as the outside sees it: the snake-case names that `Code` gives itself.
fn codes() -> Result<BTreeSet<String>> {
    let code = sources::file("crates/core/src/error/code.rs")?.code();
    let start = code.find("enum Code").context("no enum Code")?;
    let body = braced(&code[start + code[start..].find('{').unwrap_or_default()..]);
    let variants = parts(body.context("enum Code has no end")?);
    Ok(variants
        .into_iter()
        .map(|name| snake(&identifier(name)))
        .collect())
}

fn snake(name: &str) -> String {
    sources::words(name).join("_")
}

/// The members of the list `CODES`.
fn codes_with_words() -> Result<BTreeSet<String>> {
    let words = sources::file("ui/src/words.ts")?.text;
    let list = words
        .split_once("CODES")
        .context("ui/src/words.ts has no CODES")?
        .1;
    let list = list
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'));
    Ok(quoted(list.context("CODES is not a list")?.0)
        .into_iter()
        .collect())
}

#[test]
fn codes_give_themselves_the_names_that_this_test_works_out() -> Result<()> {
    let code = sources::file("crates/core/src/error/code.rs")?.code();
    for name in codes()? {
        ensure!(
            code.contains(&format!("\"{name}\"")),
            "error/code.rs never says \"{name}\""
        );
    }
    Ok(())
}
