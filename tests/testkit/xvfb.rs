//! A screen that exists in memory only.

use crate::home::Home;
use crate::places::tool;
use crate::programs::{Running, command};
use crate::waiting::{PATIENCE, until};
use crate::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// A running Xvfb.
#[derive(Debug)]
pub struct Screen {
    display: String,
    _server: Running,
}

impl Screen {
    /// Starts a screen of `size` (`WIDTHxHEIGHT`) under a display number of its own.
    pub fn start(home: &Home, size: &str) -> Result<Self> {
        let mut command = command(&tool("Xvfb", "xvfb")?);
        command.envs(home.env());
        command.args(["-displayfd", "1", "-screen", "0", &format!("{size}x24")]);
        command.args(["-nolisten", "tcp", "-noreset"]);
        let mut server = Running::start("xvfb", &mut command, &home.logs())?;
        let number = until(PATIENCE, "the screen", || {
            if let Some(status) = server.ended()? {
                bail!("Xvfb ended with {status}");
            }
            read_number(&home.logs().join("xvfb.out"))
        })?;
        Ok(Self {
            display: format!(":{number}"),
            _server: server,
        })
    }

    /// The value of `DISPLAY`.
    pub fn display(&self) -> &str {
        &self.display
    }
}

fn read_number(path: &Path) -> Result<Option<u32>> {
    let text = fs::read_to_string(path)?;
    let Some((line, _)) = text.split_once('\n') else {
        return Ok(None);
    };
    Ok(Some(
        line.trim()
            .parse()
            .context("the display number is not a number")?,
    ))
}
