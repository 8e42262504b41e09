//! Where the user put the panel, by the arrangement of monitors that it was put on; the latest few. And
//! whether closing it, where no tray brings it back, leaves Daypass running.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Daypass;
use crate::host::files::{self, Mode};
use crate::{Code, Error, Result};

/// How many arrangements of monitors are remembered.
const ARRANGEMENTS: usize = 8;
/// More is no file of Daypass's.
const LARGEST: usize = 16 * 1024;

/// A window on the desktop, in physical pixels.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// The left edge, the desktop's origin being 0.
    pub x: i32,
    /// The upper edge.
    pub y: i32,
    /// Without what the desktop draws around it.
    pub width: u32,
    /// The same.
    pub height: u32,
}

#[derive(Clone, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
struct Remembered {
    frames: Vec<(String, Frame)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keeps_running: Option<bool>,
}

impl Daypass {
    /// Where the user put the panel on these monitors.
    pub fn remembered_frame(&self, monitors: &str) -> Option<Frame> {
        let all = self.of_window().frames;
        all.into_iter().find(|it| it.0 == monitors).map(|it| it.1)
    }

    /// Keeps it for the next time; `None` forgets it.
    ///
    /// # Errors
    /// `StorageFailed`.
    pub fn remember_frame(&self, monitors: &str, frame: Option<Frame>) -> Result<()> {
        self.change_window(|all| {
            all.frames.retain(|it| it.0 != monitors);
            if let Some(frame) = frame {
                all.frames.insert(0, (monitors.to_owned(), frame));
            }
            all.frames.truncate(ARRANGEMENTS);
        })
    }

    /// Whether Daypass goes on when its only window is closed; `None` until the user was asked.
    pub fn keeps_running(&self) -> Option<bool> {
        self.of_window().keeps_running
    }

    /// The user's answer to that.
    ///
    /// # Errors
    /// `StorageFailed`.
    pub fn keep_running(&self, keep: bool) -> Result<()> {
        self.change_window(|all| all.keeps_running = Some(keep))
    }

    fn change_window(&self, change: impl FnOnce(&mut Remembered)) -> Result<()> {
        let before = self.of_window();
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return Ok(());
        }
        let json = serde_json::to_vec(&after).unwrap_or_default();
        files::private_folder(&self.host().paths.state)
            .and_then(|()| files::replace(&self.window_file(), &json, Mode::Private))
            .map_err(|error| {
                let message = "what was chosen for the window could not be kept";
                Error::new(Code::StorageFailed, message).because(error)
            })
    }

    /// What cannot be read is as if it were not there: no window is lost by it.
    fn of_window(&self) -> Remembered {
        let bytes = files::read(&self.window_file()).ok().flatten();
        let bytes = bytes.filter(|it| it.len() <= LARGEST).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    fn window_file(&self) -> PathBuf {
        self.host().paths.state.join("window.json")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Clock, Env, Host};

    #[tokio::test]
    async fn each_arrangement_has_its_own_place_and_rubbish_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let env = Env::table::<String, String>([]);
        let host = Host::fake(folder.path(), env, Clock::real());
        let daypass = Daypass::open(host).unwrap();
        let frame = |x| Frame {
            x,
            y: -20,
            width: 440,
            height: 700,
        };
        assert_eq!(daypass.remembered_frame("one"), None);
        daypass.remember_frame("one", Some(frame(1))).unwrap();
        daypass.remember_frame("two", Some(frame(2))).unwrap();
        assert_eq!(daypass.remembered_frame("one"), Some(frame(1)));
        daypass.remember_frame("one", None).unwrap();
        assert_eq!(daypass.remembered_frame("one"), None);
        assert_eq!(daypass.remembered_frame("two"), Some(frame(2)));
        for number in 0..20 {
            let name = format!("monitors {number}");
            daypass.remember_frame(&name, Some(frame(number))).unwrap();
        }
        assert_eq!(daypass.of_window().frames.len(), ARRANGEMENTS);
        assert_eq!(daypass.keeps_running(), None);
        daypass.keep_running(true).unwrap();
        assert_eq!(daypass.keeps_running(), Some(true));
        assert!(daypass.remembered_frame("monitors 19").is_some());
        files::replace(&daypass.window_file(), b"{\"x\":", Mode::Private).unwrap();
        assert_eq!(daypass.remembered_frame("monitors 19"), None);
        daypass.remember_frame("one", Some(frame(3))).unwrap();
        assert_eq!(daypass.remembered_frame("one"), Some(frame(3)));
    }
}
