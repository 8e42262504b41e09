//! What consoles were opened with lately: places by account, browsers, and who is open in which of them.
//! Bounded, private, and nobody's loss: a file that cannot be read begins anew.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Assignment;
use crate::host::files::{self, Mode};
use crate::host::{Host, lock};
use crate::{Code, Error, Result};

const VERSION: u32 = 1;
/// So many places are kept of one account, and of all.
const PLACES_OF_ONE: usize = 8;
const PLACES: usize = 500;
/// A longer place is not kept, in bytes.
const LONGEST: usize = 2_048;
/// So many browsers are kept.
const BROWSERS: usize = 5;
/// So many openings are kept.
const OPENINGS: usize = 200;
/// So long a browser keeps its sessions of the console.
const LIFE: SignedDuration = SignedDuration::from_hours(12);
/// So many identities have room in one browser's console, where that holds several.
const ROOM: usize = 5;

/// What was used lately, the latest first.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Lately {
    version: u32,
    #[serde(default)]
    places: Vec<Placed>,
    #[serde(default)]
    browsers: Vec<String>,
    #[serde(default)]
    openings: Vec<Opened>,
    /// The browsers whose room was spoken of.
    #[serde(default)]
    told: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
struct Placed {
    session: String,
    account_id: String,
    place: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
struct Opened {
    browser: String,
    session: String,
    account_id: String,
    role: String,
    at: Timestamp,
}

impl Lately {
    /// The places of an account, the latest first.
    pub fn places(&self, session: &str, account_id: &str) -> impl Iterator<Item = &str> {
        let of = move |it: &&Placed| it.session == session && it.account_id == account_id;
        self.places.iter().filter(of).map(|it| it.place.as_str())
    }

    /// The browsers that were asked for, the latest first.
    pub fn browsers(&self) -> &[String] {
        &self.browsers
    }

    /// Notes a place of an account.
    pub fn went_to(&mut self, assignment: &Assignment, place: &str) {
        if place.is_empty() || place.len() > LONGEST {
            return;
        }
        let new = Placed {
            session: assignment.session.clone(),
            account_id: assignment.account_id.clone(),
            place: place.to_owned(),
        };
        let of = |it: &Placed| it.session == new.session && it.account_id == new.account_id;
        self.places.retain(|it| *it != new);
        let mut left = PLACES_OF_ONE - 1;
        self.places.retain(|it| {
            let stays = !of(it) || left > 0;
            left -= usize::from(of(it) && left > 0);
            stays
        });
        self.places.insert(0, new);
        self.places.truncate(PLACES);
    }

    /// Notes a browser that was asked for.
    pub fn asked_for(&mut self, browser: &str) {
        self.browsers.retain(|it| it != browser);
        self.browsers.insert(0, browser.to_owned());
        self.browsers.truncate(BROWSERS);
    }

    /// Notes that a console opened in a browser. True where more identities are open there than have room,
    /// as far as Daypass opened them, and that was not said of this browser before.
    pub fn opened(&mut self, assignment: &Assignment, browser: &str, now: Timestamp) -> bool {
        let Assignment {
            session,
            account_id,
            role,
        } = assignment.clone();
        let new = Opened {
            browser: browser.to_owned(),
            session,
            account_id,
            role,
            at: now,
        };
        let same = |it: &Opened| it.is_of(&new) && it.browser == new.browser;
        let lives = |it: &Opened| now.duration_since(it.at).abs() < LIFE;
        self.openings.retain(|it| lives(it) && !same(it));
        self.openings.insert(0, new);
        self.openings.truncate(OPENINGS);
        let here = self.openings.iter().filter(|it| it.browser == browser);
        let full = here.count() > ROOM && !self.told.iter().any(|it| it == browser);
        if full {
            self.told.push(browser.to_owned());
            self.told.truncate(OPENINGS);
        }
        full
    }

    /// A session has another name.
    pub fn rename(&mut self, old: &str, new: &str) {
        let places = self.places.iter_mut().map(|it| &mut it.session);
        let openings = self.openings.iter_mut().map(|it| &mut it.session);
        let of_old = places.chain(openings).filter(|it| *it == old);
        of_old.for_each(|it| new.clone_into(it));
    }

    /// Forgets a session that is removed.
    pub fn forget(&mut self, session: &str) {
        self.places.retain(|it| it.session != session);
        self.openings.retain(|it| it.session != session);
    }
}

impl Opened {
    fn is_of(&self, other: &Opened) -> bool {
        (&self.session, &self.account_id, &self.role)
            == (&other.session, &other.account_id, &other.role)
    }
}

/// Reads what is kept; nothing where it cannot be read.
pub fn load(host: &Host) -> Lately {
    let bytes = files::read(&path(host)).ok().flatten();
    let read = bytes.and_then(|it| serde_json::from_slice::<Lately>(&it).ok());
    read.filter(|it| it.version == VERSION).unwrap_or_default()
}

/// Changes it in one step, after reading it again under a lock.
///
/// # Errors
/// `StorageFailed`.
pub async fn update<T>(host: &Host, change: impl FnOnce(&mut Lately) -> T) -> Result<T> {
    let _lock = lock::take(&host.paths.state.join("locks"), "lately").await?;
    let before = load(host);
    let mut lately = before.clone();
    let answer = change(&mut lately);
    if lately == before {
        return Ok(answer);
    }
    lately.version = VERSION;
    let json = serde_json::to_vec(&lately).unwrap_or_default();
    files::private_folder(&host.paths.state)
        .and_then(|()| files::replace(&path(host), &json, Mode::Private))
        .map_err(|error| {
            let message = "recent places could not be written";
            Error::new(Code::StorageFailed, message).because(error)
        })?;
    Ok(answer)
}

fn path(host: &Host) -> PathBuf {
    host.paths.state.join("lately.json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Clock, Env};

    fn assignment(account: usize, role: &str) -> Assignment {
        Assignment {
            session: "work".into(),
            account_id: format!("{account:012}"),
            role: role.into(),
        }
    }

    #[test]
    fn places_are_kept_by_account_and_bounded() {
        let mut lately = Lately::default();
        let one = assignment(1, "A");
        for place in ["s3", "ec2", "s3"] {
            lately.went_to(&one, place);
        }
        let places = |it: &Lately| {
            it.places("work", "000000000001")
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(places(&lately), "s3 ec2");
        // Another permission set of the account has the same places, another account has not.
        lately.went_to(&assignment(1, "B"), "iam");
        assert_eq!(places(&lately), "iam s3 ec2");
        assert_eq!(lately.places("work", "000000000002").count(), 0);
        (0..20).for_each(|it| lately.went_to(&one, &format!("p{it}")));
        assert_eq!(places(&lately), "p19 p18 p17 p16 p15 p14 p13 p12");
        lately.went_to(&one, &"x".repeat(LONGEST + 1));
        (0..1_000).for_each(|it| lately.went_to(&assignment(it, "A"), "s3"));
        assert_eq!(lately.places.len(), PLACES);
        lately.went_to(&one, "s3");
        lately.rename("work", "job");
        assert_eq!(lately.places("work", "000000000001").count(), 0);
        assert_eq!(lately.places("job", "000000000001").next(), Some("s3"));
        lately.forget("job");
        assert_eq!(lately.places.len() + lately.openings.len(), 0);
    }

    #[test]
    fn the_sixth_identity_of_a_browser_is_told_once() {
        let mut lately = Lately::default();
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        for at in 0..5 {
            assert!(!lately.opened(&assignment(at, "A"), "default", now));
            assert!(
                !lately.opened(&assignment(at, "A"), "default", now),
                "again"
            );
            assert!(!lately.opened(&assignment(at, "A"), "chrome:Work", now));
        }
        assert!(lately.opened(&assignment(0, "B"), "default", now));
        assert!(!lately.opened(&assignment(9, "B"), "default", now), "once");
        // What was opened half a day ago has ended.
        let later = now + LIFE;
        assert!(!lately.opened(&assignment(7, "A"), "chrome:Work", later));
        assert_eq!(lately.openings.len(), 1);
        // A clock that was set back loses nothing but this.
        assert!(!lately.opened(&assignment(8, "A"), "chrome:Work", now - LIFE));
    }

    #[tokio::test]
    async fn it_is_kept_and_begins_anew_where_it_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let env = Env::table::<String, String>([]);
        let host = Host::fake(folder.path(), env, Clock::real());
        for browser in ["a", "b", "c", "d", "e", "f", "b"] {
            update(&host, |it| it.asked_for(browser)).await.unwrap();
        }
        assert_eq!(load(&host).browsers(), ["b", "f", "e", "d", "c"]);
        for text in ["", "{", "{\"version\":9}", "[]"] {
            files::replace(&path(&host), text.as_bytes(), Mode::Private).unwrap();
            assert_eq!(load(&host), Lately::default(), "{text}");
        }
    }
}
