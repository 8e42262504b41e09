//! The desktop's own words, from the same message files as the page's, in the language of the user.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

mod pattern;

pub(crate) use pattern::Value;

/// The languages that Daypass speaks, each a folder of `ui/messages/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Language {
    English,
    German,
}

type Table = BTreeMap<String, String>;

static ENGLISH: LazyLock<Table> =
    LazyLock::new(|| table(include_str!("../../ui/messages/en/desktop.json")));
static GERMAN: LazyLock<Table> =
    LazyLock::new(|| table(include_str!("../../ui/messages/de/desktop.json")));
/// What is spoken now, as its place in `ALL`.
static SPOKEN: AtomicU8 = AtomicU8::new(0);

/// A file of messages that is none has no words; a test reads them all.
fn table(file: &str) -> Table {
    serde_json::from_str(file).unwrap_or_default()
}

impl Language {
    pub(crate) const ALL: [Language; 2] = [Language::English, Language::German];

    /// Its code, as in the settings and in `ui/messages/`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// The first of these that Daypass speaks, `de-AT` as `de`; English where it speaks none.
    pub(crate) fn first_of(wanted: impl IntoIterator<Item = String>) -> Language {
        let spoken = |wanted: String| {
            let code = wanted.split(['-', '_', '.']).next()?.to_owned();
            Language::ALL.into_iter().find(|it| it.code() == code)
        };
        wanted
            .into_iter()
            .find_map(spoken)
            .unwrap_or(Language::English)
    }

    /// The one that the settings name by its tag, or the system's.
    pub(crate) fn chosen(tag: Option<&str>) -> Language {
        let tag = tag.map(str::to_owned);
        Language::first_of(tag.into_iter().chain(sys_locale::get_locales()))
    }

    /// From now on the tray and notifications speak this one.
    pub(crate) fn speak(self) {
        SPOKEN.store(self as u8, Ordering::Relaxed);
    }

    /// What they speak.
    pub(crate) fn spoken() -> Language {
        let at = usize::from(SPOKEN.load(Ordering::Relaxed));
        Language::ALL.get(at).copied().unwrap_or(Language::English)
    }

    /// A message without placeholders.
    pub(crate) fn say(self, key: Key) -> String {
        self.fill(key, &[])
    }

    /// A message with what stands in its places.
    pub(crate) fn fill(self, key: Key, given: &[(&str, Value<'_>)]) -> String {
        let table = match self {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
        };
        let message = table.get(key.name()).map_or("", String::as_str);
        pattern::fill(message, given)
    }
}

/// Declares the keys of `desktop.json`; a test holds them to the files.
macro_rules! keys {
    ($($key:ident = $name:literal,)*) => {
        /// Every message of the desktop.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Key { $($key,)* }

        impl Key {
            #[cfg(test)]
            const ALL: &[Key] = &[$(Key::$key,)*];

            fn name(self) -> &'static str {
                match self { $(Key::$key => $name,)* }
            }
        }
    };
}

keys! {
    Open = "open",
    Search = "search",
    Settings = "settings",
    Quit = "quit",
    SignInAgain = "sign-in-again",
    Snooze = "snooze",
    Mute = "mute",
    Unmute = "unmute",
    WithoutButtons = "without-buttons",
    DayAndClock = "day-and-clock",
    AtClock = "at-clock",
    AtDay = "at-day",
    AroundClock = "around-clock",
    AroundDay = "around-day",
    Month1 = "month-1",
    Month2 = "month-2",
    Month3 = "month-3",
    Month4 = "month-4",
    Month5 = "month-5",
    Month6 = "month-6",
    Month7 = "month-7",
    Month8 = "month-8",
    Month9 = "month-9",
    Month10 = "month-10",
    Month11 = "month-11",
    Month12 = "month-12",
    GoOn = "go-on",
    NameWhat = "name-what",
    ItWhat = "it-what",
    EndsSoon = "ends-soon",
    Ends = "ends",
    UsuallyEnds = "usually-ends",
    EndsIn = "ends-in",
    MayEndIn = "may-end-in",
    HasEnded = "has-ended",
    SignInWhenNeeded = "sign-in-when-needed",
    SeveralEnd = "several-end",
    SeveralEnded = "several-ended",
    EndedAndEnding = "ended-and-ending",
    AndMore = "and-more",
    Status = "status",
    StatusOfUser = "status-of-user",
    CannotBeRead = "cannot-be-read",
    SignedOut = "signed-out",
    SigningIn = "signing-in",
    EndsWithin5 = "ends-within-5",
    CannotReach = "cannot-reach",
    CannotReachNext = "cannot-reach-next",
    NeedsALook = "needs-a-look",
    SignedInUsuallyEnds = "signed-in-usually-ends",
    SignedInEnds = "signed-in-ends",
    SignedInRenews = "signed-in-renews",
    SignedIn = "signed-in",
    MutedUntil = "muted-until",
    StopServing = "stop-serving",
    SignInTo = "sign-in-to",
    SignInAgainTo = "sign-in-again-to",
}

/// The name of a month, counted from 1; those are messages too.
pub(crate) fn month(number: i8) -> Key {
    const MONTHS: [Key; 12] = [
        Key::Month1,
        Key::Month2,
        Key::Month3,
        Key::Month4,
        Key::Month5,
        Key::Month6,
        Key::Month7,
        Key::Month8,
        Key::Month9,
        Key::Month10,
        Key::Month11,
        Key::Month12,
    ];
    let at = usize::try_from(number.clamp(1, 12) - 1).unwrap_or(0);
    MONTHS.get(at).copied().unwrap_or(Key::Month1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_key_and_no_other() {
        let mut keys: Vec<_> = Key::ALL.iter().map(|it| it.name().to_owned()).collect();
        keys.sort();
        for table in [&ENGLISH, &GERMAN] {
            assert_eq!(table.keys().cloned().collect::<Vec<_>>(), keys);
            assert!(table.values().all(|it| pattern::is_sound(it)));
        }
    }

    #[test]
    fn the_first_wanted_that_is_spoken_is_taken() {
        for (wanted, language) in [
            (&["de-AT", "en"][..], Language::German),
            (&["fr-FR", "de"][..], Language::German),
            (&["en_GB.UTF-8", "de"][..], Language::English),
            (&["C", "POSIX"][..], Language::English),
            (&[][..], Language::English),
        ] {
            let wanted = wanted.iter().map(ToString::to_string);
            assert_eq!(Language::first_of(wanted), language);
        }
    }

    #[test]
    fn months_follow_the_language() {
        let said = |language: Language| {
            (1..=12)
                .map(|it| language.say(month(it)))
                .collect::<Vec<_>>()
        };
        assert_eq!(said(Language::English)[2], "March");
        assert_eq!(said(Language::German)[2], "März");
        let mut all = said(Language::German);
        all.dedup();
        assert_eq!(all.len(), 12);
    }
}
