//! `label export` and `label import`: everything as one file.

use std::io::Read;

use daypass_core::accounts::exchange::{Count, Intake};
use daypass_core::daypass::ImportedLooks;
use daypass_core::host::files::{self, Mode};
use daypass_core::{Code, Error, Result};

use crate::args::{LabelExport, LabelImport};
use crate::cmd::Run;
use crate::render::json;

/// No file of ours is larger; what is longer is not read to its end.
const LARGEST: u64 = 5 * 1024 * 1024;

pub(super) fn export(run: &Run, words: &LabelExport) -> Result<()> {
    let text = run.daypass.export_looks();
    let Some(path) = &words.file else {
        return run.screen.data(text.as_bytes());
    };
    let written = std::path::absolute(path)
        .and_then(|path| files::replace(&path, text.as_bytes(), Mode::Keep));
    written.map_err(|error| {
        let message = format!("{} could not be written", path.display());
        Error::new(Code::StorageFailed, message).because(error)
    })?;
    run.screen.say(&format!("{} is written.", path.display()));
    Ok(())
}

pub(super) async fn import(run: &Run, words: LabelImport) -> Result<()> {
    let text = read(&words)?;
    let into = match words.replace {
        true => Intake::Replace,
        false => Intake::Merge,
    };
    let taken = run.daypass.import_looks(&text, into).await?;
    if run.screen.is_json() {
        return run.screen.document(&json::Taken::of(&taken));
    }
    told(&taken).iter().for_each(|it| run.screen.say(it));
    if taken.unprotected > 0 {
        run.screen.insist(&match taken.unprotected {
            1 => "1 assignment no longer asks before it is opened.".to_owned(),
            number => format!("{number} assignments no longer ask before they are opened."),
        });
    }
    Ok(())
}

fn read(words: &LabelImport) -> Result<String> {
    let failed = |error: std::io::Error| {
        let message = format!("{} could not be read", words.file.display());
        Error::new(Code::StorageFailed, message).because(error)
    };
    let source: Box<dyn Read> = match words.file.to_str() {
        Some("-") => Box::new(std::io::stdin()),
        _ => Box::new(std::fs::File::open(&words.file).map_err(failed)?),
    };
    let mut bytes = Vec::new();
    source
        .take(LARGEST)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    String::from_utf8(bytes).map_err(|_| {
        let message = format!("{} is not UTF-8 text", words.file.display());
        Error::new(Code::Usage, message).with_hint("see what `daypass label export` writes")
    })
}

fn told(taken: &ImportedLooks) -> Vec<String> {
    let kinds = [
        ("label", taken.labels),
        ("rule", taken.rules),
        ("choice", taken.choices),
        ("pin", taken.pins),
    ];
    let mut told: Vec<String> = kinds
        .iter()
        .filter_map(|(what, it)| sentence(what, *it))
        .collect();
    if told.is_empty() {
        told.push("Everything in the file was there already.".to_owned());
    }
    if !taken.unknown_sessions.is_empty() {
        told.push(format!(
            "Not here yet, and waited for: session {}.",
            taken.unknown_sessions.join(", ")
        ));
    }
    told
}

fn sentence(what: &str, count: Count) -> Option<String> {
    let parts = [
        (count.added, "added"),
        (count.changed, "changed"),
        (count.removed, "removed"),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts
        .map(|(number, how)| format!("{} {how}", numbered(*number, what)))
        .collect();
    (!parts.is_empty()).then(|| format!("{}.", parts.join(", ")))
}

fn numbered(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_in_is_told() {
        let count = |added, changed, removed| Count {
            added,
            changed,
            removed,
        };
        let taken = ImportedLooks {
            labels: count(0, 0, 0),
            rules: count(1, 0, 2),
            choices: count(3, 1, 0),
            pins: count(0, 0, 0),
            unprotected: 0,
            unknown_sessions: vec!["old".into()],
        };
        let expected = [
            "1 rule added, 2 rules removed.",
            "3 choices added, 1 choice changed.",
            "Not here yet, and waited for: session old.",
        ];
        assert_eq!(told(&taken), expected);
    }
}
