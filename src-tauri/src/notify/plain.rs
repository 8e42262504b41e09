//! Notifications where the system's own form of buttons is not used: text, and nothing that comes back.

use super::{Event, Tone};
use crate::words::{self, Text};

/// The system's notification centre.
#[derive(Default)]
pub(super) struct Server;

impl Server {
    pub(super) async fn connect(&mut self) {}

    /// Shows a text.
    pub(super) async fn show(
        &mut self,
        text: &Text,
        tone: Tone,
    ) -> Result<(), notify_rust::error::Error> {
        if tone == Tone::Quiet {
            return Ok(());
        }
        let lines = text.lines.iter().map(String::as_str);
        let lines: Vec<_> = lines.chain([words::WITHOUT_BUTTONS]).collect();
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
