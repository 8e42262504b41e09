//! What single settings may be: as they stand in the file, and as a line of text that people edit.

use std::fmt;

use toml_edit::{Array, Item, Value};

use super::keys::OUTPUTS;
use super::quiet::Quiet;
use crate::{Code, Error, Result, portal_url};

/// The longest a warning may come before an end, in minutes.
const EARLIEST: i64 = 240;
/// No text setting has more characters.
const LONGEST: usize = 1_000;
/// What leaves the choice to the system.
const AUTO: &str = "auto";
/// Stands for what is not shown.
const HIDDEN: &str = "…";

/// One setting: a value that the file and a line of text can hold.
pub(super) trait Setting: Sized + Clone + PartialEq {
    /// What is expected, behind "is not".
    const EXPECTED: &'static str;
    /// Whether a wrong value is an error, and not only left out with a remark: where going on without it
    /// would do something else than the user asked for.
    const STRICT: bool = false;

    /// As people write it on one line.
    ///
    /// # Errors
    /// `Usage` with what is expected.
    fn of_text(text: &str) -> Result<Self>;

    /// The same way back.
    fn text(&self) -> String;

    /// As it stands in the file.
    fn of_item(item: &Item) -> Option<Self> {
        Self::of_text(item.as_str()?).ok()
    }

    /// The same way back.
    fn value(&self) -> Value {
        self.text().into()
    }
}

/// What does not fit.
pub(super) fn unfit<T: Setting>(text: &str) -> Error {
    let shown = super::labels::on_one_line(text, 64);
    Error::new(Code::Usage, format!("`{shown}` is not {}", T::EXPECTED))
        .with_hint("see the guide for its forms")
}

/// When warnings come before the end of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warnings {
    /// The first one, in minutes before the end.
    pub first: Option<i64>,
    /// The last one.
    pub last: Option<i64>,
}

impl Default for Warnings {
    fn default() -> Warnings {
        Warnings {
            first: Some(15),
            last: Some(5),
        }
    }
}

impl Warnings {
    fn of_minutes(minutes: &[i64]) -> Option<Warnings> {
        let fits = |it: &i64| (1..=EARLIEST).contains(it);
        match minutes {
            [] => Some(Warnings {
                first: None,
                last: None,
            }),
            [last] if fits(last) => Some(Warnings {
                first: None,
                last: Some(*last),
            }),
            [first, last] if fits(first) && fits(last) && first > last => Some(Warnings {
                first: Some(*first),
                last: Some(*last),
            }),
            _ => None,
        }
    }

    /// The minutes before the end, the greater first.
    pub fn minutes(&self) -> Vec<i64> {
        self.first.into_iter().chain(self.last).collect()
    }
}

impl Setting for Warnings {
    const EXPECTED: &'static str =
        "at most two numbers of minutes from 1 to 240, the greater first, such as [15, 5]";

    fn of_text(text: &str) -> Result<Warnings> {
        let words = text.split([',', ' ']).filter(|it| !it.is_empty());
        let none = ["none", "off"].contains(&text.trim());
        let minutes = words
            .filter(|_| !none)
            .map(str::parse)
            .collect::<Result<Vec<i64>, _>>();
        let minutes = minutes.ok().and_then(|it| Warnings::of_minutes(&it));
        minutes.ok_or_else(|| unfit::<Warnings>(text))
    }

    fn text(&self) -> String {
        let minutes: Vec<_> = self.minutes().iter().map(i64::to_string).collect();
        minutes.join(", ")
    }

    fn of_item(item: &Item) -> Option<Warnings> {
        let minutes = item.as_array()?.iter().map(Value::as_integer);
        Warnings::of_minutes(&minutes.collect::<Option<Vec<_>>>()?)
    }

    fn value(&self) -> Value {
        Value::Array(self.minutes().into_iter().collect::<Array>())
    }
}

impl Setting for Quiet {
    const EXPECTED: &'static str = "times such as `22:00-07:00`, with days before them where not all are meant: `Sat-Sun 00:00-24:00`";

    fn of_text(text: &str) -> Result<Quiet> {
        let spans = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        Quiet::of_spans(spans).ok_or_else(|| unfit::<Quiet>(text))
    }

    fn text(&self) -> String {
        self.spans().join(", ")
    }

    fn of_item(item: &Item) -> Option<Quiet> {
        let spans = item.as_array()?.iter().map(Value::as_str);
        Quiet::of_spans(spans.collect::<Option<Vec<_>>>()?.into_iter())
    }

    fn value(&self) -> Value {
        Value::Array(self.spans().into_iter().collect::<Array>())
    }
}

/// The colours of the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Those of the system.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// As users write it.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Auto => AUTO,
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

impl Setting for Theme {
    const EXPECTED: &'static str = "`auto`, `light` or `dark`";

    fn of_text(text: &str) -> Result<Theme> {
        let found = Theme::ALL.into_iter().find(|it| it.name() == text.trim());
        found.ok_or_else(|| unfit::<Theme>(text))
    }

    fn text(&self) -> String {
        self.name().to_owned()
    }
}

/// The language of the panel, as a tag such as `de` or `pt-BR`; by default the system's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language(String);

impl Default for Language {
    fn default() -> Language {
        Language(AUTO.into())
    }
}

impl Language {
    /// The tag; `None` for the system's language.
    pub fn tag(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|it| *it != AUTO)
    }
}

impl Setting for Language {
    const EXPECTED: &'static str = "`auto` or a language such as `de` or `pt-BR`";

    fn of_text(text: &str) -> Result<Language> {
        let text = text.trim();
        let part = |it: &str| {
            (1..=8).contains(&it.len()) && it.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let first = text.split('-').next().unwrap_or_default();
        let tag =
            (2..=3).contains(&first.len()) && first.bytes().all(|it| it.is_ascii_alphabetic());
        match text == AUTO || tag && text.len() <= 35 && text.split('-').all(part) {
            true => Ok(Language(text.to_owned())),
            false => Err(unfit::<Language>(text)),
        }
    }

    fn text(&self) -> String {
        self.0.clone()
    }
}

/// Keys that bring the panel up from anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hotkey(String);

impl Hotkey {
    /// Modifiers and a key, joined by `+`.
    pub fn keys(&self) -> &str {
        &self.0
    }
}

const MODIFIERS: [&str; 4] = ["Ctrl", "Alt", "Shift", "Super"];
const NAMED_KEYS: [&str; 13] = [
    "Space", "Enter", "Tab", "Insert", "Delete", "Home", "End", "PageUp", "PageDown", "Up", "Down",
    "Left", "Right",
];

fn is_key(text: &str) -> bool {
    let one = text.len() == 1
        && text
            .bytes()
            .all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
    let function = text.strip_prefix('F').and_then(|it| it.parse::<u8>().ok());
    one || NAMED_KEYS.contains(&text) || function.is_some_and(|it| (1..=24).contains(&it))
}

impl Setting for Hotkey {
    const EXPECTED: &'static str =
        "keys such as `Ctrl+Shift+Space`: one or more of Ctrl, Alt, Shift, Super, and a key";

    fn of_text(text: &str) -> Result<Hotkey> {
        let text = text.trim();
        let (modifiers, key) = text.rsplit_once('+').unwrap_or(("", text));
        let modifiers: Vec<&str> = modifiers.split('+').collect();
        let twice = |at: usize| modifiers[..at].contains(&modifiers[at]);
        let known = modifiers.iter().all(|it| MODIFIERS.contains(it));
        // Shift alone makes a capital letter.
        let fits = known && modifiers != ["Shift"] && !(0..modifiers.len()).any(twice);
        match fits && is_key(key) {
            true => Ok(Hotkey(text.to_owned())),
            false => Err(unfit::<Hotkey>(text)),
        }
    }

    fn text(&self) -> String {
        self.0.clone()
    }
}

/// How tools get the credentials of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileStyle {
    /// By AWS's own `sso_session`.
    Sso,
    /// By calling Daypass.
    Process,
}

impl Setting for ProfileStyle {
    const EXPECTED: &'static str = "`sso` or `process`";

    fn of_text(text: &str) -> Result<ProfileStyle> {
        match text.trim() {
            "sso" => Ok(ProfileStyle::Sso),
            "process" => Ok(ProfileStyle::Process),
            _ => Err(unfit::<ProfileStyle>(text)),
        }
    }

    fn text(&self) -> String {
        match self {
            ProfileStyle::Sso => "sso".into(),
            ProfileStyle::Process => "process".into(),
        }
    }
}

/// Declares a setting that is a text of some form.
macro_rules! text {
    ($(#[$about:meta])* $name:ident, $expected:expr, $fits:expr, strict: $strict:expr) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(pub(super) String);

        impl $name {
            /// As it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Setting for $name {
            const EXPECTED: &'static str = $expected;
            const STRICT: bool = $strict;

            fn of_text(text: &str) -> Result<$name> {
                let fits: fn(&str) -> bool = $fits;
                let is_line = text.is_empty() || super::labels::check_line(text, LONGEST);
                match fits(text) && is_line {
                    true => Ok($name(text.to_owned())),
                    false => Err(unfit::<$name>(text)),
                }
            }

            fn text(&self) -> String {
                self.0.clone()
            }
        }
    };
}

text!(
    /// How names of profiles are built. Whether its places are known is seen where names are built.
    Template,
    "a template of names such as `{account_name}-{role}`",
    |it| it.contains('{') && it.len() <= 256,
    strict: false
);
text!(
    /// The Region that new profiles name.
    Region,
    "a Region such as `eu-central-1`",
    |it| portal_url::partition_of(it).is_some(),
    strict: false
);
text!(
    /// The output format that new profiles name.
    Output,
    "an output format: json, yaml, yaml-stream, text, table or off",
    |it| OUTPUTS.contains(&it),
    strict: false
);
/// A proxy, which may hold a password, or the hosts that need none.
#[derive(Clone, PartialEq, Eq)]
pub struct Way(String);

impl Way {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same without a name and password in it.
    pub fn shown(&self) -> String {
        match (self.0.split_once("://"), self.0.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{HIDDEN}@{host}"),
            (None, Some((_, host))) => format!("{HIDDEN}@{host}"),
            (_, None) => self.0.clone(),
        }
    }
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Setting for Way {
    const EXPECTED: &'static str = "a text without a password left out";
    const STRICT: bool = true;

    fn of_text(text: &str) -> Result<Way> {
        let fits = text.is_empty() || super::labels::check_line(text, LONGEST);
        match fits && !text.contains(HIDDEN) {
            true => Ok(Way(text.to_owned())),
            // The text may hold a password: it is not quoted.
            false => Err(
                Error::new(Code::Usage, format!("that is not {}", Way::EXPECTED))
                    .with_hint("write the whole of it anew"),
            ),
        }
    }

    fn text(&self) -> String {
        self.0.clone()
    }
}

text!(
    /// A file by its whole path.
    File,
    "the path of a file",
    |_| true,
    strict: true
);

#[cfg(test)]
mod tests {
    use super::*;

    fn reads<T: Setting>(good: &[&str], bad: &[&str]) {
        for text in good {
            let value = T::of_text(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            let again = T::of_text(&value.text()).unwrap();
            assert!(again == value, "{text}");
            let item = Item::Value(value.value());
            assert!(T::of_item(&item).unwrap() == value, "{item}");
        }
        for text in bad {
            let error = T::of_text(text).err();
            let error = error.unwrap_or_else(|| panic!("{text} was taken"));
            assert!(error.message().ends_with(T::EXPECTED), "{error:?}");
        }
    }

    #[test]
    fn the_password_of_a_proxy_is_not_shown_and_not_taken_for_written() {
        let way = Way::of_text("http://mara:hunter2@proxy:3128").unwrap();
        assert_eq!(way.shown(), "http://…@proxy:3128");
        assert_eq!(format!("{way:?}"), "http://…@proxy:3128");
        let error = Way::of_text("http://hunter2…@proxy").unwrap_err();
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        assert_eq!(
            Way::of_text("localhost,.corp").unwrap().shown(),
            "localhost,.corp"
        );
    }

    #[test]
    fn forms() {
        reads::<Warnings>(
            &["15, 5", "10", "", "off", "240 1"],
            &["5, 15", "5,5", "0", "241", "15,10,5", "soon", "-3"],
        );
        reads::<Theme>(&["auto", "light", "dark"], &["", "black", "Dark"]);
        reads::<Language>(
            &["auto", "de", "pt-BR", "zh-Hant-TW", "gsw"],
            &["", "x", "deutsch-", "../de", "d e", "1a", "de--AT"],
        );
        reads::<Hotkey>(
            &[
                "Ctrl+Shift+Space",
                "Super+D",
                "Alt+F4",
                "Ctrl+Alt+Shift+Super+9",
            ],
            &[
                "",
                "Space",
                "Shift+A",
                "Ctrl+",
                "Ctrl+Ctrl+A",
                "Hyper+A",
                "Ctrl+a",
                "Ctrl+F25",
                "+A",
            ],
        );
        reads::<ProfileStyle>(&["sso", "process"], &["", "both"]);
        reads::<Template>(&["{account_name}-{role}"], &["", "fixed", "{role}\n"]);
        reads::<Region>(
            &["eu-central-1", "us-gov-west-1"],
            &["", "moon", "EU-CENTRAL-1"],
        );
        reads::<Output>(&["json", "off"], &["", "xml"]);
    }
}
