//! The documents of `profile`.

use std::path::Path;

use daypass_core::aws_config::{Action, Change, Profile};
use serde::Serialize;

use super::VERSION;

/// What a verb of `profile` did, or would do.
#[derive(Serialize)]
pub(crate) struct Changed<'a> {
    version: u32,
    file: String,
    backup: Option<String>,
    changes: Vec<ChangeOf<'a>>,
    diff: &'a str,
}

#[derive(Serialize)]
struct ChangeOf<'a> {
    profile: &'a str,
    action: &'static str,
    reason: Option<&'a str>,
}

impl<'a> Changed<'a> {
    pub(crate) fn of(
        file: &Path,
        backup: Option<&Path>,
        changes: &'a [Change],
        diff: &'a str,
    ) -> Changed<'a> {
        let changes = changes.iter().map(|change| ChangeOf {
            profile: &change.profile,
            action: action(change.action),
            reason: change.reason.as_deref(),
        });
        Changed {
            version: VERSION,
            file: file.display().to_string(),
            backup: backup.map(|it| it.display().to_string()),
            changes: changes.collect(),
            diff,
        }
    }
}

/// The stable word for what happens to a profile.
pub(crate) fn action(action: Action) -> &'static str {
    match action {
        Action::Added => "added",
        Action::Changed => "changed",
        Action::Unchanged => "unchanged",
        Action::Removed => "removed",
        Action::Kept => "kept",
        Action::Skipped => "skipped",
    }
}

/// `profile list`.
#[derive(Serialize)]
pub(crate) struct Profiles<'a> {
    version: u32,
    profiles: Vec<ProfileOf<'a>>,
}

#[derive(Serialize)]
struct ProfileOf<'a> {
    profile: &'a str,
    managed: bool,
    style: &'static str,
    session: String,
    account_id: String,
    role: String,
    region: Option<&'a str>,
}

impl<'a> Profiles<'a> {
    /// Of those that sign in through a session; others are left out.
    pub(crate) fn of(profiles: &'a [Profile]) -> Profiles<'a> {
        let profiles = profiles.iter().filter_map(|profile| {
            let assigned = profile.assigned()?;
            Some(ProfileOf {
                profile: &profile.name,
                managed: profile.managed,
                style: style(profile),
                session: assigned.session,
                account_id: assigned.account_id,
                role: assigned.role,
                region: profile.value("region"),
            })
        });
        Profiles {
            version: VERSION,
            profiles: profiles.collect(),
        }
    }
}

/// How tools get credentials through a profile that signs in through a session.
pub(crate) fn style(profile: &Profile) -> &'static str {
    match profile.value("sso_session") {
        Some(_) => "sso",
        None => "process",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, to_value};

    #[test]
    fn a_change_of_the_config_file() {
        let changes = [Change {
            profile: "ro".into(),
            action: Action::Added,
            reason: None,
        }];
        let document = Changed::of(Path::new("/h/.aws/config"), None, &changes, "+x\n");
        assert_eq!(
            to_value(document).unwrap(),
            json!({"version": 1, "file": "/h/.aws/config", "backup": null, "diff": "+x\n",
                "changes": [{"profile": "ro", "action": "added", "reason": null}]})
        );
    }
}
