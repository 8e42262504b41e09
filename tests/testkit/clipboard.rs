//! The clipboard of the screen, as another program sees and uses it: xclip.

use crate::desktop::Desktop;
use crate::places::tool;
use crate::programs::{Running, command, output};
use crate::{Context, Result};
use std::fs;

const SELECTION: [&str; 2] = ["-selection", "clipboard"];

/// The text there; `None` where nobody offers one.
pub fn text(desktop: &Desktop) -> Result<Option<String>> {
    offered(desktop, "UTF8_STRING")
}

/// What is offered as this kind; `TARGETS` lists the kinds.
pub fn offered(desktop: &Desktop, kind: &str) -> Result<Option<String>> {
    let words = [&SELECTION[..], &["-o", "-t", kind]].concat();
    let program = tool("xclip", "xclip")?;
    // It ends with 1 where there is nothing of the kind.
    let text = output(&program, words, &desktop.env()).ok();
    Ok(text.filter(|it| !it.is_empty()))
}

/// Another program puts a text there, and owns it as long as this lives.
pub fn put(desktop: &Desktop, text: &str) -> Result<Running> {
    let file = desktop.home().root().join("for-the-clipboard");
    fs::write(&file, text).context("writing what is put on the clipboard")?;
    let mut command = command(&tool("xclip", "xclip")?);
    command
        .envs(desktop.env())
        .args(SELECTION)
        .args(["-i", "-quiet"]);
    command.arg(&file);
    Running::start("xclip", &mut command, &desktop.home().logs())
}
