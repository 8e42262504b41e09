//! The marks on disk: versioned, private, written in one step under a lock. One that cannot be read is
//! set aside; one that a later version wrote counts as far as it is understood, and stays as it is.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Choice, Mark, Marks};
use crate::accounts::Assignment;
use crate::accounts::labels::Subject;
use crate::host::files::{self, Mode};
use crate::host::{Host, lock};
use crate::settings::{Opening, Via, Wish};
use crate::{Code, Error, Result};

/// Version 1 knew neither choices nor the order of pins: it is read as it is.
const VERSION: u32 = 2;

#[derive(Deserialize, Serialize)]
struct File {
    version: u32,
    marks: Vec<Entry>,
    #[serde(default)]
    choices: Vec<Chosen>,
}

/// The one thing that every version says.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize, Serialize)]
struct Entry {
    session: String,
    account_id: String,
    role: String,
    #[serde(default)]
    pinned: bool,
    #[serde(default)]
    order: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    #[serde(default)]
    weight: f64,
}

#[derive(Deserialize, Serialize)]
struct Chosen {
    session: String,
    account_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alias: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    protected: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hidden: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    browser: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    console_via: Option<String>,
}

/// So many files that could not be read are kept.
const KEPT_ASIDE: usize = 3;

/// What the file turned out to be.
enum Found {
    Ours(Marks),
    Later(Marks),
    Broken,
}

/// Reads the marks; a file that cannot be read is set aside.
pub fn load(host: &Host) -> Marks {
    match look(host) {
        Found::Ours(marks) | Found::Later(marks) => marks,
        Found::Broken => {
            let path = path(host);
            let aside = files::set_aside(&path, host.clock.now(), KEPT_ASIDE);
            tracing::warn!(path = %path.display(), ?aside, "pins, recents and aliases are unreadable; set aside");
            Marks::default()
        }
    }
}

fn look(host: &Host) -> Found {
    let Ok(Some(bytes)) = files::read(&path(host)) else {
        return Found::Ours(Marks::default());
    };
    let is_later = serde_json::from_slice(&bytes).is_ok_and(|it: Version| it.version > VERSION);
    match serde_json::from_slice::<File>(&bytes) {
        Ok(file) if is_later => Found::Later(file.into_marks()),
        Ok(file) if file.version > 0 => Found::Ours(file.into_marks()),
        _ if is_later => Found::Later(Marks::default()),
        _ => Found::Broken,
    }
}

/// Changes the marks in one step, after reading them again under a lock.
///
/// # Errors
/// `StorageFailed`, also where a later version wrote them: what this one does not know would be lost.
pub async fn update(host: &Host, change: impl FnOnce(&mut Marks)) -> Result<Marks> {
    let _lock = lock::take(&host.paths.state.join("locks"), "marks").await?;
    if let Found::Later(_) = look(host) {
        let message = "a later version of Daypass wrote the pins, aliases and protection of rows; this one \
                       reads them and does not change them";
        let hint = "use that version, or remove marks.json in the state folder to begin anew";
        return Err(Error::new(Code::StorageFailed, message).with_hint(hint));
    }
    let mut marks = load(host);
    change(&mut marks);
    let json = serde_json::to_vec(&File::of(&marks)).unwrap_or_default();
    files::private_folder(&host.paths.state)
        .and_then(|()| files::replace(&path(host), &json, Mode::Private))
        .map_err(|error| {
            let message = "pins, recents and aliases could not be written";
            Error::new(Code::StorageFailed, message).because(error)
        })?;
    Ok(marks)
}

/// Forgets a session that is removed. What a later version wrote stays: it says nothing about anybody then.
///
/// # Errors
/// As of `update`.
pub async fn forget(host: &Host, session: &str) -> Result<Marks> {
    match look(host) {
        Found::Later(marks) => Ok(marks),
        Found::Ours(_) | Found::Broken => update(host, |marks| marks.forget(session)).await,
    }
}

fn path(host: &Host) -> PathBuf {
    host.paths.state.join("marks.json")
}

impl File {
    fn of(marks: &Marks) -> File {
        let entries = marks
            .marked()
            .map(|(it, mark)| Entry::of(it.clone(), *mark));
        let choices = marks
            .chosen()
            .map(|(subject, it)| Chosen::of(&subject, it.clone()));
        File {
            version: VERSION,
            marks: entries.collect(),
            choices: choices.collect(),
        }
    }

    fn into_marks(self) -> Marks {
        let mut marks = Marks::default();
        for entry in self.marks {
            let (assignment, mark) = entry.split();
            marks.marks.insert(assignment, mark);
        }
        let order: Vec<Assignment> = marks.pinned().cloned().collect();
        marks.order_pins(&order);
        for chosen in self.choices {
            let (subject, choice) = chosen.split();
            marks.choose(&subject, choice);
        }
        marks
    }
}

impl Entry {
    fn of(assignment: Assignment, mark: Mark) -> Entry {
        Entry {
            session: assignment.session,
            account_id: assignment.account_id,
            role: assignment.role,
            pinned: mark.pinned,
            order: mark.order,
            last_used_at: mark.last_used_at,
            weight: mark.weight,
        }
    }

    fn split(self) -> (Assignment, Mark) {
        let assignment = Assignment {
            session: self.session,
            account_id: self.account_id,
            role: self.role,
        };
        let mark = Mark {
            pinned: self.pinned,
            order: self.order,
            last_used_at: self.last_used_at,
            weight: self.weight,
        };
        (assignment, mark)
    }
}

impl Chosen {
    fn of(subject: &Subject, choice: Choice) -> Chosen {
        Chosen {
            session: subject.session().to_owned(),
            account_id: subject.account_id().to_owned(),
            role: subject.role().map(str::to_owned),
            alias: choice.alias,
            label: choice.label,
            protected: choice.protected,
            hidden: choice.hidden,
            browser: choice.opens.browser.map(|it| it.to_string()),
            console_via: choice.opens.via.map(|it| it.name().to_owned()),
        }
    }

    fn split(self) -> (Subject, Choice) {
        let (session, account_id) = (self.session, self.account_id);
        let subject = match self.role {
            None => Subject::Account {
                session,
                account_id,
            },
            Some(role) => Subject::Assignment(Assignment {
                session,
                account_id,
                role,
            }),
        };
        let choice = Choice {
            alias: self.alias,
            label: self.label,
            protected: self.protected,
            hidden: self.hidden,
            // What a later version wrote says nothing here.
            opens: Opening {
                browser: self.browser.and_then(|it| Wish::parse(&it).ok()),
                via: self.console_via.and_then(|it| Via::of_name(&it)),
            },
        };
        (subject, choice)
    }
}
