//! The manual pages: the command's own, each verb's as the page above it names them, and the
//! application's.

use anyhow::{Result, ensure};
use std::path::Path;

use super::stage::{asset, said, zipped};

/// Writes all of them.
pub(super) fn write(daypass: &Path, folder: &Path) -> Result<()> {
    zipped(
        &folder.join("daypass-desktop.1"),
        &asset("daypass-desktop.1")?,
    )?;
    let written = with_those_below(daypass, folder, "daypass")?;
    ensure!(
        written > 20,
        "only {written} pages: the verbs were not found"
    );
    Ok(())
}

/// A page and, recursively, those of its verbs; how many there are.
fn with_those_below(daypass: &Path, folder: &Path, name: &str) -> Result<usize> {
    let verbs: Vec<&str> = name.split('-').skip(1).collect();
    let page = said(daypass, &[&["man"], &verbs[..]].concat())?;
    zipped(&folder.join(format!("{name}.1")), &page)?;
    let mut written = 1;
    for below in below(&page, name) {
        written += with_those_below(daypass, folder, &below)?;
    }
    Ok(written)
}

/// The pages of verbs that a page names, such as `daypass\-list(1)`.
fn below(page: &str, name: &str) -> Vec<String> {
    let lines = page.lines().filter_map(|line| line.strip_suffix("(1)"));
    let names = lines.map(|line| line.replace("\\-", "-"));
    let is_one = |it: &String| {
        it.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with('-'))
    };
    names
        .filter(is_one)
        .filter(|it| !it.ends_with("-help"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn a_page_names_those_of_its_verbs() {
        let page = ".SH SUBCOMMANDS\n.TP\ndaypass\\-list(1)\nList\n.TP\ndaypass\\-help(1)\nPrint\n";
        assert_eq!(below(page, "daypass"), ["daypass-list"]);
        assert!(below(page, "daypass-list").is_empty());
    }
}
