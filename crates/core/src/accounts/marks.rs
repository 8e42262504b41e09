//! What the user did with assignments: pins, and when each was last used. Kept by account and role,
//! so that it survives every reading of the list.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Assignment;
use crate::host::files::{self, Mode};
use crate::host::{Host, lock};
use crate::{Code, Error, Result};

const VERSION: u32 = 1;

/// What is kept of one assignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Mark {
    /// Whether it is pinned.
    #[serde(default)]
    pub pinned: bool,
    /// When it was last opened or written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// How often, with old uses counting less: halved every seven days.
    #[serde(default)]
    pub weight: f64,
}

/// All marks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks(BTreeMap<Assignment, Mark>);

#[derive(Deserialize, Serialize)]
struct File {
    version: u32,
    marks: Vec<Entry>,
}

#[derive(Deserialize, Serialize)]
struct Entry {
    session: String,
    account_id: String,
    role: String,
    #[serde(flatten)]
    mark: Mark,
}

impl Marks {
    /// The mark of an assignment.
    pub fn of(&self, assignment: &Assignment) -> Mark {
        self.0.get(assignment).copied().unwrap_or_default()
    }

    /// Pinned assignments, in order.
    pub fn pinned(&self) -> impl Iterator<Item = &Assignment> {
        self.0
            .iter()
            .filter(|(_, mark)| mark.pinned)
            .map(|(assignment, _)| assignment)
    }

    /// Used assignments, the latest first.
    pub fn recent(&self) -> Vec<&Assignment> {
        let used = self
            .0
            .iter()
            .filter_map(|(it, mark)| Some((mark.last_used_at?, it)));
        let mut used: Vec<_> = used.collect();
        used.sort_by(|a, b| b.cmp(a));
        used.into_iter().map(|(_, assignment)| assignment).collect()
    }

    /// Notes a use.
    pub fn used(&mut self, assignment: &Assignment, now: Timestamp) {
        let mark = self.0.entry(assignment.clone()).or_default();
        mark.weight = weight(mark, now) + 1.0;
        mark.last_used_at = Some(now);
    }

    /// Pins or unpins.
    pub fn pin(&mut self, assignment: &Assignment, pinned: bool) {
        self.0.entry(assignment.clone()).or_default().pinned = pinned;
    }

    /// Copies what is kept of a session to another name of it.
    pub fn copy(&mut self, session: &str, name: &str) {
        let of = self.0.iter().filter(|(it, _)| it.session == session);
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
        self.0.extend(copies);
    }

    /// Forgets a session that is removed.
    pub fn forget(&mut self, session: &str) {
        self.0.retain(|assignment, _| assignment.session != session);
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

/// Reads the marks; a file that cannot be read is set aside.
pub fn load(host: &Host) -> Marks {
    let path = path(host);
    let Ok(Some(bytes)) = files::read(&path) else {
        return Marks::default();
    };
    match serde_json::from_slice::<File>(&bytes) {
        Ok(file) if file.version == VERSION => {
            Marks(file.marks.into_iter().map(Entry::split).collect())
        }
        _ => {
            let aside =
                path.with_extension(format!("json.corrupt-{}", host.clock.now().as_second()));
            tracing::warn!(aside = %aside.display(), "pins and recents are unreadable; set aside");
            let _ = std::fs::rename(&path, aside);
            Marks::default()
        }
    }
}

/// Changes the marks in one step, after reading them again under a lock.
///
/// # Errors
/// `StorageFailed`.
pub async fn update(host: &Host, change: impl FnOnce(&mut Marks)) -> Result<Marks> {
    let _lock = lock::take(&host.paths.state.join("locks"), "marks").await?;
    let mut marks = load(host);
    change(&mut marks);
    let entries = marks
        .0
        .iter()
        .map(|(assignment, mark)| Entry::join(assignment, *mark));
    let file = File {
        version: VERSION,
        marks: entries.collect(),
    };
    let json = serde_json::to_vec(&file).unwrap_or_default();
    files::private_folder(&host.paths.state)
        .and_then(|()| files::replace(&path(host), &json, Mode::Private))
        .map_err(|error| {
            Error::new(Code::StorageFailed, "pins and recents could not be written").because(error)
        })?;
    Ok(marks)
}

fn path(host: &Host) -> PathBuf {
    host.paths.state.join("marks.json")
}

impl Entry {
    fn join(assignment: &Assignment, mark: Mark) -> Entry {
        let Assignment {
            session,
            account_id,
            role,
        } = assignment.clone();
        Entry {
            session,
            account_id,
            role,
            mark,
        }
    }

    fn split(self) -> (Assignment, Mark) {
        let Entry {
            session,
            account_id,
            role,
            mark,
        } = self;
        (
            Assignment {
                session,
                account_id,
                role,
            },
            mark,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Clock, Env};

    fn assignment(role: &str) -> Assignment {
        Assignment {
            session: "work".into(),
            account_id: "000000000001".into(),
            role: role.into(),
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
