//! What the user did with assignments and chose for them: pins and their order, when each was last
//! used, aliases, labels, guards. Kept by account and role, so that it survives every reading of the
//! list.

mod file;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Assignment;
use super::labels::Subject;
use crate::settings::Opening;

pub use file::{forget, load, update};

/// What is kept of one assignment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mark {
    /// Whether it is pinned.
    pub pinned: bool,
    /// Its place among the pins, counted from 0; 0 where it is not pinned.
    pub order: usize,
    /// When it was last opened or written.
    pub last_used_at: Option<Timestamp>,
    /// How often, with old uses counting less: halved every seven days.
    pub weight: f64,
}

/// What the user chose for one account or assignment; it beats all rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Another name; accounts only.
    pub alias: Option<String>,
    /// The word of a label, or `none`.
    pub label: Option<String>,
    /// Whether it asks before it is opened.
    pub protected: Option<bool>,
    /// Whether it is left out of lists.
    pub hidden: Option<bool>,
    /// How its consoles open.
    pub opens: Opening,
}

/// The choices for one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// For the account and all its permission sets.
    pub own: Choice,
    /// For one permission set.
    pub roles: BTreeMap<String, Choice>,
}

/// All marks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    marks: BTreeMap<Assignment, Mark>,
    /// By session and account id.
    choices: BTreeMap<String, BTreeMap<String, Choices>>,
}

impl Marks {
    /// The mark of an assignment.
    pub fn of(&self, assignment: &Assignment) -> Mark {
        self.marks.get(assignment).copied().unwrap_or_default()
    }

    /// Every assignment that has a mark.
    pub fn marked(&self) -> impl Iterator<Item = (&Assignment, &Mark)> {
        self.marks.iter()
    }

    /// Pinned assignments, in the user's order.
    pub fn pinned(&self) -> impl Iterator<Item = &Assignment> {
        let pinned = self.marks.iter().filter(|(_, mark)| mark.pinned);
        let mut pinned: Vec<_> = pinned.map(|(it, mark)| (mark.order, it)).collect();
        pinned.sort();
        pinned.into_iter().map(|(_, assignment)| assignment)
    }

    /// Used assignments, the latest first.
    pub fn recent(&self) -> Vec<&Assignment> {
        let used = self
            .marks
            .iter()
            .filter_map(|(it, mark)| Some((mark.last_used_at?, it)));
        let mut used: Vec<_> = used.collect();
        used.sort_by(|a, b| b.cmp(a));
        used.into_iter().map(|(_, assignment)| assignment).collect()
    }

    /// Notes a use.
    pub fn used(&mut self, assignment: &Assignment, now: Timestamp) {
        let mark = self.marks.entry(assignment.clone()).or_default();
        mark.weight = weight(mark, now) + 1.0;
        mark.last_used_at = Some(now);
    }

    /// Pins, as the last one, or unpins.
    pub fn pin(&mut self, assignment: &Assignment, pinned: bool) {
        if self.of(assignment).pinned == pinned {
            return;
        }
        let mut order: Vec<Assignment> = self.pinned().cloned().collect();
        match pinned {
            true => order.push(assignment.clone()),
            false => order.retain(|it| it != assignment),
        }
        self.order_pins(&order);
    }

    /// Moves a pin by so many places among those that are seen: down, or up where it is negative.
    pub fn move_pin(
        &mut self,
        assignment: &Assignment,
        by: i32,
        seen: impl Fn(&Assignment) -> bool,
    ) {
        let mut order: Vec<Assignment> = self.pinned().cloned().collect();
        let places: Vec<usize> = (0..order.len())
            .filter(|at| seen(&order[*at]) || order[*at] == *assignment)
            .collect();
        let Some(place) = places.iter().position(|at| order[*at] == *assignment) else {
            return;
        };
        let target = place as i64 + i64::from(by);
        let target = target.clamp(0, places.len() as i64 - 1);
        let target = places[usize::try_from(target).unwrap_or_default()];
        let moved = order.remove(places[place]);
        order.insert(target, moved);
        self.order_pins(&order);
    }

    /// Exactly these are pinned, in this order.
    pub fn order_pins(&mut self, order: &[Assignment]) {
        for mark in self.marks.values_mut() {
            (mark.pinned, mark.order) = (false, 0);
        }
        for (place, assignment) in order.iter().enumerate() {
            let mark = self.marks.entry(assignment.clone()).or_default();
            (mark.pinned, mark.order) = (true, place);
        }
        self.marks.retain(|_, mark| *mark != Mark::default());
    }

    /// What the user chose for an account and its permission sets.
    pub fn choices(&self, session: &str, account_id: &str) -> Option<&Choices> {
        self.choices.get(session)?.get(account_id)
    }

    /// The user's own name for an account.
    pub fn alias(&self, session: &str, account_id: &str) -> Option<&str> {
        self.choices(session, account_id)?.own.alias.as_deref()
    }

    /// What the user chose for exactly this.
    pub fn choice(&self, subject: &Subject) -> Choice {
        let choices = self.choices(subject.session(), subject.account_id());
        let choice = choices.and_then(|it| match subject.role() {
            None => Some(&it.own),
            Some(role) => it.roles.get(role),
        });
        choice.cloned().unwrap_or_default()
    }

    /// Every choice there is.
    pub fn chosen(&self) -> impl Iterator<Item = (Subject, &Choice)> {
        let accounts = self.choices.iter().flat_map(|(session, accounts)| {
            accounts
                .iter()
                .map(move |(id, choices)| (session, id, choices))
        });
        accounts.flat_map(|(session, id, choices)| {
            let own = Subject::Account {
                session: session.clone(),
                account_id: id.clone(),
            };
            let roles = choices.roles.iter().map(move |(role, choice)| {
                let assignment = Assignment {
                    session: session.clone(),
                    account_id: id.clone(),
                    role: role.clone(),
                };
                (Subject::Assignment(assignment), choice)
            });
            let own = Some((own, &choices.own)).filter(|(_, it)| **it != Choice::default());
            own.into_iter().chain(roles)
        })
    }

    /// Chooses for exactly this; an alias of one permission set is not kept.
    pub fn choose(&mut self, subject: &Subject, choice: Choice) {
        let (session, account_id) = (subject.session(), subject.account_id());
        let accounts = self.choices.entry(session.to_owned()).or_default();
        let choices = accounts.entry(account_id.to_owned()).or_default();
        match subject.role() {
            None => choices.own = choice,
            Some(role) => {
                let choice = Choice {
                    alias: None,
                    ..choice
                };
                choices.roles.insert(role.to_owned(), choice);
            }
        }
        choices.roles.retain(|_, it| *it != Choice::default());
        if *choices == Choices::default() {
            accounts.remove(account_id);
        }
        if accounts.is_empty() {
            self.choices.remove(session);
        }
    }

    /// Forgets every choice.
    pub fn choose_nothing(&mut self) {
        self.choices.clear();
    }

    /// Copies what is kept of a session to another name of it.
    pub fn copy(&mut self, session: &str, name: &str) {
        let of = self.marks.iter().filter(|(it, _)| it.session == session);
        let copies = of.map(|(assignment, mark)| {
            let session = name.to_owned();
            let assignment = assignment.clone();
            (
                Assignment {
                    session,
                    ..assignment
                },
                *mark,
            )
        });
        let copies: Vec<_> = copies.collect();
        self.marks.extend(copies);
        if let Some(choices) = self.choices.get(session).cloned() {
            self.choices.insert(name.to_owned(), choices);
        }
    }

    /// Forgets a session that is removed.
    pub fn forget(&mut self, session: &str) {
        self.marks
            .retain(|assignment, _| assignment.session != session);
        self.choices.remove(session);
        let order: Vec<Assignment> = self.pinned().cloned().collect();
        self.order_pins(&order);
    }
}

/// The weight of past uses now.
pub fn weight(mark: &Mark, now: Timestamp) -> f64 {
    let Some(last) = mark.last_used_at else {
        return 0.0;
    };
    let days = now.duration_since(last).as_secs_f64().max(0.0) / 86_400.0;
    mark.weight * 0.5_f64.powf(days / 7.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::files::{self, Mode};
    use crate::host::{Clock, Env, Host};

    fn assignment(role: &str) -> Assignment {
        Assignment {
            session: "work".into(),
            account_id: "000000000001".into(),
            role: role.into(),
        }
    }

    fn fake(folder: &std::path::Path) -> Host {
        let clock = Clock::fake("2026-03-02T09:00:00Z".parse().unwrap());
        Host::fake(folder, Env::table::<String, String>([]), clock)
    }

    #[tokio::test]
    async fn choices_and_the_order_of_pins_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let host = fake(folder.path());
        let account = Subject::Account {
            session: "work".into(),
            account_id: "000000000001".into(),
        };
        let named = Choice {
            alias: Some("Größe \u{5d0}".into()),
            label: Some("prod".into()),
            ..Choice::default()
        };
        let guarded = Choice {
            alias: Some("no".into()),
            protected: Some(true),
            hidden: Some(false),
            ..Choice::default()
        };
        let written = update(&host, |marks| {
            for role in ["B", "A", "C"] {
                marks.pin(&assignment(role), true);
            }
            marks.move_pin(&assignment("C"), -2, |_| true);
            marks.choose(&account, named.clone());
            marks.choose(&Subject::Assignment(assignment("A")), guarded);
        });
        let written = written.await.unwrap();
        assert_eq!(load(&host), written);
        let order = |marks: &Marks| marks.pinned().map(|it| it.role.clone()).collect::<String>();
        assert_eq!(order(&written), "CBA");
        assert_eq!(written.choice(&account), named);
        let its = written.choice(&Subject::Assignment(assignment("A")));
        assert_eq!((its.alias, its.protected), (None, Some(true)));

        let mut marks = written.clone();
        // What is not seen is passed over.
        marks.move_pin(&assignment("C"), 1, |it| it.role != "B");
        assert_eq!(order(&marks), "BAC");
        marks.move_pin(&assignment("C"), 9, |_| true);
        marks.pin(&assignment("A"), false);
        assert_eq!(order(&marks), "BC");
        marks.copy("work", "job");
        marks.forget("work");
        assert_eq!(marks.chosen().count(), 2);
        assert!(marks.chosen().all(|(it, _)| it.session() == "job"));
        assert_eq!(order(&marks), "BC");
        marks.choose_nothing();
        assert_eq!(marks.chosen().count(), 0);
    }

    #[tokio::test]
    async fn the_version_before_is_read_and_a_later_one_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let host = fake(folder.path());
        let write = |text: String| {
            files::private_folder(&host.paths.state).unwrap();
            let path = host.paths.state.join("marks.json");
            files::replace(&path, text.as_bytes(), Mode::Private).unwrap();
        };
        let entry = |role: &str| {
            format!(
                "{{\"session\":\"work\",\"account_id\":\"000000000001\",\"role\":\"{role}\",\"pinned\":true,\
                 \"last_used_at\":\"2026-03-01T09:00:00Z\",\"weight\":1.5}}"
            )
        };
        let file = |version: u32| {
            format!(
                "{{\"version\":{version},\"marks\":[{},{}]}}",
                entry("B"),
                entry("A")
            )
        };
        write(file(1));
        let marks = load(&host);
        assert_eq!(marks.pinned().count(), 2);
        assert_eq!(marks.pinned().next(), Some(&assignment("A")));
        assert!((marks.of(&assignment("B")).weight - 1.5).abs() < 1e-9);
        let later = "{\"version\":3,\"marks\":[],\"more\":1,\"choices\":[{\"session\":\"work\",\
                     \"account_id\":\"000000000001\",\"protected\":true,\"new\":{}}]}";
        for (text, is_understood) in [(later, true), ("{\"version\":3,\"marks\":{}}", false)] {
            write(text.to_owned());
            let marks = load(&host);
            let account = Subject::Account {
                session: "work".into(),
                account_id: "000000000001".into(),
            };
            let protected = marks.choice(&account).protected;
            assert_eq!(protected, is_understood.then_some(true));
            let refused = update(&host, |marks| marks.choose_nothing()).await;
            assert_eq!(refused.unwrap_err().code(), crate::Code::StorageFailed);
            let path = host.paths.state.join("marks.json");
            assert_eq!(std::fs::read_to_string(path).unwrap(), text);
        }
    }

    #[tokio::test]
    async fn uses_and_pins_are_kept_and_fade() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fake("2026-03-02T09:00:00Z".parse().unwrap());
        let host = Host::fake(
            folder.path(),
            Env::table::<String, String>([]),
            clock.clone(),
        );
        let now = clock.now();
        update(&host, |marks| {
            marks.used(&assignment("A"), now);
            marks.used(&assignment("A"), now);
            marks.used(&assignment("B"), now + jiff::SignedDuration::from_secs(1));
            marks.pin(&assignment("C"), true);
        })
        .await
        .unwrap();
        let marks = load(&host);
        assert_eq!(marks.recent(), [&assignment("B"), &assignment("A")]);
        assert_eq!(marks.pinned().collect::<Vec<_>>(), [&assignment("C")]);
        let later = now + jiff::SignedDuration::from_hours(7 * 24);
        assert!((weight(&marks.of(&assignment("A")), later) - 1.0).abs() < 1e-6);
    }
}
