//! botocore as a reader of config files: one process that answers for thousands of them.

use crate::places::{repository, tools};
use crate::programs::{Running, command};
use crate::{Context, Result, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Stdio};

/// A running reader.
#[derive(Debug)]
pub struct Botocore {
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    _running: Running,
}

impl Botocore {
    /// Starts it, in the environment that `cargo xtask setup` makes.
    pub fn start() -> Result<Self> {
        let python = tools().join("python/bin/python");
        ensure!(
            python.exists(),
            "{} is missing: run `cargo xtask setup`",
            python.display()
        );
        let script = repository().join("tests/interop/config_readers.py");
        let mut command = command(&python);
        command.arg(script).arg("-").env("PYTHONUTF8", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut running = Running::start_as_is("botocore", &mut command)?;
        Ok(Self {
            questions: running.take_stdin()?,
            answers: BufReader::new(running.take_stdout()?),
            _running: running,
        })
    }

    /// What it reads from a file of these bytes: `profiles` and `sso_sessions`, or `error`.
    pub fn read(&mut self, file: &[u8]) -> Result<Value> {
        let length = u32::try_from(file.len())?;
        self.questions.write_all(&length.to_be_bytes())?;
        self.questions.write_all(file)?;
        self.questions.flush()?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        serde_json::from_str(&line).with_context(|| format!("botocore answered {line:?}"))
    }
}
