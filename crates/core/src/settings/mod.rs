//! The user's choices: load, and change under a lock; comments and unknown keys stay as they are.
//! One TOML file, never written but by a change that the user asked for.

pub mod chains;
mod keys;
pub mod labels;
mod opening;
mod rename;
mod sessions;
mod wish;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use toml_edit::{Document, DocumentMut, Item, Table, value};

use crate::host::files::{self, Mode};
use crate::host::{Host, lock, net};
use crate::{Code, Error, Result};

use chains::Chain;
use labels::{Label, Reader, Rule};

pub use keys::{OUTPUTS, ProfileKeys, check_output, check_region};
pub use opening::Opening;
pub(crate) use opening::{BROWSER, VIA};
pub use rename::rename;
pub use sessions::{Browsers, SessionSettings, check_name, check_new_name};
pub(crate) use wish::URL;
pub use wish::{Via, Wish};

/// The newest form of the file that this version knows.
const VERSION: i64 = 1;
/// The terminal's program and words.
const TERMINAL: &str = "terminal";
/// The table about notifications.
const NOTICES: &str = "notices";
/// Its one key: a time in RFC 3339.
const MUTED_UNTIL: &str = "muted_until";

/// All choices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Sessions, in the order of the file.
    pub sessions: Vec<SessionSettings>,
    /// The proxy and the certificates, for what the environment does not say.
    pub network: net::Choices,
    /// Until when no notification is shown; what still stands then is shown once.
    pub muted_until: Option<Timestamp>,
    /// The terminal: an absolute program, and what stands before the command that it is to run. Only
    /// ever written by hand.
    pub terminal: Option<Vec<String>>,
    /// Labels of the user's own, and built-in ones as the user defined them anew.
    pub labels: Vec<Label>,
    /// Rules that give rows a look, in order: the last one that says something wins.
    pub rules: Vec<Rule>,
    /// Roles to assume from assignments, or from one another.
    pub chains: Vec<Chain>,
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
}

/// Reads the file; no file is no choices.
///
/// # Errors
/// `SettingsBroken` with the place.
pub fn load(host: &Host) -> Result<Settings> {
    interpret(&document(host)?)
}

/// Changes the file in one step, after reading it again under the lock.
///
/// # Errors
/// Those of `load`, those of the change itself, `StorageFailed` where it cannot be written.
pub async fn update(
    host: &Host,
    change: impl FnOnce(&mut Settings) -> Result<()>,
) -> Result<Settings> {
    let _lock = lock::take(&host.paths.state.join("locks"), "settings").await?;
    let mut document = document(host)?;
    let old = interpret(&document)?;
    let mut new = old.clone();
    change(&mut new)?;
    if new != old {
        if new.sessions != old.sessions {
            document.entry("version").or_insert(value(VERSION));
            sessions::write(&mut document, &old, &new);
        }
        if new.muted_until != old.muted_until {
            write_muted(&mut document, new.muted_until);
        }
        labels::check_all(&new.labels, &new.rules)?;
        chains::check_all(&new.chains)?;
        chains::write(document.as_table_mut(), &old.chains, &new.chains);
        labels::write(
            document.as_table_mut(),
            (&old.labels, &old.rules),
            (&new.labels, &new.rules),
        );
        save(host, &document)?;
    }
    Ok(new)
}

fn path(host: &Host) -> PathBuf {
    host.paths.config.join("settings.toml")
}

fn document(host: &Host) -> Result<DocumentMut> {
    let path = path(host);
    let broken =
        |what: String| Error::new(Code::SettingsBroken, format!("{} {what}", path.display()));
    let bytes =
        files::read(&path).map_err(|error| broken("cannot be read".into()).because(error))?;
    let text = String::from_utf8(bytes.unwrap_or_default())
        .map_err(|_| broken("is not UTF-8 text".into()))?;
    let document =
        Document::parse(text.as_str()).map_err(|error| reader(&text).not_toml(&error))?;
    // Here, where the lines are still known.
    labels::read(&reader(&text), document.as_table())?;
    chains::read(&reader(&text), document.as_table())?;
    let document = document.into_mut();
    match document
        .get("version")
        .and_then(Item::as_integer)
        .unwrap_or(VERSION)
    {
        VERSION => Ok(document),
        newer => Err(broken(format!(
            "has version {newer}; this Daypass knows version {VERSION}"
        ))
        .with_hint("use the Daypass that wrote it, or a newer one")),
    }
}

fn reader(source: &str) -> Reader<'_> {
    Reader {
        file: "settings.toml",
        code: Code::SettingsBroken,
        source,
    }
}

fn interpret(document: &DocumentMut) -> Result<Settings> {
    let sessions = document.get("sessions");
    if sessions.is_some_and(|sessions| !sessions.is_table_like()) {
        let message = "settings.toml: `sessions` is not a table";
        return Err(Error::new(Code::SettingsBroken, message));
    }
    let sessions = sessions.and_then(Item::as_table_like);
    let sessions = sessions.into_iter().flat_map(|table| table.iter());
    let sessions = sessions
        .map(|(name, item)| sessions::read(name, item))
        .collect::<Result<_>>()?;
    let (labels, rules) = labels::read(&reader(""), document.as_table())?;
    Ok(Settings {
        sessions,
        network: read_network(document)?,
        muted_until: read_muted(document)?,
        terminal: read_terminal(document)?,
        labels,
        rules,
        chains: chains::read(&reader(""), document.as_table())?,
    })
}

/// `[network]`: an application that was not started from a shell has no `HTTPS_PROXY`.
fn read_network(document: &DocumentMut) -> Result<net::Choices> {
    let broken = |what: &str| {
        Error::new(
            Code::SettingsBroken,
            format!("settings.toml: `network`: {what}"),
        )
    };
    let Some(item) = document.get("network") else {
        return Ok(net::Choices::default());
    };
    let table = item
        .as_table_like()
        .ok_or_else(|| broken("is not a table"))?;
    let text = |key: &str| match table.get(key) {
        None => Ok(None),
        Some(item) => match item.as_str() {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(broken(&format!("`{key}` is not a text"))),
        },
    };
    Ok(net::Choices {
        proxy: text("proxy")?,
        no_proxy: text("no_proxy")?,
        ca_bundle: text("ca_bundle")?,
    })
}

/// `terminal = ["/usr/bin/xterm", "-e"]`: for systems whose own choice is not the user's.
fn read_terminal(document: &DocumentMut) -> Result<Option<Vec<String>>> {
    let Some(item) = document.get(TERMINAL) else {
        return Ok(None);
    };
    let words = item.as_array().map(|words| words.iter());
    let words = words.and_then(|it| it.map(|word| word.as_str().map(str::to_owned)).collect());
    let starts_well = |it: &Vec<String>| it.first().is_some_and(|it| Path::new(it).is_absolute());
    words.filter(starts_well).map(Some).ok_or_else(|| {
        let message = "settings.toml: `terminal` is not a list that begins with a whole path";
        Error::new(Code::SettingsBroken, message)
    })
}

fn read_muted(document: &DocumentMut) -> Result<Option<Timestamp>> {
    let notices = document.get(NOTICES).and_then(Item::as_table_like);
    let text = notices
        .and_then(|table| table.get(MUTED_UNTIL))
        .and_then(Item::as_str);
    text.map(str::parse).transpose().map_err(|error| {
        let message = "settings.toml: `notices.muted_until` is not a time";
        Error::new(Code::SettingsBroken, message).because(error)
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

fn save(host: &Host, document: &DocumentMut) -> Result<()> {
    let path = path(host);
    let written = files::private_folder(&host.paths.config)
        .and_then(|()| files::replace(&path, document.to_string().as_bytes(), Mode::Keep));
    written.map_err(|error| {
        Error::new(
            Code::StorageFailed,
            format!("{} could not be written", path.display()),
        )
        .because(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Clock, Env};
    use crate::secrets::Storage;

    fn host(folder: &std::path::Path) -> Host {
        Host::fake(folder, Env::table::<String, String>([]), Clock::real())
    }

    fn work() -> SessionSettings {
        SessionSettings {
            name: "work".into(),
            start_url: "https://d-0000000000.awsapps.com/start".into(),
            region: "eu-central-1".into(),
            storage: Storage::Keychain,
            storage_chosen: false,
            length: Some(43_200),
            allow_custom_portal: false,
            browsers: Browsers::default(),
        }
    }

    #[tokio::test]
    async fn comments_order_and_unknown_keys_survive_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path());
        let before = "# mine\nfuture = \"kept\"\n\n[sessions.old] # first\nregion = \"eu-west-1\"\n\
                      start_url = \"https://a.awsapps.com/start\" # why\ncolour = \"red\"\n";
        std::fs::create_dir_all(&host.paths.config).unwrap();
        files::replace(&path(&host), before.as_bytes(), Mode::Keep).unwrap();
        update(&host, |settings| {
            settings.sessions.push(work());
            Ok(())
        })
        .await
        .unwrap();
        let after = std::fs::read_to_string(path(&host)).unwrap();
        for line in before.lines() {
            assert!(after.contains(line), "lost: {line}\n{after}");
        }
        let names: Vec<_> = load(&host)
            .unwrap()
            .sessions
            .into_iter()
            .map(|it| it.name)
            .collect();
        assert_eq!(names, ["old", "work"]);
    }

    #[tokio::test]
    async fn what_is_written_is_read_and_removed_again() {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path());
        let written = update(&host, |settings| {
            settings.sessions.push(work());
            Ok(())
        });
        assert_eq!(written.await.unwrap(), load(&host).unwrap());
        assert_eq!(load(&host).unwrap().sessions, [work()]);
        let emptied = update(&host, |settings| {
            settings.sessions.clear();
            Ok(())
        });
        emptied.await.unwrap();
        assert_eq!(load(&host).unwrap(), Settings::default());
    }

    #[tokio::test]
    async fn silence_is_kept_and_ends() {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path());
        let until = "2026-03-02T17:00:00Z".parse().ok();
        for muted_until in [until, None] {
            let written = update(&host, |settings| {
                settings.muted_until = muted_until;
                Ok(())
            });
            written.await.unwrap();
            assert_eq!(load(&host).unwrap().muted_until, muted_until);
        }
    }

    #[tokio::test]
    async fn a_broken_or_newer_file_is_refused_and_left_alone() {
        for text in [
            "sessions = [",
            "sessions = 3\n",
            "network = 3\n",
            "terminal = \"/usr/bin/xterm -e\"\n",
            "terminal = [\"xterm\", \"-e\"]\n",
            "terminal = []\n",
            "terminal = [\"/usr/bin/xterm\", 3]\n",
            "[network]\nproxy = 3\n",
            "version = 2\n",
            "[sessions.work]\nregion = \"x\"\n",
            "[sessions.\"a b\"]\n",
            "[notices]\nmuted_until = \"tomorrow\"\n",
        ] {
            let folder = tempfile::tempdir().unwrap();
            let host = host(folder.path());
            std::fs::create_dir_all(&host.paths.config).unwrap();
            files::replace(&path(&host), text.as_bytes(), Mode::Keep).unwrap();
            let change = update(&host, |settings| {
                settings.sessions.push(work());
                Ok(())
            });
            assert_eq!(
                change.await.unwrap_err().code(),
                Code::SettingsBroken,
                "{text}"
            );
            assert_eq!(std::fs::read_to_string(path(&host)).unwrap(), text);
        }
    }

    #[tokio::test]
    async fn the_network_is_read_and_left_as_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path());
        let before = "[network] # of the office\nproxy = \"http://p:1\"\nca_bundle = \"/x.pem\"\n";
        std::fs::create_dir_all(&host.paths.config).unwrap();
        files::replace(&path(&host), before.as_bytes(), Mode::Keep).unwrap();
        let expected = net::Choices {
            proxy: Some("http://p:1".into()),
            no_proxy: None,
            ca_bundle: Some("/x.pem".into()),
        };
        assert_eq!(load(&host).unwrap().network, expected);
        let written = update(&host, |settings| {
            settings.sessions.push(work());
            Ok(())
        });
        assert_eq!(written.await.unwrap().network, expected);
        let after = std::fs::read_to_string(path(&host)).unwrap();
        assert!(after.contains(before), "{after}");
    }

    #[test]
    fn names_that_windows_keeps_are_not_given_anew() {
        for name in [
            "con",
            "NUL",
            "Aux",
            "prn.x",
            "com1",
            "LPT9",
            "com3.work",
            "work.",
        ] {
            assert!(
                check_name(name).is_ok() && check_new_name(name).is_err(),
                "{name}"
            );
        }
        for name in ["work", "console", "com", "com0", "com10", "nul-1", "x.con"] {
            assert!(check_new_name(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn names_that_fit() {
        for (name, fits) in [
            ("work", true),
            ("my-org_2.x", true),
            ("", false),
            ("a b", false),
            ("-x", false),
            ("../x", false),
            ("ä", false),
            ("a]", false),
        ] {
            assert_eq!(check_name(name).is_ok(), fits, "{name}");
        }
    }
}
