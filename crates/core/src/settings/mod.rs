//! The user's choices: load, and change under a lock; comments and unknown keys stay as they are.
//! One TOML file, never written but by a change that the user asked for; below it, where there is one,
//! the organisation's, which is only read.

pub mod chains;
mod choices;
mod form;
mod keys;
pub mod labels;
mod migrations;
mod opening;
mod organisation;
mod quiet;
mod remarks;
mod rename;
mod sessions;
#[cfg(test)]
mod tests;
mod values;
mod wish;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use toml_edit::{Document, DocumentMut, Item, Table, value};

use crate::host::files::{self, Mode};
use crate::host::{Host, lock, net};
use crate::{Code, Error, Result};

use chains::Chain;
use labels::{Label, Reader, Rule};
use migrations::Outcome;

pub use choices::{Choices, KEYS};
pub use form::schema;
pub use keys::{OUTPUTS, ProfileKeys, check_output, check_region};
pub use opening::Opening;
pub(crate) use opening::{BROWSER, VIA};
pub use organisation::Organisation;
pub use quiet::Quiet;
pub use remarks::{Kind, Remark};
pub use rename::rename;
pub use sessions::{Browsers, SessionSettings, check_name, check_new_name};
pub use values::{Hotkey, Language, ProfileStyle, Theme, Warnings, Way};
pub(crate) use wish::URL;
pub use wish::{Via, Wish};

/// The newest form of the file that this version knows.
const VERSION: i64 = migrations::newest(migrations::STEPS);
/// The terminal's program and words.
const TERMINAL: &str = "terminal";
/// The table about notifications.
const NOTICES: &str = "notices";
/// One of its keys: a time in RFC 3339.
const MUTED_UNTIL: &str = "muted_until";
/// A file that Daypass makes begins so.
const HEAD: &str = "\
#:schema https://raw.githubusercontent.com/daypass/daypass/main/docs/settings.schema.json
# Settings of Daypass: what may stand here is told in docs/settings.example.toml; `daypass doctor` checks it.
";

/// All choices, as they are in force: the user's, and the organisation's where the user has none or may
/// have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Sessions: the organisation's, then the user's in the order of the file.
    pub sessions: Vec<SessionSettings>,
    /// The single settings.
    pub choices: Choices,
    /// Until when no notification is shown; what still stands then is shown once.
    pub muted_until: Option<Timestamp>,
    /// The terminal: an absolute program, and what stands before the command that it is to run. Only
    /// ever written by hand.
    pub terminal: Option<Vec<String>>,
    /// Labels of the user's own, and built-in ones as the user defined them anew.
    pub labels: Vec<Label>,
    /// Rules of the user's own that give rows a look, in order: the last one that says something wins.
    pub rules: Vec<Rule>,
    /// Roles to assume from assignments, or from one another.
    pub chains: Vec<Chain>,
    /// The organisation's settings, where there are any.
    pub organisation: Option<Arc<Organisation>>,
    /// What is to be said about the files.
    pub remarks: Vec<Remark>,
}

impl Settings {
    /// The session of this name.
    ///
    /// # Errors
    /// `SessionUnknown`.
    pub fn session(&self, name: &str) -> Result<&SessionSettings> {
        let found = self.sessions.iter().find(|session| session.name == name);
        found.ok_or_else(|| {
            Error::new(
                Code::SessionUnknown,
                format!("there is no session `{name}`"),
            )
        })
    }

    /// Labels of the organisation, then the user's own.
    pub fn all_labels(&self) -> Vec<Label> {
        match &self.organisation {
            Some(organisation) => organisation.labels_with(&self.labels),
            None => self.labels.clone(),
        }
    }

    /// All rules in the order in which they count, and how many of the last ones count before what is
    /// chosen for single rows.
    pub fn all_rules(&self) -> (Vec<Rule>, usize) {
        match &self.organisation {
            Some(it) if it.locks_rules() => ([&self.rules[..], &it.rules].concat(), it.rules.len()),
            Some(it) => ([&it.rules[..], &self.rules].concat(), 0),
            None => (self.rules.clone(), 0),
        }
    }

    /// The proxy and the certificates, for what the environment does not say.
    pub fn network(&self) -> net::Choices {
        let Choices {
            proxy,
            no_proxy,
            ca_bundle,
            ..
        } = &self.choices;
        net::Choices {
            proxy: proxy.as_ref().map(|it| it.as_str().to_owned()),
            no_proxy: no_proxy.as_ref().map(|it| it.as_str().to_owned()),
            ca_bundle: ca_bundle.as_ref().map(|it| it.as_str().to_owned()),
        }
    }

    /// When warnings come before the end of a sign-in.
    pub fn warnings(&self) -> Warnings {
        self.choices.warnings.unwrap_or_default()
    }
}

/// Reads the file, and the organisation's; no file is no choices.
///
/// # Errors
/// `SettingsBroken` with the place.
pub fn load(host: &Host) -> Result<Settings> {
    let base = Base::read(host);
    let (_, own) = base.own(host)?;
    Ok(base.under(own))
}

/// What is in force where the user's own file cannot be read.
pub fn without_own(host: &Host) -> Settings {
    Base::read(host).under(Settings::default())
}

/// Changes the file in one step, after reading it again under the lock.
///
/// # Errors
/// Those of `load`, those of the change itself, `SetByOrganisation` for what the user cannot change,
/// `StorageFailed` where it cannot be written.
pub async fn update(
    host: &Host,
    change: impl FnOnce(&mut Settings) -> Result<()>,
) -> Result<Settings> {
    let _lock = lock::take(&host.paths.state.join("locks"), "settings").await?;
    let base = Base::read(host);
    let (mut file, own) = base.own(host)?;
    let own_sessions = own.sessions.clone();
    let old = base.under(own);
    let mut new = old.clone();
    change(&mut new)?;
    if new == old {
        return Ok(old);
    }
    if let Some(organisation) = &base.organisation {
        organisation.check(&old, &new)?;
        organisation.check_gone(&own_sessions, &old, &new)?;
    }
    labels::check_all(&new.all_labels(), &new.rules)?;
    chains::check_all(&new.chains)?;
    if file.is_new {
        file.document.insert("version", value(VERSION));
    }
    write(&mut file.document, &old, &new);
    file.save(host)?;
    let (_, own) = base.own(host)?;
    Ok(base.under(own))
}

/// Makes the user's file where there is none yet, with nothing chosen in it.
///
/// # Errors
/// `StorageFailed` where it cannot be written.
pub async fn make(host: &Host) -> Result<()> {
    let _lock = lock::take(&host.paths.state.join("locks"), "settings").await?;
    if path(host).exists() {
        return Ok(());
    }
    let (mut file, _) = OwnFile::read(&path(host))?;
    file.document.insert("version", value(VERSION));
    file.save(host)
}

/// Writes what has changed, and leaves the rest of the file as it is.
fn write(document: &mut DocumentMut, old: &Settings, new: &Settings) {
    if new.sessions != old.sessions {
        sessions::write(document, old, new);
    }
    if new.muted_until != old.muted_until {
        write_muted(document, new.muted_until);
    }
    Choices::write(document, &old.choices, &new.choices);
    chains::write(document.as_table_mut(), &old.chains, &new.chains);
    labels::write(
        document.as_table_mut(),
        (&old.labels, &old.rules),
        (&new.labels, &new.rules),
    );
}

/// The user's file.
pub fn path(host: &Host) -> PathBuf {
    host.paths.config.join("settings.toml")
}

/// What the user's file stands on.
struct Base {
    organisation: Option<Arc<Organisation>>,
    remarks: Vec<Remark>,
}

impl Base {
    fn read(host: &Host) -> Base {
        let (organisation, remarks) = organisation::read(host);
        Base {
            organisation,
            remarks,
        }
    }

    fn under(&self, own: Settings) -> Settings {
        let mut settings = match &self.organisation {
            Some(organisation) => organisation.under(own),
            None => own,
        };
        settings.remarks.extend(self.remarks.iter().cloned());
        settings
    }

    /// The user's own file, and what it says alone.
    fn own(&self, host: &Host) -> Result<(OwnFile, Settings)> {
        let path = path(host);
        let (file, text) = OwnFile::read(&path)?;
        let document =
            Document::parse(text.as_str()).map_err(|error| reader(&text).not_toml(&error))?;
        let given = self.organisation.as_ref().map_or(&[][..], |it| &it.labels);
        let mut settings = interpret(&reader(&text), document.as_table(), given)?;
        if let Some(item) = document.get("locked") {
            let message = "`locked` has an effect only in an organisation's file".into();
            let line = reader(&text).line(item.span());
            settings
                .remarks
                .push(Remark::new(Kind::Overruled, line, message));
        }
        for remark in &mut settings.remarks {
            remark.file.clone_from(&path);
        }
        Ok((file, settings))
    }
}

/// The user's file, to be changed.
struct OwnFile {
    document: DocumentMut,
    /// Whether there is none yet.
    is_new: bool,
    /// The bytes before, and their version, where it was of an older form.
    older: Option<(Vec<u8>, i64)>,
}

impl OwnFile {
    /// The file in the newest form, and its text in that form.
    fn read(path: &Path) -> Result<(OwnFile, String)> {
        let broken =
            |what: &str| Error::new(Code::SettingsBroken, format!("{} {what}", path.display()));
        let bytes = files::read(path).map_err(|error| broken("cannot be read").because(error))?;
        let is_new = bytes.is_none();
        let bytes = bytes.unwrap_or_default();
        let text = String::from_utf8(bytes).map_err(|_| broken("is not UTF-8 text"))?;
        let document =
            Document::parse(text.as_str()).map_err(|error| reader(&text).not_toml(&error))?;
        let mut document = document.into_mut();
        let (older, text) = match migrations::migrate(&mut document, migrations::STEPS) {
            Outcome::Newest => (None, text),
            Outcome::Migrated(version) => {
                let new = document.to_string();
                (Some((text.into_bytes(), version)), new)
            }
            Outcome::Foreign(version) => {
                let what = format!("has version {version}; this Daypass knows version {VERSION}");
                return Err(
                    broken(&what).with_hint("use the Daypass that wrote it, or a newer one")
                );
            }
        };
        let file = OwnFile {
            document,
            is_new,
            older,
        };
        Ok((file, text))
    }

    /// The older form is kept beside it.
    fn save(&self, host: &Host) -> Result<()> {
        let path = path(host);
        let head = if self.is_new { HEAD } else { "" };
        let text = format!("{head}{}", self.document);
        let before = self.older.as_ref().map_or(Ok(()), |(bytes, version)| {
            let kept = path.with_extension(format!("toml.version-{version}"));
            files::replace(&kept, bytes, Mode::Private)
        });
        let written = files::private_folder(&host.paths.config)
            .and(before)
            .and_then(|()| files::replace(&path, text.as_bytes(), Mode::Keep));
        written.map_err(|error| {
            Error::new(
                Code::StorageFailed,
                format!("{} could not be written", path.display()),
            )
            .because(error)
        })
    }
}

fn reader(source: &str) -> Reader<'_> {
    Reader {
        file: "settings.toml",
        code: Code::SettingsBroken,
        source,
    }
}

/// What one file says; rules may also give labels that stand in another.
fn interpret(reader: &Reader<'_>, root: &Table, given: &[Label]) -> Result<Settings> {
    let sessions = root.get("sessions");
    if let Some(other) = sessions.filter(|sessions| !sessions.is_table_like()) {
        return Err(reader.fault(reader.line(other.span()), "`sessions` is not a table"));
    }
    let sessions = sessions.and_then(Item::as_table_like);
    let sessions = sessions.into_iter().flat_map(|table| table.iter());
    let sessions = sessions
        .map(|(name, item)| sessions::read(reader, name, item))
        .collect::<Result<_>>()?;
    let (labels, rules) = labels::read_with(reader, root, given)?;
    let mut remarks = form::unknown(reader, root);
    let choices = Choices::read(reader, root, &mut remarks)?;
    remarks.dedup();
    Ok(Settings {
        sessions,
        choices,
        muted_until: read_muted(reader, root)?,
        terminal: read_terminal(reader, root)?,
        labels,
        rules,
        chains: chains::read(reader, root)?,
        organisation: None,
        remarks,
    })
}

/// `terminal = ["/usr/bin/xterm", "-e"]`: for systems whose own choice is not the user's.
fn read_terminal(reader: &Reader<'_>, root: &Table) -> Result<Option<Vec<String>>> {
    let Some(item) = root.get(TERMINAL) else {
        return Ok(None);
    };
    let words = item.as_array().map(|words| words.iter());
    let words = words.and_then(|it| it.map(|word| word.as_str().map(str::to_owned)).collect());
    let starts_well = |it: &Vec<String>| it.first().is_some_and(|it| Path::new(it).is_absolute());
    words.filter(starts_well).map(Some).ok_or_else(|| {
        let message = "`terminal` is not a list that begins with a whole path";
        reader.fault(reader.line(item.span()), message)
    })
}

fn read_muted(reader: &Reader<'_>, root: &Table) -> Result<Option<Timestamp>> {
    let notices = root.get(NOTICES).and_then(Item::as_table_like);
    let Some(item) = notices.and_then(|table| table.get(MUTED_UNTIL)) else {
        return Ok(None);
    };
    let time = item.as_str().and_then(|it| it.parse().ok());
    time.map(Some).ok_or_else(|| {
        let message = "`notices.muted_until` is not a time such as \"2026-03-02T17:00:00Z\"";
        reader.fault(reader.line(item.span()), message)
    })
}

fn write_muted(document: &mut DocumentMut, muted_until: Option<Timestamp>) {
    let notices = document.entry(NOTICES).or_insert(Item::Table(Table::new()));
    if let Some(table) = notices.as_table_like_mut() {
        match muted_until {
            Some(until) => drop(table.insert(MUTED_UNTIL, value(until.to_string()))),
            None => drop(table.remove(MUTED_UNTIL)),
        }
    }
}
