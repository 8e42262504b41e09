//! Notifications where the system's own form of buttons is not used: text, and nothing that comes back.

use super::{Event, Tone};
use crate::language::{Key, Language};
use crate::words::Told;

/// The system's notification centre.
#[derive(Default)]
pub(super) struct Server;

impl Server {
    pub(super) async fn connect(&mut self) {}

    /// Shows a text.
    pub(super) async fn show(
        &mut self,
        text: &Told,
        tone: Tone,
    ) -> Result<(), notify_rust::error::Error> {
        if tone == Tone::Quiet {
            return Ok(());
        }
        let mut lines = text.lines.clone();
        lines.push(Language::spoken().say(Key::WithoutButtons));
        let mut notification = notify_rust::Notification::new();
        notification.appname("Daypass").summary(&text.title);
        notification.body(&lines.join("\n")).show().map(drop)
    }

    pub(super) async fn close(&mut self) -> Result<(), notify_rust::error::Error> {
        Ok(())
    }

    pub(super) async fn event(&mut self) -> Event {
        std::future::pending().await
    }
}
