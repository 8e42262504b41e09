//! What the command makes for shells and for `man`: read by the shells themselves, and there for every verb.

use std::fs;
use testkit::cli::Daypass;
use testkit::desktop::Desktop;
use testkit::places::tool;
use testkit::programs::output;
use testkit::{Context, Result, ensure};

/// Every verb, by the words of the help.
fn verbs(daypass: &Daypass) -> Result<Vec<String>> {
    let help = daypass.ok(&["--help"])?.stdout;
    let list = help.split("Commands:").nth(1).context("no verbs")?;
    let lines = list.lines().skip(1).take_while(|line| !line.is_empty());
    let first = |line: &str| line.split_whitespace().next().map(ToOwned::to_owned);
    Ok(lines.filter_map(first).filter(|it| it != "help").collect())
}

#[test]
fn shells_read_their_completions_and_every_verb_is_in_them() -> Result<()> {
    let desktop = Desktop::bare()?;
    let daypass = Daypass::on(&desktop)?;
    let verbs = verbs(&daypass)?;
    ensure!(verbs.len() > 12, "{verbs:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = daypass.ok(&["completions", shell])?.stdout;
        let missing: Vec<_> = verbs
            .iter()
            .filter(|verb| !script.contains(*verb))
            .collect();
        ensure!(missing.is_empty(), "{shell} does not know {missing:?}");
        if let "bash" | "zsh" | "fish" = shell {
            let path = desktop.home().root().join(shell);
            fs::write(&path, &script)?;
            let words = ["-n".to_owned(), path.display().to_string()];
            let said = output(&tool(shell, shell)?, words, &desktop.env())?;
            ensure!(said.is_empty(), "{shell}: {said}");
        }
    }
    Ok(())
}

#[test]
fn every_verb_has_a_manual_page_that_names_it() -> Result<()> {
    let desktop = Desktop::bare()?;
    let daypass = Daypass::on(&desktop)?;
    for verb in verbs(&daypass)? {
        let page = daypass.ok(&["man", &verb])?.stdout;
        let is_page =
            page.contains(".TH") && page.contains(".SH NAME") && page.contains(".SH SYNOPSIS");
        ensure!(is_page, "{verb}: {page}");
        let name = format!("daypass\\-{verb}");
        ensure!(
            page.contains(&name) || page.contains(&name.replace('\\', "")),
            "{verb}: {page}"
        );
    }
    daypass
        .run(&["man", "nonsense"])?
        .code(2)?
        .says_what_and_what_to_do()?;
    Ok(())
}
