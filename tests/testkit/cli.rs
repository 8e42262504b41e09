//! The `daypass` command, run as a user of a throw-away home runs it.

use crate::desktop::Desktop;
use crate::home::Home;
use crate::places::{binary, tool};
use crate::portal::Portal;
use crate::programs::{Running, command, free_name, output};
use crate::waiting::{PATIENCE, until};
use crate::{Context, Result, bail, ensure};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What ends a run that would hang, and the exit code by which it says so.
pub(crate) const LIMIT: &[&str] = &["/usr/bin/timeout", "--foreground", "--kill-after=5", "60"];
const OVER_THE_LIMIT: i32 = 124;

/// Words before a program that make a user without rights of whoever runs it as root.
pub const ORDINARY: [&str; 7] = [
    "/usr/bin/setpriv",
    "--reuid",
    "65534",
    "--regid",
    "65534",
    "--clear-groups",
    "--",
];

/// The command with the environment of one home.
#[derive(Clone, Debug)]
pub struct Daypass {
    program: PathBuf,
    before: Vec<String>,
    env: Vec<(String, String)>,
    logs: PathBuf,
}

/// What one run left behind.
#[derive(Clone, Debug)]
pub struct Ran {
    /// What was typed, for messages.
    pub typed: String,
    /// The exit code; 128 and more where a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// How long it took.
    pub took: Duration,
}

impl Daypass {
    /// The command on that desktop.
    pub fn on(desktop: &Desktop) -> Result<Self> {
        Self::with_env(desktop.home(), desktop.env())
    }

    /// The command in that home, with exactly that environment.
    pub fn with_env(home: &Home, env: Vec<(String, String)>) -> Result<Self> {
        let program = binary("daypass")?;
        Ok(Self {
            program,
            before: Vec::new(),
            env,
            logs: home.logs(),
        })
    }

    /// The command as a user without privileges, to whom the whole home then belongs: root
    /// passes where that user is refused.
    pub fn as_ordinary_user(mut self, home: &Home) -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(self);
        }
        let copy = home.root().join("daypass");
        fs::copy(&self.program, &copy).context("copying the command to where anyone may run it")?;
        let root = home.root().display().to_string();
        output(
            &tool("chown", "coreutils")?,
            ["-R", "65534:65534", &root],
            &self.env,
        )?;
        self.before = ORDINARY.map(ToOwned::to_owned).to_vec();
        self.program = copy;
        Ok(self)
    }

    /// The command behind other words: a tracer, or a shell that sets something first.
    #[must_use]
    pub fn after(mut self, words: Vec<String>) -> Self {
        self.before.extend(words);
        self
    }

    /// Leads it to that portal.
    #[must_use]
    pub fn at(self, portal: &Portal) -> Self {
        portal
            .env()
            .into_iter()
            .fold(self, |daypass, (name, value)| daypass.with(&name, &value))
    }

    /// Sets one more variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes one variable away.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self
    }

    /// Runs it as the argument of another program, such as one that watches it.
    #[must_use]
    pub fn below(mut self, program: &str, arguments: &[&str]) -> Self {
        self.before.push(program.to_owned());
        self.before
            .extend(arguments.iter().map(|&word| word.to_owned()));
        self
    }

    /// The path of the command.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The environment that it runs in.
    pub fn env(&self) -> &[(String, String)] {
        &self.env
    }

    /// Runs it to its end; what it says is kept for the search for leaked secrets.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Ran> {
        let ran = self.run_secretly(arguments)?;
        self.keep("out", &ran.stdout)?;
        Ok(ran)
    }

    /// Runs it where standard output is meant to hold a secret; only its talk is kept.
    pub fn run_secretly<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Ran> {
        let ran = self.run_silently(arguments)?;
        self.keep("err", &ran.stderr)?;
        Ok(ran)
    }

    /// Runs it as one of thousands: nothing of it is kept.
    pub fn run_silently<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Ran> {
        let start = Instant::now();
        let output = self
            .command(LIMIT, arguments)
            .output()
            .context("running daypass")?;
        ensure!(
            output.status.code() != Some(OVER_THE_LIMIT),
            "`daypass {}` did not end: {}{}",
            typed(arguments),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(Ran {
            typed: typed(arguments),
            code: code(output.status),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            took: start.elapsed(),
        })
    }

    /// Runs it and holds it to exit code 0.
    pub fn ok<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Ran> {
        self.run(arguments)?.code(0)
    }

    /// Runs it with `--json`, holds it to exit code 0, and reads the document.
    pub fn json<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Value> {
        self.ok(arguments)?.json()
    }

    /// Starts it and comes back while it runs: a sign-in that waits for its browser.
    pub fn start<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Waiting> {
        let (out, err) = (self.log("out"), self.log("err"));
        let mut command = self.command(&[], arguments);
        let program = Running::start("daypass", &mut command, &self.logs)?;
        Ok(Waiting {
            typed: typed(arguments),
            program,
            out,
            err,
            since: Instant::now(),
        })
    }

    /// Starts it and keeps nothing of what it says.
    pub fn start_silently<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Running> {
        let mut command = self.command(&[], arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Running::start_as_is("daypass", &mut command)
    }

    /// Signs in to `session` as a person with a browser would, without one of their own.
    pub fn sign_in(&self, session: &str) -> Result<()> {
        self.follow(&["login", session, "--no-browser"]).map(drop)
    }

    /// Signs in although one sign-in is good.
    pub fn sign_in_afresh(&self, session: &str) -> Result<Ran> {
        self.follow(&["login", session, "--no-browser", "--force"])
    }

    fn follow(&self, arguments: &[&str]) -> Result<Ran> {
        let mut login = self.start(arguments)?;
        let page = crate::http::visit(&login.first_line()?)?;
        ensure!(
            page.landed.status == 200,
            "the sign-in ended at {}",
            page.landed.text()
        );
        login.finish()?.code(0)
    }

    pub(crate) fn command<S: AsRef<OsStr>>(&self, before: &[&str], arguments: &[S]) -> Command {
        let before = before
            .iter()
            .copied()
            .chain(self.before.iter().map(String::as_str));
        let mut words: Vec<&OsStr> = before.map(OsStr::new).collect();
        words.push(self.program.as_os_str());
        words.extend(arguments.iter().map(AsRef::as_ref));
        let mut command = command(Path::new(words[0]));
        command.args(&words[1..]).envs(self.env.iter().cloned());
        command
    }

    fn log(&self, kind: &str) -> PathBuf {
        free_name(&self.logs, "daypass", kind)
    }

    pub(crate) fn keep(&self, kind: &str, words: &str) -> Result<()> {
        let path = self.log(kind);
        fs::write(&path, words).with_context(|| format!("writing {}", path.display()))
    }
}

impl Ran {
    /// Holds the run to an exit code.
    pub fn code(self, expected: i32) -> Result<Self> {
        ensure!(
            self.code == expected,
            "`daypass {}` ended with {} instead of {expected}\n--- stdout\n{}\n--- stderr\n{}",
            self.typed,
            self.code,
            self.stdout,
            self.stderr
        );
        Ok(self)
    }

    /// Standard output as one JSON document.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.stdout)
            .with_context(|| format!("`daypass {}` printed no JSON: {}", self.typed, self.stdout))
    }

    /// Holds it to the manners of an error: a message, and advice.
    pub fn says_what_and_what_to_do(self) -> Result<Self> {
        let lines: Vec<&str> = self.stderr.lines().collect();
        ensure!(
            lines.iter().any(|line| line.starts_with("error: ")),
            "no message: {self:?}"
        );
        ensure!(
            lines.iter().any(|line| line.starts_with("hint: ")),
            "no advice: {self:?}"
        );
        ensure!(
            self.stdout.is_empty(),
            "an error on standard output: {self:?}"
        );
        Ok(self)
    }

    /// Holds standard error to hold those words.
    pub fn says(self, words: &str) -> Result<Self> {
        ensure!(
            self.stderr.contains(words),
            "`{words}` is not in: {}",
            self.stderr
        );
        Ok(self)
    }
}

/// A run that has not ended.
#[derive(Debug)]
pub struct Waiting {
    typed: String,
    program: Running,
    out: PathBuf,
    err: PathBuf,
    since: Instant,
}

impl Waiting {
    /// The first line of standard output, as soon as it is whole.
    pub fn first_line(&mut self) -> Result<String> {
        let awaited = format!("the first line of `daypass {}`", self.typed);
        until(PATIENCE, &awaited, || {
            if let Some((line, _)) = fs::read_to_string(&self.out)?.split_once('\n') {
                return Ok(Some(line.to_owned()));
            }
            match self.program.ended()? {
                Some(status) => bail!("it ended with {status}: {}", self.talk()?),
                None => Ok(None),
            }
        })
    }

    /// The first lines of standard output, as soon as they are whole.
    pub fn lines(&self, count: usize) -> Result<Vec<String>> {
        let awaited = format!("{count} lines of `daypass {}`", self.typed);
        until(PATIENCE, &awaited, || {
            let text = fs::read_to_string(&self.out)?;
            let lines: Vec<String> = text
                .split_inclusive('\n')
                .take(count)
                .map(str::to_owned)
                .collect();
            let whole = lines.len() == count && lines.iter().all(|line| line.ends_with('\n'));
            let lines = lines.iter().map(|line| line.trim_end().to_owned());
            Ok(whole.then(|| lines.collect()))
        })
        .with_context(|| format!("{:?}", self.talk()))
    }

    /// What it has said on standard error so far.
    pub fn talk(&self) -> Result<String> {
        Ok(fs::read_to_string(&self.err)?)
    }

    /// The running program.
    pub fn program(&self) -> &Running {
        &self.program
    }

    /// The running program, to be ended.
    pub fn program_mut(&mut self) -> &mut Running {
        &mut self.program
    }

    /// Waits for its end.
    pub fn finish(mut self) -> Result<Ran> {
        let status = self
            .program
            .wait(PATIENCE)
            .with_context(|| format!("{:?}", self.talk()))?;
        Ok(Ran {
            typed: self.typed.clone(),
            code: code(status),
            stdout: fs::read_to_string(&self.out)?,
            stderr: self.talk()?,
            took: self.since.elapsed(),
        })
    }
}

pub(crate) fn code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

pub(crate) fn typed<S: AsRef<OsStr>>(arguments: &[S]) -> String {
    let words = arguments
        .iter()
        .map(|word| word.as_ref().to_string_lossy().into_owned());
    words.collect::<Vec<_>>().join(" ")
}
