//! What is printed: tables, JSON, errors with hints. Nothing else in this program prints.

mod checks;
mod failure;
pub(crate) mod json;
mod label;
mod table;
mod text;
mod time;

use std::io::{self, BufRead, IsTerminal, Write};

use clap::error::ErrorKind;
use daypass_core::doctor::Check;
use daypass_core::host::Env;
use daypass_core::{Code, Error, Result};
use serde::Serialize;

use crate::args::Manners;

pub(crate) use label::labelled;
pub(crate) use table::{Cell, Table, Tone};
pub(crate) use text::plain;
pub(crate) use time::{ago, end_of, left};

/// Both outputs, as this run may use them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    /// Whether standard output is one JSON document.
    json: bool,
    quiet: bool,
    colour: bool,
    talk_colour: bool,
    /// The width of the terminal that standard output is, if it is one.
    width: Option<usize>,
}

impl Screen {
    /// By the environment, the flags and what the outputs are.
    pub(crate) fn new(env: &Env, manners: Manners, json: bool) -> Screen {
        let allowed =
            !manners.no_color && !env.has("NO_COLOR") && env.get("TERM").as_deref() != Some("dumb");
        Screen {
            json,
            quiet: manners.quiet,
            colour: allowed && io::stdout().is_terminal(),
            talk_colour: allowed && io::stderr().is_terminal(),
            width: io::stdout().is_terminal().then(|| terminal_width(env)),
        }
    }

    /// Whether a document is wanted.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Whether somebody sits there who can answer.
    pub(crate) fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a question that is answered with yes or no, the last of these lines; anything but yes is
    /// no.
    ///
    /// # Errors
    /// `StorageFailed` where the answer cannot be read.
    pub(crate) fn ask(&self, lines: &[String]) -> Result<bool> {
        let lines: Vec<String> = lines.iter().map(|it| plain(it)).collect();
        talk(&format!("{} [y/N] ", lines.join("\n")));
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map_err(|error| {
            Error::new(Code::StorageFailed, "the answer could not be read").because(error)
        })?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// Prints data as it is, and at once: a reader may wait for it.
    ///
    /// # Errors
    /// `StorageFailed` where the output takes nothing more. A reader that went away is no error.
    pub(crate) fn data(&self, text: &[u8]) -> Result<()> {
        let mut out = io::stdout().lock();
        settle(out.write_all(text).and_then(|()| out.flush()))
    }

    /// Prints one line of data.
    ///
    /// # Errors
    /// As of `data`.
    pub(crate) fn line(&self, text: &str) -> Result<()> {
        self.data(format!("{text}\n").as_bytes())
    }

    /// Prints a table, fitted to the terminal.
    ///
    /// # Errors
    /// As of `data`.
    pub(crate) fn table(&self, table: &Table) -> Result<()> {
        self.data(table.show(self.width, self.colour).as_bytes())
    }

    /// Prints what the doctor found.
    ///
    /// # Errors
    /// As of `data`.
    pub(crate) fn checks(&self, checks: &[Check]) -> Result<()> {
        self.data(checks::text(checks, self.colour).as_bytes())
    }

    /// Prints lines of a diff; what comes from the file is escaped.
    ///
    /// # Errors
    /// As of `data`.
    pub(crate) fn diff(&self, unified: &str) -> Result<()> {
        self.data(text::diff(unified, self.colour).as_bytes())
    }

    /// Prints a document.
    ///
    /// # Errors
    /// As of `data`.
    pub(crate) fn document(&self, document: &impl Serialize) -> Result<()> {
        let json = serde_json::to_string_pretty(document)
            .map_err(|error| Error::new(Code::Internal, "a document went wrong").because(error))?;
        self.line(&json)
    }

    /// Says something, unless it shall be quiet.
    pub(crate) fn say(&self, words: &str) {
        if !self.quiet {
            self.insist(words);
        }
    }

    /// Says something that the user has to see.
    pub(crate) fn insist(&self, words: &str) {
        talk(&format!("{}\n", plain(words)));
    }

    /// Says that something did not go as wanted, although the rest did.
    pub(crate) fn warn(&self, error: &Error) {
        talk(&failure::text(error, "warning", self.talk_colour));
    }

    /// Shows how far something is, in place of what was shown before.
    pub(crate) fn progress(&self, words: &str) {
        if !self.quiet && io::stderr().is_terminal() {
            talk(&format!("\r\x1b[K{}", plain(words)));
        }
    }

    /// Says how far something is, where what is said goes to a log and not to a terminal.
    pub(crate) fn milestone(&self, words: &str) {
        if !self.quiet && !io::stderr().is_terminal() {
            talk(&format!("{}\n", plain(words)));
        }
    }

    /// Takes the last progress away.
    pub(crate) fn progress_ends(&self) {
        self.progress("");
    }

    /// Prints an error and what to do about it.
    pub(crate) fn error(&self, error: &Error) {
        if self.json {
            // Where even this cannot be written, the exit code still tells.
            let _ = self.document(&json::Failed::of(error));
        } else {
            talk(&failure::text(error, "error", self.talk_colour));
        }
    }

    /// Prints why the words make no sense, or the help that they ask for; the exit code follows.
    pub(crate) fn words(&self, refused: &clap::Error) -> u8 {
        if !refused.use_stderr() {
            let shown = match self.colour {
                true => refused.render().ansi().to_string(),
                false => refused.render().to_string(),
            };
            return self.data(shown.as_bytes()).map_or(1, |()| 0);
        }
        if refused.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && !self.json {
            talk(&refused.render().to_string());
            return Code::Usage.exit_code();
        }
        let error = failure::of_words(refused);
        self.error(&error);
        error.code().exit_code()
    }
}

/// A reader that has seen enough is no error, and takes nothing from the verb's own exit code;
/// everything else is told.
fn settle(written: io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| {
            Error::new(Code::StorageFailed, "the output could not be written").because(error)
        }),
    }
}

/// Nobody can be told that standard error is gone.
fn talk(words: &str) {
    let _ = io::stderr().lock().write_all(words.as_bytes());
}

fn terminal_width(env: &Env) -> usize {
    let told = env.get("COLUMNS").and_then(|it| it.parse().ok());
    #[cfg(unix)]
    let told = told.or_else(|| {
        let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
        (size.ws_col > 0).then_some(usize::from(size.ws_col))
    });
    told.unwrap_or(80)
}
