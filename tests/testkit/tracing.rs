//! What a program writes, by the word of the kernel: `strace` around the command, read afterwards.

use crate::canary::Canaries;
use crate::places::tool;
use crate::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// Everything by which bytes leave a process.
const CALLS: &str = "trace=openat,write,writev,pwrite64,pwritev,pwritev2,rename,renameat,renameat2,\
                     sendto,sendmsg,sendmmsg,copy_file_range,memfd_create";

/// The traces of some runs. They hold what was written, so they lie outside of every home.
#[derive(Debug)]
pub struct Traces {
    folder: TempDir,
    strace: PathBuf,
}

/// What the traces told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    /// Calls that wrote something anywhere.
    pub writes: usize,
    /// Those of them that carried a secret, all to sockets or pipes.
    pub with_secrets: usize,
}

impl Traces {
    /// A place for traces.
    pub fn new() -> Result<Self> {
        Ok(Self {
            folder: tempfile::Builder::new().prefix("traces-").tempdir()?,
            strace: tool("strace", "strace")?,
        })
    }

    /// The words that go before a command.
    pub fn before(&self) -> Vec<String> {
        let out = self.folder.path().join("of");
        let words = [
            self.strace.display().to_string(),
            "--follow-forks".to_owned(),
            "--output-separately".to_owned(),
            "--decode-fds=path,socket".to_owned(),
            "--string-limit=1000000".to_owned(),
            "--quiet=attach,exit,path-resolution,personality,thread-execve".to_owned(),
            format!("--output={}", out.display()),
            "-e".to_owned(),
            CALLS.to_owned(),
            "--".to_owned(),
        ];
        words.to_vec()
    }

    /// Holds every write of a secret to be one to a socket or a pipe, and takes the traces away.
    pub fn hold(&self, canaries: &Canaries) -> Result<Told> {
        let mut told = Told::default();
        for entry in fs::read_dir(self.folder.path())? {
            let path = entry?.path();
            let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
            for line in text.lines().filter(|line| is_write(line)) {
                told.writes += 1;
                if canaries.absent_from("", line).is_err() {
                    told.with_secrets += 1;
                    let to = target(line).context("a call without a target")?;
                    if !is_passing(to) {
                        bail!("a secret was written to {to}");
                    }
                }
            }
            fs::remove_file(path)?;
        }
        Ok(told)
    }
}

fn is_write(line: &str) -> bool {
    ["write", "pwrite", "send"]
        .iter()
        .any(|call| line.starts_with(call))
}

/// `/path` of `write(5</path>, …)`, or what it says of a socket.
fn target(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once('<')?;
    Some(rest.split_once(">,").or_else(|| rest.split_once('>'))?.0)
}

fn is_passing(to: &str) -> bool {
    ["socket:", "pipe:", "UNIX", "TCP", "UDP", "NETLINK"]
        .iter()
        .any(|kind| to.starts_with(kind))
}
