//! A notification server that writes down what it is asked to show, and can press its buttons.

use crate::bus::Bus;
use crate::waiting::{PATIENCE, until, until_true};
use crate::{Context, Result};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zbus::blocking::Connection;
use zbus::zvariant::OwnedValue;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// Why a notification is gone, in the words of the specification.
const BY_THE_USER: u32 = 2;
const BY_ITS_OWNER: u32 = 3;

/// One notification, as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The number that the server gave it.
    pub id: u32,
    /// The number of the notification that it takes the place of; 0 for none.
    pub replaces: u32,
    /// The program's name for itself.
    pub from: String,
    /// The title.
    pub summary: String,
    /// The text.
    pub body: String,
    /// The buttons: key and label.
    pub actions: Vec<(String, String)>,
    /// 0 low, 1 normal, 2 critical; none where it was not said.
    pub urgency: Option<u8>,
    /// Whether it asked for no sound.
    pub quiet: bool,
}

impl Shown {
    /// The key of the button with that label.
    pub fn key(&self, label: &str) -> Result<&str> {
        let button = self.actions.iter().find(|(_, known)| known == label);
        let (key, _) = button.with_context(|| format!("no button {label}: {self:?}"))?;
        Ok(key)
    }
}

/// What the user can do with notifications here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buttons {
    /// The server shows buttons.
    Shown,
    /// The server only shows text, as some do.
    Missing,
}

/// The server; it leaves the bus when dropped.
#[derive(Debug)]
pub struct Notifications {
    connection: Connection,
    book: Arc<Mutex<Book>>,
}

/// What was asked for, and what is on the screen.
#[derive(Debug, Default)]
struct Book {
    shown: Vec<Shown>,
    standing: Vec<u32>,
}

impl Notifications {
    /// Takes the well-known name and begins to write down.
    pub fn serve(bus: &Bus, buttons: Buttons) -> Result<Self> {
        let book = Arc::default();
        let server = Server {
            buttons,
            book: Arc::clone(&book),
        };
        let builder = zbus::blocking::connection::Builder::address(bus.address().as_str())?;
        let connection = builder.serve_at(PATH, server)?.name(NAME)?.build();
        Ok(Self {
            connection: connection.context("becoming the notification server")?,
            book,
        })
    }

    /// All notifications so far, replaced ones and those that are gone, too.
    pub fn shown(&self) -> Vec<Shown> {
        locked(&self.book).shown.clone()
    }

    /// Those that are on the screen, as they read now.
    pub fn standing(&self) -> Vec<Shown> {
        let book = locked(&self.book);
        let latest = |id: &u32| book.shown.iter().rev().find(|shown| shown.id == *id);
        book.standing.iter().filter_map(latest).cloned().collect()
    }

    /// Waits until none is on the screen.
    pub fn wait_until_gone(&self) -> Result<()> {
        until_true(PATIENCE, "an empty screen", || {
            Ok(self.standing().is_empty())
        })
    }

    /// Waits for a notification that `fits`.
    pub fn wait_for(&self, awaited: &str, fits: impl Fn(&Shown) -> bool) -> Result<Shown> {
        let awaited = format!("a notification: {awaited}");
        until(PATIENCE, &awaited, || {
            Ok(self.shown().into_iter().find(|shown| fits(shown)))
        })
    }

    /// Presses the button of that key, which ends the notification.
    pub fn press(&self, id: u32, key: &str) -> Result<()> {
        self.emit("ActionInvoked", &(id, key))?;
        self.dismiss(id)
    }

    /// Closes it as the user would.
    pub fn dismiss(&self, id: u32) -> Result<()> {
        locked(&self.book).standing.retain(|other| *other != id);
        self.emit("NotificationClosed", &(id, BY_THE_USER))
    }

    fn emit<B>(&self, signal: &str, body: &B) -> Result<()>
    where
        B: zbus::export::serde::Serialize + zbus::zvariant::DynamicType,
    {
        let sent = self
            .connection
            .emit_signal(None::<&str>, PATH, NAME, signal, body);
        sent.with_context(|| format!("sending {signal}"))
    }
}

struct Server {
    buttons: Buttons,
    book: Arc<Mutex<Book>>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Server {
    #[expect(clippy::too_many_arguments, reason = "the specification has that many")]
    fn notify(
        &self,
        app_name: String,
        replaces_id: u32,
        _app_icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        let mut book = locked(&self.book);
        let number = u32::try_from(book.shown.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let id = if replaces_id == 0 {
            number
        } else {
            replaces_id
        };
        let actions = actions.chunks(2).filter_map(pair).collect();
        let urgency = hints
            .get("urgency")
            .and_then(|value| u8::try_from(value).ok());
        let quiet = hints.get("suppress-sound");
        let quiet = quiet.is_some_and(|value| bool::try_from(value).unwrap_or(false));
        let from = app_name;
        book.shown.push(Shown {
            id,
            replaces: replaces_id,
            from,
            summary,
            body,
            actions,
            urgency,
            quiet,
        });
        if !book.standing.contains(&id) {
            book.standing.push(id);
        }
        id
    }

    async fn close_notification(
        &self,
        id: u32,
        #[zbus(connection)] connection: &zbus::Connection,
    ) -> zbus::fdo::Result<()> {
        let was_there = {
            let mut book = locked(&self.book);
            let before = book.standing.len();
            book.standing.retain(|other| *other != id);
            book.standing.len() < before
        };
        if was_there {
            let body = &(id, BY_ITS_OWNER);
            let nobody = None::<zbus::names::BusName<'_>>;
            connection
                .emit_signal(nobody, PATH, NAME, "NotificationClosed", body)
                .await?;
        }
        Ok(())
    }

    fn get_capabilities(&self) -> Vec<&str> {
        match self.buttons {
            Buttons::Shown => vec!["actions", "body", "persistence"],
            Buttons::Missing => vec!["body"],
        }
    }

    fn get_server_information(&self) -> (&str, &str, &str, &str) {
        ("Testkit", "Daypass", "1", "1.2")
    }
}

fn pair(of: &[String]) -> Option<(String, String)> {
    let [key, label] = of else { return None };
    Some((key.clone(), label.clone()))
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
