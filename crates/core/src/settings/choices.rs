//! The single settings: one key each, in a table of the file. What is wrong with one leaves that one
//! out, with a remark, and nothing else.

use toml_edit::{DocumentMut, Item, Table, TableLike};

use super::labels::{Reader, on_one_line};
use super::quiet::Quiet;
use super::remarks::{Kind, Remark};
use super::values::{
    File, Hotkey, Language, Output, ProfileStyle, Region, Setting, Template, Theme, Warnings, Way,
};
use crate::{Code, Error, Result};

/// Declares the settings: a field, its place in the file, its type, and what it says.
macro_rules! choices {
    ($($(#[$about:meta])* $field:ident: $kind:ty = $table:literal . $key:literal,)*) => {
        /// The single settings, as far as somebody says them.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Choices {
            $($(#[$about])* pub $field: Option<$kind>,)*
        }

        /// Their places in the file, as `table.key`.
        pub const KEYS: &[&str] = &[$(concat!($table, ".", $key),)*];

        impl Choices {
            /// Those of a file.
            ///
            /// # Errors
            /// The reader's code, for settings that nothing works without.
            pub(super) fn read(reader: &Reader<'_>, root: &Table, remarks: &mut Vec<Remark>) -> Result<Choices> {
                Ok(Choices {
                    $($field: read_one::<$kind>(reader, root, ($table, $key), remarks)?,)*
                })
            }

            /// Writes what has changed, and leaves the rest of the file as it is.
            pub(super) fn write(document: &mut DocumentMut, old: &Choices, new: &Choices) {
                $(if old.$field != new.$field {
                    put(document, ($table, $key), new.$field.as_ref().map(|it| it.value()));
                })*
            }

            /// The places of what differs.
            pub(super) fn differing(&self, other: &Choices) -> Vec<&'static str> {
                let mut places = Vec::new();
                $(if self.$field != other.$field {
                    places.push(concat!($table, ".", $key));
                })*
                places
            }

            /// These, and what they do not say as another says it; what is locked only as that one says it.
            pub(super) fn over(self, house: &Choices, is_locked: impl Fn(&str) -> bool) -> Choices {
                Choices {
                    $($field: match is_locked(concat!($table, ".", $key)) {
                        true => house.$field.clone(),
                        false => self.$field.or_else(|| house.$field.clone()),
                    },)*
                }
            }

            /// What one says, on a line; `None` where nobody says it.
            pub fn text(&self, place: &str) -> Option<String> {
                match place {
                    $(concat!($table, ".", $key) => self.$field.as_ref().map(|it| it.text()),)*
                    _ => None,
                }
            }

            /// Sets one from a line, or takes it away.
            ///
            /// # Errors
            /// `Usage` with what is expected there, or where there is no such setting.
            pub fn set(&mut self, place: &str, text: Option<&str>) -> Result<()> {
                match place {
                    $(concat!($table, ".", $key) => {
                        self.$field = text.map(<$kind>::of_text).transpose()?;
                    })*
                    _ => return Err(unknown(place)),
                }
                Ok(())
            }
        }
    };
}

choices! {
    /// When warnings come before the end of a sign-in.
    warnings: Warnings = "notices"."warn_minutes",
    /// When nothing is told.
    quiet: Quiet = "notices"."quiet",
    /// The colours of the panel.
    theme: Theme = "appearance"."theme",
    /// The language of the panel.
    language: Language = "appearance"."language",
    /// Keys that bring the panel up.
    hotkey: Hotkey = "panel"."hotkey",
    /// How names of new profiles are built.
    template: Template = "profiles"."template",
    /// How tools get their credentials.
    style: ProfileStyle = "profiles"."style",
    /// Their Region.
    region: Region = "profiles"."region",
    /// Their output format.
    output: Output = "profiles"."output",
    /// The proxy, where the environment names none.
    proxy: Way = "network"."proxy",
    /// Hosts that need none.
    no_proxy: Way = "network"."no_proxy",
    /// A file of certificates that count beside the system's.
    ca_bundle: File = "network"."ca_bundle",
}

fn read_one<T: Setting>(
    reader: &Reader<'_>,
    root: &Table,
    (table, key): (&str, &str),
    remarks: &mut Vec<Remark>,
) -> Result<Option<T>> {
    let Some(group) = root.get(table) else {
        return Ok(None);
    };
    let (item, message) = match group.as_table_like() {
        None => (group, format!("`{table}` is not a table")),
        Some(group) => {
            let Some(item) = group.get(key) else {
                return Ok(None);
            };
            if let Some(value) = T::of_item(item) {
                return Ok(Some(value));
            }
            (item, format!("`{table}.{key}` is not {}", T::EXPECTED))
        }
    };
    let line = reader.line(item.span());
    if T::STRICT {
        return Err(reader.fault(line, &message));
    }
    remarks.push(Remark::new(Kind::Wrong, line, message));
    Ok(None)
}

/// Puts a value in its place with the comments around it, or takes it away.
fn put(document: &mut DocumentMut, (table, key): (&str, &str), new: Option<toml_edit::Value>) {
    let Some(new) = new else {
        let group = document.get_mut(table).and_then(Item::as_table_like_mut);
        return drop(group.and_then(|it| it.remove(key)));
    };
    let group = document.entry(table).or_insert(Item::Table(Table::new()));
    if group.as_table_like().is_none() {
        *group = Item::Table(Table::new());
    }
    let Some(group) = group.as_table_like_mut() else {
        return;
    };
    put_value(group, key, new);
}

fn put_value(group: &mut dyn TableLike, key: &str, new: toml_edit::Value) {
    match group.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            let decor = old.decor().clone();
            *old = new;
            *old.decor_mut() = decor;
        }
        None => drop(group.insert(key, Item::Value(new))),
    }
}

fn unknown(place: &str) -> Error {
    let shown = on_one_line(place, 64);
    Error::new(Code::Usage, format!("there is no setting `{shown}`"))
}
