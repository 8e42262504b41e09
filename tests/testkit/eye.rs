//! An eye on a private screen: whether a window is there, and whether there is anything in it yet.

use crate::desktop::Desktop;
use crate::{Context, Result};
use std::collections::BTreeSet;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    ClientMessageEvent, ConnectionExt, EventMask, GetGeometryReply, ImageFormat, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

/// Smaller ones are helpers of the toolkit.
const SMALLEST: u16 = 300;
/// Letters with smooth edges have more colours; a background, a line or a frame has fewer.
const COLOURS_OF_TEXT: usize = 8;

/// The eye; screens without a window manager alone, where windows are the root's children.
#[derive(Debug)]
pub struct Eye {
    connection: RustConnection,
    root: Window,
}

impl Eye {
    /// Opens it on the screen of a desktop.
    pub fn on(desktop: &Desktop) -> Result<Self> {
        let display = desktop.screen()?.display();
        let (connection, screen) = RustConnection::connect(Some(display))?;
        let root = connection.setup().roots[screen].root;
        Ok(Self { connection, root })
    }

    /// Whether a window shows text below its head.
    pub fn sees_text(&self) -> Result<bool> {
        let Some((window, frame)) = self.window()? else {
            return Ok(false);
        };
        let (head, edge) = (200, 40);
        let body = frame.height - head - edge;
        let image = self.connection.get_image(
            ImageFormat::Z_PIXMAP,
            window,
            20,
            head as i16,
            frame.width - 40,
            body,
            u32::MAX,
        )?;
        let pixels = image.reply()?.data;
        let colours: BTreeSet<&[u8]> = pixels.chunks(4).collect();
        Ok(colours.len() > COLOURS_OF_TEXT)
    }

    /// Whether any window is on the screen.
    pub fn sees_a_window(&self) -> Result<bool> {
        Ok(self.window()?.is_some())
    }

    /// Asks the window to go, as the button in its title bar does.
    pub fn close(&self) -> Result<()> {
        let (window, _) = self.window()?.context("no window is there to close")?;
        let atom = |name: &[u8]| -> Result<u32> {
            Ok(self.connection.intern_atom(false, name)?.reply()?.atom)
        };
        let wish = [atom(b"WM_DELETE_WINDOW")?, x11rb::CURRENT_TIME, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, atom(b"WM_PROTOCOLS")?, wish);
        self.connection
            .send_event(false, window, EventMask::NO_EVENT, message)?;
        Ok(self.connection.flush()?)
    }

    fn window(&self) -> Result<Option<(Window, GetGeometryReply)>> {
        let children = self.connection.query_tree(self.root)?.reply()?.children;
        for window in children {
            // One that has gone meanwhile is not there.
            let Ok(about) = self.connection.get_window_attributes(window)?.reply() else {
                continue;
            };
            let Ok(frame) = self.connection.get_geometry(window)?.reply() else {
                continue;
            };
            let large = frame.width >= SMALLEST && frame.height >= SMALLEST;
            if large && about.map_state == MapState::VIEWABLE {
                return Ok(Some((window, frame)));
            }
        }
        Ok(None)
    }
}
