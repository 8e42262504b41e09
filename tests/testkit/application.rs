//! The desktop application: started as the desktop starts it, and held by its page.
//!
//! What a person does is one method each; the marks on the page (`data-testid`) stand here and
//! nowhere else.

use crate::desktop::Desktop;
use crate::places::binary;
use crate::waiting::{PATIENCE, until};
use crate::webdriver::{Element, Starting, WebDriver};
use crate::{Context, Result};

/// The application with its window open.
#[derive(Debug)]
pub struct Application {
    /// The hand on its window.
    pub web: WebDriver,
}

/// Starts it; the window comes when somebody asks for it.
pub fn start(desktop: &Desktop, env: &[(String, String)]) -> Result<Starting> {
    Starting::launch(desktop, &binary("daypass-desktop")?, &[], env)
}

/// The selector of a mark.
pub fn mark(name: &str) -> String {
    format!("[data-testid=\"{name}\"]")
}

impl Application {
    /// Waits for the window.
    pub fn open(starting: Starting) -> Result<Self> {
        Ok(Self {
            web: starting.window()?,
        })
    }

    /// Waits for a mark and clicks it.
    pub fn click(&self, name: &str) -> Result<()> {
        self.web.click(&mark(name))
    }

    /// Empties a field and types into it.
    pub fn fill(&self, name: &str, text: &str) -> Result<()> {
        self.web.clear(&mark(name))?;
        self.web.type_into(&mark(name), text)
    }

    /// Waits until a mark says those words.
    pub fn says(&self, name: &str, words: &str) -> Result<String> {
        self.web.wait_for_text(&mark(name), words)
    }

    /// All rows of the list that are to be seen.
    pub fn rows(&self) -> Result<Vec<Element>> {
        self.web.all(&mark("row"))
    }

    /// Waits until the list has at least so many rows.
    pub fn wait_for_rows(&self, count: usize) -> Result<()> {
        until(PATIENCE, &format!("{count} rows"), || {
            Ok((self.rows()?.len() >= count).then_some(()))
        })
        .with_context(|| {
            format!(
                "the page says: {}",
                self.web.page_text().unwrap_or_default()
            )
        })
    }
}
