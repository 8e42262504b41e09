//! Opening pages in the browser that the user wants.

use url::Url;

use super::Daypass;
use crate::console::browsers::{self, Browser};
use crate::settings::Wish;
use crate::{Code, Error, Result};

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
        let nowhere = Url::parse("https://localhost/").map_err(|error| {
            Error::new(Code::Internal, "an address could not be read").because(error)
        })?;
        browsers::launch(&self.browsers(), wish, &nowhere).map(drop)
    }

    /// Opens an address as wished.
    ///
    /// # Errors
    /// `BrowserMissing` where the browser, the profile or the container is not here.
    pub(super) fn open_in(&self, wish: &Wish, address: &Url) -> Result<()> {
        let browsers = match wish {
            Wish::Browser { .. } => self.browsers(),
            Wish::Default | Wish::Command(_) => Vec::new(),
        };
        let opener = &self.host().opener;
        match browsers::launch(&browsers, wish, address)? {
            Some(launch) => opener.open_by(&launch, address),
            None => opener.open(address),
        }
    }
}
