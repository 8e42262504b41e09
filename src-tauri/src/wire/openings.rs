//! How consoles open: in which browser, and by which kind of link; who decides, and what there is to choose.

use daypass_core::accounts::labels::Source;
use daypass_core::console::browsers;
use daypass_core::daypass::{self as core, Daypass};
use daypass_core::settings;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Copy, Deserialize, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Via {
    Federation,
    Portal,
}

impl From<settings::Via> for Via {
    fn from(it: settings::Via) -> Via {
        match it {
            settings::Via::Federation => Via::Federation,
            settings::Via::Portal => Via::Portal,
        }
    }
}

impl From<Via> for settings::Via {
    fn from(it: Via) -> settings::Via {
        match it {
            Via::Federation => settings::Via::Federation,
            Via::Portal => settings::Via::Portal,
        }
    }
}

/// Null where nothing is said. A browser is named as the command line names it.
#[derive(Clone, Default, Deserialize, Serialize, TS)]
pub(crate) struct Opening {
    browser: Option<String>,
    via: Option<Via>,
}

impl From<&settings::Opening> for Opening {
    fn from(it: &settings::Opening) -> Opening {
        Opening {
            browser: it.browser.as_ref().map(ToString::to_string),
            via: it.via.map(Via::from),
        }
    }
}

impl Opening {
    /// What the page says; it brings no command of its own.
    pub(crate) fn of_page(self, core: &Daypass) -> daypass_core::Result<settings::Opening> {
        let browser = self.browser.map(|it| core.browser_named(&it)).transpose()?;
        Ok(settings::Opening {
            browser,
            via: self.via.map(Into::into),
        })
    }
}

/// Who decides; the session where it is null.
#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decider {
    Assignment,
    Account,
    Rule,
    Label,
}

impl From<Source> for Decider {
    fn from(it: Source) -> Decider {
        match it {
            Source::Assignment => Decider::Assignment,
            Source::Account => Decider::Account,
            Source::Rule => Decider::Rule,
            Source::Label => Decider::Label,
        }
    }
}

/// One way to open a page. Names are the user's own, from the browser's files.
#[derive(Clone, Serialize, TS)]
pub(crate) struct BrowserChoice {
    /// As it is chosen.
    browser: String,
    title: &'static str,
    profile: Option<String>,
    container: Option<String>,
    private: bool,
}

impl From<browsers::Choice> for BrowserChoice {
    fn from(it: browsers::Choice) -> BrowserChoice {
        BrowserChoice {
            browser: it.wish.to_string(),
            title: it.title,
            profile: it.profile,
            container: it.container,
            private: it.private,
        }
    }
}

/// How a row opens now, and what else there is.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Openings {
    choices: Vec<BrowserChoice>,
    /// Chosen lately, the latest first; also what is not here any more.
    recent: Vec<String>,
    browser: String,
    browser_by: Option<Decider>,
    via: Via,
    via_by: Option<Decider>,
}

impl Openings {
    pub(crate) fn of(
        manner: core::Manner,
        choices: Vec<browsers::Choice>,
        recent: Vec<settings::Wish>,
    ) -> Openings {
        Openings {
            choices: choices.into_iter().map(BrowserChoice::from).collect(),
            recent: recent.iter().map(ToString::to_string).collect(),
            browser: manner.browser.to_string(),
            browser_by: manner.browser_source.map(Decider::from),
            via: manner.via.into(),
            via_by: manner.via_source.map(Decider::from),
        }
    }
}

/// A place that a console of the account opened at.
#[derive(Clone, Serialize, TS)]
pub(crate) struct RecentPlace {
    /// As it is asked for again.
    place: String,
    title: String,
}

impl From<core::RecentPlace> for RecentPlace {
    fn from(it: core::RecentPlace) -> RecentPlace {
        RecentPlace {
            place: it.place,
            title: it.title,
        }
    }
}
