//! Opening pages in the browser that the user wants: which one that is for a row, and what was wanted lately.

use url::Url;

use super::places::title;
use super::{ConsoleWish, Daypass};
use crate::Result;
use crate::accounts::labels::{Opens, Source, Subject};
use crate::accounts::{Assignment, lately};
use crate::console::Place;
use crate::console::browsers::{self, Browser, Way};
use crate::settings::{Via, Wish};

/// Said once of a browser. Daypass cannot see the browser's sessions: it knows what it opened there.
const FULL: &str = "This is the sixth identity that you opened in this browser within 12 hours. The \
    console holds five at once, and only where its multi-session support is on: if it says that there \
    is no room, sign out of one in its list of sessions, or open this one in another browser profile, \
    container or private window.";

/// How the console of a row opens where nothing else is asked for, and who decides; nobody but the session
/// where no source is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manner {
    /// In which browser.
    pub browser: Wish,
    /// Who chose it.
    pub browser_source: Option<Source>,
    /// By which kind of link.
    pub via: Via,
    /// Who chose it.
    pub via_source: Option<Source>,
}

/// A place that a console opened at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentPlace {
    /// As it is asked for again.
    pub place: String,
    /// What it is called.
    pub title: String,
}

impl Daypass {
    /// The browsers of this machine and their profiles.
    pub fn browsers(&self) -> Vec<Browser> {
        browsers::detect(self.host())
    }

    /// Whether what is wished for is here.
    ///
    /// # Errors
    /// `BrowserMissing` with what is here instead.
    pub fn check_browser(&self, wish: &Wish) -> Result<()> {
        self.way(wish).map(drop)
    }

    /// All ways to open a page in them.
    pub fn browser_choices(&self) -> Vec<browsers::Choice> {
        browsers::choices(&self.browsers())
    }

    /// A browser by the name that a page gives it. A page brings no command: it may only name one that the
    /// user's own choices hold already.
    ///
    /// # Errors
    /// `Usage`.
    pub fn browser_named(&self, text: &str) -> Result<Wish> {
        let mut commands = self.commands().into_iter();
        let command = commands.find(|it| it.to_string() == text);
        command.map_or_else(|| Wish::named(text), Ok)
    }

    /// The commands that open a browser, wherever the user put them.
    fn commands(&self) -> Vec<Wish> {
        let world = self.world();
        let settings = &world.settings;
        let sessions = settings.sessions.iter().map(|it| &it.browsers);
        let sessions = sessions.flat_map(|it| [&it.sign_in, &it.console]);
        let labels = settings.labels.iter().map(|it| &it.opens);
        let rules = settings.rules.iter().map(|it| &it.opens);
        let choices = world.marks.chosen().map(|(_, it)| &it.opens);
        let openings = labels.chain(rules).chain(choices);
        let wishes = sessions.chain(openings.filter_map(|it| it.browser.as_ref()));
        let commands = wishes.filter(|it| matches!(it, Wish::Command(_)));
        commands.cloned().collect()
    }

    /// How the console of an assignment, or of an account, opens: its own choice, else that for its
    /// account, the last rule that fits, its label, its session.
    ///
    /// # Errors
    /// `SessionUnknown`.
    pub fn manner(&self, subject: &Subject) -> Result<Manner> {
        let session = self.settings_of(subject.session())?;
        let Opens { browser, via } = self.opens(subject);
        let (browser, browser_source) = parted(browser);
        let (via, via_source) = parted(via);
        Ok(Manner {
            browser: browser.unwrap_or(session.browsers.console),
            browser_source,
            via: via.unwrap_or(session.browsers.via),
            via_source,
        })
    }

    /// What anything beside its session says of an account or an assignment.
    pub fn opens(&self, subject: &Subject) -> Opens {
        let account = self.account_or_blank(subject.session(), subject.account_id());
        let looks = self.looks();
        looks.at(subject.session(), &account).opens(subject.role())
    }

    /// The browsers that were asked for lately, the latest first; those that are gone too.
    pub fn recent_browsers(&self) -> Vec<Wish> {
        let lately = lately::load(self.host());
        let browsers = lately.browsers().iter();
        browsers.filter_map(|it| Wish::named(it).ok()).collect()
    }

    /// The places that consoles of an account opened at, the latest first.
    pub fn recent_places(&self, session: &str, account_id: &str) -> Vec<RecentPlace> {
        let lately = lately::load(self.host());
        let places = lately.places(session, account_id);
        let recent = places.filter_map(|it| {
            let place = it.to_owned();
            let title = title(&Place::parse(it).ok()?);
            Some(RecentPlace { place, title })
        });
        recent.collect()
    }

    /// Notes what a console opened with, and answers with what to say of it. That it cannot be noted does
    /// not undo the opening.
    pub(super) async fn note_opening(
        &self,
        assignment: &Assignment,
        wish: &ConsoleWish,
        browser: &Wish,
    ) -> Option<String> {
        let place = wish.place.as_deref().unwrap_or_default();
        let place = Place::parse(place).ok().and_then(|it| it.text());
        let asked = wish.browser.as_ref().filter(|it| is_named(it));
        let now = self.now();
        let noted = lately::update(self.host(), |lately| {
            if let Some(place) = &place {
                lately.went_to(assignment, place);
            }
            if let Some(asked) = asked {
                lately.asked_for(&asked.to_string());
            }
            lately.opened(assignment, &browser.to_string(), now)
        });
        match noted.await {
            Ok(full) => full.then(|| FULL.to_owned()),
            Err(error) => {
                tracing::warn!(?error, "what was opened is not remembered");
                None
            }
        }
    }

    /// The way that is wished for; `None` for the system's default browser. Browsers are looked for
    /// only where one is named.
    ///
    /// # Errors
    /// As of `check_browser`.
    pub(super) fn way(&self, wish: &Wish) -> Result<Option<Way>> {
        let browsers = match wish {
            Wish::Browser { .. } => self.browsers(),
            Wish::Default | Wish::Command(_) => Vec::new(),
        };
        browsers::way(&browsers, wish)
    }

    /// Opens an address that way.
    ///
    /// # Errors
    /// `BrowserMissing` where nothing could be started.
    pub(super) fn open_by(&self, way: Option<&Way>, address: &Url) -> Result<()> {
        let opener = &self.host().opener;
        match way {
            Some(way) => opener.open_by(&way.to(address), address),
            None => opener.open(address),
        }
    }

    /// Opens an address as wished.
    ///
    /// # Errors
    /// As of `check_browser` and `open_by`.
    pub(super) fn open_in(&self, wish: &Wish, address: &Url) -> Result<()> {
        self.open_by(self.way(wish)?.as_ref(), address)
    }
}

fn parted<T>(said: Option<(T, Source)>) -> (Option<T>, Option<Source>) {
    said.map_or((None, None), |(it, source)| (Some(it), Some(source)))
}

/// Commands are the settings' own, and nothing to choose again.
fn is_named(wish: &Wish) -> bool {
    matches!(wish, Wish::Browser { .. })
}
