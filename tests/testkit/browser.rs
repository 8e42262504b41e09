//! A stand-in for the user's browser: the real `xdg-open` starts it, and it writes down where
//! it was sent, and where it ended when it follows links as a browser does.

use crate::home::{Home, make_private};
use crate::places::binary;
use crate::waiting::{PATIENCE, until};
use crate::{Context, Result};
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// What the stand-in does with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Following {
    /// Goes there, through every redirect, like a browser with a person in front of it.
    Redirects,
    /// Only writes the address down.
    Nothing,
}

/// The installed stand-in.
#[derive(Debug)]
pub struct Browser {
    record: PathBuf,
    command: String,
}

/// One address that a browser was sent to.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The address on the command line.
    pub asked: String,
    /// The address that it ended at.
    pub landed: String,
    /// The last page's status.
    pub status: u64,
    /// The last page.
    pub page: String,
}

impl Browser {
    /// Makes the stand-in the default browser of that home, for `xdg-open` with and without a
    /// screen.
    pub fn install(home: &Home, following: Following) -> Result<Self> {
        let program = binary("daypass-stand-in-browser")?;
        let record = home.root().join("browser.jsonl");
        fs::write(&record, "")?;
        let follow = if following == Following::Redirects {
            " --follow"
        } else {
            ""
        };
        let command = format!(
            "{} --record {}{follow}",
            program.display(),
            record.display()
        );
        install_entry(home, &command)?;
        Ok(Self { record, command })
    }

    /// The value of `BROWSER`.
    pub fn command(&self) -> &str {
        &self.command
    }

    /// The same as one program without arguments of its own, which comes back at once, as a browser
    /// that is open already does: some tools understand nothing else.
    pub fn as_one_word(&self, home: &Home) -> Result<PathBuf> {
        let path = home.root().join("browser");
        fs::write(
            &path,
            format!("#!/bin/sh\n{} \"$1\" > /dev/null 2>&1 &\n", self.command),
        )?;
        fs::set_permissions(&path, Permissions::from_mode(0o755))?;
        Ok(path)
    }

    /// Every address on a command line so far.
    pub fn asked(&self) -> Result<Vec<String>> {
        let asked = |line: &Value| line["asked"].as_str().map(ToOwned::to_owned);
        Ok(self
            .lines()?
            .iter()
            .filter(|line| line["landed"].is_null())
            .filter_map(asked)
            .collect())
    }

    /// Every visit that has come to its end.
    pub fn opened(&self) -> Result<Vec<Opened>> {
        Ok(self.lines()?.iter().filter_map(opened).collect())
    }

    /// Waits until visit number `count` has come to its end.
    pub fn wait_for(&self, count: usize) -> Result<Opened> {
        let awaited = format!("browser visit {count}");
        until(PATIENCE, &awaited, || {
            Ok(self.opened()?.into_iter().nth(count - 1))
        })
    }

    /// Waits until address number `count` was asked for.
    pub fn wait_for_asked(&self, count: usize) -> Result<String> {
        let awaited = format!("address {count} in the browser");
        until(PATIENCE, &awaited, || {
            Ok(self.asked()?.into_iter().nth(count - 1))
        })
    }

    fn lines(&self) -> Result<Vec<Value>> {
        let text = fs::read_to_string(&self.record).context("reading the browser's record")?;
        let whole = text
            .rsplit_once('\n')
            .map(|(whole, _)| whole)
            .unwrap_or_default();
        whole
            .lines()
            .map(|line| serde_json::from_str(line).context("a torn record"))
            .collect()
    }
}

fn opened(line: &Value) -> Option<Opened> {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    line["landed"].as_str()?;
    let status = line["status"].as_u64().unwrap_or_default();
    Some(Opened {
        asked: text("asked"),
        landed: text("landed"),
        status,
        page: text("page"),
    })
}

fn install_entry(home: &Home, command: &str) -> Result<()> {
    const ENTRY: &str = "daypass-stand-in-browser.desktop";
    let applications = home.data().join("applications");
    make_private(&applications)?;
    let entry = format!(
        "[Desktop Entry]\nType=Application\nName=Stand-in browser\nExec={command} %u\n\
         MimeType=x-scheme-handler/http;x-scheme-handler/https;text/html;\n"
    );
    fs::write(applications.join(ENTRY), entry)?;
    let kinds = [
        "x-scheme-handler/http",
        "x-scheme-handler/https",
        "text/html",
    ];
    let lines: String = kinds
        .iter()
        .map(|kind| format!("{kind}={ENTRY}\n"))
        .collect();
    let list = format!("[Default Applications]\n{lines}");
    write_list(&home.config(), &list)?;
    write_list(&applications, &list)
}

fn write_list(folder: &Path, list: &str) -> Result<()> {
    let path = folder.join("mimeapps.list");
    fs::write(&path, list).with_context(|| format!("writing {}", path.display()))
}
