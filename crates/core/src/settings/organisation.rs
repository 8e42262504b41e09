//! What an organisation sets for its users: a file of the same form that only an administrator can
//! write. It is never written here, and counts for nothing where anybody else could have written it.

use std::path::PathBuf;
use std::sync::Arc;

use toml_edit::{Document, Item, Table, Value};

use super::choices::{Choices, KEYS};
use super::labels::{Label, Reader, Rule, is_same, on_one_line};
use super::remarks::{Kind, Remark};
use super::{SessionSettings, Settings, TERMINAL, VERSION, interpret};
use crate::host::{Host, files};
use crate::{Code, Error, Result};

/// What its users cannot set otherwise.
const LOCKED: &str = "locked";
/// A larger file is nobody's settings, in bytes.
const LARGEST: u64 = 1 << 20;
/// What is locked as a whole, beside the single settings.
const WHOLES: [&str; 4] = [SESSIONS, LABELS, RULES, TERMINAL];
const SESSIONS: &str = "sessions";
const LABELS: &str = "labels";
const RULES: &str = "rules";

/// An organisation's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisation {
    /// The file.
    pub file: PathBuf,
    /// What its users cannot set otherwise.
    pub locked: Vec<String>,
    /// Sessions that everybody has.
    pub sessions: Vec<SessionSettings>,
    /// Single settings.
    pub choices: Choices,
    /// The terminal.
    pub terminal: Option<Vec<String>>,
    /// Labels.
    pub labels: Vec<Label>,
    /// Rules; those of the user come after them, unless they are locked.
    pub rules: Vec<Rule>,
}

/// Reads the file; `None` where there is none, or where it is left out. What is to be said of it is
/// among the remarks.
pub(super) fn read(host: &Host) -> (Option<Arc<Organisation>>, Vec<Remark>) {
    let file = &host.paths.organisation;
    let left_out = |reason: String| {
        let message = format!("{reason}: it is left out");
        let remark = Remark {
            file: file.clone(),
            ..Remark::new(Kind::LeftOut, None, message)
        };
        (None, vec![remark])
    };
    let bytes = match files::read_trusted(file, host.paths.administrator, LARGEST) {
        Ok(None) => return (None, Vec::new()),
        Ok(Some(bytes)) => bytes,
        Err(error) => return left_out(error.to_string()),
    };
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned());
    let read =
        text.and_then(|text| of_text(host, &text).map_err(|error| error.message().to_owned()));
    match read {
        Ok((organisation, remarks)) => (Some(Arc::new(organisation)), remarks),
        Err(reason) => left_out(reason),
    }
}

fn of_text(host: &Host, text: &str) -> Result<(Organisation, Vec<Remark>)> {
    let reader = Reader {
        file: "the organisation's file",
        code: Code::SettingsBroken,
        source: text,
    };
    let document = Document::parse(text).map_err(|error| reader.not_toml(&error))?;
    let root = document.as_table();
    let version = root.get("version").and_then(Item::as_integer);
    if version.is_some_and(|it| it != VERSION) {
        return Err(reader.fault(None, "it is of another version"));
    }
    let settings = interpret(&reader, root, &[])?;
    let mut remarks = settings.remarks;
    let locked = locks(&reader, root, &mut remarks)?;
    if !settings.chains.is_empty() {
        let message = "`chains` are each user's own, and have no effect here".into();
        remarks.push(Remark::new(Kind::Overruled, None, message));
    }
    for remark in &mut remarks {
        remark.file.clone_from(&host.paths.organisation);
    }
    let organisation = Organisation {
        file: host.paths.organisation.clone(),
        locked,
        sessions: settings.sessions,
        choices: settings.choices,
        terminal: settings.terminal,
        labels: settings.labels,
        rules: settings.rules,
    };
    Ok((organisation, remarks))
}

fn locks(reader: &Reader<'_>, root: &Table, remarks: &mut Vec<Remark>) -> Result<Vec<String>> {
    let Some(item) = root.get(LOCKED) else {
        return Ok(Vec::new());
    };
    let line = reader.line(item.span());
    let texts = item.as_array().map(|it| it.iter().map(Value::as_str));
    let texts: Option<Vec<&str>> = texts.and_then(Iterator::collect);
    let texts = texts.ok_or_else(|| reader.fault(line, "`locked` is not a list of texts"))?;
    for text in texts.iter().filter(|it| !is_lock(it)) {
        let message = format!("`{}` is nothing that can be locked", on_one_line(text, 64));
        remarks.push(Remark::new(Kind::Wrong, line, message));
    }
    Ok(texts
        .into_iter()
        .filter(|it| is_lock(it))
        .map(str::to_owned)
        .collect())
}

fn is_lock(text: &str) -> bool {
    let table = |key: &&str| key.split('.').next() == Some(text);
    let session = text
        .strip_prefix("sessions.")
        .is_some_and(|it| !it.is_empty());
    WHOLES.contains(&text) || KEYS.contains(&text) || session || KEYS.iter().any(table)
}

impl Organisation {
    /// Whether its users cannot set this: a single setting, or one of the wholes.
    pub fn locks(&self, place: &str) -> bool {
        let table = place.split('.').next().unwrap_or_default();
        self.locked.iter().any(|it| it == place || it == table)
    }

    /// Whether it fixes the session of this name.
    pub fn locks_session(&self, name: &str) -> bool {
        let own = || self.sessions.iter().any(|it| it.name == name);
        self.locks(SESSIONS) || own() && self.locks(&format!("{SESSIONS}.{name}"))
    }

    /// Whether its rules count before those of its users.
    pub fn locks_rules(&self) -> bool {
        self.locks(RULES)
    }

    /// A user's settings above these; what is locked below them.
    pub(super) fn under(self: &Arc<Organisation>, mut own: Settings) -> Settings {
        let overruled = self.overruled(&own);
        own.remarks.extend(overruled);
        own.sessions = self.sessions_with(std::mem::take(&mut own.sessions));
        own.choices = own.choices.over(&self.choices, |place| self.locks(place));
        own.terminal = match self.locks(TERMINAL) {
            true => self.terminal.clone(),
            false => own.terminal.or_else(|| self.terminal.clone()),
        };
        own.organisation = Some(self.clone());
        own
    }

    fn sessions_with(&self, own: Vec<SessionSettings>) -> Vec<SessionSettings> {
        let mut sessions: Vec<SessionSettings> = self.sessions.clone();
        for session in &mut sessions {
            if self.locks_session(&session.name) {
                // Nobody is asked about what cannot be changed.
                session.storage_chosen = true;
            }
        }
        for session in own.into_iter().filter(|it| !self.locks_session(&it.name)) {
            match sessions.iter_mut().find(|it| it.name == session.name) {
                Some(theirs) => *theirs = session,
                None => sessions.push(session),
            }
        }
        sessions
    }

    /// What a user's own file says in vain.
    fn overruled(&self, own: &Settings) -> Vec<Remark> {
        let said = own.choices.differing(&Choices::default());
        let mut places: Vec<String> = said.into_iter().map(str::to_owned).collect();
        places.retain(|it| self.locks(it));
        let sessions = own.sessions.iter().map(|it| it.name.as_str());
        let sessions = sessions.filter(|it| self.locks_session(it));
        places.extend(sessions.map(|it| format!("{SESSIONS}.{it}")));
        let wholes = [
            (TERMINAL, own.terminal.is_some()),
            (LABELS, !own.labels.is_empty()),
        ];
        let wholes = wholes
            .into_iter()
            .filter(|(place, is_said)| *is_said && self.locks(place));
        places.extend(wholes.map(|(place, _)| place.to_owned()));
        let remark = |place: String| {
            let message = format!("`{place}` is set by your organisation, and has no effect here");
            Remark::new(Kind::Overruled, None, message)
        };
        places.into_iter().map(remark).collect()
    }

    /// Its labels, and those of a user.
    pub(super) fn labels_with(&self, own: &[Label]) -> Vec<Label> {
        let locked = self.locks(LABELS);
        let own = own.iter().filter(|_| !locked);
        let replaced = |it: &&Label| own.clone().any(|own| is_same(&own.word, &it.word));
        let theirs = self.labels.iter().filter(|it| !replaced(it));
        theirs.chain(own.clone()).cloned().collect()
    }

    /// Refuses a change of what it sets.
    ///
    /// # Errors
    /// `SetByOrganisation`.
    pub(super) fn check(&self, old: &Settings, new: &Settings) -> Result<()> {
        let mut places: Vec<String> = old
            .choices
            .differing(&new.choices)
            .into_iter()
            .map(str::to_owned)
            .collect();
        places.retain(|it| self.locks(it));
        let changed = |it: &&SessionSettings| new.session(&it.name).ok() != Some(*it);
        let added = new
            .sessions
            .iter()
            .filter(|it| old.session(&it.name).is_err());
        let sessions = old.sessions.iter().filter(changed).chain(added);
        let sessions = sessions.filter(|it| self.locks_session(&it.name));
        places.extend(sessions.map(|it| format!("{SESSIONS}.{}", it.name)));
        if old.labels != new.labels && self.locks(LABELS) {
            places.push(LABELS.into());
        }
        places.first().map_or(Ok(()), |it| Err(self.refuses(it)))
    }

    /// A session that only stands here cannot be taken away.
    ///
    /// # Errors
    /// `SetByOrganisation`.
    pub(super) fn check_gone(
        &self,
        own: &[SessionSettings],
        old: &Settings,
        new: &Settings,
    ) -> Result<()> {
        let gone = |it: &&SessionSettings| {
            let name = &it.name;
            old.session(name).is_ok()
                && new.session(name).is_err()
                && own.iter().all(|own| own.name != *name)
        };
        let kept = self.sessions.iter().find(gone);
        kept.map_or(Ok(()), |it| {
            Err(self.refuses(&format!("{SESSIONS}.{}", it.name)))
        })
    }

    /// It has said so.
    pub fn refuses(&self, place: &str) -> Error {
        let message = format!(
            "`{place}` is set by your organisation, in {}",
            self.file.display()
        );
        Error::new(Code::SetByOrganisation, message)
    }
}
