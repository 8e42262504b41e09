//! A terminal of so many columns, with somebody who answers questions.

use crate::cli::{Daypass, LIMIT, Ran, code, typed};
use crate::{Context, Result};
use rustix::io::Errno;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

/// How a question ends.
const QUESTION: &str = "[y/N] ";

impl Daypass {
    /// Runs it in a terminal of that width; each question is answered with `answer` and Enter. What
    /// is shown there is all in `stdout`, with the line ends of terminals taken back.
    pub fn on_terminal<S: AsRef<OsStr>>(
        &self,
        columns: u16,
        answer: &str,
        arguments: &[S],
    ) -> Result<Ran> {
        let start = Instant::now();
        let (ours, theirs) = terminal(columns)?;
        let mut command = self.command(LIMIT, arguments);
        command.stdin(Stdio::from(theirs.try_clone()?));
        command.stdout(Stdio::from(theirs.try_clone()?));
        command.stderr(Stdio::from(theirs));
        let mut child = command.spawn().context("running daypass in a terminal")?;
        // The command holds the other end, which tells of its end once nobody else does.
        drop(command);
        let shown = converse(std::fs::File::from(ours), answer)?;
        let ran = Ran {
            typed: typed(arguments),
            code: code(child.wait()?),
            stdout: shown.replace("\r\n", "\n"),
            stderr: String::new(),
            took: start.elapsed(),
        };
        self.keep("out", &ran.stdout)?;
        Ok(ran)
    }
}

/// Both ends of a terminal.
fn terminal(columns: u16) -> Result<(OwnedFd, OwnedFd)> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let name = ptsname(&ours, Vec::new())?;
    let path = Path::new(OsStr::from_bytes(name.to_bytes()));
    let theirs = OpenOptions::new().read(true).write(true).open(path)?;
    let size = Winsize {
        ws_row: 24,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&theirs, size)?;
    Ok((ours, theirs.into()))
}

/// Reads to the end and answers on the way.
fn converse(mut terminal: std::fs::File, answer: &str) -> Result<String> {
    let (mut shown, mut answered) = (Vec::new(), 0);
    let mut piece = [0; 4096];
    loop {
        match terminal.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => shown.extend_from_slice(&piece[..length]),
            // Nobody has the other end any more.
            Err(error) if error.raw_os_error() == Some(Errno::IO.raw_os_error()) => break,
            Err(error) => return Err(error.into()),
        }
        let asked = String::from_utf8_lossy(&shown).matches(QUESTION).count();
        while answered < asked {
            terminal.write_all(format!("{answer}\n").as_bytes())?;
            answered += 1;
        }
    }
    Ok(String::from_utf8_lossy(&shown).into_owned())
}
