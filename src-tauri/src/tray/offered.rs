//! The assignments that the tray's menu offers, and how they are called there. Pure.

use daypass_core::accounts::Assignment;
use daypass_core::accounts::chains::shown;
use daypass_core::daypass::Snapshot;

use crate::words;

/// How many they are at most.
const MOST: usize = 7;

/// Pinned ones in the user's order, then recent ones; only what can be opened now and is not hidden.
pub(super) fn lines(snapshot: &Snapshot) -> Vec<(String, Assignment)> {
    let mut offered: Vec<&Assignment> = Vec::new();
    let marks = &snapshot.marks;
    for assignment in marks.pinned().chain(marks.recent()) {
        if !offered.contains(&assignment) && is_offered(snapshot, assignment) {
            offered.push(assignment);
        }
    }
    offered.truncate(MOST);
    let lines: Vec<_> = offered.iter().map(|it| line(snapshot, it)).collect();
    let twice = |line: &str| lines.iter().filter(|it| *it == line).count() > 1;
    let told = lines
        .iter()
        .zip(offered)
        .map(|(line, it)| match twice(line) {
            // Only what would look alike needs its session.
            true => (words::of_session(line, &it.session), it.clone()),
            false => (line.clone(), it.clone()),
        });
    told.collect()
}

fn is_offered(snapshot: &Snapshot, assignment: &Assignment) -> bool {
    let session = snapshot.session(&assignment.session);
    session.is_some_and(|it| it.state.is_usable()) && !snapshot.look_of(assignment).hidden
}

/// What an account is called: by the user, by the portal, or by its number.
pub(super) fn name_of(snapshot: &Snapshot, assignment: &Assignment) -> String {
    let list = snapshot.lists.get(&assignment.session);
    let account = list.and_then(|list| list.account(&assignment.account_id));
    let given = account.and_then(|it| it.name.clone());
    let name = snapshot.look_of(assignment).alias.or(given);
    let name = name.filter(|it| !it.trim().is_empty());
    name.unwrap_or_else(|| assignment.account_id.clone())
}

/// `■ payments-production · ReadOnly · prod…`; the dots say that it asks first.
fn line(snapshot: &Snapshot, assignment: &Assignment) -> String {
    let look = snapshot.look_of(assignment);
    words::assignment(
        &name_of(snapshot, assignment),
        shown(&assignment.role),
        look.label.as_deref(),
        look.protected,
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use daypass_core::accounts::labels::{Looks, Rule, Subject};
    use daypass_core::accounts::marks::{Choice, Marks};
    use daypass_core::accounts::{Account, AccountList, Roles};
    use daypass_core::daypass::SessionStatus;
    use daypass_core::session::State;

    use super::*;

    fn assignment(session: &str, number: u32, role: &str) -> Assignment {
        Assignment {
            session: session.into(),
            account_id: format!("{number:012}"),
            role: role.into(),
        }
    }

    fn list(names: &[&str]) -> Arc<AccountList> {
        let account = |(number, name): (usize, &&str)| Account {
            id: format!("{number:012}"),
            name: Some((*name).into()),
            email: None,
            roles: Roles::Unread,
        };
        let accounts = names.iter().enumerate().map(account).collect();
        AccountList {
            accounts,
            ..AccountList::default()
        }
        .into()
    }

    fn snapshot(names: &[&str], marks: Marks) -> Snapshot {
        let session = |(name, state): (&str, State)| SessionStatus {
            name: name.into(),
            state,
            ..SessionStatus::default()
        };
        let sessions = [
            ("work", State::Active),
            ("home", State::Fading),
            ("gone", State::Lapsed),
        ];
        let rule = |account: &str, label: &str| Rule {
            account: Some(account.into()),
            label: Some(label.into()),
            ..Rule::default()
        };
        let guarded = Rule {
            role: Some("Admin".into()),
            protected: Some(true),
            ..Rule::default()
        };
        let rules = [rule("*prod*", "prod"), rule("*dev*", "dev"), guarded];
        let marks = Arc::new(marks);
        Snapshot {
            sessions: sessions.into_iter().map(session).collect(),
            lists: ["work", "home", "gone"]
                .map(|it| (it.to_owned(), list(names)))
                .into(),
            looks: Looks::new(&[], &rules, marks.clone()).into(),
            marks,
            ..Snapshot::default()
        }
    }

    fn told(snapshot: &Snapshot) -> Vec<String> {
        lines(snapshot).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn pins_come_in_the_users_order_and_then_what_was_used_last() {
        let names = ["pay-prod", "quay-dev", "tugs", "weather", "", "yard-prod"];
        let mut marks = Marks::default();
        let now: jiff::Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let mut minute = 0;
        let mut use_now = |marks: &mut Marks, it: &Assignment| {
            minute += 1;
            marks.used(it, now + jiff::SignedDuration::from_mins(minute));
        };
        let pins = [(1, "ReadOnly"), (0, "ReadOnly"), (2, "Admin")];
        let pins = pins.map(|(number, role)| assignment("work", number, role));
        pins.iter().for_each(|it| marks.pin(it, true));
        marks.pin(&assignment("gone", 1, "ReadOnly"), true);
        for number in [4, 3] {
            use_now(&mut marks, &assignment("work", number, "ReadOnly"));
        }
        use_now(&mut marks, &assignment("home", 1, "ReadOnly"));
        use_now(&mut marks, &assignment("work", 1, "ReadOnly"));
        for number in [3, 2, 5] {
            use_now(&mut marks, &assignment("home", number, "Ops"));
        }
        let secret = Choice {
            hidden: Some(true),
            ..Choice::default()
        };
        marks.choose(&Subject::Assignment(assignment("home", 5, "Ops")), secret);
        let mine = Choice {
            alias: Some("Mine".into()),
            ..Choice::default()
        };
        let account = Subject::Account {
            session: "home".into(),
            account_id: format!("{:012}", 2),
        };
        marks.choose(&account, mine);
        let expected = [
            "○ quay-dev · ReadOnly · dev · work",
            "■ pay-prod · ReadOnly · prod…",
            "tugs · Admin…",
            "Mine · Ops",
            "weather · Ops",
            "○ quay-dev · ReadOnly · dev · home",
            "weather · ReadOnly",
        ];
        assert_eq!(told(&snapshot(&names, marks)), expected);
    }

    #[test]
    fn hostile_names_are_one_short_line_each() {
        let long = "x".repeat(10_000);
        let names = [
            "a\nb",
            "pay\u{202e}dorp",
            &long,
            "a & b",
            "<b>bold</b>",
            "  ",
        ];
        let mut marks = Marks::default();
        for number in 0..6 {
            marks.pin(&assignment("work", number, "R&D"), true);
        }
        let lines = told(&snapshot(&names, marks));
        assert_eq!(lines[0], "a[U+000A]b · R&D");
        assert_eq!(lines[1], "pay[U+202E]dorp · R&D");
        assert_eq!(lines[2].chars().count(), 40 + "… · R&D".chars().count());
        assert_eq!(lines[3], "a & b · R&D");
        assert_eq!(lines[4], "<b>bold</b> · R&D");
        assert_eq!(lines[5], "000000000005 · R&D");
    }
}
