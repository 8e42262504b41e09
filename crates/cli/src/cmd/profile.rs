//! `profile add|sync|list|remove|undo`: profiles of the AWS config file.

use std::collections::BTreeMap;
use std::path::Path;

use daypass_core::aws_config::{
    Action, Applied, Change, DiffLine, GONE, LineKind, OnConflict, Plan, Profile, Prune, Target,
};
use daypass_core::daypass::{ProfileRequest, StyleChoice, SyncRequest};
use daypass_core::settings::ProfileKeys;
use daypass_core::{Code, Error, Result};

use super::{Run, list};
use crate::args::{ProfileAdd, ProfileRemove, ProfileSync, ProfileVerb};
use crate::render::{Cell, Table, Tone, json};

/// So many changes are told one by one.
const FEW: usize = 10;
/// So many names of a group are shown.
const SHOWN: usize = 5;

pub(super) async fn run(run: &Run, verb: ProfileVerb) -> Result<u8> {
    match verb {
        ProfileVerb::Add(words) => add(run, *words).await,
        ProfileVerb::Sync(words) => sync(run, words).await,
        ProfileVerb::List(_) => list_profiles(run).await,
        ProfileVerb::Remove(words) => remove(run, words).await,
        ProfileVerb::Undo(_) => undo(run).await,
    }?;
    Ok(0)
}

/// What was done to the file, or would be.
struct Done<'a> {
    file: &'a Path,
    changes: &'a [Change],
    diff: &'a str,
    backup: Option<&'a Path>,
    /// Nothing was written.
    dry: bool,
}

impl Done<'_> {
    fn tell(&self, run: &Run) -> Result<()> {
        let screen = &run.screen;
        if screen.is_json() {
            let changed = json::Changed::of(self.file, self.backup, self.changes, self.diff);
            return screen.document(&changed);
        }
        if self.dry {
            screen.diff(self.diff)?;
        }
        sentences(self.changes).iter().for_each(|it| screen.say(it));
        drift(self.changes).iter().for_each(|it| screen.say(it));
        match (self.dry, self.backup) {
            (true, _) => screen.say("This was a dry run: nothing was written."),
            (false, Some(_)) => screen.say(&format!(
                "{} was written; take it back with `daypass profile undo`.",
                self.file.display()
            )),
            (false, None) => screen.say(&format!("{} stays as it is.", self.file.display())),
        }
        Ok(())
    }
}

/// One for each change; of many, their numbers, and the first names of those that are unusual.
fn sentences(changes: &[Change]) -> Vec<String> {
    if changes.len() <= FEW {
        return changes.iter().map(sentence).collect();
    }
    let mut groups: BTreeMap<(&str, Option<&str>), Vec<&Change>> = BTreeMap::new();
    for change in changes {
        let reason = match change.action {
            Action::Removed | Action::Kept | Action::Skipped => change.reason.as_deref(),
            Action::Added | Action::Changed | Action::Unchanged => None,
        };
        let group = groups.entry((json::action(change.action), reason));
        group.or_default().push(change);
    }
    groups
        .iter()
        .map(|(group, all)| of_group(*group, all))
        .collect()
}

fn of_group((word, reason): (&str, Option<&str>), all: &[&Change]) -> String {
    let profiles = match all.len() {
        1 => "1 profile".to_owned(),
        number => format!("{number} profiles"),
    };
    let Some(reason) = reason else {
        return format!("{word} {profiles}");
    };
    let names: Vec<_> = all
        .iter()
        .take(SHOWN)
        .map(|it| it.profile.as_str())
        .collect();
    let more = if all.len() > SHOWN { ", …" } else { "" };
    format!("{word} {profiles}: {reason} ({}{more})", names.join(", "))
}

/// What is to be done about profiles whose assignment is gone.
fn drift(changes: &[Change]) -> Option<String> {
    let gone = |it: &&Change| it.action == Action::Kept && it.reason.as_deref() == Some(GONE);
    match changes.iter().filter(gone).count() {
        0 => None,
        1 => Some("Access to 1 profile is gone; take it out with --prune.".to_owned()),
        number => Some(format!(
            "Access to {number} profiles is gone; take them out with --prune."
        )),
    }
}

fn sentence(change: &Change) -> String {
    let word = json::action(change.action);
    match &change.reason {
        Some(reason) => format!("{word} {}: {reason}", change.profile),
        None => format!("{word} {}", change.profile),
    }
}

async fn add(run: &Run, words: ProfileAdd) -> Result<()> {
    let request = request(run, &words).await?;
    let (preview, backup) = match words.dry_run {
        true => (run.daypass.preview_profile(&request).await?, None),
        false => {
            let written = {
                let consent = run.consent(&request.assignment, "Write a profile of")?;
                run.daypass.write_profile(&request, consent).await?
            };
            (written.preview, written.backup)
        }
    };
    let done = Done {
        file: &preview.file,
        changes: &preview.changes,
        diff: &preview.unified,
        backup: backup.as_deref(),
        dry: words.dry_run,
    };
    done.tell(run)
}

async fn request(run: &Run, words: &ProfileAdd) -> Result<ProfileRequest> {
    Ok(ProfileRequest {
        assignment: run.assignment(&words.whose).await?,
        target: match (&words.name, words.default) {
            (_, true) => Target::Default,
            (Some(name), false) => Target::Named(name.clone()),
            (None, false) => Target::Proposed,
        },
        region: words.region.clone(),
        output: words.output.clone(),
        otherwise: ProfileKeys::default(),
        style: words
            .style
            .map_or(StyleChoice::OfSession, StyleChoice::Only),
        settings: words.settings.clone(),
        on_conflict: match words.replace {
            true => OnConflict::Replace,
            false => OnConflict::Refuse,
        },
    })
}

async fn sync(run: &Run, words: ProfileSync) -> Result<()> {
    let sessions = list::wanted(run, words.session.as_deref())?;
    // Whether an assignment is gone is known only from a list that is read now.
    if let Some(error) = list::read(run, &sessions, words.prune).await? {
        return Err(error);
    }
    let request = SyncRequest {
        chosen: run.daypass.chosen_by(&sessions, &words.words.join(" "))?,
        sessions,
        template: words.template,
        region: words.region,
        output: words.output,
        otherwise: ProfileKeys::default(),
        style: words
            .style
            .map_or(StyleChoice::OfSession, StyleChoice::Only),
        prune: match words.prune {
            true => Prune::Remove,
            false => Prune::Keep,
        },
    };
    let sync = run.daypass.plan_sync(&request).await?;
    let applied = match words.dry_run {
        true => unapplied(sync.plan().clone()),
        false => {
            let consent = run.consent_to_all(sync.protected())?;
            run.daypass.apply_sync(sync, consent).await?
        }
    };
    finish(run, &applied, words.dry_run)
}

async fn remove(run: &Run, words: ProfileRemove) -> Result<()> {
    let plan = run.daypass.plan_removal(&words.name).await?;
    let applied = match words.dry_run {
        true => unapplied(plan),
        false => run.daypass.apply_plan(plan).await?,
    };
    finish(run, &applied, words.dry_run)
}

fn unapplied(plan: Plan) -> Applied {
    Applied {
        backup: None,
        plan,
        overtaken: false,
    }
}

/// Shows what was done, or would be.
fn finish(run: &Run, applied: &Applied, dry: bool) -> Result<()> {
    let unified = applied.plan.unified();
    let done = Done {
        file: applied.plan.file(),
        changes: applied.plan.changes(),
        diff: &unified,
        backup: applied.backup.as_deref(),
        dry,
    };
    done.tell(run)?;
    if applied.overtaken {
        run.screen.say(
            "Another program wrote the file at the same moment: its change and this one are both there.",
        );
    }
    Ok(())
}

async fn list_profiles(run: &Run) -> Result<()> {
    let config = run.daypass.profiles().await?;
    if let Some(fault) = config.fault() {
        let file = run.host.paths.aws_config.display();
        let message = format!("{file}, line {}: {}", fault.line, fault.reason);
        run.screen.warn(&Error::new(Code::ConfigBroken, message));
    }
    if run.screen.is_json() {
        return run.screen.document(&json::Profiles::of(config.profiles()));
    }
    if !config.profiles().iter().any(|it| it.assigned().is_some()) {
        run.screen.say(
            "No profile signs in through a session yet. Write one with `daypass profile add`.",
        );
        return Ok(());
    }
    run.screen.table(&table(config.profiles()))
}

fn table(profiles: &[Profile]) -> Table {
    let mut table = Table::new(&[
        "PROFILE~",
        "STYLE",
        "SESSION",
        "ACCOUNT ID",
        "ROLE~",
        "WRITTEN BY",
    ]);
    for profile in profiles {
        let Some(assigned) = profile.assigned() else {
            continue;
        };
        table.row(vec![
            Cell::new(&profile.name),
            Cell::new(json::style(profile)),
            Cell::new(&assigned.session),
            Cell::new(&assigned.account_id),
            Cell::new(&assigned.role),
            match profile.managed {
                true => Cell::new("daypass"),
                false => Cell::toned("hand", Tone::Aside),
            },
        ]);
    }
    table
}

async fn undo(run: &Run) -> Result<()> {
    let undone = run.daypass.undo_profile().await?;
    let file = undone.file.display();
    if run.screen.is_json() {
        let diff = lines(&undone.diff);
        let changed = json::Changed::of(&undone.file, None, &[], &diff);
        return run.screen.document(&changed);
    }
    match undone.removed {
        true => run
            .screen
            .say(&format!("{file} was new, and is removed again.")),
        false => run.screen.say(&format!("{file} is as it was before.")),
    }
    Ok(())
}

fn lines(diff: &[DiffLine]) -> String {
    let line = |line: &DiffLine| {
        let sign = match line.kind {
            LineKind::Same => ' ',
            LineKind::Added => '+',
            LineKind::Removed => '-',
        };
        format!("{sign}{}\n", line.text)
    };
    diff.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_in_one_line() {
        let change = |action, reason: Option<&str>| Change {
            profile: "ro".into(),
            action,
            reason: reason.map(Into::into),
        };
        assert_eq!(sentence(&change(Action::Added, None)), "added ro");
        let kept = change(Action::Kept, Some("its assignment is gone"));
        assert_eq!(sentence(&kept), "kept ro: its assignment is gone");
    }

    #[test]
    fn of_many_changes_the_unusual_ones_are_told() {
        let change = |index: usize, action| Change {
            profile: format!("p{index}"),
            action,
            reason: None,
        };
        let mut changes: Vec<_> = (0..20).map(|it| change(it, Action::Added)).collect();
        changes.push(change(20, Action::Removed));
        changes[20].reason = Some(GONE.to_owned());
        let told = [
            "added 20 profiles",
            "removed 1 profile: its assignment is gone (p20)",
        ];
        assert_eq!(sentences(&changes), told);
        assert_eq!(drift(&changes), None);
        changes[20].action = Action::Kept;
        let advice = "Access to 1 profile is gone; take it out with --prune.";
        assert_eq!(drift(&changes).as_deref(), Some(advice));
        assert_eq!(sentences(&changes[..2]), ["added p0", "added p1"]);
    }

    #[test]
    fn an_undo_is_shown_line_by_line() {
        let line = |kind, text: &str| DiffLine {
            kind,
            old_line: None,
            new_line: None,
            text: text.into(),
        };
        let diff = [
            line(LineKind::Same, "[a]"),
            line(LineKind::Removed, "x = 1"),
        ];
        assert_eq!(lines(&diff), " [a]\n-x = 1\n");
    }
}
