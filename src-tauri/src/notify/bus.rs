//! The notification server of a Linux desktop, by the Desktop Notifications Specification on D-Bus.
//! One connection and no thread that waits; a server that is absent, leaves or comes back is normal.

use std::collections::HashMap;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use zbus::export::futures_core::Stream;
use zbus::message::Type;
use zbus::zvariant::{DynamicType, Value};
use zbus::{Connection, MatchRule, Message, MessageStream};

use super::{Button, Event, Tone};
use crate::language::{Key, Language};
use crate::words::Told;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// A server that hangs is as good as none.
const PATIENCE: Duration = Duration::from_secs(5);
/// Signals of all programs come here; none may be lost while a call waits.
const QUEUE: usize = 256;

const BODY: &str = "default";
const SIGN_IN: &str = "sign-in";
const SNOOZE: &str = "snooze";

/// The server, and the number of our notification there; 0 for none.
#[derive(Default)]
pub(super) struct Server {
    bus: Option<Bus>,
    id: u32,
}

struct Bus {
    connection: Connection,
    /// What the server tells of notifications.
    told: MessageStream,
    /// Who the server is.
    owners: MessageStream,
}

impl Server {
    /// Begins to listen; without a bus it is tried again with the next notification.
    pub(super) async fn connect(&mut self) {
        match Bus::connect().await {
            Ok(bus) => self.bus = Some(bus),
            Err(error) => tracing::info!(%error, "there is no session bus for notifications"),
        }
    }

    /// Shows a text in the place of the one before.
    pub(super) async fn show(&mut self, text: &Told, tone: Tone) -> zbus::Result<()> {
        if self.bus.is_none() {
            (self.bus, self.id) = (Some(Bus::connect().await?), 0);
        }
        let Some(bus) = &self.bus else { return Ok(()) };
        self.id = bus.notify(self.id, text, tone).await?;
        Ok(())
    }

    /// Takes it away, where it stands.
    pub(super) async fn close(&mut self) -> zbus::Result<()> {
        let id = std::mem::take(&mut self.id);
        match &self.bus {
            Some(bus) if id != 0 => bus.call("CloseNotification", &(id,)).await.map(drop),
            Some(_) | None => Ok(()),
        }
    }

    /// Waits for what the server tells of our notification; can be broken off at any time.
    pub(super) async fn event(&mut self) -> Event {
        loop {
            let Some(bus) = &mut self.bus else {
                return std::future::pending().await;
            };
            match bus.next().await {
                Some(message) => {
                    if let Some(event) = self.read(&message) {
                        return event;
                    }
                }
                None => (self.bus, self.id) = (None, 0),
            }
        }
    }

    fn read(&mut self, message: &Message) -> Option<Event> {
        let (header, body) = (message.header(), message.body());
        match header.member()?.as_str() {
            "ActionInvoked" => {
                let (id, key): (u32, String) = body.deserialize().ok()?;
                self.is_ours(id).then(|| button(&key).map(Event::Pressed))?
            }
            "NotificationClosed" => {
                let (id, _reason): (u32, u32) = body.deserialize().ok()?;
                self.is_ours(id).then(|| {
                    self.id = 0;
                    Event::Closed
                })
            }
            "NameOwnerChanged" => {
                let (_, _, new): (String, String, String) = body.deserialize().ok()?;
                self.id = 0;
                (!new.is_empty()).then_some(Event::Came)
            }
            _ => None,
        }
    }

    fn is_ours(&self, id: u32) -> bool {
        id != 0 && id == self.id
    }
}

fn button(key: &str) -> Option<Button> {
    match key {
        BODY => Some(Button::Body),
        SIGN_IN => Some(Button::SignIn),
        SNOOZE => Some(Button::Snooze),
        _ => None,
    }
}

impl Bus {
    async fn connect() -> zbus::Result<Bus> {
        let connection = zbus::connection::Builder::session()?
            .method_timeout(PATIENCE)
            .build()
            .await?;
        let told = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(NAME)?
            .interface(NAME)?
            .path(PATH)?
            .build();
        let owners = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender("org.freedesktop.DBus")?
            .member("NameOwnerChanged")?
            .arg(0, NAME)?
            .build();
        Ok(Bus {
            told: MessageStream::for_match_rule(told, &connection, Some(QUEUE)).await?,
            owners: MessageStream::for_match_rule(owners, &connection, None).await?,
            connection,
        })
    }

    /// The next signal; `None` once the bus is gone.
    async fn next(&mut self) -> Option<Message> {
        let mut streams = [&mut self.owners, &mut self.told];
        std::future::poll_fn(|context| {
            for stream in &mut streams {
                if let Poll::Ready(next) = Pin::new(&mut **stream).poll_next(context) {
                    return Poll::Ready(next.and_then(Result::ok));
                }
            }
            Poll::Pending
        })
        .await
    }

    /// Puts a notification in the place of another, and says its number.
    async fn notify(&self, replaced: u32, text: &Told, tone: Tone) -> zbus::Result<u32> {
        let reply = self.call("GetCapabilities", &()).await?;
        let able: Vec<String> = reply.body().deserialize()?;
        let able = |what: &str| able.iter().any(|it| it == what);
        let (actions, body) = if able("actions") {
            (buttons(), text.lines.join("\n"))
        } else {
            (Vec::new(), without_buttons(text))
        };
        let body = if able("body-markup") {
            escaped(&body)
        } else {
            body
        };
        let mut hints = HashMap::from([
            ("urgency", Value::U8(1)),
            ("desktop-entry", Value::from("daypass")),
        ]);
        if tone == Tone::Quiet {
            hints.insert("suppress-sound", Value::Bool(true));
        }
        let arguments = (
            "Daypass",
            replaced,
            "daypass",
            &text.title,
            body,
            actions,
            hints,
            -1_i32,
        );
        self.call("Notify", &arguments).await?.body().deserialize()
    }

    async fn call<B>(&self, method: &str, body: &B) -> zbus::Result<Message>
    where
        B: serde::Serialize + DynamicType,
    {
        self.connection
            .call_method(Some(NAME), PATH, Some(NAME), method, body)
            .await
    }
}

/// Keys and labels.
fn buttons() -> Vec<String> {
    let language = Language::spoken();
    let ways = [
        (BODY, Key::Open),
        (SIGN_IN, Key::SignInAgain),
        (SNOOZE, Key::Snooze),
    ];
    let button = |(id, label): (&str, Key)| [id.to_owned(), language.say(label)];
    ways.into_iter().flat_map(button).collect()
}

fn without_buttons(text: &Told) -> String {
    let mut lines = text.lines.clone();
    lines.push(Language::spoken().say(Key::WithoutButtons));
    lines.join("\n")
}

/// Where a server reads marks, names have none.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_names_is_shown_as_it_is() {
        let text = "<a href=\"https://evil.example\">work</a> & more";
        let shown = "&lt;a href=\"https://evil.example\"&gt;work&lt;/a&gt; &amp; more";
        assert_eq!(escaped(text), shown);
    }

    #[test]
    fn each_button_is_heard_and_nothing_else() {
        let pressed = buttons().into_iter().step_by(2).map(|it| button(&it));
        let heard = [Button::Body, Button::SignIn, Button::Snooze].map(Some);
        assert!(pressed.eq(heard));
        assert_eq!(button("anything"), None);
    }
}
