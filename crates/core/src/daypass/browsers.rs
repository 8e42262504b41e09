//! Opening pages in the browser that the user wants.

use url::Url;

use super::Daypass;
use crate::Result;
use crate::console::browsers::{self, Browser, Way};
use crate::settings::Wish;

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
