//! The desktop application: started as the desktop starts it, and held by its page.
//!
//! What a person does is one method each; the marks on the page (`data-testid`) stand here and
//! nowhere else.

use crate::desktop::Desktop;
use crate::places::binary;
use crate::programs::{Running, command};
use crate::scene::Assignment;
use crate::waiting::{PATIENCE, until_true};
use crate::webdriver::{Starting, WebDriver};
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

/// Starts it without a hand on its window: for what happens in the tray alone.
pub fn start_alone(desktop: &Desktop, env: &[(String, String)]) -> Result<Running> {
    let mut command = command(&binary("daypass-desktop")?);
    command.envs(desktop.env()).envs(env.iter().cloned());
    Running::start("application", &mut command, &desktop.home().logs())
}

/// The selector of a mark.
fn mark(name: &str) -> String {
    format!("[data-testid=\"{name}\"]")
}

impl Application {
    /// Waits for the window.
    pub fn open(starting: Starting) -> Result<Self> {
        Ok(Self {
            web: starting.window()?,
        })
    }

    /// Waits for the page that asks for the first access portal.
    pub fn wait_for_welcome(&self) -> Result<()> {
        self.web.wait_for(&mark("start-url")).map(drop)
    }

    /// Registers an access portal that lies outside of AWS's hosts, and asks for a sign-in.
    pub fn add_portal(&self, name: &str, start_url: &str, region: &str) -> Result<()> {
        self.fill("start-url", start_url)?;
        // What is asked for next depends on the address.
        self.click("allow-custom-portal")?;
        self.fill("region", region)?;
        self.fill("session-name", name)?;
        self.click("add-and-sign-in")
    }

    /// Asks for a sign-in; what follows is in the browser.
    pub fn ask_to_sign_in(&self, session: &str) -> Result<()> {
        let pass = pass(session);
        self.web.click(&format!("{pass} {}", mark("sign-in")))
    }

    /// Waits until the session's pass says those words.
    pub fn wait_for_pass(&self, session: &str, words: &str) -> Result<String> {
        self.web.wait_for_text(&pass(session), words)
    }

    /// Waits until the page waits for the browser.
    pub fn wait_for_signing_in(&self) -> Result<()> {
        self.web.wait_for(&mark("signing-in")).map(drop)
    }

    /// Searches for those words.
    pub fn search(&self, words: &str) -> Result<()> {
        self.fill("search", words)
    }

    /// Waits until the list has at least so many rows.
    pub fn wait_for_rows(&self, count: usize) -> Result<()> {
        until_true(PATIENCE, &format!("{count} rows"), || {
            Ok(self.web.all(&mark("row"))?.len() >= count)
        })
        .with_context(|| {
            format!(
                "the page says: {}",
                self.web.page_text().unwrap_or_default()
            )
        })
    }

    /// Waits until all accounts are read and no message is on the page.
    pub fn wait_until_quiet(&self) -> Result<()> {
        self.web.wait_gone(&mark("reading"))?;
        self.web.wait_gone(&mark("toast"))
    }

    /// How many rows are on the page.
    pub fn rows(&self) -> Result<usize> {
        Ok(self.web.all(&mark("row"))?.len())
    }

    /// Opens the console of a row.
    pub fn open_console(&self, of: &Assignment) -> Result<()> {
        self.web
            .click(&format!("{} {}", row(of), mark("open-console")))
    }

    /// Shows what a CLI profile of a row would be.
    pub fn preview_profile(&self, of: &Assignment) -> Result<()> {
        self.web
            .click(&format!("{} {}", row(of), mark("write-profile")))?;
        self.web.wait_for(&mark("profile-preview")).map(drop)
    }

    /// Reads the accounts of the portals again; works while the window is put away, too.
    pub fn read_again(&self) -> Result<()> {
        let press = "document.querySelector(arguments[0]).click()";
        self.web.script(press, &[mark("refresh").into()]).map(drop)
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
}

fn pass(session: &str) -> String {
    format!("[data-testid=\"pass\"][data-session=\"{session}\"]")
}

fn row(of: &Assignment) -> String {
    format!(
        "[data-testid=\"row\"][data-account=\"{}\"][data-role=\"{}\"]",
        of.account, of.role
    )
}
