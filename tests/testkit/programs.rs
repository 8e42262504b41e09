//! Programs that a test starts: they end when the test lets go of them, or is killed itself.

use crate::waiting::until;
use crate::{Context, Result, anyhow};
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

const LONG_ENOUGH_TO_END: Duration = Duration::from_secs(3);

/// A command that ends with the thread that starts it, even where that is killed.
///
/// Nobody gets real-time threads, as root could: two of a web view can wait for each other's turn and
/// take both processors from the third that would end it.
pub fn command(program: &Path) -> Command {
    let mut command = Command::new("/usr/bin/setpriv");
    command.arg("--pdeathsig").arg("TERM");
    if rustix::process::geteuid().is_root() {
        command.arg("--bounding-set").arg("-sys_nice");
    }
    command.arg("--").arg(program);
    command.env_clear().stdin(Stdio::null());
    command
}

/// A running program; dropping it ends it.
#[derive(Debug)]
pub struct Running {
    name: String,
    child: Child,
}

impl Running {
    /// Starts `command`, with its output in the files `NAME.out` and `NAME.err` of `logs`.
    pub fn start(name: &str, command: &mut Command, logs: &Path) -> Result<Self> {
        let (out, err) = (log_file(logs, name, "out")?, log_file(logs, name, "err")?);
        command.stdout(out).stderr(err);
        Self::start_as_is(name, command)
    }

    /// Starts `command` as it stands.
    pub fn start_as_is(name: &str, command: &mut Command) -> Result<Self> {
        let child = command
            .spawn()
            .with_context(|| format!("starting {name}: {command:?}"))?;
        Ok(Self {
            name: name.to_owned(),
            child,
        })
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The writing end of its standard input, where that was asked for.
    pub fn take_stdin(&mut self) -> Result<ChildStdin> {
        self.child
            .stdin
            .take()
            .ok_or_else(|| anyhow!("{} has no standard input", self.name))
    }

    /// The reading end of its standard output, where that was asked for.
    pub fn take_stdout(&mut self) -> Result<ChildStdout> {
        self.child
            .stdout
            .take()
            .ok_or_else(|| anyhow!("{} has no standard output", self.name))
    }

    /// The reading end of its standard error, where that was asked for.
    pub fn take_stderr(&mut self) -> Result<ChildStderr> {
        self.child
            .stderr
            .take()
            .ok_or_else(|| anyhow!("{} has no standard error", self.name))
    }

    /// Its exit status, where it has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child
            .try_wait()
            .with_context(|| format!("asking whether {} has ended", self.name))
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self, patience: Duration) -> Result<ExitStatus> {
        let awaited = format!("the end of {}", self.name);
        until(patience, &awaited, || self.ended())
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let id = Pid::from_raw(i32::try_from(self.child.id())?).context("a process id of zero")?;
        kill_process(id, signal).with_context(|| format!("sending a signal to {}", self.name))
    }

    /// Asks it to end, and makes it end where it does not.
    pub fn stop(&mut self) {
        if matches!(self.ended(), Ok(Some(_))) {
            return;
        }
        let asked = self.signal(Signal::TERM);
        if asked.is_err() || self.wait(LONG_ENOUGH_TO_END).is_err() {
            // Nothing more can be done about a process that survives this.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

fn log_file(logs: &Path, name: &str, kind: &str) -> Result<File> {
    let path = free_name(logs, name, kind);
    File::create(&path).with_context(|| format!("making {}", path.display()))
}

/// The first of `NAME.KIND`, `NAME-2.KIND` … that does not exist.
pub fn free_name(folder: &Path, name: &str, kind: &str) -> PathBuf {
    let numbered = (2..).map(|number| format!("{name}-{number}.{kind}"));
    let names = std::iter::once(format!("{name}.{kind}")).chain(numbered);
    names
        .map(|name| folder.join(name))
        .find(|path| !path.exists())
        .unwrap_or_default()
}

/// Runs an installed tool to its end; its standard output, or an error that holds its words.
pub fn output<I, S>(program: &Path, arguments: I, env: &[(String, String)]) -> Result<String>
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = command(program);
    command.args(arguments).envs(env.iter().cloned());
    let output = command
        .output()
        .with_context(|| format!("running {}", program.display()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(anyhow!(
        "{} ended with {}: {}{}",
        program.display(),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}
