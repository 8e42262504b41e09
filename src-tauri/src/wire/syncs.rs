//! The profiles of many assignments at once: what the page asks for, and what would be or was written.
//! However many profiles there are, little crosses: numbers, and the first of everything.

use daypass_core::Result;
use daypass_core::aws_config::{Action, Applied, Change, GONE, Plan, Prune};
use daypass_core::daypass::{self as core, Daypass};
use daypass_core::settings::ProfileKeys;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::profiles::DiffLine;
use super::{Assignment, Style};

/// So many lines of the change cross.
const LINES: usize = 200;
/// So many profiles of a kind cross.
const FIRST: usize = 20;

#[derive(Clone, Deserialize, TS)]
pub(crate) struct SyncRequest {
    sessions: Vec<String>,
    /// Which of their assignments, as the search finds them; empty for all.
    words: String,
    /// Null: the usual names.
    template: Option<String>,
    region: Option<String>,
    output: Option<String>,
    /// The Region where neither `region` nor a rule gives one.
    otherwise_region: Option<String>,
    /// Null: as each session's tokens rest.
    style: Option<Style>,
    prune: bool,
}

impl SyncRequest {
    /// The same for core; the words are looked up.
    pub(crate) fn wanted(self, core: &Daypass) -> Result<core::SyncRequest> {
        Ok(core::SyncRequest {
            chosen: core.chosen_by(&self.sessions, &self.words)?,
            sessions: self.sessions,
            template: self.template,
            region: self.region,
            output: self.output,
            otherwise: ProfileKeys {
                region: self.otherwise_region,
                output: None,
            },
            style: match self.style {
                Some(style) => core::StyleChoice::Only(style.into()),
                None => core::StyleChoice::OfSession,
            },
            prune: match self.prune {
                true => Prune::Remove,
                false => Prune::Keep,
            },
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SyncOutcome {
    Added,
    Changed,
    /// Taken out: its assignment is gone.
    Removed,
    /// Its assignment is gone; it stays.
    Gone,
    /// Not Daypass's to change.
    Kept,
    /// No profile can carry it.
    Skipped,
    Unchanged,
}

impl SyncOutcome {
    const ALL: [SyncOutcome; 7] = [
        SyncOutcome::Added,
        SyncOutcome::Changed,
        SyncOutcome::Removed,
        SyncOutcome::Gone,
        SyncOutcome::Kept,
        SyncOutcome::Skipped,
        SyncOutcome::Unchanged,
    ];

    fn of(change: &Change) -> SyncOutcome {
        match change.action {
            Action::Added => SyncOutcome::Added,
            Action::Changed => SyncOutcome::Changed,
            Action::Unchanged => SyncOutcome::Unchanged,
            Action::Removed => SyncOutcome::Removed,
            Action::Kept if change.reason.as_deref() == Some(GONE) => SyncOutcome::Gone,
            Action::Kept => SyncOutcome::Kept,
            Action::Skipped => SyncOutcome::Skipped,
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct SyncedProfile {
    name: String,
    /// Why, or what exactly.
    reason: Option<String>,
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct SyncGroup {
    outcome: SyncOutcome,
    #[ts(type = "number")]
    number: usize,
    /// The first of them.
    first: Vec<SyncedProfile>,
}

impl SyncGroup {
    /// Those that there are, in the order of the outcomes.
    fn all(changes: &[Change]) -> Vec<SyncGroup> {
        let groups = SyncOutcome::ALL.into_iter().filter_map(|outcome| {
            let of = changes.iter().filter(|it| SyncOutcome::of(it) == outcome);
            let number = of.clone().count();
            let profile = |it: &Change| SyncedProfile {
                name: it.profile.clone(),
                reason: it.reason.clone(),
            };
            let first = of.take(FIRST).map(profile).collect();
            (number > 0).then_some(SyncGroup {
                outcome,
                number,
                first,
            })
        });
        groups.collect()
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct SyncPreview {
    file: String,
    groups: Vec<SyncGroup>,
    /// The first lines that change.
    diff: Vec<DiffLine>,
    /// How many more lines of it there are.
    #[ts(type = "number")]
    left_out: usize,
    #[ts(type = "number")]
    added: usize,
    #[ts(type = "number")]
    removed: usize,
    /// How many protected assignments would get their first profile.
    #[ts(type = "number")]
    protected: usize,
    /// The first of them.
    protected_first: Vec<Assignment>,
    /// Stands for all of them: whoever agrees says to which question.
    question: String,
}

impl SyncPreview {
    pub(crate) fn of(sync: &core::SyncPlan) -> SyncPreview {
        let (plan, protected) = (sync.plan(), sync.protected());
        let diff = plan.diff();
        SyncPreview {
            file: plan.file().display().to_string(),
            groups: SyncGroup::all(plan.changes()),
            diff: diff.iter().take(LINES).map(DiffLine::from).collect(),
            left_out: diff.len().saturating_sub(LINES),
            added: plan.added(),
            removed: plan.removed(),
            protected: protected.len(),
            protected_first: first(protected),
            question: sync.question(),
        }
    }
}

fn first(protected: &[daypass_core::accounts::Assignment]) -> Vec<Assignment> {
    let few = protected.iter().take(FIRST);
    few.map(Assignment::from).collect()
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct SyncWritten {
    file: String,
    /// The file before; null where it stays as it was.
    backup: Option<String>,
    groups: Vec<SyncGroup>,
}

impl From<Applied> for SyncWritten {
    fn from(applied: Applied) -> SyncWritten {
        let plan: &Plan = &applied.plan;
        SyncWritten {
            file: plan.file().display().to_string(),
            backup: applied.backup.map(|path| path.display().to_string()),
            groups: SyncGroup::all(plan.changes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(name: String, action: Action, reason: Option<&str>) -> Change {
        Change {
            profile: name,
            action,
            reason: reason.map(Into::into),
        }
    }

    #[test]
    fn of_fifteen_thousand_profiles_the_first_cross_and_all_are_counted() {
        let mut changes: Vec<_> = (0..15_000)
            .map(|it| change(format!("p{it}"), Action::Added, None))
            .collect();
        changes.push(change("mine".into(), Action::Kept, Some("not ours")));
        changes.push(change("old".into(), Action::Kept, Some(GONE)));
        let groups = SyncGroup::all(&changes);
        let told: Vec<_> = groups
            .iter()
            .map(|it| (it.outcome, it.number, it.first.len()))
            .collect();
        let expected = [
            (SyncOutcome::Added, 15_000, FIRST),
            (SyncOutcome::Gone, 1, 1),
            (SyncOutcome::Kept, 1, 1),
        ];
        assert_eq!(told, expected);
        assert_eq!(groups[2].first[0].reason.as_deref(), Some("not ours"));
    }
}
