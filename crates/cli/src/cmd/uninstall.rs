//! `uninstall`: says what Daypass has on this machine, and takes it away where that is asked for.

use daypass_core::aws_config::Plan;
use daypass_core::daypass::{Belongings, Left};
use daypass_core::host::remains::RemainKind;
use daypass_core::secrets::Storage;
use daypass_core::{Code, Error, Result};

use super::{Run, logout};
use crate::args::Uninstall;
use crate::render::{Cell, Table, json};

/// What stays whatever is removed.
const STAYS: &str = "What stays: AWS's own folder and all in it that Daypass did not write, the browsers' \
                     sign-ins, and the programs, which go with whatever installed them (such as `sudo apt \
                     purge daypass`).";

pub(super) async fn run(run: &Run, words: Uninstall) -> Result<u8> {
    let belongings = run.daypass.belongings(words.profiles).await?;
    if !words.purge || words.dry_run {
        show(run, &belongings)?;
        run.screen.say(STAYS);
        run.screen.say(match words.purge {
            true => "This was a dry run: nothing was removed.",
            false => "Nothing was removed. `daypass uninstall --purge` removes what is listed.",
        });
        return Ok(0);
    }
    agree(run, &belongings)?;
    // What is told afterwards are the names as they were.
    let document = json::Belongings::of(&belongings);
    let left = run.daypass.leave(belongings).await?;
    tell(run, &left);
    match run.screen.is_json() {
        true => run.screen.document(&document.gone(&left))?,
        false => run.screen.say(STAYS),
    }
    Ok(0)
}

/// The list, and the lines of the AWS config file that change.
fn show(run: &Run, belongings: &Belongings) -> Result<()> {
    if run.screen.is_json() {
        return run.screen.document(&json::Belongings::of(belongings));
    }
    if belongings.is_empty() {
        run.screen.say("Daypass has nothing on this machine.");
        return Ok(());
    }
    run.screen.table(&table(belongings))?;
    run.screen.diff(&belongings.profiles.unified())
}

fn table(belongings: &Belongings) -> Table {
    let mut table = Table::new(&["WHAT", "WHICH~"]);
    for (name, storage) in &belongings.sessions {
        let rests = match storage {
            Storage::Keychain => "its sign-in in the keychain",
            Storage::Shared => "its sign-in in AWS's token cache, for every tool",
        };
        table.row(vec![
            Cell::new("session"),
            Cell::new(&format!("{name}, with {rests}")),
        ]);
    }
    let profiles = belongings.profiles.changes();
    if !profiles.is_empty() {
        let which = profiles_told(profiles.len(), &belongings.profiles);
        table.row(vec![Cell::new("profiles"), Cell::new(&which)]);
    }
    for remain in &belongings.remains {
        table.row(vec![
            Cell::new(word(remain.kind)),
            Cell::new(&remain.path.display().to_string()),
        ]);
    }
    table
}

fn profiles_told(number: usize, plan: &Plan) -> String {
    let profiles = match number {
        1 => "1 profile".to_owned(),
        _ => format!("{number} profiles"),
    };
    format!("{profiles} in {}, as shown below", plan.file().display())
}

/// The stable word for what a file is.
pub(crate) fn word(kind: RemainKind) -> &'static str {
    match kind {
        RemainKind::Settings => "settings",
        RemainKind::State => "state",
        RemainKind::Cache => "cache",
        RemainKind::Window => "window",
        RemainKind::Login => "login",
    }
}

/// The answer of who sits there; without anybody, `--yes`.
fn agree(run: &Run, belongings: &Belongings) -> Result<()> {
    if run.yes || belongings.is_empty() {
        return Ok(());
    }
    if run.screen.is_json() || !run.screen.can_ask() {
        let message = "nothing was removed: nobody could be asked";
        let error = Error::new(Code::Usage, message);
        return Err(error.with_hint("look with --dry-run, then say --yes"));
    }
    show(run, belongings)?;
    let sessions = "Signing out ends these sessions for every tool that shares them.".to_owned();
    let question = "Remove all of this? It cannot be taken back.".to_owned();
    match run.screen.ask(&[sessions, question])? {
        true => Ok(()),
        false => {
            let message = "nothing was removed: the answer was not yes";
            Err(Error::new(Code::Protected, message))
        }
    }
}

fn tell(run: &Run, left: &Left) {
    for (session, failure) in &left.pending {
        logout::tell_pending(run, session, failure);
    }
    if left.strays > 0 {
        run.screen.say(&format!(
            "The keychain held {} more of Daypass; they are gone too.",
            counted(left.strays)
        ));
    }
    for folder in &left.staying {
        run.screen.insist(&format!(
            "{} stays: there is something in it that Daypass did not make.",
            folder.display()
        ));
    }
    run.screen
        .say("All that Daypass had on this machine is removed.");
}

fn counted(items: usize) -> String {
    match items {
        1 => "1 item".to_owned(),
        number => format!("{number} items"),
    }
}
