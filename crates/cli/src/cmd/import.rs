//! `session import`: sessions that the AWS config file knows, with the sign-ins of the AWS tools.

use daypass_core::daypass::{FoundSession, Imported, Outcome};
use daypass_core::secrets::Storage;
use daypass_core::{Error, Result};

use super::Run;
use crate::args::SessionImport;
use crate::render::json::{Import, ImportOf};

pub(super) async fn run(run: &Run, words: SessionImport) -> Result<u8> {
    let found = run
        .daypass
        .found_sessions(words.allow_custom_portal)
        .await?;
    let (rows, refused) = match words.dry_run {
        true => (foreseen(&found, &words), None),
        false => bring_in(run, &found, &words).await?,
    };
    if run.screen.is_json() {
        run.screen.document(&Import::of(words.dry_run, &rows))?;
    } else {
        tell(run, &rows, words.dry_run);
    }
    // Who names a session wants that one; who names none wants what there is.
    match refused {
        Some(error) if !words.names.is_empty() => Ok(error.code().exit_code()),
        _ => Ok(0),
    }
}

/// What would be done.
fn foreseen(found: &[FoundSession], words: &SessionImport) -> Vec<ImportOf> {
    let meant = |it: &&FoundSession| words.names.is_empty() || words.names.contains(&it.name);
    let rows = found.iter().filter(meant).map(|it| {
        let action = match (it.registered, &it.problem) {
            (true, _) => "kept",
            (false, None) => "added",
            (false, Some(_)) => "refused",
        };
        let storage = words.storage.unwrap_or(Storage::Shared);
        row(it, action, (action == "added").then_some(storage))
    });
    rows.collect()
}

async fn bring_in(
    run: &Run,
    found: &[FoundSession],
    words: &SessionImport,
) -> Result<(Vec<ImportOf>, Option<Error>)> {
    let imported = run
        .daypass
        .import_sessions(&words.names, words.storage, words.allow_custom_portal)
        .await?;
    let (mut rows, mut refused) = (Vec::new(), None);
    for one in imported {
        let known = found.iter().find(|it| it.name == one.name);
        let (row, error) = outcome(known, one);
        rows.push(row);
        refused = refused.or(error);
    }
    Ok((rows, refused))
}

fn outcome(known: Option<&FoundSession>, one: Imported) -> (ImportOf, Option<Error>) {
    let blank = ImportOf {
        name: one.name,
        start_url: None,
        region: None,
        source: None,
        action: "refused",
        storage: None,
        signed_in: false,
        reason: None,
    };
    let of = |action, storage| known.map(|it| row(it, action, storage)).unwrap_or(blank);
    match one.outcome {
        Outcome::Added { storage, signed_in } => {
            let row = of("added", Some(storage));
            (ImportOf { signed_in, ..row }, None)
        }
        Outcome::Kept => (of("kept", None), None),
        Outcome::Refused(error) => {
            let reason = Some(format!("{}; {}", error.message(), error.hint()));
            let row = of("refused", None);
            (ImportOf { reason, ..row }, Some(error))
        }
    }
}

fn row(found: &FoundSession, action: &'static str, storage: Option<Storage>) -> ImportOf {
    ImportOf {
        name: found.name.clone(),
        start_url: Some(found.start_url.clone()),
        region: Some(found.region.clone()),
        source: Some(if found.legacy {
            "profiles"
        } else {
            "sso_session"
        }),
        action,
        storage: storage.map(Storage::name),
        signed_in: found.signed_in && storage != Some(Storage::Keychain),
        reason: found.problem.clone().filter(|_| action == "refused"),
    }
}

fn tell(run: &Run, rows: &[ImportOf], dry: bool) {
    if rows.is_empty() {
        run.screen
            .say("The AWS config file knows no session that could be brought in.");
    }
    rows.iter().for_each(|row| run.screen.say(&sentence(row)));
    let added = |storage: Storage| rows.iter().any(|it| it.storage == Some(storage.name()));
    if added(Storage::Shared) {
        run.screen.say(
            "Their tokens rest in AWS's own cache (storage shared), since the AWS tools use them \
             there already; `daypass session set NAME --storage keychain` moves them.",
        );
    }
    if added(Storage::Keychain) {
        run.screen.say(
            "Their tokens rest in the keychain, apart from those of the AWS tools, which keep their \
             own sign-in; sign in with `daypass login NAME`.",
        );
    }
    if dry {
        run.screen.say("This was a dry run: nothing was done.");
    }
}

fn sentence(row: &ImportOf) -> String {
    let ImportOf { name, action, .. } = row;
    let portal = row.start_url.as_deref().unwrap_or_default();
    let from = match row.source {
        Some("profiles") => " (from older profiles)",
        _ => "",
    };
    match (*action, row.signed_in, &row.reason) {
        ("added", true, _) => format!("added {name}: {portal}{from}; already signed in"),
        ("added", false, _) => {
            format!("added {name}: {portal}{from}; sign in with `daypass login {name}`")
        }
        (_, _, Some(reason)) => format!("{action} {name}: {reason}"),
        _ => format!("{action} {name}: {portal}{from}"),
    }
}
