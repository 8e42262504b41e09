//! Sessions as the settings keep them: what each is, how it may be called, its table in the file.

use toml_edit::{DocumentMut, Item, Table, value};

use super::Settings;
use super::labels::{Reader, on_one_line};
use super::wish::{self, Via, Wish};
use crate::secrets::Storage;
use crate::{Code, Error, Result};

/// A session's browser for its sign-ins: a text, or a command as a list of texts.
const SIGN_IN_BROWSER: &str = "sign_in_browser";
/// The same for consoles.
const CONSOLE_BROWSER: &str = "console_browser";
/// The kind of link that opens its consoles.
const CONSOLE_VIA: &str = "console_via";

/// One registered access portal sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSettings {
    /// Its name, as in `[sso-session NAME]`.
    pub name: String,
    /// The portal's start URL.
    pub start_url: String,
    /// The portal's Region.
    pub region: String,
    /// Where the tokens rest.
    pub storage: Storage,
    /// Whether the user chose the storage; if not, the first CLI profile asks.
    pub storage_chosen: bool,
    /// How long a sign-in lasts, in seconds, where the user said so.
    pub length: Option<i64>,
    /// Whether the user allowed an address outside the AWS host list.
    pub allow_custom_portal: bool,
    /// In which browsers its pages open.
    pub browsers: Browsers,
}

/// In which browsers the pages of a session open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Browsers {
    /// The sign-in.
    pub sign_in: Wish,
    /// Consoles.
    pub console: Wish,
    /// The kind of link that opens consoles.
    pub via: Via,
}

/// Whether a session may have this name: it stands in file names, config headers and commands.
///
/// # Errors
/// `Usage` with the rule.
pub fn check_name(name: &str) -> Result<()> {
    let fits = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    if name.is_empty() || name.len() > 64 || !name.chars().all(fits) || name.starts_with(['-', '.'])
    {
        let message = "a session name has 1 to 64 of: letters, digits, `-`, `_`, `.`";
        return Err(Error::new(Code::Usage, message).with_hint("choose a name such as `work`"));
    }
    Ok(())
}

/// Names that Windows keeps for devices, with anything behind a dot too; beside them numbered ports.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Whether a new session may have this name: also no file name that Windows keeps for a device.
///
/// # Errors
/// `Usage` with the rule.
pub fn check_new_name(name: &str) -> Result<()> {
    check_name(name)?;
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.to_ascii_lowercase();
    let port = stem.strip_suffix(|it: char| it.is_ascii_digit() && it != '0');
    let device = match port {
        Some(port) => matches!(port, "com" | "lpt"),
        None => DEVICES.contains(&stem.as_str()),
    };
    if device || name.ends_with('.') {
        let message = format!("`{name}` cannot be the name of a file on Windows");
        return Err(Error::new(Code::Usage, message).with_hint("choose a name such as `work`"));
    }
    Ok(())
}

/// One session, as it stands in the file.
///
/// # Errors
/// `SettingsBroken` with what is wrong.
pub(super) fn read(reader: &Reader<'_>, name: &str, item: &Item) -> Result<SessionSettings> {
    let broken = |what: &str| {
        let shown = on_one_line(name, 64);
        reader.fault(
            reader.line(item.span()),
            &format!("session `{shown}`: {what}"),
        )
    };
    check_name(name).map_err(|error| broken("the name does not fit").because(error))?;
    let table = item
        .as_table_like()
        .ok_or_else(|| broken("is not a table"))?;
    let text = |key: &str| of_kind(table.get(key), Item::as_str, broken, (key, "a text"));
    let flag = |key: &str| {
        let flag = of_kind(
            table.get(key),
            Item::as_bool,
            broken,
            (key, "true or false"),
        );
        flag.map(Option::unwrap_or_default)
    };
    let number = |key: &str| {
        let item = table.get(key);
        of_kind(item, Item::as_integer, broken, (key, "a whole number"))
    };
    let storage = text("storage")?.unwrap_or("keychain").parse();
    Ok(SessionSettings {
        name: name.into(),
        start_url: text("start_url")?
            .ok_or_else(|| broken("`start_url` is missing"))?
            .into(),
        region: text("region")?
            .ok_or_else(|| broken("`region` is missing"))?
            .into(),
        storage: storage.map_err(|error: Error| broken(error.message()))?,
        storage_chosen: flag("storage_chosen")?,
        length: number("length_seconds")?,
        allow_custom_portal: flag("allow_custom_portal")?,
        browsers: Browsers {
            sign_in: wish::read(table.get(SIGN_IN_BROWSER)).map_err(|it| broken(it.message()))?,
            console: wish::read(table.get(CONSOLE_BROWSER)).map_err(|it| broken(it.message()))?,
            via: match text(CONSOLE_VIA)? {
                None => Via::default(),
                Some(name) => Via::of_name(name)
                    .ok_or_else(|| broken("`console_via` is neither federation nor portal"))?,
            },
        },
    })
}

/// What stands under a key, where anything does: of this kind, or it is an error.
fn of_kind<'a, T>(
    item: Option<&'a Item>,
    read: impl Fn(&'a Item) -> Option<T>,
    broken: impl Fn(&str) -> Error,
    (key, kind): (&str, &str),
) -> Result<Option<T>> {
    let read = |item| read(item).ok_or_else(|| broken(&format!("`{key}` is not {kind}")));
    item.map(read).transpose()
}

/// Writes what has changed, and leaves the rest of the file as it is.
pub(super) fn write(document: &mut DocumentMut, old: &Settings, new: &Settings) {
    let sessions = document.entry("sessions").or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let Some(sessions) = sessions.as_table_like_mut() else {
        return;
    };
    for gone in &old.sessions {
        if new.session(&gone.name).is_err() {
            sessions.remove(&gone.name);
        }
    }
    for session in new.sessions.iter().filter(|it| !old.sessions.contains(it)) {
        let entry = sessions
            .entry(&session.name)
            .or_insert(Item::Table(Table::new()));
        if let Some(table) = entry.as_table_like_mut() {
            write_one(table, session);
        }
    }
}

fn write_one(table: &mut dyn toml_edit::TableLike, session: &SessionSettings) {
    table.insert("start_url", value(&session.start_url));
    table.insert("region", value(&session.region));
    table.insert("storage", value(session.storage.name()));
    let mut keep = |key: &str, item: Option<Item>| match item {
        Some(item) => drop(table.insert(key, item)),
        None => drop(table.remove(key)),
    };
    keep(
        "storage_chosen",
        session.storage_chosen.then(|| value(true)),
    );
    keep("length_seconds", session.length.map(value));
    keep(
        "allow_custom_portal",
        session.allow_custom_portal.then(|| value(true)),
    );
    keep(SIGN_IN_BROWSER, wish::item(&session.browsers.sign_in));
    keep(CONSOLE_BROWSER, wish::item(&session.browsers.console));
    let via = Some(session.browsers.via).filter(|via| *via != Via::default());
    keep(CONSOLE_VIA, via.map(|via| value(via.name())));
}
